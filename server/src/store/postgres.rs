//! Answers in PostgreSQL, when several servers share one store. The database is the only place
//! where they meet.

mod accounts;
mod check;
mod connect;
mod devices;
mod distributed;
mod failure;
mod listen;
mod pending;
mod pools;
mod publish;
mod read;
mod recount;
mod spare;
mod tallies;
mod transfer;
mod visits;
mod write;

use super::{
    Account, Batching, Completions, Contents, Database, Device, Difference, OnConflict, Outcome,
    Response, Row, Store, StoreError, Visits,
};
use async_trait::async_trait;
use connect::connect;
use failure::{classify, timely, timely_for};
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use pending::Merging;
use pools::Pools;
use report::CellTally;
use std::sync::Arc;
use survey::{Questionnaire, identity::ResponseId};

/// On which channel servers tell each other what has changed.
const CHANNEL: &str = "wendu";

/// A store in a PostgreSQL database.
pub struct Postgres {
    pools: Arc<Pools>,
    merging: Merging,
}

impl Postgres {
    /// Connects to the database and migrates it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if it does not answer for a while, or whatever it says.
    pub async fn open(database: &Database) -> Result<Self, StoreError> {
        let pools = Arc::new(connect(database).await.map_err(classify)?);
        Ok(Postgres {
            merging: Merging::begin(pools.clone()),
            pools,
        })
    }
}

#[async_trait]
impl Store for Postgres {
    async fn publish(&self, questionnaires: &[Questionnaire], now: i64) -> Result<(), StoreError> {
        timely(publish::publish(&self.pools.writers, questionnaires, now)).await
    }

    async fn questionnaires(&self) -> Result<Vec<Questionnaire>, StoreError> {
        timely(async { read::questionnaires(&mut *self.pools.reading().await?).await }).await
    }

    async fn write(
        &self,
        batch: &[Response],
        on_conflict: OnConflict,
    ) -> Result<Vec<Outcome>, StoreError> {
        let writing = write::write(&self.pools, batch, on_conflict);
        let outcomes = timely_for(batch.len(), writing).await?;
        self.merging.ask();
        Ok(outcomes)
    }

    fn batching(&self) -> Batching {
        self.pools.batching
    }

    async fn withdraw(
        &self,
        range: (ResponseId, ResponseId),
        now: i64,
    ) -> Result<Option<String>, StoreError> {
        let withdrawn = timely(write::withdraw(&self.pools, range, now)).await?;
        self.merging.ask();
        Ok(withdrawn)
    }

    async fn tallies(&self, questionnaire: &str) -> Result<Vec<CellTally>, StoreError> {
        timely(async { tallies::of(&mut *self.pools.reading().await?, questionnaire).await }).await
    }

