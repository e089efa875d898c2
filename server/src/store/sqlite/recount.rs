//! Counting everything again, from the raw responses.

use super::{parse, tallies};
use crate::store::recount::{Count, differences};
use crate::store::tally::Delta;
use crate::store::{Difference, Row, StoreError};
use futures_util::TryStreamExt;
use sqlx::SqlSafeStr;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use survey::Questionnaire;

/// Compares every tally with the responses, in one snapshot: whoever writes does not wait.
pub async fn compare(readers: &SqlitePool) -> Result<Vec<Difference>, StoreError> {
    let mut snapshot = readers.begin().await?;
    let (differences, _) = count(&mut snapshot).await?;
    Ok(differences)
}

/// Replaces the tallies that differ. Holds the writer, so that nothing moves meanwhile.
pub async fn repair(writer: &SqlitePool) -> Result<Vec<Difference>, StoreError> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE".into_sql_str()).await?;
    let (differences, counted) = count(&mut transaction).await?;
    if !differences.is_empty() {
        tallies::replace(&mut transaction, &counted).await?;
        transaction.commit().await?;
    }
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
