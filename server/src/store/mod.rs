//! Where answers are kept. The contract that every store fulfils, whatever the database.

#[cfg(test)]
mod contract;
mod sqlite;

pub use sqlite::Sqlite;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use report::{Cell, CellTally};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use survey::{Answers, Language, Questionnaire, identity::ResponseId};

/// A response as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Made by the client.
    pub id: ResponseId,
    /// Which questionnaire was answered.
    pub questionnaire: String,
    /// Which version of it.
    pub version: u32,
    /// Where it is tallied.
    pub cell: Cell,
    /// The site whose QR code was scanned.
    pub site: Option<String>,
    /// The embedding page's origin.
    pub origin: Option<String>,
    /// The language in which it was answered.
    pub language: Language,
    /// By the client's clock, milliseconds since the Unix epoch.
    pub started_at: i64,
    /// By the server's clock, milliseconds since the Unix epoch.
    pub received_at: i64,
    /// The answers that count.
    pub answers: Answers,
    /// What tells a replay from a conflict: a digest of all that the client sent.
    pub fingerprint: [u8; 16],
    /// What is tallied of it, see [`report::variables`].
    pub variables: Vec<i64>,
}

/// What became of a response that was to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is on disk, and was not before.
    Created,
    /// The same response was there already.
    Replayed,
    /// Another response with this id was there already; nothing was written.
    Conflict,
}

/// What to do when a batch holds a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnConflict {
    /// Write the others.
    WriteOthers,
    /// Write nothing.
    WriteNothing,
}

/// An account that may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The argon2id hash in PHC format.
    pub password_hash: String,
    /// Failed attempts since the last success.
    pub failures: u32,
    /// No attempt before this time, in milliseconds since the Unix epoch.
    pub locked_until: i64,
}

/// A tally that is not what the responses say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The questionnaire.
    pub questionnaire: String,
    /// Its version.
    pub version: u32,
    /// The cell.
    pub cell: Cell,
    /// How many responses the stored tally counts.
    pub tallied: i64,
    /// How many there are.
    pub counted: i64,
}

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room on the disk. Nothing was written; there will be again once room is made.
    #[error("the disk is full: make room and send again")]
    Full,
    /// The database said no.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
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

/// What a store does. Every method that writes is one transaction, on disk before it returns.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Publishes questionnaires; the same again is nothing new.
    async fn publish(&self, questionnaires: &[Questionnaire], now: i64) -> Result<(), StoreError>;
    /// Every published version.
    async fn questionnaires(&self) -> Result<Vec<Questionnaire>, StoreError>;
    /// Writes responses and their tallies. One outcome per response, in order. With
    /// [`OnConflict::WriteNothing`], a conflict among the outcomes means that nothing was written.
    async fn write(
        &self,
        batch: &[Response],
        on_conflict: OnConflict,
    ) -> Result<Vec<Outcome>, StoreError>;
    /// Takes back the one response whose id lies in the range, and its part in the tallies.
    /// `None` if there is none, or more than one.
    async fn withdraw(
        &self,
        range: (ResponseId, ResponseId),
        now: i64,
    ) -> Result<Option<String>, StoreError>;
    /// Every tally of a questionnaire, all versions.
    async fn tallies(&self, questionnaire: &str) -> Result<Vec<CellTally>, StoreError>;
    /// A number that is another one after every commit, by whichever process. `None` if the store
    /// has none; then changes by others are announced, see [`crate::intake::Writer::announce`].
    async fn stamp(&self) -> Result<Option<i64>, StoreError> {
        Ok(None)
    }
    /// The responses that were not withdrawn, in the order of their keys. Their `variables` are
    /// left empty.
    fn responses<'s>(
        &'s self,
        questionnaire: &'s str,
    ) -> BoxStream<'s, Result<Response, StoreError>>;
    /// Compares every tally with the responses; with `fix`, replaces those that differ. One
    /// consistent view of both.
    async fn recount(&self, fix: bool) -> Result<Vec<Difference>, StoreError>;
    /// What is wrong with the database itself, a line for each fault; none if it is sound. Whether
    /// the tallies are right is for [`Store::recount`] to say.
    async fn check(&self) -> Result<Vec<String>, StoreError> {
        Err(StoreError::Elsewhere("check it with its own tools"))
    }
    /// A setting of the store.
    async fn setting(&self, name: &str) -> Result<Option<String>, StoreError>;
    /// Changes a setting.
    async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError>;
    /// An account.
    async fn account(&self, name: &str) -> Result<Option<Account>, StoreError>;
    /// Creates or changes an account. Its sessions end if the password changes.
    async fn set_account(&self, name: &str, account: &Account) -> Result<(), StoreError>;
    /// Opens a session.
    async fn open_session(
        &self,
        account: &str,
        token_hash: &[u8],
        expires_at: i64,
    ) -> Result<(), StoreError>;
    /// The account of a session that has not expired.
    async fn session(&self, token_hash: &[u8], now: i64) -> Result<Option<String>, StoreError>;
    /// Ends a session.
    async fn close_session(&self, token_hash: &[u8]) -> Result<(), StoreError>;
    /// Finishes what is under way and closes the database.
    async fn close(&self);
}

/// Opens the store at an address, `sqlite:PATH`, creating or migrating it as needed.
///
/// # Errors
/// Whatever the database says, or an address of no known kind.
pub async fn open(address: &str) -> Result<Arc<dyn Store>, StoreError> {
    match address.split_once(':') {
        Some(("sqlite", path)) => Ok(Arc::new(Sqlite::open(path).await?)),
        _ => Err(unknown(address)),
    }
}

/// Opens the store at an address as it is, to read only: nothing is created or migrated.
///
/// # Errors
/// See [`open`].
pub async fn open_to_read(address: &str) -> Result<Arc<dyn Store>, StoreError> {
    match address.split_once(':') {
        Some(("sqlite", path)) => Ok(Arc::new(Sqlite::open_to_read(path).await?)),
        _ => open(address).await,
    }
}

/// Copies the store at an address to a new file, while it may be in use.
///
/// # Errors
/// If the file exists, if the store is not sound, or what the disk says.
pub async fn backup(address: &str, to: &Path) -> Result<(), StoreError> {
    match address.split_once(':') {
        Some(("sqlite", path)) => Sqlite::backup(path, to).await,
        Some(("postgres" | "postgresql", _)) => {
            Err(StoreError::Elsewhere("back PostgreSQL up with pg_dump"))
        }
        _ => Err(unknown(address)),
    }
}

/// Makes a new store at an address from a back-up.
///
/// # Errors
/// If there is a store at the address, if the back-up is not sound, or what the disk says.
pub async fn restore(from: &Path, address: &str) -> Result<(), StoreError> {
    match address.split_once(':') {
        Some(("sqlite", path)) => Sqlite::restore(from, path).await,
        Some(("postgres" | "postgresql", _)) => {
            Err(StoreError::Elsewhere("restore PostgreSQL with pg_restore"))
        }
        _ => Err(unknown(address)),
    }
}

fn unknown(address: &str) -> StoreError {
    StoreError::Database(sqlx::Error::Configuration(
        format!("{address} is no database address; give sqlite:PATH").into(),
    ))
}

/// The first part of a response's key: the same at every server.
pub fn bucket(id: &ResponseId) -> u8 {
    // The id's last bytes are random already.
    let [.., last] = id.as_bytes();
    last & 63
}
