//! The connections of one server.

use super::spare::{Seat, Spares};
use crate::store::{Batching, Database, StoreError};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection, Postgres};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long to wait for a connection before the request is refused.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long a connection that answered is taken to be alive. No server restarts in so short a time:
/// whoever asks after a restart finds out before and gets a new connection, not an error.
const FRESH: Duration = Duration::from_millis(50);

/// The connections of one server, apart from the one that listens.
pub struct Pools {
    /// Writers queue here and not inside PostgreSQL, and no reader can take their place.
    pub writers: PgPool,
    readers: Spares,
    /// How many of them may read many rows at a time: one less than there are, so that a picture does
    /// not wait until somebody has taken all of them.
    scanning: Arc<Semaphore>,
    /// How to open another.
    pub options: PgConnectOptions,
    /// One for the batch that comes while another is being written. A database that has none left
    /// for it is only slower.
    second: Option<Spares>,
    /// How transactions are to be made.
    pub batching: Batching,
    /// Whose batch has the first connection.
    turn: Mutex<()>,
}

/// A connection.
pub enum Lent {
    /// One that could have been done without.
    Spare(Seat),
    /// One of the writers'.
    Writer(PoolConnection<Postgres>),
}

impl Deref for Lent {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Lent::Spare(seat) => seat,
            Lent::Writer(connection) => connection,
        }
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Lent::Spare(seat) => seat,
            Lent::Writer(connection) => connection,
        }
    }
}

/// A connection to read many rows with, in a transaction in which nothing changes.
pub struct Snapshot {
    seat: Seat,
    _permit: OwnedSemaphorePermit,
}

impl Deref for Snapshot {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.seat
    }
}

impl DerefMut for Snapshot {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.seat
    }
}

/// A connection for as long as a batch is written.
pub struct ForBatch<'p> {
    pub connection: Lent,
    _turn: Option<MutexGuard<'p, ()>>,
}

impl Pools {
    /// The connections that a database is to be used with, none of them open.
    ///
    /// # Errors
    /// None in practice, see [`Spares::new`].
    pub fn new(database: &Database, options: PgConnectOptions) -> Result<Self, StoreError> {
        let one_bucket = database.one_bucket_per_batch;
        // PostgreSQL works on one transaction while the server gathers the next; more than two would
        // be smaller ones, and cost more in all. Those of one bucket each are small anyway, and
        // meant for several nodes. One connection is left for reading and one for listening.
        let writers = match one_bucket {
            true => (database.connections / 2).max(1),
            false => database.connections.saturating_sub(2).clamp(1, 2),
        };
        let readers = database.connections.saturating_sub(writers + 1).max(1);
        let (first, second) = match writers {
            2.. if !one_bucket => (writers - 1, Some(Spares::new(1, &options)?)),
            _ => (writers, None),
        };
        Ok(Pools {
            writers: pool(first).connect_lazy_with(options.clone()),
            readers: Spares::new(readers, &options)?,
            scanning: Arc::new(Semaphore::new(
                usize::try_from(readers - 1).unwrap_or(usize::MAX).max(1),
            )),
            options,
            second,
            batching: Batching {
                one_bucket,
                side_by_side: usize::try_from(writers).unwrap_or(usize::MAX),
            },
            turn: Mutex::new(()),
        })
    }

    /// A connection to write a batch with: the writers' own or, while another batch has that, the
    /// second one if it is to be had.
    pub async fn for_batch(&self) -> Result<ForBatch<'_>, StoreError> {
        let mut turn = None;
        // In a pool of several each batch has one of its own.
        if let Some(second) = &self.second {
            turn = self.turn.try_lock().ok();
            if turn.is_none() {
                if let Some(seat) = second.seat().await {
                    let connection = Lent::Spare(seat);
                    return Ok(ForBatch {
                        connection,
                        _turn: None,
                    });
                }
                turn = Some(self.turn.lock().await);
            }
        }
        let connection = Lent::Writer(self.writers.acquire().await?);
        Ok(ForBatch {
            connection,
            _turn: turn,
        })
    }

    /// A connection to read with for a moment: the writers' if there is no other.
    pub async fn reading(&self) -> Result<Lent, StoreError> {
        let is_held = self.readers.at_most() == 1 && self.scanning.available_permits() == 0;
        if !is_held && let Some(seat) = self.readers.seat().await {
            return Ok(Lent::Spare(seat));
        }
        Ok(Lent::Writer(self.writers.acquire().await?))
    }

    /// A connection to read many rows with. Not the writers': that would keep answers waiting.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let none = || sqlx::Error::PoolTimedOut;
        let permit = timeout(PATIENCE, self.scanning.clone().acquire_owned()).await;
        let Ok(Ok(_permit)) = permit else {
            return Err(none().into());
        };
        let mut seat = self.readers.seat().await.ok_or_else(none)?;
        seat.see_a_snapshot().await?;
        Ok(Snapshot { seat, _permit })
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
            second.close();
        }
    }
}

/// A pool that keeps its connections, which others may want, until they break. Each is opened when
/// it is needed: were sqlx told to keep some open, it would try so by itself while the database is
/// away, less and less often, and nobody else could meanwhile.
fn pool(size: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(size)
        .idle_timeout(None)
        .max_lifetime(None)
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
                match timeout(PATIENCE, connection.ping()).await {
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
