//! Connecting, and bringing the database's structure up to date.

use super::distributed;
use super::failure::{classify, timely};
use super::pools::Pools;
use crate::store::{Database, StoreError};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use std::str::FromStr;
use std::time::{Duration, Instant};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// How long to wait for a database that is starting while we start.
const START: Duration = Duration::from_secs(10);

/// Connects and migrates.
pub async fn connect(database: &Database) -> Result<Pools, StoreError> {
    let mut options = PgConnectOptions::from_str(&database.address)?;
    if options.get_application_name().is_none() {
        options = options.application_name("wendu");
    }
    let mut connection = first(&options).await?;
    demand(&mut connection).await?;
    migrate(&mut connection).await?;
    let mut database = database.clone();
    if distributed::is_distributed(&mut connection).await? {
        database.one_bucket_per_batch = true;
    }
    // Whether or not it closes properly, it is not needed any more.
    let _ = connection.close().await;
    let pools = Pools::new(&database, options)?;
    // Its place is taken before others come for it. If there is none now, writing waits for one.
    let _ = pools.writers.acquire().await;
    Ok(pools)
}

/// The first connection; waits a while for a database that is starting.
async fn first(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    let deadline = Instant::now() + START;
    loop {
        match timely(async { Ok(options.connect().await?) }).await {
            Err(StoreError::Unavailable(why)) if Instant::now() < deadline => {
                tracing::warn!(why, "the database does not answer yet");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            connected => return connected,
        }
    }
}

/// Refuses a database on which the promises could not be kept.
async fn demand(connection: &mut PgConnection) -> Result<(), StoreError> {
    let (version, encoding, fsync, full_pages): (i32, String, String, String) = timely(async {
        Ok(sqlx::query_as(
            "SELECT current_setting('server_version_num')::integer,
                        current_setting('server_encoding'),
                        current_setting('fsync'), current_setting('full_page_writes')",
        )
        .fetch_one(connection)
        .await?)
    })
    .await?;
    let refuse = |why: String| StoreError::Database(sqlx::Error::Configuration(why.into()));
    if version < 150_000 {
        let major = version / 10_000;
        return Err(refuse(format!(
            "this is PostgreSQL {major}; 15 or newer is needed"
        )));
    }
    if encoding != "UTF8" {
        return Err(refuse(format!(
            "the database's encoding is {encoding}; create it with ENCODING 'UTF8'"
        )));
    }
    if fsync == "off" || full_pages == "off" {
        tracing::warn!(
            fsync,
            full_page_writes = full_pages,
            "a power cut can lose acknowledged answers with these settings of PostgreSQL"
        );
    }
    Ok(())
}

/// Applies the migrations that are missing. With none missing nothing is written, so that a server
/// starts on a database that is read-only at present, or without the right to change its tables.
async fn migrate(connection: &mut PgConnection) -> Result<(), StoreError> {
    if is_current(connection).await.map_err(classify)? {
        return Ok(());
    }
    MIGRATIONS
        .run(connection)
        .await
        .map_err(|error| classify(error.into()))
}

async fn is_current(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let is_new: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NULL")
        .fetch_one(&mut *connection)
        .await?;
    if is_new {
        return Ok(false);
    }
    let applied: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success")
            .fetch_all(connection)
            .await?;
    // Newer migrations of a newer server are no obstacle: each leaves room for its predecessor.
    Ok(MIGRATIONS.iter().all(|known| {
        applied
            .iter()
            .any(|(version, checksum)| *version == known.version && *checksum == *known.checksum)
    }))
}
