//! Questionnaires, settings, accounts, sessions, and moving all of it.

use super::Fresh;
use super::sample::{
    NOW, PLAIN, Traits, assert_recount, counted as tallied, published, response, write,
};
use crate::store::{Account, Completions, Contents, Response, Row, Store, StoreError, Visits};
use futures_util::stream::{self, StreamExt, TryStreamExt};

pub async fn what_is_published_is_immutable(fresh: Fresh) {
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    let all = store.questionnaires().await.unwrap();
    store.publish(&all, NOW + 1).await.unwrap();
    let mut changed = questionnaire.clone();
    changed.indicators.clear();
    let mut new = questionnaire.clone();
    new.version += 1;
    let refused = store
        .publish(&[new.clone(), changed], NOW)
        .await
        .unwrap_err();
    assert!(
        matches!(refused, StoreError::Immutable { version: 1, .. }),
        "{refused}"
    );
    assert_eq!(store.questionnaires().await.unwrap(), all, "all or nothing");
    store.publish(&[new], NOW).await.unwrap();
    assert_eq!(store.questionnaires().await.unwrap().len(), all.len() + 1);
}

pub async fn settings_keep_their_first_value_until_changed(fresh: Fresh) {
    let store = &*fresh.store;
    assert_eq!(store.setting("a").await.unwrap(), None);
    assert_eq!(store.init_setting("a", "1").await.unwrap(), "1");
    assert_eq!(store.init_setting("a", "2").await.unwrap(), "1");
    store.set_setting("a", "3").await.unwrap();
    assert_eq!(store.setting("a").await.unwrap().as_deref(), Some("3"));
}

pub async fn accounts_and_their_sessions(fresh: Fresh) {
    let store = &*fresh.store;
    let account = Account {
        password_hash: "hash".to_owned(),
        failures: 2,
        locked_until: NOW,
    };
    let other = Account {
        password_hash: "other".to_owned(),
        ..account.clone()
    };
    assert_eq!(store.account("office").await.unwrap(), None);
    assert!(store.create_account("office", &account).await.unwrap());
    assert!(!store.create_account("office", &other).await.unwrap());
    assert_eq!(
        store.account("office").await.unwrap(),
        Some(account.clone())
    );

    store.open_session("office", b"one", 10).await.unwrap();
    store.open_session("office", b"two", 10).await.unwrap();
    let whose = async |token: &[u8], now| store.session(token, now).await.unwrap();
    assert_eq!(whose(b"one", 9).await.as_deref(), Some("office"));
    assert_eq!(whose(b"one", 10).await, None, "expired");
    store.close_session(b"one").await.unwrap();
    assert_eq!(whose(b"one", 9).await, None);
    store.set_account("office", &account).await.unwrap();
    assert!(whose(b"two", 9).await.is_some(), "the password is the same");
    store.set_account("office", &other).await.unwrap();
    assert_eq!(whose(b"two", 9).await, None, "a new password ends sessions");
}

fn visits(day: i64, place: &str, views: i64, starts: i64) -> Visits {
    Visits {
        questionnaire: "resident".to_owned(),
        day,
        mode: "site".to_owned(),
        place: place.to_owned(),
        views,
        starts,
    }
}

pub async fn visits_add_up_and_responses_are_counted_by_their_place(fresh: Fresh) {
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    assert_eq!(store.visits("resident").await.unwrap(), []);
    let days = [visits(2, "S002", 5, 1), visits(1, "S001", 3, 0)];
    store.count_visits(&days).await.unwrap();
    store
        .count_visits(&[visits(1, "S001", 1, 2)])
        .await
        .unwrap();
    let together = [visits(1, "S001", 4, 2), visits(2, "S002", 5, 1)];
    assert_eq!(store.visits("resident").await.unwrap(), together);
    assert_eq!(store.visits("cadre").await.unwrap(), []);

    // The first and the last millisecond of a day in a time zone ahead of UTC.
    let offset = 8 * 3_600_000;
    let midnight = 20_000 * 86_400_000 - offset;
    let at_site = Traits {
        site: true,
        ..PLAIN
    };
    let batch: Vec<_> = [(0, at_site), (86_399_999, at_site), (86_400_000, PLAIN)]
        .into_iter()
        .zip(0..)
        .map(|((after, traits), number)| Response {
            received_at: midnight + after,
            ..response(&questionnaire, number, traits)
        })
        .collect();
    write(store, &batch).await;
    let counted = |day, mode: &str, place: &str, n| Completions {
        day,
        mode: mode.to_owned(),
        place: place.to_owned(),
        n,
    };
    let completions = async || store.completions("resident", offset).await.unwrap();
    let both = [
        counted(20_000, "site", "S001", 2),
        counted(20_001, "self", "", 1),
    ];
    assert_eq!(completions().await, both);
    let range = batch[0].id.withdrawal_code().id_range();
    store.withdraw(range, NOW).await.unwrap();
    assert_eq!(
        completions().await[0].n,
        1,
        "what was taken back is no completion"
    );
}

