//! How many came from where.

use crate::store::{Completions, StoreError, Visits};
use sqlx::SqlSafeStr;
use sqlx::sqlite::{SqliteConnection, SqlitePool};

/// See [`crate::store::Store::count_visits`].
pub async fn count(pool: &SqlitePool, visits: &[Visits]) -> Result<(), StoreError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE".into_sql_str()).await?;
    add(&mut transaction, visits).await?;
    transaction.commit().await?;
    Ok(())
}

/// Adds counts.
pub async fn add(connection: &mut SqliteConnection, visits: &[Visits]) -> Result<(), StoreError> {
    for row in visits {
        sqlx::query(
            "INSERT INTO visits (questionnaire, day, mode, place, views, starts)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET views = views + excluded.views,
                 starts = starts + excluded.starts",
        )
        .bind(&row.questionnaire)
        .bind(row.day)
        .bind(&row.mode)
        .bind(&row.place)
        .bind(row.views)
        .bind(row.starts)
        .execute(&mut *connection)
        .await?;
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
