//! The connections of one server.

use super::readers::{Readers, Seat};
use crate::store::{Database, StoreError};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection, Postgres};
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex as Turn, MutexGuard};

/// How long to wait for a connection before the request is refused.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long to wait for a connection that one can do without.
const IMPATIENCE: Duration = Duration::from_millis(500);

/// How long a connection that one can do without is kept for nothing.
const IDLE: Duration = Duration::from_secs(30);

/// How soon a connection that one can do without is asked for again where it was not to be had.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// How long a connection that answered is taken to be alive. No server restarts in so short a time:
/// whoever asks after a restart finds out before and gets a new connection, not an error.
const FRESH: Duration = Duration::from_millis(50);

/// The connections of one server, apart from the one that listens.
pub struct Pools {
    /// Writers queue here and not inside PostgreSQL, and no reader can take their place.
    pub writers: PgPool,
    readers: Readers,
    /// How to open another.
    pub options: PgConnectOptions,
    second: Option<Second>,
    /// Whose batch has the first connection.
    turn: Turn<()>,
}

/// A connection for the batch that comes while another is being written. A database that has none
/// left for it is only slower.
struct Second {
    pool: PgPool,
    refused: Mutex<Option<Instant>>,
}

/// A connection to read with, for a moment.
pub enum Reading {
    Reader(Seat),
    /// One of the writers'.
    Writer(PoolConnection<Postgres>),
}

impl Deref for Reading {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Reading::Reader(seat) => seat,
            Reading::Writer(connection) => connection,
        }
    }
}

impl DerefMut for Reading {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Reading::Reader(seat) => seat,
            Reading::Writer(connection) => connection,
        }
    }
}

/// A connection for as long as a batch is written.
pub struct ForBatch<'p> {
    pub connection: PoolConnection<Postgres>,
    _turn: Option<MutexGuard<'p, ()>>,
}

impl Pools {
    /// The connections that a database is to be used with. Each is opened when it is needed.
    ///
    /// # Errors
    /// None in practice, see [`Readers::new`].
    pub fn new(database: &Database, options: PgConnectOptions) -> Result<Self, StoreError> {
        let by_bucket = database.one_bucket_per_batch;
        let writers = database.writers();
        // One more listens.
        let readers = database.connections.saturating_sub(writers + 1).max(1);
        let (first, second) = match writers {
            2.. if !by_bucket => (writers - 1, Some(Second::new(&options))),
            _ => (writers, None),
        };
        Ok(Pools {
            writers: pool(first, 1, PATIENCE).connect_lazy_with(options.clone()),
            readers: Readers::new(readers, &options)?,
            options,
            second,
            turn: Turn::new(()),
        })
    }

    /// A connection to write a batch with: the writers' own or, while another batch has that, the
    /// second one if it is to be had.
    pub async fn for_batch(&self) -> Result<ForBatch<'_>, StoreError> {
        let turn = match &self.second {
            // In a pool of several each batch has one of its own.
            None => None,
            Some(second) => match self.turn.try_lock() {
                Ok(turn) => Some(turn),
                Err(_) => match second.connection().await {
                    Some(connection) => {
                        return Ok(ForBatch {
                            connection,
                            _turn: None,
                        });
                    }
                    None => Some(self.turn.lock().await),
                },
            },
        };
        let connection = self.writers.acquire().await?;
        Ok(ForBatch {
            connection,
            _turn: turn,
        })
    }

    /// A connection to read with for a moment: the writers' if there is no other.
    pub async fn reading(&self) -> Result<Reading, StoreError> {
        match self.readers.seat().await {
            Some(seat) => Ok(Reading::Reader(seat)),
            None => Ok(Reading::Writer(self.writers.acquire().await?)),
        }
    }

    /// A connection to read many rows with. Not the writers': that would keep answers waiting.
    pub async fn seat(&self) -> Result<Seat, StoreError> {
        let seat = self.readers.seat().await;
        seat.ok_or(sqlx::Error::PoolTimedOut.into())
    }

    /// Whether they are closed for good.
    pub fn is_closed(&self) -> bool {
        self.readers.is_closed()
    }

    /// Closes all of them for good.
    pub async fn close(&self) {
        self.readers.close();
        self.writers.close().await;
        if let Some(second) = &self.second {
            second.pool.close().await;
        }
    }
}

impl Second {
    fn new(options: &PgConnectOptions) -> Self {
        Second {
            pool: pool(1, 0, IMPATIENCE)
                .idle_timeout(IDLE)
                .connect_lazy_with(options.clone()),
            refused: Mutex::default(),
        }
    }

    async fn connection(&self) -> Option<PoolConnection<Postgres>> {
        let refused = || self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused().is_some_and(|at| at.elapsed() < ASK_AGAIN) {
            return None;
        }
        match self.pool.acquire().await {
            Ok(connection) => Some(connection),
            Err(error) => {
                tracing::debug!(%error, "one batch at a time: no second connection to write with");
                *refused() = Some(Instant::now());
                None
            }
        }
    }
}

fn pool(size: u32, kept: u32, patience: Duration) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(size)
        .min_connections(kept)
        .acquire_timeout(patience)
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
}

/// Settings of a connection, where the operator has not chosen their own.
///
/// An answer is acknowledged only once it is on disk, so commits are never left asynchronous. A
/// server that is cut off in the middle of a transaction must not hold its locks for hours, and
/// what cannot be had in ten seconds is better tried again later.
pub async fn prepare(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
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
