//! What is pending beside PostgreSQL's tallies: counted at once, merged soon, mended when damaged.

use super::sample::{NOW, PLAIN, Traits, assert_recount, counted, published, response, write};
use super::{Fresh, merged, postgres};
use crate::store::Response;
use sqlx::{Connection, Executor, PgConnection};
use std::time::{Duration, Instant};

/// A transaction in which nobody else can merge, until it is rolled back.
async fn nobody_merges(fresh: &Fresh) -> PgConnection {
    let mut connection = PgConnection::connect(&fresh.database.address)
        .await
        .unwrap();
    for statement in ["BEGIN", "LOCK TABLE tally IN SHARE ROW EXCLUSIVE MODE"] {
        connection.execute(statement).await.unwrap();
    }
    connection
}

async fn rows(connection: &mut PgConnection, table: &str) -> i64 {
    let count = format!("SELECT count(*) FROM {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(count))
        .fetch_one(connection)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_count_before_they_are_merged_and_after() {
    let fresh = postgres().await;
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    let mut other = nobody_merges(&fresh).await;
    let batch: Vec<Response> = (0..300)
        .map(|n| {
            let area = (n % 5) as u8;
            response(&questionnaire, n, Traits { area, ..PLAIN })
        })
        .collect();
    for batch in batch.chunks(100) {
        write(store, batch).await;
    }
    let code = batch.last().unwrap().id.withdrawal_code();
    store.withdraw(code.id_range(), NOW).await.unwrap();
    assert_eq!(rows(&mut other, "tally_pending").await, 4);
    assert_eq!(rows(&mut other, "tally").await, 0);
    let before = store.tallies("resident").await.unwrap();
    assert_eq!(counted(store, "resident").await, 299);
    assert_recount(store).await;
    other.execute("ROLLBACK").await.unwrap();
    // Nobody asks once more: it was tried, and will be again.
    merged(&mut other).await;
    assert_eq!(rows(&mut other, "tally").await, 5);
    assert_eq!(store.tallies("resident").await.unwrap(), before);
    assert_recount(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_leaves_nothing_pending() {
    let fresh = postgres().await;
    let questionnaire = published(&*fresh.store).await;
    write(&*fresh.store, &[response(&questionnaire, 1, PLAIN)]).await;
    fresh.store.close().await;
    let mut other = PgConnection::connect(&fresh.database.address)
        .await
        .unwrap();
    assert_eq!(rows(&mut other, "tally_pending").await, 0);
    assert_eq!(rows(&mut other, "tally").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_changes_are_found_and_mended() {
    let fresh = postgres().await;
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    for (round, damage) in [
        "DELETE FROM tally_pending",
        "INSERT INTO tally_pending (questionnaire, body) SELECT questionnaire, body FROM tally_pending",
        "UPDATE tally_pending SET body = '\\x0102'",
        "UPDATE tally_pending SET questionnaire = 'nobody knows'",
    ]
    .into_iter()
    .enumerate()
    {
        let mut other = nobody_merges(&fresh).await;
        let first = 100 * u64::try_from(round).unwrap();
        let batch: Vec<Response> = (first..first + 10)
            .map(|n| response(&questionnaire, n, PLAIN))
            .collect();
        write(store, &batch).await;
        let mut vandal = PgConnection::connect(&fresh.database.address).await.unwrap();
        vandal.execute(damage).await.unwrap();
        let found = store.recount(false).await.unwrap();
        assert!(!found.is_empty(), "{damage}");
        other.execute("ROLLBACK").await.unwrap();
        store.recount(true).await.unwrap();
        assert_recount(store).await;
        let n = i64::try_from(first / 100 + 1).unwrap();
        assert_eq!(counted(store, "resident").await, 10 * n, "{damage}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_room_of_what_was_merged_is_used_again() {
    let fresh = postgres().await;
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    let mut other = PgConnection::connect(&fresh.database.address)
        .await
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    for number in 0.. {
        write(store, &[response(&questionnaire, number, PLAIN)]).await;
        let vacuumed: i64 = sqlx::query_scalar(
            "SELECT pg_stat_get_vacuum_count(to_regclass('tally_pending')::oid)",
        )
        .fetch_one(&mut other)
        .await
        .unwrap();
        if vacuumed > 0 {
            break;
        }
        assert!(Instant::now() < deadline, "nobody makes room");
    }
    assert_recount(store).await;
}
