//! Tallies: reading them, and adding to them inside a transaction.

use super::write::CHUNK;
use super::{json, parse};
use crate::store::StoreError;
use crate::store::recount::Tallied;
use crate::store::rows::mode_of;
use crate::store::tally::{self, Delta, Key, unfit};
use report::{Cell, CellTally};
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use sqlx::{QueryBuilder, Row};
use stats::tally::Moments;
use std::collections::BTreeMap;

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

/// Adds a delta to the stored tallies: reads those it touches in one statement, writes them in
/// another, however many there are.
pub async fn add(connection: &mut SqliteConnection, delta: &Delta) -> Result<(), StoreError> {
    if delta.is_empty() {
        return Ok(());
    }
    let keys: Vec<_> = delta.keys().map(key_columns).collect();
    let stored: Vec<(i64, String)> = sqlx::query_as(
        r#"SELECT k.key, t.moments FROM json_each(?) AS k
           JOIN tally AS t ON t.questionnaire = k.value ->> 0 AND t.version = k.value ->> 1
            AND t.wave = k.value ->> 2 AND t.area = k.value ->> 3
            AND t.mode = k.value ->> 4 AND t."group" = k.value ->> 5"#,
    )
    .bind(json("tally", &keys)?)
    .fetch_all(&mut *connection)
    .await?;
    let mut stored: BTreeMap<i64, String> = stored.into_iter().collect();
    let mut rows = Vec::with_capacity(delta.len());
    for (index, (key, change)) in delta.iter().enumerate() {
        let mut sum = change.moments.clone();
        if let Some(packed) = stored.remove(&(index as i64)) {
            sum.merge(&moments(&packed)?).map_err(unfit)?;
        }
        rows.push((
            key_columns(key),
            sum.as_packed().to_vec(),
            change.last_received_at,
        ));
    }
    upsert(connection, &rows).await
}

/// Puts exactly these tallies in place of all others.
pub async fn replace(connection: &mut SqliteConnection, tallies: &Delta) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tally")
        .execute(&mut *connection)
        .await?;
    let rows: Vec<_> = tallies
        .iter()
        .map(|(key, tally)| {
            (
                key_columns(key),
                tally.moments.as_packed().to_vec(),
                tally.last_received_at,
            )
        })
        .collect();
    upsert(connection, &rows).await
}

type KeyColumns<'k> = (&'k str, u32, &'k str, &'k str, &'k str, &'k str);

fn key_columns(key: &Key) -> KeyColumns<'_> {
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

async fn upsert(
    connection: &mut SqliteConnection,
    rows: &[(KeyColumns<'_>, Vec<i64>, i64)],
) -> Result<(), StoreError> {
    for portion in rows.chunks(CHUNK) {
        let mut packed = Vec::with_capacity(portion.len());
        for (key, moments, last_received_at) in portion {
            packed.push((key, json("tally", moments)?, last_received_at));
        }
        let mut statement = QueryBuilder::new(
            r#"INSERT INTO tally (questionnaire, version, wave, area, mode, "group", moments,
                                  last_received_at) "#,
        );
        statement.push_values(packed, |mut row, (key, moments, last_received_at)| {
            let (questionnaire, version, wave, area, mode, group) = *key;
            row.push_bind(questionnaire)
                .push_bind(version)
                .push_bind(wave)
                .push_bind(area)
                .push_bind(mode)
                .push_bind(group)
                .push_bind(moments)
                .push_bind(*last_received_at);
        });
        statement.push(
            " ON CONFLICT DO UPDATE SET moments = excluded.moments,
                  last_received_at = max(last_received_at, excluded.last_received_at)",
        );
        // Not kept prepared: every number of rows is a statement of its own.
        let statement = statement.build().persistent(false);
        statement.execute(&mut *connection).await?;
    }
    Ok(())
}
