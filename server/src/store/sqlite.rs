//! Answers in one SQLite file: write-ahead log, one writer, readers that never block it.

mod accounts;
mod check;
mod copy;
mod devices;
mod failure;
mod packed;
mod pen;
mod recount;
mod tallies;
mod transfer;
mod visits;
mod write;

use super::{
    Account, Batching, Completions, Contents, Device, Difference, OnConflict, Outcome, Response,
    Row, Store, StoreError, Visits, json, parse,
};
use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use pen::Pen;
use report::CellTally;
use sqlx::Connection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;
use survey::{Questionnaire, identity::ResponseId};

/// A store in a SQLite file.
pub struct Sqlite {
    /// What writes answers and tallies; whoever writes anything waits for its turn.
    pen: Pen,
    /// One connection for what is written seldom: accounts, settings, what is published.
    writer: SqlitePool,
    readers: SqlitePool,
    /// For what reads many rows: however slowly they are taken, a picture does not wait for them.
    scanners: SqlitePool,
    /// One connection, because SQLite tells each connection what others have committed.
    watcher: SqlitePool,
}

/// After how many pages of log (4 KiB each) a commit also copies them into the database. Fewer
/// would sync the database more often, more would make reading slower.
const CHECKPOINT_PAGES: u32 = 4000;

/// How long to wait for another process that writes.
const BUSY: Duration = Duration::from_secs(10);

/// To how many bytes the log is cut after it had to grow, because a reader took long.
const LOG_BYTES: u32 = 64 << 20;

impl Sqlite {
    /// Opens the file at `path`, creates it if it is not there, and migrates it.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub async fn open(path: &str) -> Result<Self, StoreError> {
        let plain = options(path)?;
        let options = plain
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
            .pragma("journal_size_limit", LOG_BYTES.to_string());
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            // A full disk ends a transaction inside SQLite, and sqlx would take it for open for
            // ever after.
            .after_release(|connection, _| {
                Box::pin(async move {
                    connection.ping().await?;
                    Ok(!connection.is_in_transaction())
                })
            })
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        Ok(Sqlite {
            pen: Pen::open(plain.get_filename())?,
            writer,
            readers: readers(4, options.clone()).await?,
            scanners: readers(4, options.clone()).await?,
            watcher: readers(1, options).await?,
        })
    }

    /// Opens the file at `path` as it is, to read only.
    ///
    /// # Errors
    /// Whatever SQLite says, for example that there is no such file.
    pub async fn open_to_read(path: &str) -> Result<Self, StoreError> {
        let options = options(path)?;
        let pen = Pen::dry(options.get_filename())?;
        let readers = readers(1, options).await?;
        Ok(Sqlite {
            pen,
            writer: readers.clone(),
            watcher: readers.clone(),
            scanners: readers.clone(),
            readers,
        })
    }

    /// Copies the database at `path` to a new file, while others may be writing.
    ///
    /// # Errors
    /// See [`Sqlite::restore`].
    pub async fn backup(path: &str, to: &Path) -> Result<(), StoreError> {
        copy::copy(options(path)?.get_filename(), to).await
    }

    /// Makes a new database at `path` from a back-up.
    ///
    /// # Errors
    /// If the source is no sound database of ours, if the target exists, or what the disk says.
    pub async fn restore(from: &Path, path: &str) -> Result<(), StoreError> {
        copy::copy(from, options(path)?.get_filename()).await
    }
}

fn options(path: &str) -> Result<SqliteConnectOptions, StoreError> {
    let options = SqliteConnectOptions::from_str(&format!("sqlite:{path}"))?;
    Ok(options.busy_timeout(BUSY))
}

async fn readers(n: u32, options: SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(n)
        .idle_timeout(None)
        .max_lifetime(None);
    Ok(pool.connect_with(options.read_only(true)).await?)
}

#[async_trait]
impl Store for Sqlite {
    async fn publish(&self, questionnaires: &[Questionnaire], now: i64) -> Result<(), StoreError> {
        let _turn = self.pen.turn().await;
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
        // On the caller's thread, which the writer has for itself.
        let mut pen = self.pen.turn().await;
        match write::write(&mut pen, batch, on_conflict) {
            // What fills the disk may be the log; then there is room once it is copied back.
            Err(StoreError::Full) if pen::checkpoint(&pen.connection).is_ok() => {
                write::write(&mut pen, batch, on_conflict)
            }
            written => written,
        }
    }

    fn batching(&self) -> Batching {
        Batching {
            one_bucket: false,
            side_by_side: 1,
        }
    }

    async fn withdraw(
        &self,
        range: (ResponseId, ResponseId),
        now: i64,
    ) -> Result<Option<String>, StoreError> {
        let mut pen = self.pen.turn().await;
        write::withdraw(&mut pen, range, now)
    }

