//! Tallies: reading them, and adding to them inside a transaction.

use super::{json, parse};
use crate::store::StoreError;
use crate::store::recount::Tallied;
use crate::store::rows::mode_of;
use crate::store::tally::{self, Delta, Key, unfit};
use report::{Cell, CellTally};
use rusqlite::{Connection, OptionalExtension, params};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use stats::tally::Moments;

/// Every tally of a questionnaire.
pub async fn of(pool: &SqlitePool, questionnaire: &str) -> Result<Vec<CellTally>, StoreError> {
    let rows = sqlx::query(
        r#"SELECT version, wave, area, mode, "group", moments, last_received_at
           FROM tally WHERE questionnaire = ?"#,
    )
    .bind(questionnaire)
    .fetch_all(pool)
    .await?;
    rows.iter().map(tally).collect()
}

/// Every tally with its key.
pub async fn all(connection: &mut SqliteConnection) -> Result<Tallied, StoreError> {
    let rows = sqlx::query(
        r#"SELECT questionnaire, version, wave, area, mode, "group", moments FROM tally"#,
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let key = Key {
                questionnaire: row.try_get("questionnaire")?,
                version: row.try_get("version")?,
                cell: cell(row)?,
            };
            let packed: String = row.try_get("moments")?;
            Ok((key, moments(&packed).ok()))
        })
        .collect()
}

fn tally(row: &SqliteRow) -> Result<CellTally, StoreError> {
    let packed: String = row.try_get("moments")?;
    Ok(CellTally {
        version: row.try_get("version")?,
        cell: cell(row)?,
        moments: moments(&packed)?,
        last_received_at: row.try_get("last_received_at")?,
    })
}

fn cell(row: &SqliteRow) -> Result<Cell, StoreError> {
    let mode: String = row.try_get("mode")?;
    Ok(Cell {
        wave: row.try_get("wave")?,
        area: row.try_get("area")?,
        mode: mode_of(&mode)?,
        group: row.try_get("group")?,
    })
}

fn moments(packed: &str) -> Result<Moments, StoreError> {
    tally::moments(parse("tally", packed)?)
}

/// Adds a delta to the stored tallies.
pub fn add(transaction: &Connection, delta: &Delta) -> Result<(), StoreError> {
    let mut read = transaction.prepare_cached(
        r#"SELECT moments FROM tally
           WHERE questionnaire = ? AND version = ? AND wave = ? AND area = ? AND mode = ?
             AND "group" = ?"#,
    )?;
    for (key, change) in delta {
        let stored = read.query_row(columns(key), |row| row.get::<_, String>(0));
        match stored.optional()? {
            Some(stored) => {
                let mut sum = moments(&stored)?;
                sum.merge(&change.moments).map_err(unfit)?;
                put(transaction, key, &sum, change.last_received_at)?;
            }
            None => put(transaction, key, &change.moments, change.last_received_at)?,
        }
    }
    Ok(())
}

/// Puts exactly these tallies in place of all others.
pub fn replace(transaction: &Connection, tallies: &Delta) -> Result<(), StoreError> {
    transaction.execute("DELETE FROM tally", [])?;
    for (key, tally) in tallies {
        put(transaction, key, &tally.moments, tally.last_received_at)?;
    }
    Ok(())
}

fn put(
    transaction: &Connection,
    key: &Key,
    moments: &Moments,
    last_received_at: i64,
) -> Result<(), StoreError> {
    let (questionnaire, version, wave, area, mode, group) = columns(key);
    transaction
        .prepare_cached(
            r#"INSERT INTO tally (questionnaire, version, wave, area, mode, "group", moments,
                                  last_received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET moments = excluded.moments,
                   last_received_at = max(last_received_at, excluded.last_received_at)"#,
        )?
        .execute(params![
            questionnaire,
            version,
            wave,
            area,
            mode,
            group,
            json("tally", &moments.as_packed())?,
            last_received_at,
        ])?;
    Ok(())
}

/// The primary key's columns in their order.
fn columns(key: &Key) -> (&str, u32, &str, &str, &str, &str) {
    let cell = &key.cell;
    (
        &key.questionnaire,
        key.version,
        &cell.wave,
        &cell.area,
        cell.mode.as_str(),
        &cell.group,
    )
}