pub async fn devices_hand_in_until_they_are_revoked(fresh: Fresh) {
    let store = &*fresh.store;
    assert_eq!(store.add_device("平板 3", b"one", NOW).await.unwrap(), 1);
    assert_eq!(store.add_device("", b"two", NOW).await.unwrap(), 2);
    assert_eq!(store.device(b"two").await.unwrap(), Some(2));
    assert!(store.revoke_device(1, NOW + 1).await.unwrap());
    assert!(!store.revoke_device(1, NOW + 2).await.unwrap(), "once");
    assert!(!store.revoke_device(9, NOW).await.unwrap());
    assert_eq!(store.device(b"one").await.unwrap(), None);
    let devices = store.devices().await.unwrap();
    let revoked: Vec<_> = devices.iter().map(|device| device.revoked_at).collect();
    assert_eq!(revoked, [Some(NOW + 1), None]);
    // Its number goes to no other device.
    assert_eq!(store.add_device("", b"three", NOW).await.unwrap(), 3);
    let moved = store.contents().await.unwrap().devices;
    assert_eq!(moved, store.devices().await.unwrap());
}

pub async fn a_store_takes_over_another(fresh: Fresh) {
    let source = super::sqlite().await;
    let from = &*source.store;
    let questionnaire = published(from).await;
    let batch: Vec<_> = (0..2100)
        .map(|n| response(&questionnaire, n, PLAIN))
        .collect();
    write(from, &batch).await;
    let range = batch[3].id.withdrawal_code().id_range();
    from.withdraw(range, NOW).await.unwrap();
    let account = Account {
        password_hash: "hash".to_owned(),
        failures: 1,
        locked_until: 2,
    };
    from.create_account("office", &account).await.unwrap();
    from.add_device("平板 3", b"token", NOW).await.unwrap();
    from.count_visits(&[visits(20_717, "S001", 3, 2)])
        .await
        .unwrap();

    let contents = from.contents().await.unwrap();
    let to = &*fresh.store;
    to.take_over(&contents, from.rows()).await.unwrap();
    assert_eq!(to.contents().await.unwrap(), contents);
    let rows = async |store: &dyn Store| {
        let mut rows: Vec<_> = store.rows().try_collect().await.unwrap();
        // Each database has an order of its own.
        rows.sort_by(|a: &Row, b: &Row| a.id.cmp(&b.id));
        rows
    };
    assert!(rows(to).await == rows(from).await);
    assert_eq!(tallied(to, "resident").await, 2099);
    assert_recount(to).await;
    let again = to.take_over(&Contents::default(), from.rows()).await;
    assert!(matches!(again, Err(StoreError::NotEmpty)));
}

pub async fn a_store_that_holds_anything_takes_nothing_over(fresh: Fresh) {
    let store = &*fresh.store;
    // Breaks off in the middle: nothing of it stays.
    let contents = Contents {
        settings: vec![("a".to_owned(), "1".to_owned())],
        ..Contents::default()
    };
    let broken = stream::iter([Err(StoreError::Full)]).boxed();
    assert!(store.take_over(&contents, broken).await.is_err());
    assert_eq!(store.contents().await.unwrap(), Contents::default());
    store.set_setting("a", "1").await.unwrap();
    let refused = store.take_over(&contents, stream::empty().boxed()).await;
    assert!(matches!(refused, Err(StoreError::NotEmpty)));
}