    async fn tallies(&self, questionnaire: &str) -> Result<Vec<CellTally>, StoreError> {
        tallies::of(&self.readers, questionnaire).await
    }

    async fn stamp(&self) -> Result<i64, StoreError> {
        let stamp = sqlx::query_scalar("PRAGMA data_version").fetch_one(&self.watcher);
        Ok(stamp.await?)
    }

    fn responses<'s>(
        &'s self,
        questionnaire: &'s str,
    ) -> BoxStream<'s, Result<Response, StoreError>> {
        sqlx::query_as(
            "SELECT * FROM response WHERE questionnaire = ? AND withdrawn_at IS NULL
             ORDER BY id",
        )
        .bind(questionnaire)
        .fetch(&self.scanners)
        .map_err(StoreError::from)
        .and_then(|row: Row| async move { row.response() })
        .boxed()
    }

    async fn recount(&self, fix: bool) -> Result<Vec<Difference>, StoreError> {
        let differences = recount::compare(&self.scanners).await?;
        if fix && !differences.is_empty() {
            let mut pen = self.pen.turn().await;
            return recount::repair(&mut pen, &self.scanners).await;
        }
        Ok(differences)
    }

    async fn check(&self) -> Result<Vec<String>, StoreError> {
        check::check(&self.scanners).await
    }

    fn changes(&self) -> BoxStream<'static, String> {
        stream::empty().boxed()
    }

    async fn count_visits(&self, visits: &[Visits]) -> Result<(), StoreError> {
        visits::count(&self.pen.turn().await.connection, visits)
    }

    async fn visits(&self, questionnaire: &str) -> Result<Vec<Visits>, StoreError> {
        visits::of(&self.readers, questionnaire).await
    }

    async fn completions(
        &self,
        questionnaire: &str,
        utc_offset_ms: i64,
    ) -> Result<Vec<Completions>, StoreError> {
        visits::completions(&self.scanners, questionnaire, utc_offset_ms).await
    }

    async fn contents(&self) -> Result<Contents, StoreError> {
        transfer::contents(&self.readers).await
    }

    fn rows(&self) -> BoxStream<'_, Result<Row, StoreError>> {
        sqlx::query_as("SELECT * FROM response ORDER BY id")
            .fetch(&self.scanners)
            .map_err(StoreError::from)
            .boxed()
    }

    async fn take_over(
        &self,
        contents: &Contents,
        rows: BoxStream<'_, Result<Row, StoreError>>,
    ) -> Result<(), StoreError> {
        let mut pen = self.pen.turn().await;
        transfer::take_over(&mut pen, contents, rows).await
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
        let _turn = self.pen.turn().await;
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
        let _turn = self.pen.turn().await;
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
        let _turn = self.pen.turn().await;
        accounts::set_account(&self.writer, name, account).await
    }

    async fn create_account(&self, name: &str, account: &Account) -> Result<bool, StoreError> {
        let _turn = self.pen.turn().await;
        accounts::create_account(&self.writer, name, account).await
    }

    async fn open_session(
        &self,
        account: &str,
        token_hash: &[u8],
        expires_at: i64,
    ) -> Result<(), StoreError> {
        let _turn = self.pen.turn().await;
        accounts::open_session(&self.writer, account, token_hash, expires_at).await
    }

    async fn session(&self, token_hash: &[u8], now: i64) -> Result<Option<String>, StoreError> {
        accounts::session(&self.readers, token_hash, now).await
    }

    async fn close_session(&self, token_hash: &[u8]) -> Result<(), StoreError> {
        let _turn = self.pen.turn().await;
        accounts::close_session(&self.writer, token_hash).await
    }

    async fn add_device(
        &self,
        label: &str,
        token_hash: &[u8],
        now: i64,
    ) -> Result<i64, StoreError> {
        let _turn = self.pen.turn().await;
        devices::add(&self.writer, label, token_hash, now).await
    }

    async fn device(&self, token_hash: &[u8]) -> Result<Option<i64>, StoreError> {
        devices::find(&self.readers, token_hash).await
    }

    async fn devices(&self) -> Result<Vec<Device>, StoreError> {
        devices::all(&self.readers).await
    }

    async fn revoke_device(&self, id: i64, now: i64) -> Result<bool, StoreError> {
        let _turn = self.pen.turn().await;
        devices::revoke(&self.writer, id, now).await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.scanners.close().await;
        self.watcher.close().await;
        // Nothing is lost if it fails: the log is read when the database is opened again.
        let emptied = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer);
        if let Err(error) = emptied.await {
            tracing::warn!(%error, "the log could not be copied into the database");
        }
        self.writer.close().await;
    }
}
