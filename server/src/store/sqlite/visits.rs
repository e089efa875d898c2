//! How many came from where.

use super::pen::roll_back;
use crate::store::{Completions, StoreError, Visits};
use rusqlite::{Connection, params};
use sqlx::sqlite::SqlitePool;

/// See [`crate::store::Store::count_visits`].
pub fn count(pen: &Connection, visits: &[Visits]) -> Result<(), StoreError> {
    pen.execute_batch("BEGIN IMMEDIATE")?;
    let counted = add(pen, visits).and_then(|()| Ok(pen.execute_batch("COMMIT")?));
    roll_back(pen);
    counted
}

/// Adds counts.
pub fn add(pen: &Connection, visits: &[Visits]) -> Result<(), StoreError> {
    let mut insert = pen.prepare(
        "INSERT INTO visits (questionnaire, day, mode, place, views, starts)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET views = views + excluded.views,
             starts = starts + excluded.starts",
    )?;
    for row in visits {
        let Visits {
            questionnaire,
            day,
            mode,
            place,
            views,
            starts,
        } = row;
        insert.execute(params![questionnaire, day, mode, place, views, starts])?;
    }
    Ok(())
}

/// See [`crate::store::Store::visits`].
pub async fn of(pool: &SqlitePool, questionnaire: &str) -> Result<Vec<Visits>, StoreError> {
    let rows = sqlx::query_as("SELECT * FROM visits WHERE questionnaire = ? ORDER BY 1, 2, 3, 4")
        .bind(questionnaire)
        .fetch_all(pool);
    Ok(rows.await?)
}

/// The counts of every questionnaire.
pub async fn all(pool: &SqlitePool) -> Result<Vec<Visits>, StoreError> {
    let rows = sqlx::query_as("SELECT * FROM visits ORDER BY 1, 2, 3, 4").fetch_all(pool);
    Ok(rows.await?)
}

/// See [`crate::store::Store::completions`].
pub async fn completions(
    pool: &SqlitePool,
    questionnaire: &str,
    utc_offset_ms: i64,
) -> Result<Vec<Completions>, StoreError> {
    let rows = sqlx::query_as(
        "SELECT (received_at + ?) / 86400000 AS day, mode,
                CASE mode WHEN 'widget' THEN coalesce(origin, 'unknown')
                          ELSE coalesce(site, '') END AS place,
                count(*) AS n
         FROM response WHERE questionnaire = ? AND withdrawn_at IS NULL
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    )
    .bind(utc_offset_ms)
    .bind(questionnaire)
    .fetch_all(pool);
    Ok(rows.await?)
}
