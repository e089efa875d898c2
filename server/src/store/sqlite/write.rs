//! Writing responses and taking them back, each in one transaction with its tallies.

use super::pen::{Held, begin};
use super::tallies;
use crate::store::rows::fingerprint_of;
use crate::store::tally::{self, Delta, complete};
use crate::store::{OnConflict, Outcome, Response, Row, StoreError};
use rusqlite::{CachedStatement, Connection, params};
use std::mem;
use survey::{Questionnaire, identity::ResponseId};

/// Writes a batch; see [`crate::store::Store::write`].
pub fn write(
    pen: &mut Held,
    batch: &[Response],
    on_conflict: OnConflict,
) -> Result<Vec<Outcome>, StoreError> {
    // Put back only once the transaction is committed.
    let mut kept = mem::take(&mut pen.tallies);
    let transaction = begin(&mut pen.connection)?;
    let mut outcomes = Vec::with_capacity(batch.len());
    let mut delta = Delta::new();
    {
        let mut insert = Insert::prepare(&transaction)?;
        for response in batch {
            if insert.row(&Row::of(response)?)? {
                tally::count(&mut delta, response)?;
                outcomes.push(Outcome::Created);
            } else {
                outcomes.push(compare(&transaction, response)?);
            }
        }
    }
    let refused = on_conflict == OnConflict::WriteNothing && outcomes.contains(&Outcome::Conflict);
    if delta.is_empty() || refused {
        return Ok(outcomes);
    }
    tallies::add(&transaction, &mut kept, &delta)?;
    transaction.commit()?;
    pen.tallies = kept;
    Ok(outcomes)
}

/// What a response is whose id is taken already, perhaps by another of the same batch.
fn compare(transaction: &Connection, response: &Response) -> Result<Outcome, StoreError> {
    let stored: Option<Vec<u8>> = transaction
        .prepare_cached("SELECT fingerprint FROM response WHERE id = ?")?
        .query_row([response.id.as_bytes()], |row| row.get(0))?;
    // A withdrawn response has no fingerprint left: whatever comes under its id was taken back,
    // and must not return.
    let Some(stored) = stored else {
        return Ok(Outcome::Replayed);
    };
    match fingerprint_of(&stored)? == response.fingerprint {
        true => Ok(Outcome::Replayed),
        false => Ok(Outcome::Conflict),
    }
}

/// The statement by which rows come into the table.
pub struct Insert<'c>(CachedStatement<'c>);

impl<'c> Insert<'c> {
    /// Prepares it, or finds it prepared.
    pub fn prepare(connection: &'c Connection) -> Result<Self, StoreError> {
        Ok(Insert(connection.prepare_cached(
            "INSERT INTO response (id, questionnaire, version, wave, area, mode, site,
                                   origin, language, started_at, received_at, answers,
                                   fingerprint, withdrawn_at, finished_at, assistance,
                                   device)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO NOTHING",
        )?))
    }

    /// Inserts a row, unless there is one with its key; whether it did.
    pub fn row(&mut self, row: &Row) -> Result<bool, StoreError> {
        let inserted = self.0.execute(params![
            row.id,
            row.questionnaire,
            row.version,
            row.wave,
            row.area,
            row.mode,
            row.site,
            row.origin,
            row.language,
            row.started_at,
            row.received_at,
            row.answers,
            row.fingerprint,
            row.withdrawn_at,
            row.finished_at,
            row.assistance,
            row.device,
        ])?;
        Ok(inserted == 1)
    }
}

/// Takes a response back; see [`crate::store::Store::withdraw`].
pub fn withdraw(
    pen: &mut Held,
    (first, last): (ResponseId, ResponseId),
    now: i64,
) -> Result<Option<String>, StoreError> {
    let mut kept = mem::take(&mut pen.tallies);
    let transaction = begin(&mut pen.connection)?;
    let Some((row, body)) = only_one(&transaction, first, last)? else {
        return Ok(None);
    };
    let mut response = row.response()?;
    let questionnaire: Questionnaire = super::parse("questionnaire", &body)?;
    complete(&mut response, &questionnaire);
    let mut delta = Delta::new();
    tally::discount(&mut delta, &response)?;
    tallies::add(&transaction, &mut kept, &delta)?;
    transaction
        .prepare_cached(
            "UPDATE response SET answers = NULL, fingerprint = NULL, site = NULL, origin = NULL,
                    area = '', finished_at = NULL, assistance = NULL, device = NULL,
                    withdrawn_at = ? WHERE id = ?",
        )?
        .execute(params![now, response.id.as_bytes()])?;
    transaction.commit()?;
    pen.tallies = kept;
    Ok(Some(response.questionnaire))
}

/// The row whose id lies in a range and its questionnaire; none if there are several.
fn only_one(
    transaction: &Connection,
    first: ResponseId,
    last: ResponseId,
) -> Result<Option<(Row, String)>, StoreError> {
    let mut statement = transaction.prepare_cached(
        "SELECT r.*, q.body FROM response AS r
         JOIN questionnaire AS q ON q.id = r.questionnaire AND q.version = r.version
         WHERE r.id BETWEEN ? AND ? AND withdrawn_at IS NULL LIMIT 2",
    )?;
    let mut found = statement.query([first.as_bytes(), last.as_bytes()])?;
    let Some(one) = found.next()? else {
        return Ok(None);
    };
    let one = (row(one)?, one.get("body")?);
    match found.next()? {
        Some(_) => Ok(None),
        None => Ok(Some(one)),
    }
}

fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        id: row.get("id")?,
        questionnaire: row.get("questionnaire")?,
        version: row.get("version")?,
        wave: row.get("wave")?,
        area: row.get("area")?,
        mode: row.get("mode")?,
        site: row.get("site")?,
        origin: row.get("origin")?,
        language: row.get("language")?,
        started_at: row.get("started_at")?,
        received_at: row.get("received_at")?,
        answers: row.get("answers")?,
        fingerprint: row.get("fingerprint")?,
        withdrawn_at: row.get("withdrawn_at")?,
        finished_at: row.get("finished_at")?,
        assistance: row.get("assistance")?,
        device: row.get("device")?,
    })
}
