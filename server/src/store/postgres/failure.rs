//! What an error of PostgreSQL means for whoever asked.

use crate::store::StoreError;
use std::time::Duration;

/// How long one piece of work may take, beyond what PostgreSQL itself allows (see
/// [`super::connect`]): only a network that swallows everything takes longer.
const LIMIT: Duration = Duration::from_secs(12);

/// Runs work that must end in time, and says what its errors mean.
pub async fn timely<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    within(LIMIT, work).await
}

/// As [`timely`], for work on so many rows.
pub async fn timely_for<T>(
    rows: usize,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let more = Duration::from_millis(u64::try_from(rows).unwrap_or(u64::MAX));
    within(LIMIT.saturating_add(more), work).await
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    // Work that is given up leaves its connection in the middle of something; the pool tests it
    // before anyone gets it again.
    match tokio::time::timeout(limit, work).await {
        Ok(result) => result.map_err(classify),
        Err(_) => Err(StoreError::Unavailable("no answer in time".to_owned())),
    }
}

/// Tells what will pass from what will not.
pub fn classify(error: StoreError) -> StoreError {
    match error {
        StoreError::Database(error) => of(error),
        StoreError::Migration(sqlx::migrate::MigrateError::Execute(error)) => of(error),
        other => other,
    }
}

fn of(error: sqlx::Error) -> StoreError {
    let code = code(&error);
    match (&error, code.as_deref()) {
        (_, Some("53100")) => StoreError::Full,
        // A tally of another length (the table's check) or too large a number.
        (_, Some("22003" | "23514")) => StoreError::Damaged {
            what: "tally",
            why: format!("{error}; run `wendu recount --fix`"),
        },
        (_, Some(code)) if is_passing(code) => StoreError::Unavailable(error.to_string()),
        (
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed,
            _,
        ) => StoreError::Unavailable(error.to_string()),
        _ => StoreError::Database(error),
    }
}

/// Whether a SQLSTATE speaks of the server's present condition and not of what it was asked.
fn is_passing(code: &str) -> bool {
    // Connection exception, insufficient resources, operator intervention (shutdown, start-up,
    // statement timeout), system error.
    const CLASSES: [&str; 4] = ["08", "53", "57", "58"];
    // Serialization failure, deadlock, lock timeout, read-only, idle in transaction.
    const CODES: [&str; 5] = ["40001", "40P01", "55P03", "25006", "25P03"];
    CLASSES.iter().any(|class| code.starts_with(class)) || CODES.contains(&code)
}

/// Whether PostgreSQL has rolled the transaction back and the same can be tried again at once.
pub fn is_rolled_back(error: &StoreError) -> bool {
    let StoreError::Database(error) = error else {
        return false;
    };
    matches!(code(error).as_deref(), Some("40001" | "40P01"))
}

/// Whether somebody else holds a lock that was to be had soon.
pub fn is_locked(error: &StoreError) -> bool {
    matches!(error, StoreError::Database(error) if code(error).as_deref() == Some("55P03"))
}

/// Whether the database has no connection left for whoever asked.
pub fn is_too_many(error: &sqlx::Error) -> bool {
    code(error).as_deref() == Some("53300")
}

fn code(error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error()?.code()?;
    Some(code.into_owned())
}
