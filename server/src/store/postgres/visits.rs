//! How many came from where.

use super::failure::timely;
use super::pools::Pools;
use super::read;
use crate::store::{Completions, StoreError, Visits};
use sqlx::postgres::{PgConnection, PgPool};
use std::collections::BTreeMap;

/// See [`crate::store::Store::count_visits`].
pub async fn count(pool: &PgPool, visits: &[Visits]) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    add(&mut transaction, visits).await?;
    transaction.commit().await?;
    Ok(())
}

/// Adds counts, in the order of their keys: two servers that add at once must not wait for each
/// other in a circle.
pub async fn add(connection: &mut PgConnection, visits: &[Visits]) -> Result<(), StoreError> {
    let mut rows: Vec<&Visits> = visits.iter().collect();
    rows.sort_by_key(|row| (&row.questionnaire, row.day, &row.mode, &row.place));
    for row in rows {
        sqlx::query(
            "INSERT INTO visits AS known (questionnaire, day, mode, place, views, starts)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (questionnaire, day, mode, place) DO UPDATE
                 SET views = known.views + excluded.views,
                     starts = known.starts + excluded.starts",
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
pub async fn of(
    connection: &mut PgConnection,
    questionnaire: &str,
) -> Result<Vec<Visits>, StoreError> {
    let rows = sqlx::query_as("SELECT * FROM visits WHERE questionnaire = $1 ORDER BY 1, 2, 3, 4")
        .bind(questionnaire)
        .fetch_all(connection);
    Ok(rows.await?)
}

/// The counts of every questionnaire.
pub async fn all(connection: &mut PgConnection) -> Result<Vec<Visits>, StoreError> {
    let rows = sqlx::query_as("SELECT * FROM visits ORDER BY 1, 2, 3, 4").fetch_all(connection);
    Ok(rows.await?)
}

/// See [`crate::store::Store::completions`]. Asked bucket by bucket, so that no statement takes
/// long.
pub async fn completions(
    pools: &Pools,
    questionnaire: &str,
    utc_offset_ms: i64,
) -> Result<Vec<Completions>, StoreError> {
    let mut snapshot = timely(pools.snapshot()).await?;
    let mut sums: BTreeMap<(i64, String, String), i64> = BTreeMap::new();
    for bucket in read::buckets() {
        let rows: Vec<Completions> = timely(async {
            let rows = sqlx::query_as(
                "SELECT (received_at + $1) / 86400000 AS day, mode,
                        CASE mode WHEN 'widget' THEN coalesce(origin, 'unknown')
                                  ELSE coalesce(site, '') END AS place,
                        count(*) AS n
                 FROM response
                 WHERE bucket = $2 AND questionnaire = $3 AND withdrawn_at IS NULL
                 GROUP BY 1, 2, 3",
            )
            .bind(utc_offset_ms)
            .bind(bucket)
            .bind(questionnaire)
            .fetch_all(&mut *snapshot);
            Ok(rows.await?)
        })
        .await?;
        for row in rows {
            *sums.entry((row.day, row.mode, row.place)).or_default() += row.n;
        }
    }
    Ok(sums
        .into_iter()
        .map(|((day, mode, place), n)| Completions {
            day,
            mode,
            place,
            n,
        })
        .collect())
}
