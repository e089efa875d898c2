//! Writing responses, reading them, and taking them back.

use super::Fresh;
use super::sample::{PLAIN, Traits, assert_recount, counted, published, response, write};
use crate::store::{OnConflict, Outcome, Response, Store};
use Outcome::{Conflict, Created, Replayed};
use futures_util::{StreamExt, TryStreamExt};
use std::time::Duration;
use tokio::time::timeout;

pub async fn the_same_again_is_a_replay_and_another_a_conflict(fresh: Fresh) {
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    let first = response(&questionnaire, 1, PLAIN);
    let other = response(&questionnaire, 1, Traits { area: 2, ..PLAIN });
    let new = response(&questionnaire, 2, PLAIN);
    assert_eq!(write(store, std::slice::from_ref(&first)).await, [Created]);
    let batch = [first, other, new];
    assert_eq!(write(store, &batch).await, [Replayed, Conflict, Created]);
    assert_eq!(counted(store, "resident").await, 2);
    assert_recount(store).await;
}

pub async fn the_first_of_one_id_in_a_batch_counts(fresh: Fresh) {
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    let first = response(&questionnaire, 1, PLAIN);
    let other = response(&questionnaire, 1, Traits { area: 2, ..PLAIN });
    let batch = [first.clone(), first.clone(), other];
    assert_eq!(write(store, &batch).await, [Created, Replayed, Conflict]);
    assert_eq!(stored(store).await, [as_stored(first)]);
    assert_recount(store).await;
}

pub async fn a_conflict_can_hold_back_the_whole_batch(fresh: Fresh) {
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    write(store, &[response(&questionnaire, 1, PLAIN)]).await;
    let batch = [
        response(&questionnaire, 2, PLAIN),
        response(&questionnaire, 1, Traits { area: 2, ..PLAIN }),
    ];
    let nothing = store.write(&batch, OnConflict::WriteNothing).await.unwrap();
    assert_eq!(nothing, [Created, Conflict]);
    assert_eq!(counted(store, "resident").await, 1);
    assert_eq!(stored(store).await.len(), 1);
    let batch = [response(&questionnaire, 2, PLAIN)];
    let written = store.write(&batch, OnConflict::WriteNothing).await.unwrap();
    assert_eq!(written, [Created]);
    assert_recount(store).await;
}

pub async fn a_withdrawn_response_stays_withdrawn(fresh: Fresh) {
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    let batch: Vec<Response> = (0..100)
        .map(|n| response(&questionnaire, n, PLAIN))
        .collect();
    write(store, &batch).await;
    let range = batch[7].id.withdrawal_code().id_range();
    let withdrawn = store.withdraw(range, 5).await.unwrap();
    assert_eq!(withdrawn.as_deref(), Some("resident"));
    assert_eq!(store.withdraw(range, 6).await.unwrap(), None);
    assert_eq!(counted(store, "resident").await, 99);
    assert_eq!(stored(store).await.len(), 99);
    let again = [
        batch[7].clone(),
        response(&questionnaire, 7, Traits { area: 3, ..PLAIN }),
    ];
    assert_eq!(write(store, &again).await, [Replayed, Replayed]);
    let rows: Vec<_> = store.rows().try_collect().await.unwrap();
    let row = rows.iter().find(|row| row.withdrawn_at.is_some()).unwrap();
    assert_eq!(row.id, batch[7].id.as_bytes());
    assert_eq!((row.withdrawn_at, row.area.as_str()), (Some(5), ""));
    assert_eq!((&row.answers, &row.fingerprint), (&None, &None));
    assert_recount(store).await;
}

pub async fn large_batches_are_written_whole(fresh: Fresh) {
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    let batch: Vec<Response> = (0..2500)
        .map(|n| response(&questionnaire, n % 2400, PLAIN))
        .collect();
    let outcomes = write(store, &batch).await;
    assert!(outcomes[..2400].iter().all(|outcome| *outcome == Created));
    assert!(outcomes[2400..].iter().all(|outcome| *outcome == Replayed));
    assert_eq!(counted(store, "resident").await, 2400);
    assert_recount(store).await;
}

pub async fn responses_come_back_whole(fresh: Fresh) {
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    let traits = |n: u64| Traits {
        heard: n.is_multiple_of(3),
        clean: [None, Some(true), Some(false)][n as usize % 3],
        old: n.is_multiple_of(5),
        area: n as u8 % 4,
        site: n.is_multiple_of(2),
    };
    let mut batch: Vec<Response> = (0..1500)
        .map(|n| response(&questionnaire, n, traits(n)))
        .collect();
    write(store, &batch).await;
    batch.sort_by_key(|response| response.id);
    let expected: Vec<Response> = batch.into_iter().map(as_stored).collect();
    let mut back = stored(store).await;
    back.sort_by_key(|response| response.id);
    assert!(back == expected);
    let others: Vec<Response> = store.responses("cadre").try_collect().await.unwrap();
    assert_eq!(others, []);
}

/// A response as it is read back: what follows from the questionnaire is left empty.
fn as_stored(response: Response) -> Response {
    let mut cell = response.cell;
    cell.group.clear();
    Response {
        cell,
        variables: Vec::new(),
        ..response
    }
}

async fn stored(store: &dyn Store) -> Vec<Response> {
    store.responses("resident").try_collect().await.unwrap()
}

pub async fn whoever_takes_rows_slowly_keeps_no_picture_waiting(fresh: Fresh) {
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    let batch: Vec<Response> = (0..300)
        .map(|n| response(&questionnaire, n, PLAIN))
        .collect();
    write(store, &batch).await;
    let mut exports: Vec<_> = (0..8).map(|_| store.responses("resident")).collect();
    for export in &mut exports {
        // Some get no turn, and nobody asks them again.
        let _ = timeout(Duration::from_millis(50), export.next()).await;
    }
    let picture = timeout(Duration::from_secs(1), store.tallies("resident")).await;
    assert_eq!(picture.expect("in a moment").unwrap().len(), 1);
    drop(exports);
    assert_eq!(store.responses("resident").count().await, 300);
}
