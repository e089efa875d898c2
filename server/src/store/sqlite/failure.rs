//! What an error of SQLite means for whoever asked.

use crate::store::StoreError;
use rusqlite::ffi;
use sqlx::sqlite::SqliteError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|error| error.extended_code);
        code.and_then(|code| meaning(code, &error))
            .unwrap_or(StoreError::Sqlite(error))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let database = error.as_database_error();
        let sqlite = database.and_then(|error| error.try_downcast_ref::<SqliteError>());
        let code = sqlite.and_then(|error| sqlx::error::DatabaseError::code(error)?.parse().ok());
        let meaning = code.and_then(|code| meaning(code, &error));
        meaning.unwrap_or_else(|| match error {
            // All connections are taken, by slow readers for example.
            sqlx::Error::PoolTimedOut => StoreError::Unavailable(error.to_string()),
            _ => StoreError::Database(error),
        })
    }
}

/// What a result code says of the machine's present condition; nothing if it speaks of what was
/// asked, or of damage.
fn meaning(extended: i32, error: &dyn std::fmt::Display) -> Option<StoreError> {
    /// The part of an extended code that names the kind.
    const KIND: i32 = 0xff;
    match (extended & KIND, extended) {
        // A quota or a limit on the size of files refuses a write; the shared-memory file beside
        // the log could not grow.
        (ffi::SQLITE_FULL, _) | (_, ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE) => {
            Some(StoreError::Full)
        }
        // Another process writes for long; the file system turned read-only; no more open files;
        // the disk does not say that it has written.
        (ffi::SQLITE_BUSY | ffi::SQLITE_READONLY | ffi::SQLITE_CANTOPEN, _)
        | (_, ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_TRUNCATE | ffi::SQLITE_IOERR_SHMMAP) => {
            Some(StoreError::Unavailable(error.to_string()))
        }
        _ => None,
    }
}
