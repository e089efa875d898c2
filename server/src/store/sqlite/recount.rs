//! Counting everything again, from the raw responses.

use super::{parse, tallies};
use crate::store::recount::{Count, differences};
use crate::store::tally::Delta;
use crate::store::{Difference, Row, StoreError};
use futures_util::TryStreamExt;
use sqlx::SqlSafeStr;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use survey::Questionnaire;

/// See [`crate::store::Store::recount`]. Holds the writer, so that nothing moves meanwhile.
pub async fn recount(pool: &SqlitePool, fix: bool) -> Result<Vec<Difference>, StoreError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE".into_sql_str()).await?;
    let counted = count_all(&mut transaction).await?;
    let tallied = tallies::all(&mut transaction).await?;
    let differences = differences(&tallied, &counted);
    if fix && !differences.is_empty() {
        tallies::replace(&mut transaction, &counted).await?;
        transaction.commit().await?;
    }
    Ok(differences
        .into_iter()
        .map(|(_, difference)| difference)
        .collect())
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
