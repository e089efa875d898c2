//! Several servers on one PostgreSQL database.

use super::sample::{NOW, PLAIN, Traits, assert_recount, counted, published, response, write};
use super::{Fresh, empty_schema, postgres};
use crate::auth;
use crate::catalogue::{Catalogue, Files};
use crate::clock::DAY_MS;
use crate::store::{Database, OnConflict, Outcome, Response, Store, StoreError, open};
use futures_util::StreamExt;
use futures_util::future::join_all;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// Three servers on the database of one.
async fn three(fresh: &Fresh) -> Vec<Arc<dyn Store>> {
    let mut stores = vec![fresh.store.clone()];
    for _ in 0..2 {
        stores.push(open(&fresh.database).await.unwrap());
    }
    stores
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_start_at_once_agree() {
    let fresh = empty_schema().await;
    let starting = (0..4).map(async |server| {
        let store = open(&fresh).await.unwrap();
        // Two of them just before midnight, two just after.
        let now = NOW / DAY_MS * DAY_MS - 8 * 3_600_000 + server % 2 - 1;
        let catalogue = Catalogue::open(&Files::default(), &*store, now).await;
        let password = auth::first_password(&*store).await;
        (catalogue.unwrap().day_zero, password.unwrap())
    });
    let started = join_all(starting).await;
    assert!(
        started
            .iter()
            .all(|(day_zero, _)| *day_zero == started[0].0)
    );
    let passwords: Vec<&String> = started.iter().filter_map(|(_, p)| p.as_ref()).collect();
    assert_eq!(passwords.len(), 1, "one of them tells the password");
    let store = open(&fresh).await.unwrap();
    let attempt = auth::sign_in(&*store, passwords[0].clone(), NOW)
        .await
        .unwrap();
    assert!(matches!(attempt, auth::Attempt::SignedIn(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_id_at_several_servers_is_created_once() {
    let fresh = postgres().await;
    let stores = three(&fresh).await;
    let questionnaire = published(&*fresh.store).await;
    let all: Vec<Response> = (0..1200)
        .map(|n| {
            let area = (n % 4) as u8;
            response(&questionnaire, n, Traits { area, ..PLAIN })
        })
        .collect();
    // Each has the same in an order of its own, in batches of its own size.
    let writing = stores.iter().enumerate().map(|(server, store)| {
        let mut mine = all.clone();
        mine.rotate_left(server * 400);
        if server == 1 {
            mine.reverse();
        }
        let store = store.clone();
        tokio::spawn(async move {
            let mut created = 0;
            for batch in mine.chunks(60 + 40 * server) {
                let outcomes = write(&*store, batch).await;
                assert!(!outcomes.contains(&Outcome::Conflict));
                created += outcomes.iter().filter(|o| **o == Outcome::Created).count();
            }
            created
        })
    });
    let created: usize = join_all(writing)
        .await
        .into_iter()
        .map(Result::unwrap)
        .sum();
    assert_eq!(created, 1200);
    assert_eq!(counted(&*fresh.store, "resident").await, 1200);
    assert_recount(&*fresh.store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_cells_at_several_servers_are_taken_in_one_order() {
    let mut fresh = postgres().await;
    // PostgreSQL would end a deadlock after a second. Now it does not, and the statement fails.
    fresh.database.address += "%20-cdeadlock_timeout%3D1min";
    let questionnaire = published(&*fresh.store).await;
    let mut stores = Vec::new();
    for _ in 0..4 {
        stores.push(open(&fresh.database).await.unwrap());
    }
    // Each goes through the cells in its own strides, so that at any time some are new to all.
    let writing = stores
        .into_iter()
        .zip([7, 11, 13, 17])
        .map(|(store, stride)| {
            let all: Vec<Response> = (0..1500)
                .map(|n| {
                    let area = (n * stride / 6 % 256) as u8;
                    let traits = Traits {
                        area,
                        site: n % 2 == 0,
                        old: n % 3 == 0,
                        ..PLAIN
                    };
                    response(&questionnaire, stride * 10_000 + n, traits)
                })
                .collect();
            tokio::spawn(async move {
                for batch in all.chunks(75) {
                    let outcomes = write(&*store, batch).await;
                    assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Created));
                }
            })
        });
    for written in join_all(writing).await {
        written.unwrap();
    }
    assert_recount(&*fresh.store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_different_answers_under_one_id_one_wins_everywhere() {
    let fresh = postgres().await;
    let stores = three(&fresh).await;
    let questionnaire = published(&*fresh.store).await;
    let writing = stores.iter().enumerate().map(|(server, store)| {
        let area = server as u8;
        let batch: Vec<Response> = (0..300)
            .map(|n| response(&questionnaire, n, Traits { area, ..PLAIN }))
            .collect();
        let store = store.clone();
        tokio::spawn(async move { write(&*store, &batch).await })
    });
    let outcomes: Vec<Vec<Outcome>> = join_all(writing)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    for number in 0..300 {
        let mut of_one: Vec<Outcome> = outcomes.iter().map(|of| of[number]).collect();
        of_one.sort_by_key(|outcome| *outcome == Outcome::Conflict);
        assert_eq!(
            of_one,
            [Outcome::Created, Outcome::Conflict, Outcome::Conflict]
        );
    }
    assert_eq!(counted(&*fresh.store, "resident").await, 300);
    assert_recount(&*fresh.store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_withdrawals_at_once_subtract_once() {
    let fresh = postgres().await;
    let stores = three(&fresh).await;
    let questionnaire = published(&*fresh.store).await;
    for number in 0..20 {
        let sample = response(&questionnaire, number, PLAIN);
        let range = sample.id.withdrawal_code().id_range();
        write(&*fresh.store, &[sample]).await;
        let withdrawing = stores.iter().map(|store| store.withdraw(range, NOW));
        let withdrawn = join_all(withdrawing).await;
        let successes = withdrawn.into_iter().filter_map(Result::unwrap).count();
        assert_eq!(successes, 1);
    }
    assert_eq!(counted(&*fresh.store, "resident").await, 0);
    assert_recount(&*fresh.store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_loses_nothing_that_is_written_meanwhile() {
    let fresh = postgres().await;
    let stores = three(&fresh).await;
    let questionnaire = published(&*fresh.store).await;
    let batch: Vec<Response> = (0..500)
        .map(|n| response(&questionnaire, n, PLAIN))
        .collect();
    write(&*fresh.store, &batch).await;
    let damage = "UPDATE tally SET moments[1] = moments[1] + 10";
    fresh.tamper("", damage).await;
    let writer = tokio::spawn({
        let (store, questionnaire) = (stores[0].clone(), questionnaire.clone());
        async move {
            for n in 1000..1100 {
                write(&*store, &[response(&questionnaire, n, PLAIN)]).await;
            }
        }
    });
    let (one, two) = tokio::join!(stores[1].recount(true), stores[2].recount(true));
    assert_eq!(one.unwrap().len() + two.unwrap().len(), 1, "repaired once");
    writer.await.unwrap();
    assert_eq!(counted(&*fresh.store, "resident").await, 600);
    assert_recount(&*fresh.store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_at_one_server_is_heard_at_another_and_not_next_door() {
    let (fresh, neighbour) = (postgres().await, postgres().await);
    let questionnaire = published(&*fresh.store).await;
    published(&*neighbour.store).await;
    let mut heard = open(&fresh.database).await.unwrap().changes();
    let mut next_door = neighbour.store.changes();
    // At first all may have changed.
    for changes in [&mut heard, &mut next_door] {
        for _ in 0..3 {
            let soon = timeout(Duration::from_secs(5), changes.next()).await;
            soon.unwrap().unwrap();
        }
    }
    write(&*fresh.store, &[response(&questionnaire, 1, PLAIN)]).await;
    let change = timeout(Duration::from_secs(2), heard.next()).await;
    assert_eq!(change.unwrap().as_deref(), Some("resident"));
    let silence = timeout(Duration::from_millis(300), next_door.next()).await;
    assert!(silence.is_err(), "another campaign in the same database");
}

#[tokio::test(flavor = "multi_thread")]
async fn tallies_by_bucket_are_one_tally() {
    let fresh = postgres().await;
    let apart = Database {
        one_bucket_per_batch: true,
        ..fresh.database.clone()
    };
    let by_bucket = open(&apart).await.unwrap();
    let questionnaire = published(&*fresh.store).await;
    let batch: Vec<Response> = (0..300)
        .map(|n| response(&questionnaire, n, PLAIN))
        .collect();
    write(&*by_bucket, &batch[..200]).await;
    write(&*fresh.store, &batch[200..]).await;
    let range = batch[5].id.withdrawal_code().id_range();
    by_bucket.withdraw(range, NOW).await.unwrap();
    for store in [&by_bucket, &fresh.store] {
        assert_eq!(store.tallies("resident").await.unwrap().len(), 1);
        assert_eq!(counted(&**store, "resident").await, 299);
        assert_recount(&**store).await;
    }
    let damage = "UPDATE tally SET moments[1] = moments[1] + 1 WHERE bucket = 3";
    fresh.tamper("", damage).await;
    assert_eq!(by_bucket.recount(true).await.unwrap().len(), 1);
    assert_recount(&*by_bucket).await;
}

/// Citus keeps a list of what it has distributed.
#[tokio::test(flavor = "multi_thread")]
async fn a_distributed_database_is_written_by_bucket_without_being_told() {
    let fresh = postgres().await;
    assert!(!fresh.store.batching().one_bucket);
    for statement in [
        "CREATE TABLE pg_dist_partition (logicalrelid regclass)",
        "INSERT INTO pg_dist_partition VALUES ('questionnaire')",
    ] {
        fresh.tamper("", statement).await;
        assert!(!open(&fresh.database).await.unwrap().batching().one_bucket);
    }
    fresh
        .tamper("", "INSERT INTO pg_dist_partition VALUES ('response')")
        .await;
    let store = open(&fresh.database).await.unwrap();
    assert!(store.batching().one_bucket);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_database_is_read_and_refuses_writing_for_the_time_being() {
    let fresh = postgres().await;
    let questionnaire = published(&*fresh.store).await;
    write(&*fresh.store, &[response(&questionnaire, 1, PLAIN)]).await;
    let address = format!(
        "{}%20-cdefault_transaction_read_only%3Don",
        fresh.database.address
    );
    let store = open(&Database::at(&address)).await.unwrap();
    published(&*store).await;
    assert_eq!(counted(&*store, "resident").await, 1);
    assert_recount(&*store).await;
    let batch = [response(&questionnaire, 2, PLAIN)];
    let refused = store.write(&batch, OnConflict::WriteOthers).await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_is_given_up_and_nothing_stays() {
    let fresh = postgres().await;
    let questionnaire = published(&*fresh.store).await;
    let address = format!("{}%20-cstatement_timeout%3D200", fresh.database.address);
    let store = open(&Database::at(&address)).await.unwrap();
    // Somebody holds what is pending beside the tallies.
    let mut holder = <sqlx::PgConnection as sqlx::Connection>::connect(&fresh.database.address)
        .await
        .unwrap();
    let mut lock = sqlx::Connection::begin(&mut holder).await.unwrap();
    let statement = sqlx::query("LOCK TABLE tally_pending IN ACCESS EXCLUSIVE MODE");
    statement.execute(&mut *lock).await.unwrap();
    let batch = [response(&questionnaire, 1, PLAIN)];
    let refused = store.write(&batch, OnConflict::WriteOthers).await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
    lock.rollback().await.unwrap();
    assert_eq!(write(&*store, &batch).await, [Outcome::Created]);
    assert_recount(&*store).await;
}
