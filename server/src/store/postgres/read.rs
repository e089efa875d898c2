//! Reading many rows: from one snapshot, a page at a time, so that no statement takes long.

use super::failure::timely;
use super::pools::{Pools, Snapshot};
use crate::store::{BUCKETS, Row, StoreError, parse};
use futures_util::TryFutureExt;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use sqlx::postgres::PgExecutor;
use std::sync::Arc;
use survey::Questionnaire;

/// How many rows make a page.
const PAGE: i64 = 1000;

/// Every bucket.
pub fn buckets() -> impl Iterator<Item = i16> {
    (0..BUCKETS).map(i16::from)
}

/// Every published questionnaire.
pub async fn questionnaires(
    database: impl PgExecutor<'_>,
) -> Result<Vec<Questionnaire>, StoreError> {
    let bodies: Vec<String> =
        sqlx::query_scalar("SELECT body FROM questionnaire ORDER BY id, version")
            .fetch_all(database)
            .await?;
    bodies
        .iter()
        .map(|body| parse("questionnaire", body))
        .collect()
}

/// Every row, or those of one questionnaire, in the order of their keys, withdrawn ones too.
pub fn rows(pools: Arc<Pools>, questionnaire: Option<String>) -> Rows {
    let snapshot = async move { timely(pools.snapshot()).await };
    let reader = snapshot.map_ok(|snapshot| Reader::new(snapshot, questionnaire));
    stream::once(reader)
        .map_ok(Reader::rows)
        .try_flatten()
        .boxed()
}

/// A stream of rows.
pub type Rows = BoxStream<'static, Result<Row, StoreError>>;

/// Where a reader stands in a snapshot.
pub struct Reader {
    snapshot: Snapshot,
    questionnaire: Option<String>,
    bucket: u8,
    after: Vec<u8>,
}

impl Reader {
    /// A reader at the first row.
    pub fn new(snapshot: Snapshot, questionnaire: Option<String>) -> Self {
        Reader {
            snapshot,
            questionnaire,
            bucket: 0,
            after: Vec::new(),
        }
    }

    /// The rows that are left.
    pub fn rows(self) -> Rows {
        let pages = stream::try_unfold(self, |mut reader| async move {
            let page = reader.next_page().await?;
            Ok::<_, StoreError>(page.map(|page| (page, reader)))
        });
        pages
            .map_ok(|page| stream::iter(page.into_iter().map(Ok)))
            .try_flatten()
            .boxed()
    }

    async fn next_page(&mut self) -> Result<Option<Vec<Row>>, StoreError> {
        while self.bucket < BUCKETS {
            let page = timely(self.page()).await?;
            if let Some(last) = page.last() {
                self.after = last.id.clone();
                return Ok(Some(page));
            }
            self.bucket += 1;
            self.after.clear();
        }
        Ok(None)
    }

    async fn page(&mut self) -> Result<Vec<Row>, StoreError> {
        Ok(sqlx::query_as(
            "SELECT * FROM response
             WHERE bucket = $1 AND id > $2 AND ($3::text IS NULL OR questionnaire = $3)
             ORDER BY id LIMIT $4",
        )
        .bind(i16::from(self.bucket))
        .bind(&self.after)
        .bind(&self.questionnaire)
        .bind(PAGE)
        .fetch_all(&mut *self.snapshot)
        .await?)
    }
}
