//! Stores of every released structure, with data in them, are brought up to date and lose nothing.
//!
//! A release that comes with a migration leaves its predecessor's data here: what that release
//! wrote, as statements, in `migrations/released`.

use super::{empty_schema, sample};
use crate::store::{Database, Outcome, open};
use futures_util::TryStreamExt;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};

/// The number of a structure's last migration, and data in it for SQLite and for PostgreSQL: what
/// the releases before wrote, and what is new in this one.
const RELEASED: [(i64, &[&str], &[&str]); 2] = [
    (1, &[FIRST_SQLITE], &[FIRST_POSTGRES]),
    (
        3,
        &[
            FIRST_SQLITE,
            include_str!("../../../migrations/released/3.sqlite.sql"),
        ],
        &[
            FIRST_POSTGRES,
            include_str!("../../../migrations/released/3.postgres.sql"),
        ],
    ),
];

const FIRST_SQLITE: &str = include_str!("../../../migrations/released/1.sqlite.sql");
const FIRST_POSTGRES: &str = include_str!("../../../migrations/released/1.postgres.sql");

/// Everything that the data hold is there, counted once, and the store goes on.
async fn assert_kept(version: i64, database: &Database) {
    let store = open(database).await.unwrap();
    let questionnaire = sample::published(&*store).await;
    let responses: Vec<_> = store.responses("resident").try_collect().await.unwrap();
    assert_eq!(responses.len(), 3);
    assert_eq!(sample::counted(&*store, "resident").await, 3);
    assert_eq!(
        responses
            .iter()
            .filter(|one| one.site.as_deref() == Some("S002"))
            .count(),
        1
    );
    let rows: Vec<_> = store.rows().try_collect().await.unwrap();
    assert_eq!(
        rows.iter().filter(|row| row.withdrawn_at.is_some()).count(),
        1
    );
    assert!(store.account("office").await.unwrap().is_some());
    assert_eq!(
        store.setting("day_zero").await.unwrap().as_deref(),
        Some("1795449600000")
    );
    if version >= 3 {
        let interviewed = responses.iter().filter(|one| one.device == Some(1));
        let took = interviewed.map(|one| one.finished_at.map(|end| end - one.started_at));
        assert_eq!(took.collect::<Vec<_>>(), [Some(95_000)]);
        assert_eq!(store.devices().await.unwrap().len(), 1);
        let visits = store.visits("resident").await.unwrap();
        assert_eq!((visits[0].views, visits[0].starts), (12, 5));
    }
    sample::assert_recount(&*store).await;
    // The same answers again are known, new ones are counted.
    let again = sample::write(&*store, &responses).await;
    assert_eq!(again, [Outcome::Replayed; 3]);
    let traits = sample::Traits {
        heard: true,
        clean: Some(true),
        old: false,
        area: 1,
        site: false,
    };
    let new = sample::response(&questionnaire, 7, traits);
    let written = sample::write(&*store, &[new]).await;
    assert_eq!(written, [Outcome::Created]);
    assert_eq!(sample::counted(&*store, "resident").await, 4);
    sample::assert_recount(&*store).await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    for (version, data, _) in RELEASED {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wendu.sqlite");
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        let migrations = sqlx::migrate!("migrations/sqlite");
        migrations.run_to(version, &mut connection).await.unwrap();
        for statements in data {
            connection.execute(*statements).await.unwrap();
        }
        connection.close().await.unwrap();
        let database = Database::at(&format!("sqlite:{}", path.display()));
        assert_kept(version, &database).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    for (version, _, data) in RELEASED {
        let database = empty_schema().await;
        let mut connection = PgConnection::connect(&database.address).await.unwrap();
        let migrations = sqlx::migrate!("migrations/postgres");
        migrations.run_to(version, &mut connection).await.unwrap();
        for statements in data {
            connection.execute(*statements).await.unwrap();
        }
        connection.close().await.unwrap();
        assert_kept(version, &database).await;
    }
}
