//! The connection that writes: every change of answers and tallies goes through it.
//!
//! It is no connection of sqlx's: that would run every statement on another thread, and a batch is
//! hundreds of them. Here they run where they are called, prepared once.

use super::tallies::Kept;
use super::{BUSY, CHECKPOINT_PAGES, LOG_BYTES};
use crate::store::StoreError;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
use tokio::sync::{Mutex, MutexGuard};

/// How many prepared statements are kept: all there are.
const STATEMENTS: usize = 32;

/// How much of the database a writer keeps in memory, in KiB: the tallies, and the pages of the
/// primary key that are being filled.
const CACHE_KIB: i64 = 16 * 1024;

/// The one connection that writes, and the right to write.
pub struct Pen(Mutex<Held>);

/// What whoever has the turn holds.
pub struct Held {
    /// The connection that writes.
    pub connection: Connection,
    /// What it knows of the tallies.
    pub tallies: Kept,
}

impl From<Connection> for Pen {
    fn from(connection: Connection) -> Self {
        let tallies = Kept::default();
        Pen(Mutex::new(Held {
            connection,
            tallies,
        }))
    }
}

impl Pen {
    /// A connection that writes to the file at `path`, which is there already.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection.into())
    }

    /// A connection that cannot write, for a file that is only read.
    pub fn dry(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Connection::open_with_flags(path, flags)?.into())
    }

    /// Waits until nobody else of this process writes. First come, first served: SQLite itself
    /// would let whoever waits try again now and then, and under load never find it free.
    pub async fn turn(&self) -> MutexGuard<'_, Held> {
        self.0.lock().await
    }
}

/// A transaction that has the lock from its beginning. Dropped, it is rolled back.
pub fn begin(pen: &mut Connection) -> Result<rusqlite::Transaction<'_>, StoreError> {
    Ok(pen.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// Ends what an async transaction left open; it is committed by then, or has failed.
pub fn roll_back(pen: &Connection) {
    if !pen.is_autocommit()
        && let Err(error) = pen.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "a transaction could not be rolled back");
    }
}

/// Copies the log into the database, as far as readers allow, so that its room can be used again.
pub fn checkpoint(pen: &Connection) -> Result<(), StoreError> {
    pen.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    Ok(())
}
