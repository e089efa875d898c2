//! Accounts and sessions.

use crate::store::{Account, StoreError};
use sqlx::sqlite::SqlitePool;

pub async fn account(pool: &SqlitePool, name: &str) -> Result<Option<Account>, StoreError> {
    let row: Option<(String, u32, i64)> =
        sqlx::query_as("SELECT password_hash, failures, locked_until FROM account WHERE name = ?")
            .bind(name)
            .fetch_optional(pool)
            .await?;
    Ok(row.map(|(password_hash, failures, locked_until)| Account {
        password_hash,
        failures,
        locked_until,
    }))
}

pub async fn set_account(
    pool: &SqlitePool,
    name: &str,
    account: &Account,
) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query(
        "DELETE FROM session WHERE account = ?
         AND EXISTS (SELECT 1 FROM account WHERE name = ? AND password_hash <> ?)",
    )
    .bind(name)
    .bind(name)
    .bind(&account.password_hash)
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "INSERT INTO account (name, password_hash, failures, locked_until) VALUES (?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash,
             failures = excluded.failures, locked_until = excluded.locked_until",
    )
    .bind(name)
    .bind(&account.password_hash)
    .bind(account.failures)
    .bind(account.locked_until)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

pub async fn create_account(
    pool: &SqlitePool,
    name: &str,
    account: &Account,
) -> Result<bool, StoreError> {
    let created = sqlx::query(
        "INSERT INTO account (name, password_hash, failures, locked_until) VALUES (?, ?, ?, ?)
         ON CONFLICT DO NOTHING",
    )
    .bind(name)
    .bind(&account.password_hash)
    .bind(account.failures)
    .bind(account.locked_until)
    .execute(pool)
    .await?;
    Ok(created.rows_affected() == 1)
}

pub async fn open_session(
    pool: &SqlitePool,
    account: &str,
    token_hash: &[u8],
    expires_at: i64,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO session (token_hash, account, expires_at) VALUES (?, ?, ?)")
        .bind(token_hash)
        .bind(account)
        .bind(expires_at)
        .execute(pool)
        .await?;
    Ok(())
}

pub async fn session(
    pool: &SqlitePool,
    token_hash: &[u8],
    now: i64,
) -> Result<Option<String>, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT account FROM session WHERE token_hash = ? AND expires_at > ?")
            .bind(token_hash)
            .bind(now)
            .fetch_optional(pool)
            .await?,
    )
}

pub async fn close_session(pool: &SqlitePool, token_hash: &[u8]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE token_hash = ?")
        .bind(token_hash)
        .execute(pool)
        .await?;
    Ok(())
}
