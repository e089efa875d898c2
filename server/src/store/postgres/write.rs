//! Writing responses and taking them back, each in one transaction with its tallies.

use super::failure::is_rolled_back;
use super::pending::{Pending, Sign};
use super::pools::Pools;
use super::read::buckets;
use super::{CHANNEL, distributed, tallies};
use crate::store::rows::{fingerprint_of, response_id};
use crate::store::tally::{self, Delta, complete};
use crate::store::{OnConflict, Outcome, Response, Row, StoreError, bucket, parse};
use sqlx::postgres::{PgConnection, PgTransaction};
use sqlx::{Connection, SqlSafeStr};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;
use survey::identity::ResponseId;

/// How many rows go into one statement.
pub const CHUNK: usize = 1000;

/// How often a transaction is tried that PostgreSQL rolled back for the sake of others.
const ATTEMPTS: u32 = 5;

/// Begins a transaction in which a statement sees what others have committed before it, whatever
/// the database's default: only so does the loser of a race learn what the winner wrote.
pub async fn begin(connection: &mut PgConnection) -> Result<PgTransaction<'_>, StoreError> {
    let begin = "BEGIN ISOLATION LEVEL READ COMMITTED".into_sql_str();
    Ok(connection.begin_with(begin).await?)
}

/// Writes a batch; see [`crate::store::Store::write`].
pub async fn write(
    pools: &Pools,
    batch: &[Response],
    on_conflict: OnConflict,
) -> Result<Vec<Outcome>, StoreError> {
    let mut attempt = 1;
    loop {
        match try_write(pools, batch, on_conflict).await {
            Err(error) if is_rolled_back(&error) && attempt < ATTEMPTS => pause(attempt).await,
            result => return result,
        }
        attempt += 1;
    }
}

async fn pause(attempt: u32) {
    tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
}

async fn try_write(
    pools: &Pools,
    batch: &[Response],
    on_conflict: OnConflict,
) -> Result<Vec<Outcome>, StoreError> {
    // In the order of their keys, so that two servers with the same ids wait for each other and
    // never in a circle; of one id within the batch, the first.
    let mut first: BTreeMap<(u8, ResponseId), &Response> = BTreeMap::new();
    for response in batch {
        let key = (bucket(&response.id), response.id);
        first.entry(key).or_insert(response);
    }
    let one_bucket = pools.batching.one_bucket;
    let mut lent = pools.for_batch().await?;
    let mut transaction = begin(&mut lent.connection).await?;
    let unique: Vec<&Response> = first.into_values().collect();
    let mut known: HashMap<ResponseId, Option<[u8; 16]>> = HashMap::new();
    let mut created: BTreeSet<ResponseId> = BTreeSet::new();
    for chunk in unique.chunks(CHUNK) {
        let rows = chunk.iter().map(|response| Row::of(response));
        let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
        let inserted = match one_bucket {
            false => insert(&mut transaction, &rows).await?,
            true => distributed::insert(&mut transaction, &rows).await?,
        };
        if inserted.len() < rows.len() {
            let others = chunk.iter().filter(|r| !inserted.contains(&r.id));
            known.extend(match one_bucket {
                false => stored(&mut transaction, others.copied()).await?,
                true => distributed::stored(&mut transaction, others.copied()).await?,
            });
        }
        created.extend(inserted);
    }
    let mut outcomes = Vec::with_capacity(batch.len());
    let mut new: Vec<&Response> = Vec::with_capacity(created.len());
    for response in batch {
        let outcome = match known.get(&response.id) {
            None if created.contains(&response.id) => {
                known.insert(response.id, Some(response.fingerprint));
                new.push(response);
                Outcome::Created
            }
            None => {
                let why = "it was there and is not";
                return Err(StoreError::Unavailable(format!("{}: {why}", response.id)));
            }
            // A withdrawn response has no fingerprint left: whatever comes under its id was taken
            // back, and must not return.
            Some(None) => Outcome::Replayed,
            Some(Some(fingerprint)) if *fingerprint == response.fingerprint => Outcome::Replayed,
            Some(Some(_)) => Outcome::Conflict,
        };
        outcomes.push(outcome);
    }
    let refused = on_conflict == OnConflict::WriteNothing && outcomes.contains(&Outcome::Conflict);
    if new.is_empty() || refused {
        transaction.rollback().await?;
        return Ok(outcomes);
    }
    count(&mut transaction, &new, Sign::Plus, one_bucket).await?;
    // An error from here on leaves open whether the batch is on disk. It is acknowledged to nobody,
    // and whoever sends it again finds out.
    transaction.commit().await?;
    Ok(outcomes)
}

