//! Accounts and sessions.

use crate::store::{Account, StoreError};
use sqlx::postgres::{PgConnection, PgPool};

pub async fn account(
    connection: &mut PgConnection,
    name: &str,
) -> Result<Option<Account>, StoreError> {
    let row: Option<(String, i64, i64)> =
        sqlx::query_as("SELECT password_hash, failures, locked_until FROM account WHERE name = $1")
            .bind(name)
            .fetch_optional(connection)
            .await?;
    Ok(row
        .map(|(password_hash, failures, locked_until)| read(password_hash, failures, locked_until)))
}

/// An account from its columns.
pub fn read(password_hash: String, failures: i64, locked_until: i64) -> Account {
    Account {
        password_hash,
        failures: u32::try_from(failures).unwrap_or(u32::MAX),
        locked_until,
    }
}

pub async fn set_account(pool: &PgPool, name: &str, account: &Account) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query(
        "DELETE FROM session WHERE account = $1
         AND EXISTS (SELECT 1 FROM account WHERE name = $1 AND password_hash <> $2)",
    )
    .bind(name)
    .bind(&account.password_hash)
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "INSERT INTO account (name, password_hash, failures, locked_until) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash,
             failures = excluded.failures, locked_until = excluded.locked_until",
    )
    .bind(name)
    .bind(&account.password_hash)
    .bind(i64::from(account.failures))
    .bind(account.locked_until)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

pub async fn create_account(
    connection: &mut PgConnection,
    name: &str,
    account: &Account,
) -> Result<bool, StoreError> {
    let created = sqlx::query(
        "INSERT INTO account (name, password_hash, failures, locked_until) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO NOTHING",
    )
    .bind(name)
    .bind(&account.password_hash)
    .bind(i64::from(account.failures))
    .bind(account.locked_until)
    .execute(connection)
    .await?;
    Ok(created.rows_affected() == 1)
}

pub async fn open_session(
    pool: &PgPool,
    account: &str,
    token_hash: &[u8],
    expires_at: i64,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO session (token_hash, account, expires_at) VALUES ($1, $2, $3)")
        .bind(token_hash)
        .bind(account)
        .bind(expires_at)
        .execute(pool)
        .await?;
    Ok(())
}

pub async fn session(
    connection: &mut PgConnection,
    token_hash: &[u8],
    now: i64,
) -> Result<Option<String>, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT account FROM session WHERE token_hash = $1 AND expires_at > $2")
            .bind(token_hash)
            .bind(now)
            .fetch_optional(connection)
            .await?,
    )
}

pub async fn close_session(pool: &PgPool, token_hash: &[u8]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE token_hash = $1")
        .bind(token_hash)
        .execute(pool)
        .await?;
    Ok(())
}
