//! Counting everything again, from the raw responses, while others go on writing.

use super::failure::{classify, timely};
use super::pools::Pools;
use super::read::{self, Reader};
use super::{pending, tallies};
use crate::store::recount::{Count, Tallied, differences};
use crate::store::tally::{self, Delta, Key, unfit};
use crate::store::{Difference, StoreError};
use futures_util::TryStreamExt;
use report::CellTally;
use sqlx::postgres::PgConnection;
use stats::tally::Moments;
use std::collections::BTreeSet;

/// See [`crate::store::Store::recount`].
///
/// Both sides are read from one snapshot, and a repair adds what was missing in it to what the
/// tally has become since. So nobody has to stop writing: the tallies are a group, and what others
/// add meanwhile stays.
pub async fn recount(pools: &Pools, fix: bool) -> Result<Vec<Difference>, StoreError> {
    if !fix {
        let seen = look(pools).await?;
        return Ok(seen.differences.into_iter().map(|(_, d)| d).collect());
    }
    let mut transaction = pools
        .writers
        .begin()
        .await
        .map_err(StoreError::from)
        .map_err(classify)?;
    // Two repairs at once would repair twice. The lock keeps out another repair and whoever merges,
    // and waits until those that are under way have ended; it keeps out nobody who writes answers.
    for statement in [
        "SET LOCAL idle_in_transaction_session_timeout = 0",
        "LOCK TABLE tally IN SHARE UPDATE EXCLUSIVE MODE",
    ] {
        timely(async { Ok(sqlx::query(statement).execute(&mut *transaction).await?) }).await?;
    }
    let seen = look(pools).await?;
    timely(async {
        repair(&mut transaction, &seen, pools.batching.one_bucket).await?;
        Ok(transaction.commit().await?)
    })
    .await?;
    Ok(seen.differences.into_iter().map(|(_, d)| d).collect())
}

/// What one snapshot holds.
struct Seen {
    /// Questionnaires and their versions.
    published: BTreeSet<(String, u32)>,
    /// The rows of tallies.
    stored: Vec<(Key, Vec<i64>)>,
    /// What is pending, as far as it can be read.
    pending: Delta,
    /// The numbers of all that is pending.
    numbers: Vec<i64>,
    counted: Delta,
    differences: Vec<(Key, Difference)>,
}

async fn look(pools: &Pools) -> Result<Seen, StoreError> {
    let mut snapshot = timely(pools.snapshot()).await?;
    let published = timely(read::questionnaires(&mut *snapshot)).await?;
    let stored = timely(tallies::all(&mut snapshot)).await?;
    let mut tallied = Tallied::new();
    for (key, packed) in &stored {
        let packed = packed.clone();
        match tallied.remove(key) {
            None => tallied.insert(key.clone(), tally::moments(packed).ok()),
            Some(other) => tallied.insert(key.clone(), tallies::sum(other, packed)),
        };
    }
    let (mut pending, mut numbers) = (Delta::new(), Vec::new());
    for row in timely(pending::all(&mut snapshot)).await? {
        // What cannot be read counts nobody, and makes a difference.
        let _ = pending::add_up(&mut pending, &row.questionnaire, &row.body);
        numbers.push(row.number);
    }
    for (key, sum) in &pending {
        let packed = sum.moments.as_packed().to_vec();
        let moments = match tallied.remove(key) {
            None => Some(sum.moments.clone()),
            Some(merged) => tallies::sum(merged, packed),
        };
        tallied.insert(key.clone(), moments);
    }
    let versions = published.iter().map(|q| (q.id.clone(), q.version));
    let versions: BTreeSet<(String, u32)> = versions.collect();
    let mut count = Count::new(published);
    let mut rows = Reader::new(snapshot, None).rows();
    while let Some(row) = rows.try_next().await? {
        count.add(&row)?;
    }
    let counted = count.finish();
    let differences = differences(&tallied, &counted);
    Ok(Seen {
        published: versions,
        stored,
        pending,
        numbers,
        counted,
        differences,
    })
}

/// Puts in place of what was pending what is missing in the tallies, and adds to each tally that
/// differs what it lacks.
async fn repair(
    connection: &mut PgConnection,
    seen: &Seen,
    one_bucket: bool,
) -> Result<(), StoreError> {
    let differing = seen.differences.iter().map(|(key, _)| key);
    let touched: BTreeSet<&Key> = differing.chain(seen.pending.keys()).collect();
    let counted = seen.counted.clone().into_iter();
    let mut lacking: Delta = counted.filter(|(key, _)| touched.contains(key)).collect();
    for (key, packed) in seen.stored.iter().filter(|(key, _)| touched.contains(key)) {
        let version = (key.questionnaire.clone(), key.version);
        if !seen.published.contains(&version) {
            tallies::remove(connection, key, packed).await?;
            continue;
        }
        let fits = tally::moments(packed.clone()).and_then(|stored| {
            let nothing = || CellTally {
                version: key.version,
                cell: key.cell.clone(),
                moments: Moments::new(stored.variables()),
                last_received_at: 0,
            };
            let lacking = lacking.entry(key.clone()).or_insert_with(nothing);
            lacking.moments.subtract(&stored).map_err(unfit)
        });
        if fits.is_err() {
            tallies::remove(connection, key, packed).await?;
        }
    }
    pending::remove(connection, &seen.numbers).await?;
    lacking.retain(|_, tally| !tally.moments.is_zero());
    tallies::merge(connection, &lacking, one_bucket).await
}
