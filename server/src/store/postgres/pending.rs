//! What batches have added to the tallies and nobody has merged into them yet.
//!
//! A batch of a hundred answers touches about as many tallies. Were each of them changed in the
//! transaction of the batch, reading, locking and writing them would be most of its work, and
//! servers would wait for each other's rows. So a batch adds one row here, with what it changes,
//! and whoever reads tallies adds these rows up. Twice a second some server merges them, and tells
//! every server of it. (A transaction that tells holds a lock of the whole database's while it is
//! flushed: were each batch to tell, no two could be flushed together.)

use super::failure::{is_locked, timely};
use super::pools::{Lent, Pools};
use super::{tallies, write};
use crate::store::rows::mode_of;
use crate::store::tally::{self, Delta, unfit};
use crate::store::{Response, StoreError};
use report::{Cell, CellTally};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;
use stats::tally::Moments;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How long changes gather before they are merged.
const GATHER: Duration = Duration::from_millis(500);

/// How long to wait after merging has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many rows are merged in one transaction.
const ROWS: usize = 256;

/// After how many rows their room is made free again. Autovacuum comes once a minute: by then so many
/// dead ones lie about that reading past them takes longer than all the rest of a picture.
const DEAD: usize = 512;

/// From how many bytes on the table is made smaller, too, which keeps others waiting a moment.
const LARGE: i64 = 32 << 20;

/// Whether a response was stored or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sign {
    /// It counts from now on.
    Plus,
    /// It counts no more.
    Minus,
}

/// What a transaction changes in the tallies of one questionnaire.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Changes {
    cells: Vec<StoredCell>,
    entries: Vec<Entry>,
}

/// A cell, and the version whose variables are counted in it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredCell {
    version: u32,
    wave: String,
    area: String,
    mode: String,
    group: String,
}

/// One response.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// Which of the cells.
    cell: u32,
    sign: Sign,
    received_at: i64,
    variables: Vec<i64>,
}

/// What a transaction changes, by questionnaire.
#[derive(Debug, Default)]
pub struct Pending<'r> {
    changes: BTreeMap<&'r str, Changes>,
    places: BTreeMap<(&'r str, u32, &'r Cell), u32>,
}

impl<'r> Pending<'r> {
    /// Adds one response, or takes it out.
    pub fn add(&mut self, response: &'r Response, sign: Sign) {
        let questionnaire = response.questionnaire.as_str();
        let changes = self.changes.entry(questionnaire).or_default();
        let key = (questionnaire, response.version, &response.cell);
        let cell = *self.places.entry(key).or_insert_with(|| {
            let cell = &response.cell;
            changes.cells.push(StoredCell {
                version: response.version,
                wave: cell.wave.clone(),
                area: cell.area.clone(),
                mode: cell.mode.as_str().to_owned(),
                group: cell.group.clone(),
            });
            // No batch holds so many cells.
            u32::try_from(changes.cells.len() - 1).unwrap_or(u32::MAX)
        });
        changes.entries.push(Entry {
            cell,
            sign,
            received_at: response.received_at,
            variables: response.variables.clone(),
        });
    }

