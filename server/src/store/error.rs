//! What can go wrong with a store.

use std::path::PathBuf;

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or takes nothing at present: it restarts, is read-only, has
    /// too many connections, or took too long. Whether a write arrived is not known; the same
    /// again finds out.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A store that should be empty and is not.
    #[error("the target database is not empty; give an empty one")]
    NotEmpty,
    /// No room on the disk. Nothing was written; there will be again once room is made.
    #[error("the disk is full, or a quota is: make room and send again")]
    Full,
    /// The database said no.
    #[error("the database failed: {0}")]
    Database(#[source] sqlx::Error),
    /// SQLite said no.
    #[error("the database failed: {0}")]
    Sqlite(#[source] rusqlite::Error),
    /// The database's structure could not be brought up to date.
    #[error("the database's structure could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value that cannot be read.
    #[error("the stored {what} cannot be read: {why}")]
    Damaged {
        /// Which value.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A file that cannot be read, written or used.
    #[error("{path}: {why}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Something that this kind of database has better tools for.
    #[error("not for this kind of database: {0}")]
    Elsewhere(&'static str),
    /// A published version that is now said to be different.
    #[error(
        "questionnaire {id} version {version} is published and cannot change; raise its version"
    )]
    Immutable {
        /// Which questionnaire.
        id: String,
        /// Which version.
        version: u32,
    },
}