/// Counts responses, or takes them out. Every server is told once they are merged.
///
/// In a distributed database a transaction stays on the node of its bucket, and so do the tallies
/// that it changes; there every server is told once the transaction is committed.
async fn count(
    connection: &mut PgConnection,
    responses: &[&Response],
    sign: Sign,
    one_bucket: bool,
) -> Result<(), StoreError> {
    if !one_bucket {
        let mut pending = Pending::default();
        responses
            .iter()
            .for_each(|response| pending.add(response, sign));
        return pending.write(connection).await;
    }
    let mut parts: BTreeMap<u8, Delta> = BTreeMap::new();
    for response in responses {
        let part = parts.entry(bucket(&response.id)).or_default();
        match sign {
            Sign::Plus => tally::count(part, response)?,
            Sign::Minus => tally::discount(part, response)?,
        }
    }
    for (bucket, delta) in &parts {
        tallies::add_in_bucket(connection, i16::from(*bucket), delta).await?;
    }
    let changed = responses.iter().map(|r| r.questionnaire.as_str());
    tell(connection, &changed.collect()).await
}

/// Inserts rows; the ids of those that were not there. One that another transaction is inserting
/// is waited for.
pub async fn insert(
    connection: &mut PgConnection,
    rows: &[Row],
) -> Result<BTreeSet<ResponseId>, StoreError> {
    fn column<'r, T>(rows: &'r [Row], get: impl Fn(&'r Row) -> T) -> Vec<T> {
        rows.iter().map(get).collect()
    }
    let inserted: Vec<Vec<u8>> = sqlx::query_scalar(
        "INSERT INTO response (bucket, id, questionnaire, version, wave, area, mode, site, origin,
                               language, started_at, received_at, answers, fingerprint,
                               withdrawn_at, finished_at, assistance, device)
         SELECT * FROM unnest($1::smallint[], $2::bytea[], $3::text[], $4::bigint[], $5::text[],
                              $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                              $11::bigint[], $12::bigint[], $13::text[], $14::bytea[],
                              $15::bigint[], $16::bigint[], $17::text[], $18::bigint[])
         ORDER BY 1, 2
         ON CONFLICT (bucket, id) DO NOTHING RETURNING id",
    )
    .bind(column(rows, Row::bucket))
    .bind(column(rows, |row| row.id.as_slice()))
    .bind(column(rows, |row| row.questionnaire.as_str()))
    .bind(column(rows, |row| row.version))
    .bind(column(rows, |row| row.wave.as_str()))
    .bind(column(rows, |row| row.area.as_str()))
    .bind(column(rows, |row| row.mode.as_str()))
    .bind(column(rows, |row| row.site.as_deref()))
    .bind(column(rows, |row| row.origin.as_deref()))
    .bind(column(rows, |row| row.language.as_str()))
    .bind(column(rows, |row| row.started_at))
    .bind(column(rows, |row| row.received_at))
    .bind(column(rows, |row| row.answers.as_deref()))
    .bind(column(rows, |row| row.fingerprint.as_deref()))
    .bind(column(rows, |row| row.withdrawn_at))
    .bind(column(rows, |row| row.finished_at))
    .bind(column(rows, |row| row.assistance.as_deref()))
    .bind(column(rows, |row| row.device))
    .fetch_all(connection)
    .await?;
    inserted.iter().map(|id| response_id(id)).collect()
}

