//! Writing responses and taking them back, each in one transaction with its tallies.

use super::{json, tallies};
use crate::store::rows::{fingerprint_of, response_id};
use crate::store::tally::{self, Delta, complete};
use crate::store::{OnConflict, Outcome, Response, Row as ResponseRow, StoreError, bucket};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{FromRow, QueryBuilder, Row, SqlSafeStr};
use std::collections::HashMap;
use survey::{Questionnaire, identity::ResponseId};

/// How many rows go into one statement: as many as possible, because every statement is a way to
/// SQLite's thread and back, and no more than SQLite has variables for (32,766).
pub const CHUNK: usize = 1000;

/// Writes a batch; see [`crate::store::Store::write`].
pub async fn write(
    pool: &SqlitePool,
    batch: &[Response],
    on_conflict: OnConflict,
) -> Result<Vec<Outcome>, StoreError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE".into_sql_str()).await?;
    let mut known = stored(&mut transaction, batch).await?;
    let mut outcomes = Vec::with_capacity(batch.len());
    let mut created = Vec::with_capacity(batch.len());
    let mut delta = Delta::new();
    for response in batch {
        let outcome = match known.get(&response.id) {
            None => {
                known.insert(response.id, Some(response.fingerprint));
                tally::count(&mut delta, response)?;
                created.push(ResponseRow::of(response)?);
                Outcome::Created
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
    if created.is_empty() || refused {
        return Ok(outcomes);
    }
    insert(&mut transaction, &created).await?;
    tallies::add(&mut transaction, &delta).await?;
    transaction.commit().await?;
    Ok(outcomes)
}

/// Which ids of the batch are there already, with their fingerprints.
async fn stored(
    connection: &mut SqliteConnection,
    batch: &[Response],
) -> Result<HashMap<ResponseId, Option<[u8; 16]>>, StoreError> {
    let mut known = HashMap::new();
    for chunk in batch.chunks(CHUNK) {
        // An id's text is the hexadecimal of its bytes with dashes between.
        let keys: Vec<(u8, String)> = chunk
            .iter()
            .map(|r| (bucket(&r.id), r.id.to_string()))
            .collect();
        let rows = sqlx::query(
            "SELECT r.id, r.fingerprint FROM json_each(?) AS k
             JOIN response AS r ON r.bucket = k.value ->> 0 AND r.id = unhex(k.value ->> 1, '-')",
        )
        .bind(json("response", &keys)?)
        .fetch_all(&mut *connection)
        .await?;
        for row in rows {
            let id: Vec<u8> = row.try_get("id")?;
            let fingerprint: Option<Vec<u8>> = row.try_get("fingerprint")?;
            let fingerprint = fingerprint.as_deref().map(fingerprint_of).transpose()?;
            known.insert(response_id(&id)?, fingerprint);
        }
    }
    Ok(known)
}

/// Inserts rows.
pub async fn insert(
    connection: &mut SqliteConnection,
    rows: &[ResponseRow],
) -> Result<(), StoreError> {
    for portion in rows.chunks(CHUNK) {
        let mut statement = QueryBuilder::new(
            "INSERT INTO response (bucket, id, questionnaire, version, wave, area, mode, site,
                                   origin, language, started_at, received_at, answers,
                                   fingerprint, withdrawn_at) ",
        );
        statement.push_values(portion, |mut columns, row| {
            columns
                .push_bind(row.bucket)
                .push_bind(&row.id)
                .push_bind(&row.questionnaire)
                .push_bind(row.version)
                .push_bind(&row.wave)
                .push_bind(&row.area)
                .push_bind(&row.mode)
                .push_bind(&row.site)
                .push_bind(&row.origin)
                .push_bind(&row.language)
                .push_bind(row.started_at)
                .push_bind(row.received_at)
                .push_bind(&row.answers)
                .push_bind(&row.fingerprint)
                .push_bind(row.withdrawn_at);
        });
        // Not kept prepared: every number of rows is a statement of its own.
        let statement = statement.build().persistent(false);
        statement.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Takes a response back; see [`crate::store::Store::withdraw`].
pub async fn withdraw(
    pool: &SqlitePool,
    (first, last): (ResponseId, ResponseId),
    now: i64,
) -> Result<Option<String>, StoreError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE".into_sql_str()).await?;
    let found = sqlx::query(
        "WITH RECURSIVE bucket (b) AS (SELECT 0 UNION ALL SELECT b + 1 FROM bucket WHERE b < 63)
         SELECT r.*, q.body
         FROM bucket CROSS JOIN response AS r ON r.bucket = b AND r.id BETWEEN ? AND ?
         JOIN questionnaire AS q ON q.id = r.questionnaire AND q.version = r.version
         WHERE withdrawn_at IS NULL",
    )
    .bind(first.as_bytes().as_slice())
    .bind(last.as_bytes().as_slice())
    .fetch_all(&mut *transaction)
    .await?;
    let [row] = found.as_slice() else {
        return Ok(None);
    };
    let mut response = ResponseRow::from_row(row)?.response()?;
    let body: String = row.try_get("body")?;
    let questionnaire: Questionnaire = super::parse("questionnaire", &body)?;
    complete(&mut response, &questionnaire);
    let mut delta = Delta::new();
    tally::discount(&mut delta, &response)?;
    tallies::add(&mut transaction, &delta).await?;
    sqlx::query(
        "UPDATE response SET answers = NULL, fingerprint = NULL, site = NULL, origin = NULL,
                area = '', withdrawn_at = ? WHERE bucket = ? AND id = ?",
    )
    .bind(now)
    .bind(bucket(&response.id))
    .bind(response.id.as_bytes().as_slice())
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Some(response.questionnaire))
}
