//! Where answers are kept. The contract that every store fulfils, whatever the database.

#[cfg(test)]
mod contract;
mod database;
mod error;
mod postgres;
mod recount;
mod rows;
mod sqlite;
mod tally;

pub use database::{Database, backup, open, open_to_read, restore};
pub use error::StoreError;
pub use postgres::Postgres;
pub use rows::Row;
pub use sqlite::Sqlite;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use report::{Cell, CellTally};
use survey::{Answers, Assistance, Language, Questionnaire, identity::ResponseId};

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
    /// When the last question was answered, by the client's clock; where it was said.
    pub finished_at: Option<i64>,
    /// How the interviewer helped.
    pub assistance: Option<Assistance>,
    /// The number of the device on which it was answered; of an interview.
    pub device: Option<i64>,
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

/// All that a store holds beside the responses and their tallies. Sessions are left out: after a
/// move people sign in again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// The published questionnaires.
    pub questionnaires: Vec<Published>,
    /// Settings: name and value.
    pub settings: Vec<(String, String)>,
    /// Accounts by name.
    pub accounts: Vec<(String, Account)>,
    /// The interviewers' devices: responses refer to them.
    pub devices: Vec<Device>,
    /// How many came from where.
    pub visits: Vec<Visits>,
}

/// A device on which an interviewer has signed in.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Device {
    /// Its number, from 1.
    pub id: i64,
    /// What is stored of its token.
    pub token_hash: Vec<u8>,
    /// What it is called; no person's name.
    pub label: String,
    /// In milliseconds since the Unix epoch.
    pub issued_at: i64,
    /// Since when it hands nothing in any more.
    pub revoked_at: Option<i64>,
}

/// A questionnaire as it was published.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Published {
    /// The questionnaire's id.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// The questionnaire as JSON, letter for letter.
    pub body: String,
    /// In milliseconds since the Unix epoch.
    pub published_at: i64,
}

/// How many came from one place on one day.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Visits {
    /// Which questionnaire they saw.
    pub questionnaire: String,
    /// The day, counted from 1970 in the campaign's time zone.
    pub day: i64,
    /// The mode, in the API's word.
    pub mode: String,
    /// A site, the origin of the page around a widget, or nothing.
    pub place: String,
    /// How many saw it.
    pub views: i64,
    /// How many answered a first question.
    pub starts: i64,
}

/// How many responses there are from one place on one day.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Completions {
    /// The day on which they arrived, as in [`Visits`].
    pub day: i64,
    /// The mode, in the API's word.
    pub mode: String,
    /// A site, the origin of the page around a widget, or nothing.
    pub place: String,
    /// How many were not withdrawn.
    pub n: i64,
}

/// How responses are best gathered into transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batching {
    /// Whether a transaction holds responses of one bucket only, because the database is
    /// distributed by bucket: one on one node costs a tenth of one that spans several. Otherwise it
    /// holds whatever is waiting.
    pub one_bucket: bool,
    /// How many transactions are under way at the same time.
    pub side_by_side: usize,
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
    /// How [`Store::write`] is best used.
    fn batching(&self) -> Batching;
    /// Takes back the one response whose id lies in the range, and its part in the tallies.
    /// `None` if there is none, or more than one.
    async fn withdraw(
        &self,
        range: (ResponseId, ResponseId),
        now: i64,
    ) -> Result<Option<String>, StoreError>;
    /// Every tally of a questionnaire, all versions.
    async fn tallies(&self, questionnaire: &str) -> Result<Vec<CellTally>, StoreError>;
    /// A number that is another one after every commit, by whichever process.
    async fn stamp(&self) -> Result<i64, StoreError>;
    /// The responses that were not withdrawn, in the order of the database's keys. Their
    /// `variables` are left empty.
    fn responses<'s>(
        &'s self,
        questionnaire: &'s str,
    ) -> BoxStream<'s, Result<Response, StoreError>>;
    /// Compares every tally with the responses; with `fix`, replaces those that differ. One
    /// consistent view of both.
    async fn recount(&self, fix: bool) -> Result<Vec<Difference>, StoreError>;
    /// What is wrong with the database itself, a line for each fault; none if it is sound. Whether
    /// the tallies are right is for [`Store::recount`] to say.
    async fn check(&self) -> Result<Vec<String>, StoreError>;
    /// Questionnaires whose responses other servers on the same database have changed, as it
    /// happens. A store of one process alone yields nothing.
    fn changes(&self) -> BoxStream<'static, String>;
    /// Adds to the counts of visits.
    async fn count_visits(&self, visits: &[Visits]) -> Result<(), StoreError>;
    /// The counts of visits to a questionnaire, by day, mode and place.
    async fn visits(&self, questionnaire: &str) -> Result<Vec<Visits>, StoreError>;
    /// The responses to a questionnaire by day, mode and place; days begin so many milliseconds
    /// before those of UTC.
    async fn completions(
        &self,
        questionnaire: &str,
        utc_offset_ms: i64,
    ) -> Result<Vec<Completions>, StoreError>;
    /// Everything but the responses.
    async fn contents(&self) -> Result<Contents, StoreError>;
    /// Every row of the responses, withdrawn ones too, in the order of the database's keys.
    fn rows(&self) -> BoxStream<'_, Result<Row, StoreError>>;
    /// Takes over all that another store holds, and counts its tallies, in one transaction.
    /// [`StoreError::NotEmpty`] if anything is here already.
    async fn take_over(
        &self,
        contents: &Contents,
        rows: BoxStream<'_, Result<Row, StoreError>>,
    ) -> Result<(), StoreError>;
    /// A setting of the store.
    async fn setting(&self, name: &str) -> Result<Option<String>, StoreError>;
    /// Changes a setting.
    async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError>;
    /// Gives a setting its first value; the value that stands then, which may be one that another
    /// server gave it at the same time.
    async fn init_setting(&self, name: &str, value: &str) -> Result<String, StoreError>;
    /// An account.
    async fn account(&self, name: &str) -> Result<Option<Account>, StoreError>;
    /// Creates or changes an account. Its sessions end if the password changes.
    async fn set_account(&self, name: &str, account: &Account) -> Result<(), StoreError>;
    /// Creates an account unless there is one of this name; whether it did.
    async fn create_account(&self, name: &str, account: &Account) -> Result<bool, StoreError>;
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
    /// Adds a device; its number.
    async fn add_device(&self, label: &str, token_hash: &[u8], now: i64)
    -> Result<i64, StoreError>;
    /// The number of the device with a token, unless it was revoked.
    async fn device(&self, token_hash: &[u8]) -> Result<Option<i64>, StoreError>;
    /// Every device, revoked ones too.
    async fn devices(&self) -> Result<Vec<Device>, StoreError>;
    /// Revokes a device; whether there was one to revoke.
    async fn revoke_device(&self, id: i64, now: i64) -> Result<bool, StoreError>;
    /// Finishes what is under way and closes the database.
    async fn close(&self);
}

/// The first part of a response's key where servers share a database: the same at every server.
pub fn bucket(id: &ResponseId) -> u8 {
    // The id's last bytes are random already.
    let [.., last] = id.as_bytes();
    last & (BUCKETS - 1)
}

/// How many buckets there are.
pub const BUCKETS: u8 = 64;

fn json<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged {
        what,
        why: error.to_string(),
    })
}

fn parse<T: serde::de::DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged {
        what,
        why: error.to_string(),
    })
}