/// The fingerprints under which responses are stored; none of a withdrawn one.
async fn stored(
    connection: &mut PgConnection,
    responses: impl Iterator<Item = &Response>,
) -> Result<HashMap<ResponseId, Option<[u8; 16]>>, StoreError> {
    let (buckets, ids): (Vec<i16>, Vec<&[u8]>) = responses
        .map(|r| (i16::from(bucket(&r.id)), r.id.as_bytes().as_slice()))
        .unzip();
    let rows: Vec<(Vec<u8>, Option<Vec<u8>>)> = sqlx::query_as(
        "SELECT id, fingerprint FROM response
         JOIN unnest($1::smallint[], $2::bytea[]) AS k (bucket, id) USING (bucket, id)",
    )
    .bind(buckets)
    .bind(ids)
    .fetch_all(connection)
    .await?;
    let known = rows.iter().map(|(id, fingerprint)| {
        let fingerprint = fingerprint.as_deref().map(fingerprint_of).transpose()?;
        Ok((response_id(id)?, fingerprint))
    });
    known.collect()
}

/// Tells every server on this database, once this transaction is committed.
pub async fn tell(
    connection: &mut PgConnection,
    changed: &BTreeSet<&str>,
) -> Result<(), StoreError> {
    let changed: Vec<&str> = changed.iter().copied().collect();
    sqlx::query(
        "SELECT pg_notify($1, current_schema() || '/' || questionnaire)
         FROM unnest($2::text[]) AS changed (questionnaire)",
    )
    .bind(CHANNEL)
    .bind(changed)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a response back; see [`crate::store::Store::withdraw`].
pub async fn withdraw(
    pools: &Pools,
    range: (ResponseId, ResponseId),
    now: i64,
) -> Result<Option<String>, StoreError> {
    let mut attempt = 1;
    loop {
        match try_withdraw(pools, range, now).await {
            Err(error) if is_rolled_back(&error) && attempt < ATTEMPTS => pause(attempt).await,
            result => return result,
        }
        attempt += 1;
    }
}

async fn try_withdraw(
    pools: &Pools,
    (first, last): (ResponseId, ResponseId),
    now: i64,
) -> Result<Option<String>, StoreError> {
    let mut connection = pools.writers.acquire().await?;
    let mut transaction = begin(&mut connection).await?;
    // Every bucket by name, so that the primary key finds the range in each.
    let found: Vec<(i16, Vec<u8>)> = sqlx::query_as(
        "SELECT bucket, id FROM response
         WHERE bucket = ANY ($1) AND id BETWEEN $2 AND $3 AND withdrawn_at IS NULL",
    )
    .bind(buckets().collect::<Vec<i16>>())
    .bind(first.as_bytes().as_slice())
    .bind(last.as_bytes().as_slice())
    .fetch_all(&mut *transaction)
    .await?;
    let [(in_bucket, id)] = found.as_slice() else {
        return Ok(None);
    };
    // Another server may be taking it back at this moment: whoever gets the lock does it.
    let row: Option<Row> = sqlx::query_as(
        "SELECT * FROM response WHERE bucket = $1 AND id = $2 AND withdrawn_at IS NULL FOR UPDATE",
    )
    .bind(in_bucket)
    .bind(id)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let body: String =
        sqlx::query_scalar("SELECT body FROM questionnaire WHERE id = $1 AND version = $2")
            .bind(&row.questionnaire)
            .bind(row.version)
            .fetch_one(&mut *transaction)
            .await?;
    let mut response = row.response()?;
    complete(&mut response, &parse("questionnaire", &body)?);
    sqlx::query(
        "UPDATE response SET answers = NULL, fingerprint = NULL, site = NULL, origin = NULL,
                finished_at = NULL, assistance = NULL, device = NULL, area = '', withdrawn_at = $1 WHERE bucket = $2 AND id = $3",
    )
    .bind(now)
    .bind(in_bucket)
    .bind(id)
    .execute(&mut *transaction)
    .await?;
    let one_bucket = pools.batching.one_bucket;
    count(&mut transaction, &[&response], Sign::Minus, one_bucket).await?;
    transaction.commit().await?;
    Ok(Some(response.questionnaire))
}
