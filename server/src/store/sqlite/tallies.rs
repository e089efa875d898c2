//! Tallies: reading them, and adding to them inside a transaction.

use super::packed::{pack, unpack};
use crate::store::StoreError;
use crate::store::recount::Tallied;
use crate::store::rows::mode_of;
use crate::store::tally::{self, Delta, Key, unfit};
use report::{Cell, CellTally};
use rusqlite::{Connection, OptionalExtension, params};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use stats::tally::Moments;
use std::collections::HashMap;

/// How many tallies are kept in memory at most: more than a campaign has cells. A questionnaire of
/// twenty variables takes two kilobytes for each.
const KEPT: usize = 8192;

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
            let packed: Vec<u8> = row.try_get("moments")?;
            Ok((key, moments(&packed).ok()))
        })
        .collect()
}

fn tally(row: &SqliteRow) -> Result<CellTally, StoreError> {
    let packed: Vec<u8> = row.try_get("moments")?;
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

fn moments(packed: &[u8]) -> Result<Moments, StoreError> {
    let integers = unpack(packed).ok_or_else(|| StoreError::Damaged {
        what: "tally",
        why: "no packed integers; run `wendu recount --fix`".to_owned(),
    })?;
    tally::moments(integers)
}

/// Tallies as the last transaction left them, so that the next need not read those it adds to.
#[derive(Default)]
pub struct Kept {
    /// SQLite's number for what other connections have committed; with another, nothing here is
    /// known to be true any more.
    as_of: i64,
    tallies: HashMap<Key, Stored>,
}

/// A tally as it stands in the table.
struct Stored {
    /// Its row.
    number: i64,
    moments: Moments,
}

/// Adds a delta to the stored tallies. What is kept of them is true again once the transaction is
/// committed, and must be thrown away if it is not.
pub fn add(transaction: &Connection, kept: &mut Kept, delta: &Delta) -> Result<(), StoreError> {
    let as_of = transaction
        .prepare_cached("PRAGMA data_version")?
        .query_row([], |row| row.get(0))?;
    if kept.as_of != as_of || kept.tallies.len() > KEPT {
        kept.as_of = as_of;
        kept.tallies.clear();
    }
    let mut update = transaction.prepare_cached(
        "UPDATE tally SET moments = ?, last_received_at = max(last_received_at, ?)
         WHERE number = ?",
    )?;
    for (key, change) in delta {
        if !kept.tallies.contains_key(key)
            && let Some(stored) = read(transaction, key)?
        {
            kept.tallies.insert(key.clone(), stored);
        }
        match kept.tallies.get_mut(key) {
            Some(stored) => {
                stored.moments.merge(&change.moments).map_err(unfit)?;
                let packed = pack(stored.moments.as_packed());
                update.execute(params![packed, change.last_received_at, stored.number])?;
            }
            None => {
                let stored = insert(transaction, key, change)?;
                kept.tallies.insert(key.clone(), stored);
            }
        }
    }
    Ok(())
}

/// Puts exactly these tallies in place of all others.
pub fn replace(transaction: &Connection, tallies: &Delta) -> Result<(), StoreError> {
    transaction.execute("DELETE FROM tally", [])?;
    for (key, tally) in tallies {
        insert(transaction, key, tally)?;
    }
    Ok(())
}

fn read(transaction: &Connection, key: &Key) -> Result<Option<Stored>, StoreError> {
    let stored: Option<(i64, Vec<u8>)> = transaction
        .prepare_cached(
            r#"SELECT number, moments FROM tally
               WHERE questionnaire = ? AND version = ? AND wave = ? AND area = ? AND mode = ?
                 AND "group" = ?"#,
        )?
        .query_row(columns(key), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let stored = stored.map(|(number, packed)| {
        let moments = moments(&packed)?;
        Ok(Stored { number, moments })
    });
    stored.transpose()
}

fn insert(transaction: &Connection, key: &Key, tally: &CellTally) -> Result<Stored, StoreError> {
    let (questionnaire, version, wave, area, mode, group) = columns(key);
    let number = transaction
        .prepare_cached(
            r#"INSERT INTO tally (questionnaire, version, wave, area, mode, "group", moments,
                                  last_received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"#,
        )?
        .insert(params![
            questionnaire,
            version,
            wave,
            area,
            mode,
            group,
            pack(tally.moments.as_packed()),
            tally.last_received_at,
        ])?;
    Ok(Stored {
        number,
        moments: tally.moments.clone(),
    })
}

/// The key's columns in their order.
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
