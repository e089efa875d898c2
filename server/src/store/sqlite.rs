//! Answers in one SQLite file: write-ahead log, one writer, readers that never block it.

mod accounts;
mod recount;
mod tallies;
mod transfer;
mod write;

use super::{
    Account, Contents, Difference, OnConflict, Outcome, Response, Row, Store, StoreError, json,
    parse,
};
use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use report::CellTally;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use std::str::FromStr;
use std::time::Duration;
use survey::{Questionnaire, identity::ResponseId};

/// A store in a SQLite file.
pub struct Sqlite {
    /// One connection, so that writers queue here and not inside SQLite.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Sqlite {
    /// Opens the file at `path`, creates it if it is not there, and migrates it.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub async fn open(path: &str) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(&format!("sqlite:{path}"))?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Sqlite { writer, readers })
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn publish(&self, questionnaires: &[Questionnaire], now: i64) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        for questionnaire in questionnaires {
            let body = json("questionnaire", questionnaire)?;
            sqlx::query(
                "INSERT INTO questionnaire (id, version, body, published_at) VALUES (?, ?, ?, ?)
                 ON CONFLICT DO NOTHING",
            )
            .bind(&questionnaire.id)
            .bind(questionnaire.version)
            .bind(&body)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            let published: String =
                sqlx::query_scalar("SELECT body FROM questionnaire WHERE id = ? AND version = ?")
                    .bind(&questionnaire.id)
                    .bind(questionnaire.version)
                    .fetch_one(&mut *transaction)
                    .await?;
            if published != body {
                return Err(StoreError::Immutable {
                    id: questionnaire.id.clone(),
                    version: questionnaire.version,
                });
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn questionnaires(&self) -> Result<Vec<Questionnaire>, StoreError> {
        let bodies: Vec<String> =
            sqlx::query_scalar("SELECT body FROM questionnaire ORDER BY id, version")
                .fetch_all(&self.readers)
                .await?;
        bodies
            .iter()
            .map(|body| parse("questionnaire", body))
            .collect()
    }

    async fn write(
        &self,
        batch: &[Response],
        on_conflict: OnConflict,
    ) -> Result<Vec<Outcome>, StoreError> {
        write::write(&self.writer, batch, on_conflict)
            .await
            .map_err(disk_full)
    }

    async fn withdraw(
        &self,
        range: (ResponseId, ResponseId),
        now: i64,
    ) -> Result<Option<String>, StoreError> {
        write::withdraw(&self.writer, range, now)
            .await
            .map_err(disk_full)
    }

    async fn tallies(&self, questionnaire: &str) -> Result<Vec<CellTally>, StoreError> {
        tallies::of(&self.readers, questionnaire).await
    }

    fn responses<'s>(
        &'s self,
        questionnaire: &'s str,
    ) -> BoxStream<'s, Result<Response, StoreError>> {
        sqlx::query_as(
            "SELECT * FROM response WHERE questionnaire = ? AND withdrawn_at IS NULL
             ORDER BY bucket, id",
        )
        .bind(questionnaire)
        .fetch(&self.readers)
        .map_err(StoreError::from)
        .and_then(|row: Row| async move { row.response() })
        .boxed()
    }

    async fn recount(&self, fix: bool) -> Result<Vec<Difference>, StoreError> {
        recount::recount(&self.writer, fix).await
    }

    fn changes(&self) -> BoxStream<'static, String> {
        stream::empty().boxed()
    }

    async fn contents(&self) -> Result<Contents, StoreError> {
        transfer::contents(&self.readers).await
    }

    fn rows(&self) -> BoxStream<'_, Result<Row, StoreError>> {
        sqlx::query_as("SELECT * FROM response ORDER BY bucket, id")
            .fetch(&self.readers)
            .map_err(StoreError::from)
            .boxed()
    }

    async fn take_over(
        &self,
        contents: &Contents,
        rows: BoxStream<'_, Result<Row, StoreError>>,
    ) -> Result<(), StoreError> {
        transfer::take_over(&self.writer, contents, rows)
            .await
            .map_err(disk_full)
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(
            sqlx::query_scalar("SELECT value FROM setting WHERE name = ?")
                .bind(name)
                .fetch_optional(&self.readers)
                .await?,
        )
    }

    async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO setting (name, value) VALUES (?, ?)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(name)
        .bind(value)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn init_setting(&self, name: &str, value: &str) -> Result<String, StoreError> {
        // The update changes nothing: it makes the row that stands come back.
        Ok(sqlx::query_scalar(
            "INSERT INTO setting (name, value) VALUES (?, ?)
             ON CONFLICT (name) DO UPDATE SET value = value RETURNING value",
        )
        .bind(name)
        .bind(value)
        .fetch_one(&self.writer)
        .await?)
    }

    async fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        accounts::account(&self.readers, name).await
    }

    async fn set_account(&self, name: &str, account: &Account) -> Result<(), StoreError> {
        accounts::set_account(&self.writer, name, account).await
    }

    async fn create_account(&self, name: &str, account: &Account) -> Result<bool, StoreError> {
        accounts::create_account(&self.writer, name, account).await
    }

    async fn open_session(
        &self,
        account: &str,
        token_hash: &[u8],
        expires_at: i64,
    ) -> Result<(), StoreError> {
        accounts::open_session(&self.writer, account, token_hash, expires_at).await
    }

    async fn session(&self, token_hash: &[u8], now: i64) -> Result<Option<String>, StoreError> {
        accounts::session(&self.readers, token_hash, now).await
    }

    async fn close_session(&self, token_hash: &[u8]) -> Result<(), StoreError> {
        accounts::close_session(&self.writer, token_hash).await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// SQLite's "database or disk is full" as an error of its own.
fn disk_full(error: StoreError) -> StoreError {
    const SQLITE_FULL: &str = "13";
    match &error {
        StoreError::Database(sqlx::Error::Database(database))
            if database.code().as_deref() == Some(SQLITE_FULL) =>
        {
            StoreError::Full
        }
        _ => error,
    }
}
