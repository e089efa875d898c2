//! Connecting, and bringing the database's structure up to date.

use super::failure::{classify, timely};
use crate::store::{Database, StoreError};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};
use std::str::FromStr;
use std::time::{Duration, Instant};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// How long to wait for a connection before the request is refused.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long a connection that answered is taken to be alive. No server restarts in so short a time:
/// whoever asks after a restart finds out before and gets a new connection, not an error.
const FRESH: Duration = Duration::from_millis(50);

/// How long to wait for a database that is starting while we start.
const START: Duration = Duration::from_secs(10);

/// The fewest connections with which a server works: one writes, one reads, one listens.
const FEWEST: u32 = 3;

/// The connections of one server, apart from the one that listens.
pub struct Pools {
    /// Writers queue here and not inside PostgreSQL, and no reader can take their place.
    pub writers: PgPool,
    pub readers: PgPool,
    /// How to open another.
    pub options: PgConnectOptions,
}

/// Connects and migrates.
pub async fn connect(database: &Database) -> Result<Pools, StoreError> {
    let mut options = PgConnectOptions::from_str(&database.address)?;
    if options.get_application_name().is_none() {
        options = options.application_name("wendu");
    }
    let mut connection = first(&options).await?;
    demand(&mut connection).await?;
    migrate(&mut connection).await?;
    // Whether or not it closes properly, it is not needed any more.
    let _ = connection.close().await;
    let connections = database.connections.max(FEWEST);
    // Batches of one bucket each are written side by side; otherwise one writer is enough, and
    // more would only wait for each other's tallies.
    let writers = match database.one_bucket_per_batch {
        true => (connections / 2).max(1),
        false => 1,
    };
    let readers = connections.saturating_sub(writers + 1).max(1);
    Ok(Pools {
        writers: pool(writers, 1, &options),
        readers: pool(readers, 0, &options),
        options,
    })
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

fn pool(size: u32, kept: u32, options: &PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(size)
        .min_connections(kept)
        .acquire_timeout(PATIENCE)
        .after_connect(|connection, _| Box::pin(prepare(connection)))
        // What was tested when it came back need not be tested again a moment later.
        .test_before_acquire(false)
        .before_acquire(|connection, known| {
            Box::pin(async move {
                if known.idle_for > FRESH {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        // A connection that does not answer must not keep its place in the pool until TCP gives
        // up, which takes a quarter of an hour.
        .after_release(|connection, _| {
            Box::pin(async move {
                match tokio::time::timeout(PATIENCE, connection.ping()).await {
                    Ok(answer) => answer.map(|()| true),
                    Err(_) => Err(sqlx::Error::PoolTimedOut),
                }
            })
        })
        .connect_lazy_with(options.clone())
}

/// Settings of a connection, where the operator has not chosen their own.
///
/// An answer is acknowledged only once it is on disk, so commits are never left asynchronous. A
/// server that is cut off in the middle of a transaction must not hold its locks for hours, and
/// what cannot be had in ten seconds is better tried again later.
async fn prepare(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "SELECT set_config(name, wanted, false)
         FROM (VALUES ('synchronous_commit', 'off', 'on'),
                      ('statement_timeout', '0', '10s'),
                      ('idle_in_transaction_session_timeout', '0', '15s'),
                      ('client_connection_check_interval', '0', '5s'),
                      ('tcp_keepalives_idle', '7200', '15'),
                      ('tcp_keepalives_interval', '75', '5'),
                      ('tcp_keepalives_count', '9', '3'))
              AS ours (name, unset, wanted)
         WHERE current_setting(name) = unset",
    )
    .execute(connection)
    .await?;
    Ok(())
}
