//! Connections that one can do without: as many as the database has to give.
//!
//! Servers that share a database do not know how many connections each other holds. Where there is
//! none left, sqlx's own pool goes on asking for one until the request has waited too long,
//! although its other connections lie idle meanwhile. Here whoever gets none waits for one that is
//! there, or is told at once that there is none; and one more is asked for now and then.

use super::failure::is_too_many;
use super::pools::prepare;
use crate::store::StoreError;
use deadpool::Runtime;
use deadpool::managed::{
    Manager, Metrics, Object, Pool, PoolError, RecycleError, RecycleResult, Timeouts,
};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// How long opening, testing or waiting for a connection may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// How soon one more is asked for where there was none.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// After how long a connection is replaced, because what PostgreSQL keeps for it grows.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// The connections.
pub struct Spares {
    pool: Pool<Opening>,
    returned: Arc<Notify>,
}

/// A connection, for as long as it is held.
pub struct Seat {
    held: Object<Opening>,
    // Dropped after the connection, which is there again by then.
    _telling: Telling,
}

/// Wakes one of those who wait when it is dropped.
struct Telling(Arc<Notify>);

impl Drop for Telling {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// Opens connections, unless one was refused a moment ago.
struct Opening {
    options: PgConnectOptions,
    refused: Mutex<Option<Instant>>,
}

/// A connection.
struct Spare {
    connection: PgConnection,
    /// Whether a transaction was begun that sqlx does not know of.
    in_snapshot: bool,
}

impl Spares {
    /// At most so many; each is opened when it is needed.
    ///
    /// # Errors
    /// None in practice: the pool is complete.
    pub fn new(size: u32, options: &PgConnectOptions) -> Result<Self, StoreError> {
        let opening = Opening {
            options: options.clone(),
            refused: Mutex::default(),
        };
        let pool = Pool::builder(opening)
            .max_size(usize::try_from(size).unwrap_or(1))
            .timeouts(Timeouts {
                wait: Some(PATIENCE),
                create: Some(PATIENCE),
                recycle: Some(PATIENCE),
            })
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Spares {
            pool,
            returned: Arc::default(),
        })
    }

    /// A connection; none if the database has none to give.
    pub async fn seat(&self) -> Option<Seat> {
        let seat = async {
            loop {
                match self.pool.get().await {
                    Ok(held) => {
                        let _telling = Telling(self.returned.clone());
                        return Some(Seat { held, _telling });
                    }
                    Err(PoolError::Backend(_)) if self.pool.status().size > 0 => {
                        self.returned.notified().await;
                    }
                    Err(error) => {
                        tracing::debug!(%error, "no connection to spare");
                        return None;
                    }
                }
            }
        };
        tokio::time::timeout(PATIENCE, seat).await.ok().flatten()
    }

    /// How many there are at most.
    pub fn at_most(&self) -> usize {
        self.pool.status().max_size
    }

    /// Whether they are closed for good.
    pub fn is_closed(&self) -> bool {
        self.pool.is_closed()
    }

    /// Closes them for good.
    pub fn close(&self) {
        self.pool.close();
    }
}

impl Manager for Opening {
    type Type = Spare;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Spare, sqlx::Error> {
        let refused = || self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused().is_some_and(|at| at.elapsed() < ASK_AGAIN) {
            return Err(sqlx::Error::PoolTimedOut);
        }
        match self.options.connect().await {
            Ok(mut connection) => {
                prepare(&mut connection).await?;
                Ok(Spare {
                    connection,
                    in_snapshot: false,
                })
            }
            Err(error) => {
                if is_too_many(&error) {
                    tracing::debug!(%error, "the database has no further connection");
                    *refused() = Some(Instant::now());
                }
                Err(error)
            }
        }
    }

    /// Work that was given up leaves its connection in the middle of something: it is tested
    /// before anyone gets it again.
    async fn recycle(&self, spare: &mut Spare, known: &Metrics) -> RecycleResult<sqlx::Error> {
        if known.age() > LIFETIME {
            return Err(RecycleError::message("it has served long enough"));
        }
        if spare.in_snapshot {
            sqlx::query("ROLLBACK")
                .execute(&mut spare.connection)
                .await?;
            spare.in_snapshot = false;
            return Ok(());
        }
        Ok(spare.connection.ping().await?)
    }
}

impl Seat {
    /// Begins a transaction in which nothing changes. It ends with the seat.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub async fn see_a_snapshot(&mut self) -> Result<(), sqlx::Error> {
        self.held.in_snapshot = true;
        for statement in [
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            // Whoever reads a page may take as long as they like to ask for the next one.
            "SET LOCAL idle_in_transaction_session_timeout = 0",
        ] {
            sqlx::query(statement)
                .execute(&mut self.held.connection)
                .await?;
        }
        Ok(())
    }
}

impl Deref for Seat {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.held.connection
    }
}

impl DerefMut for Seat {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.held.connection
    }
}