    /// Writes it.
    pub async fn write(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let mut questionnaires = Vec::with_capacity(self.changes.len());
        let mut bodies = Vec::with_capacity(self.changes.len());
        for (questionnaire, changes) in &self.changes {
            questionnaires.push(*questionnaire);
            bodies.push(postcard::to_allocvec(changes).map_err(damaged)?);
        }
        sqlx::query(
            "INSERT INTO tally_pending (questionnaire, body)
             SELECT * FROM unnest($1::text[], $2::bytea[])",
        )
        .bind(questionnaires)
        .bind(bodies)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Adds a stored row to a delta.
///
/// # Errors
/// [`StoreError::Damaged`] if it is none that [`Pending::write`] writes; the delta is then as it
/// was.
pub fn add_up(delta: &mut Delta, questionnaire: &str, body: &[u8]) -> Result<(), StoreError> {
    let changes: Changes = postcard::from_bytes(body).map_err(damaged)?;
    let mut sums: Vec<Option<CellTally>> = changes.cells.iter().map(|_| None).collect();
    for entry in &changes.entries {
        let place = usize::try_from(entry.cell).map_err(damaged)?;
        let cell = changes.cells.get(place).zip(sums.get_mut(place));
        let (cell, sum) = cell.ok_or_else(|| damaged("it names a cell that is not there"))?;
        let sum = match sum {
            Some(sum) => sum,
            None => sum.insert(CellTally {
                version: cell.version,
                cell: Cell {
                    wave: cell.wave.clone(),
                    area: cell.area.clone(),
                    mode: mode_of(&cell.mode)?,
                    group: cell.group.clone(),
                },
                moments: Moments::new(entry.variables.len()),
                last_received_at: 0,
            }),
        };
        match entry.sign {
            Sign::Plus => {
                sum.last_received_at = sum.last_received_at.max(entry.received_at);
                sum.moments.add(&entry.variables)
            }
            Sign::Minus => sum.moments.remove(&entry.variables),
        }
        .map_err(unfit)?;
    }
    for sum in sums.into_iter().flatten() {
        tally::merge(delta, questionnaire, sum)?;
    }
    Ok(())
}

fn damaged(why: impl Display) -> StoreError {
    StoreError::Damaged {
        what: "row of tally_pending",
        why: format!("{why}; run `wendu recount --fix`"),
    }
}

/// The server's task of merging, now and then.
pub struct Merging {
    pools: Arc<Pools>,
    due: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Merging {
    /// Begins it. What an earlier server has left behind is merged with the first that comes.
    pub fn begin(pools: Arc<Pools>) -> Self {
        let due = Arc::new(Notify::new());
        let task = tokio::spawn(now_and_then(pools.clone(), due.clone()));
        Merging { pools, due, task }
    }

    /// Says that there is something to merge.
    pub fn ask(&self) {
        self.due.notify_one();
    }

    /// Merges what is left, if it can be had soon, and ends.
    pub async fn end(&self) {
        self.task.abort();
        if let Err(error) = merge_all(&self.pools, &mut 0).await {
            tracing::debug!(%error, "tallies are left for another server to merge");
        }
    }
}

async fn now_and_then(pools: Arc<Pools>, due: Arc<Notify>) {
    let mut dead = 0;
    loop {
        due.notified().await;
        tokio::time::sleep(GATHER).await;
        match merge_all(&pools, &mut dead).await {
            Ok(Merged::Nothing) => due.notify_one(),
            Ok(_) => {}
            Err(error) => {
                // Nothing is wrong for those who read: what is pending is added up each time.
                tracing::warn!(%error, "tallies were not merged");
                due.notify_one();
                tokio::time::sleep(PATIENCE).await;
            }
        }
        if dead >= DEAD {
            dead = 0;
            if let Err(error) = timely(vacuum(&pools)).await {
                tracing::debug!(%error, "what was merged is left to autovacuum");
            }
        }
    }
}

/// Makes the room of dead rows free. Whoever does not own the table may not; autovacuum does it then.
async fn vacuum(pools: &Pools) -> Result<(), StoreError> {
    // Nobody who writes shall wait for it.
    let Lent::Spare(mut seat) = pools.reading().await? else {
        return Ok(());
    };
    let (is_ours, size): (bool, i64) = sqlx::query_as(
        "SELECT pg_has_role(relowner, 'USAGE'), pg_relation_size(oid) FROM pg_class
         WHERE oid = to_regclass('tally_pending')",
    )
    .fetch_one(&mut *seat)
    .await?;
    if is_ours {
        let vacuum = match size < LARGE {
            true => "VACUUM (SKIP_LOCKED, TRUNCATE FALSE) tally_pending",
            false => "VACUUM (SKIP_LOCKED) tally_pending",
        };
        sqlx::query(vacuum).execute(&mut *seat).await?;
    }
    Ok(())
}

/// Merges all that is pending, unless somebody else is at it, and counts the rows.
async fn merge_all(pools: &Pools, rows: &mut usize) -> Result<Merged, StoreError> {
    loop {
        match timely(merge(pools, rows)).await? {
            Merged::Many => {}
            merged => return Ok(merged),
        }
    }
}

#[derive(PartialEq, Eq)]
enum Merged {
    /// So many that there may be more.
    Many,
    /// All.
    All,
    /// Nothing: somebody else is at it, who may not have seen the newest.
    Nothing,
}

async fn merge(pools: &Pools, merged: &mut usize) -> Result<Merged, StoreError> {
    let mut seat = pools.reading().await?;
    let any: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM tally_pending)")
        .fetch_one(&mut *seat)
        .await?;
    if !any {
        return Ok(Merged::All);
    }
    let mut transaction = write::begin(&mut seat).await?;
    match lock(&mut transaction).await {
        Err(error) if is_locked(&error) => return Ok(Merged::Nothing),
        locked => locked?,
    }
    let rows = take(&mut transaction).await?;
    let mut delta = Delta::new();
    for (questionnaire, body) in &rows {
        add_up(&mut delta, questionnaire, body)?;
    }
    tallies::merge(&mut transaction, &delta, pools.batching.one_bucket).await?;
    let changed = rows.iter().map(|(questionnaire, _)| questionnaire.as_str());
    write::tell(&mut transaction, &changed.collect()).await?;
    transaction.commit().await?;
    *merged += rows.len();
    match rows.len() < ROWS {
        true => Ok(Merged::All),
        false => Ok(Merged::Many),
    }
}

/// Keeps out whoever else merges or repairs, until the transaction ends. It waits a moment only:
/// others may be queueing behind it.
async fn lock(connection: &mut PgConnection) -> Result<(), StoreError> {
    for statement in [
        "SET LOCAL lock_timeout = '100ms'",
        "LOCK TABLE tally IN SHARE ROW EXCLUSIVE MODE",
    ] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Every row, by its number.
pub async fn all(connection: &mut PgConnection) -> Result<Vec<Stored>, StoreError> {
    Ok(
        sqlx::query_as("SELECT number, questionnaire, body FROM tally_pending")
            .fetch_all(connection)
            .await?,
    )
}

/// A row as it is stored.
#[derive(sqlx::FromRow)]
pub struct Stored {
    pub number: i64,
    pub questionnaire: String,
    pub body: Vec<u8>,
}

/// Removes rows.
pub async fn remove(connection: &mut PgConnection, numbers: &[i64]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tally_pending WHERE number = ANY ($1)")
        .bind(numbers)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes rows out, the oldest first.
async fn take(connection: &mut PgConnection) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let limit = i64::try_from(ROWS).unwrap_or(i64::MAX);
    Ok(sqlx::query_as(
        "DELETE FROM tally_pending WHERE number = ANY (ARRAY(
             SELECT number FROM tally_pending ORDER BY number LIMIT $1))
         RETURNING questionnaire, body",
    )
    .bind(limit)
    .fetch_all(connection)
    .await?)
}