    fn responses<'s>(
        &'s self,
        questionnaire: &'s str,
    ) -> BoxStream<'s, Result<Response, StoreError>> {
        read::rows(self.pools.clone(), Some(questionnaire.to_owned()))
            .try_filter(|row| std::future::ready(row.withdrawn_at.is_none()))
            .and_then(|row| async move { row.response() })
            .boxed()
    }

    async fn recount(&self, fix: bool) -> Result<Vec<Difference>, StoreError> {
        recount::recount(&self.pools, fix).await
    }

    async fn stamp(&self) -> Result<i64, StoreError> {
        timely(async {
            let mut connection = self.pools.reading().await?;
            if self.pools.batching.one_bucket {
                return distributed::stamp(&mut connection).await;
            }
            // Which transactions are over and which are not: the same as long as nobody commits.
            // (The position in the log would not do: a commit stands there before it is seen.)
            Ok(
                sqlx::query_scalar("SELECT hashtextextended(pg_current_snapshot()::text, 0)")
                    .fetch_one(&mut *connection)
                    .await?,
            )
        })
        .await
    }

    async fn check(&self) -> Result<Vec<String>, StoreError> {
        check::check(&self.pools).await
    }

    fn changes(&self) -> BoxStream<'static, String> {
        listen::changes(self.pools.clone()).boxed()
    }

    async fn count_visits(&self, visits: &[Visits]) -> Result<(), StoreError> {
        timely(visits::count(&self.pools.writers, visits)).await
    }

    async fn visits(&self, questionnaire: &str) -> Result<Vec<Visits>, StoreError> {
        timely(async { visits::of(&mut *self.pools.reading().await?, questionnaire).await }).await
    }

    async fn completions(
        &self,
        questionnaire: &str,
        utc_offset_ms: i64,
    ) -> Result<Vec<Completions>, StoreError> {
        visits::completions(&self.pools, questionnaire, utc_offset_ms).await
    }

    async fn contents(&self) -> Result<Contents, StoreError> {
        timely(async { transfer::contents(&mut *self.pools.reading().await?).await }).await
    }

    fn rows(&self) -> BoxStream<'_, Result<Row, StoreError>> {
        read::rows(self.pools.clone(), None).boxed()
    }

    async fn take_over(
        &self,
        contents: &Contents,
        rows: BoxStream<'_, Result<Row, StoreError>>,
    ) -> Result<(), StoreError> {
        // As long as it takes: somebody is watching.
        transfer::take_over(&self.pools, contents, rows)
            .await
            .map_err(classify)
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        timely(async {
            Ok(
                sqlx::query_scalar("SELECT value FROM setting WHERE name = $1")
                    .bind(name)
                    .fetch_optional(&mut *self.pools.reading().await?)
                    .await?,
            )
        })
        .await
    }

    async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        timely(async {
            sqlx::query(
                "INSERT INTO setting (name, value) VALUES ($1, $2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )
            .bind(name)
            .bind(value)
            .execute(&self.pools.writers)
            .await?;
            Ok(())
        })
        .await
    }

    async fn init_setting(&self, name: &str, value: &str) -> Result<String, StoreError> {
        timely(async {
            // The update changes nothing: it makes the row that stands come back.
            Ok(sqlx::query_scalar(
                "INSERT INTO setting (name, value) VALUES ($1, $2)
                 ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value",
            )
            .bind(name)
            .bind(value)
            .fetch_one(&self.pools.writers)
            .await?)
        })
        .await
    }

    async fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        timely(async { accounts::account(&mut *self.pools.reading().await?, name).await }).await
    }

    async fn set_account(&self, name: &str, account: &Account) -> Result<(), StoreError> {
        timely(accounts::set_account(&self.pools.writers, name, account)).await
    }

    async fn create_account(&self, name: &str, account: &Account) -> Result<bool, StoreError> {
        timely(async {
            let mut connection = self.pools.writers.acquire().await?;
            accounts::create_account(&mut connection, name, account).await
        })
        .await
    }

    async fn open_session(
        &self,
        account: &str,
        token_hash: &[u8],
        expires_at: i64,
    ) -> Result<(), StoreError> {
        let opening = accounts::open_session(&self.pools.writers, account, token_hash, expires_at);
        timely(opening).await
    }

    async fn session(&self, token_hash: &[u8], now: i64) -> Result<Option<String>, StoreError> {
        timely(async {
            accounts::session(&mut *self.pools.reading().await?, token_hash, now).await
        })
        .await
    }

    async fn close_session(&self, token_hash: &[u8]) -> Result<(), StoreError> {
        timely(accounts::close_session(&self.pools.writers, token_hash)).await
    }

    async fn add_device(
        &self,
        label: &str,
        token_hash: &[u8],
        now: i64,
    ) -> Result<i64, StoreError> {
        timely(devices::add(&self.pools.writers, label, token_hash, now)).await
    }

    async fn device(&self, token_hash: &[u8]) -> Result<Option<i64>, StoreError> {
        timely(async { devices::find(&mut *self.pools.reading().await?, token_hash).await }).await
    }

    async fn devices(&self) -> Result<Vec<Device>, StoreError> {
        timely(async { devices::all(&mut *self.pools.reading().await?).await }).await
    }

    async fn revoke_device(&self, id: i64, now: i64) -> Result<bool, StoreError> {
        timely(devices::revoke(&self.pools.writers, id, now)).await
    }

    async fn close(&self) {
        self.merging.end().await;
        self.pools.close().await;
    }
}
