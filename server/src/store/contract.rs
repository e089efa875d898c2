//! The contract that every store fulfils: one suite, run against each.

mod counting;
mod keeping;
mod pending;
mod released;
mod sample;
mod several;
mod writing;

use super::{Database, Store, open};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A store of its own for one test, and a way round it.
struct Fresh {
    store: Arc<dyn Store>,
    database: Database,
    /// Holds the file as long as it is needed.
    _folder: Option<tempfile::TempDir>,
}

async fn sqlite() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wendu.sqlite");
    let database = Database::at(&format!("sqlite:{}", path.display()));
    fresh(database, Some(folder)).await
}

async fn postgres() -> Fresh {
    fresh(empty_schema().await, None).await
}

/// A store that keeps its transactions inside one bucket, as in a distributed database.
async fn postgres_by_bucket() -> Fresh {
    let database = Database {
        one_bucket_per_batch: true,
        ..empty_schema().await
    };
    fresh(database, None).await
}

async fn fresh(database: Database, folder: Option<tempfile::TempDir>) -> Fresh {
    Fresh {
        store: open(&database).await.unwrap(),
        database,
        _folder: folder,
    }
}

/// A schema of its own, which also shows that a store needs no more than its search path.
async fn empty_schema() -> Database {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let address = std::env::var("WENDU_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("these tests need a PostgreSQL server: run `cargo xtask test`, which starts one")
    });
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let schema = format!("contract_{}_{number}", std::process::id());
    let mut connection = PgConnection::connect(&address).await.unwrap();
    let create = AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
    connection.execute(create).await.unwrap();
    connection.close().await.unwrap();
    Database {
        connections: 4,
        ..Database::at(&format!("{address}&options=-csearch_path%3D{schema}"))
    }
}

impl Fresh {
    /// Does to the database what the store would never do.
    async fn tamper(&self, sqlite: &'static str, postgres: &'static str) {
        let address = &self.database.address;
        if address.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(address).await.unwrap();
            connection.execute(sqlite).await.unwrap();
        } else {
            let mut connection = PgConnection::connect(address).await.unwrap();
            merged(&mut connection).await;
            connection.execute(postgres).await.unwrap();
        }
    }
}

/// Waits until nothing is pending beside the tallies.
async fn merged(connection: &mut PgConnection) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while sqlx::query_scalar("SELECT EXISTS (SELECT FROM tally_pending)")
        .fetch_one(&mut *connection)
        .await
        .unwrap()
    {
        assert!(Instant::now() < deadline, "nobody merges");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Runs tests, given as functions of a [`Fresh`] store, against every store.
macro_rules! on_every_store {
    ($($module:ident :: $test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$module::$test(super::sqlite().await).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$module::$test(super::postgres().await).await;
            })*
        }
        mod on_postgres_by_bucket {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$module::$test(super::postgres_by_bucket().await).await;
            })*
        }
    };
}

on_every_store! {
    writing::the_same_again_is_a_replay_and_another_a_conflict,
    writing::the_first_of_one_id_in_a_batch_counts,
    writing::a_conflict_can_hold_back_the_whole_batch,
    writing::a_withdrawn_response_stays_withdrawn,
    writing::large_batches_are_written_whole,
    writing::responses_come_back_whole,
    writing::whoever_takes_rows_slowly_keeps_no_picture_waiting,
    counting::tallies_equal_a_recount_whatever_happens,
    counting::what_others_do_between_two_writes_is_not_lost,
    counting::a_stamp_changes_with_every_commit,
    counting::strays_are_found,
    counting::damaged_tallies_are_found_and_mended,
    keeping::what_is_published_is_immutable,
    keeping::settings_keep_their_first_value_until_changed,
    keeping::accounts_and_their_sessions,
    keeping::visits_add_up_and_responses_are_counted_by_their_place,
    keeping::devices_hand_in_until_they_are_revoked,
    keeping::a_store_takes_over_another,
    keeping::a_store_that_holds_anything_takes_nothing_over,
}
