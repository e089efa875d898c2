//! Writing responses and taking them back, each in one transaction with its tallies.

use super::rows::portions;
use super::tallies::{self, Delta, Key};
use super::{json, rows};
use crate::store::{OnConflict, Outcome, Response, StoreError, bucket};
use report::{group_key, variables};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{QueryBuilder, Row, SqlSafeStr};
use std::collections::HashMap;
use survey::{Questionnaire, identity::ResponseId};

/// How many ids are looked up in one statement.
const CHUNK: usize = 1000;

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
                let key = Key {
                    questionnaire: response.questionnaire.clone(),
                    version: response.version,
                    cell: response.cell.clone(),
                };
                tallies::count(&mut delta, key, &response.variables, response.received_at)?;
                created.push(response);
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
        let keys: Vec<(u8, String)> = chunk
            .iter()
            .map(|r| (bucket(&r.id), hex(r.id.as_bytes())))
            .collect();
        let rows = sqlx::query(
            "SELECT r.id, r.fingerprint FROM json_each(?) AS k
             JOIN response AS r ON r.bucket = k.value ->> 0 AND r.id = unhex(k.value ->> 1)",
        )
        .bind(json("response", &keys)?)
        .fetch_all(&mut *connection)
        .await?;
        for row in rows {
            let id: Vec<u8> = row.try_get("id")?;
            let fingerprint: Option<Vec<u8>> = row.try_get("fingerprint")?;
            let fingerprint = fingerprint.and_then(|bytes| bytes.try_into().ok());
            known.insert(rows::response_id(&id)?, fingerprint);
        }
    }
    Ok(known)
}

async fn insert(
    connection: &mut SqliteConnection,
    responses: &[&Response],
) -> Result<(), StoreError> {
    for portion in portions(responses) {
        let mut rows = Vec::with_capacity(portion.len());
        for response in portion {
            rows.push((response, json("answers", &response.answers)?));
        }
        let mut statement = QueryBuilder::new(
            "INSERT INTO response (bucket, id, questionnaire, version, wave, area, mode, site,
                                   origin, language, started_at, received_at, answers,
                                   fingerprint) ",
        );
        statement.push_values(rows, |mut row, (response, answers)| {
            row.push_bind(bucket(&response.id))
                .push_bind(response.id.as_bytes().as_slice())
                .push_bind(&response.questionnaire)
                .push_bind(response.version)
                .push_bind(&response.cell.wave)
                .push_bind(&response.cell.area)
                .push_bind(response.cell.mode.as_str())
                .push_bind(&response.site)
                .push_bind(&response.origin)
                .push_bind(response.language.tag())
                .push_bind(response.started_at)
                .push_bind(response.received_at)
                .push_bind(answers)
                .push_bind(response.fingerprint.as_slice());
        });
        statement.build().execute(&mut *connection).await?;
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
         SELECT r.id, r.questionnaire, r.version, wave, area, mode, site, origin, language,
                started_at, received_at, answers, fingerprint, q.body
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
    let mut response = rows::response(row)?;
    let body: String = row.try_get("body")?;
    let questionnaire: Questionnaire = super::parse("questionnaire", &body)?;
    response.cell.group = group_key(&questionnaire, &response.answers);
    let variables = variables(&questionnaire, &response.answers);
    let mut delta = Delta::new();
    let key = Key {
        questionnaire: response.questionnaire.clone(),
        version: response.version,
        cell: response.cell.clone(),
    };
    tallies::discount(&mut delta, key, &variables)?;
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

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| DIGITS.get(usize::from(digit)))
        .collect()
}
