//! Counting everything again, from the raw responses.

use super::pen::{Held, roll_back};
use super::tallies::Kept;
use super::{parse, tallies};
use crate::store::recount::{Count, differences};
use crate::store::tally::Delta;
use crate::store::{Difference, Row, StoreError};
use futures_util::TryStreamExt;
use rusqlite::Connection;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use survey::Questionnaire;

/// Compares every tally with the responses, in one snapshot: whoever writes does not wait.
pub async fn compare(readers: &SqlitePool) -> Result<Vec<Difference>, StoreError> {
    let mut snapshot = readers.begin().await?;
    let (differences, _) = count(&mut snapshot).await?;
    Ok(differences)
}

/// Replaces the tallies that differ. Holds the writer, so that nothing moves meanwhile.
pub async fn repair(pen: &mut Held, readers: &SqlitePool) -> Result<Vec<Difference>, StoreError> {
    pen.tallies = Kept::default();
    let connection = &mut pen.connection;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let repaired = replace(connection, readers).await;
    roll_back(connection);
    repaired
}

async fn replace(
    pen: &mut Connection,
    readers: &SqlitePool,
) -> Result<Vec<Difference>, StoreError> {
    // Begun while nobody can write: this snapshot is what the transaction changes.
    let mut snapshot = readers.begin().await?;
    let (differences, counted) = count(&mut snapshot).await?;
    tallies::replace(pen, &counted)?;
    pen.execute_batch("COMMIT")?;
    Ok(differences)
}

async fn count(connection: &mut SqliteConnection) -> Result<(Vec<Difference>, Delta), StoreError> {
    let counted = count_all(connection).await?;
    let tallied = tallies::all(connection).await?;
    let differences = differences(&tallied, &counted).into_iter();
    Ok((differences.map(|(_, d)| d).collect(), counted))
}

async fn count_all(connection: &mut SqliteConnection) -> Result<Delta, StoreError> {
    let bodies: Vec<String> = sqlx::query_scalar("SELECT body FROM questionnaire")
        .fetch_all(&mut *connection)
        .await?;
    let mut published: Vec<Questionnaire> = Vec::with_capacity(bodies.len());
    for body in &bodies {
        published.push(parse("questionnaire", body)?);
    }
    let mut count = Count::new(published);
    let mut rows =
        sqlx::query_as("SELECT * FROM response WHERE withdrawn_at IS NULL").fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let row: Row = row;
        count.add(&row)?;
    }
    Ok(count.finish())
}
