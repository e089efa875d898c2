//! Devices on which interviewers have signed in.

use crate::store::{Device, StoreError};
use sqlx::SqliteExecutor;

pub async fn add(
    executor: impl SqliteExecutor<'_>,
    label: &str,
    token_hash: &[u8],
    now: i64,
) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "INSERT INTO device (id, token_hash, label, issued_at)
         SELECT coalesce(max(id), 0) + 1, ?, ?, ? FROM device RETURNING id",
    )
    .bind(token_hash)
    .bind(label)
    .bind(now)
    .fetch_one(executor)
    .await?)
}

pub async fn find(
    executor: impl SqliteExecutor<'_>,
    token_hash: &[u8],
) -> Result<Option<i64>, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT id FROM device WHERE token_hash = ? AND revoked_at IS NULL")
            .bind(token_hash)
            .fetch_optional(executor)
            .await?,
    )
}

pub async fn all(executor: impl SqliteExecutor<'_>) -> Result<Vec<Device>, StoreError> {
    Ok(sqlx::query_as("SELECT * FROM device ORDER BY id")
        .fetch_all(executor)
        .await?)
}

pub async fn revoke(
    executor: impl SqliteExecutor<'_>,
    id: i64,
    now: i64,
) -> Result<bool, StoreError> {
    let revoked =
        sqlx::query("UPDATE device SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL")
            .bind(now)
            .bind(id)
            .execute(executor)
            .await?;
    Ok(revoked.rows_affected() == 1)
}
