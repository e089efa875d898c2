//! Moving a whole store: reading what is not responses, and taking another store over.

use super::pen::{Held, roll_back};
use super::tallies::Kept;
use super::write::Insert;
use super::{devices, parse, tallies, visits};
use crate::store::recount::Count;
use crate::store::{Account, Contents, Device, Published, Row, StoreError};
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use rusqlite::{Connection, params};
use sqlx::sqlite::SqlitePool;
use survey::Questionnaire;

/// How many rows are waited for at once.
const CHUNK: usize = 1000;

/// See [`crate::store::Store::contents`].
pub async fn contents(pool: &SqlitePool) -> Result<Contents, StoreError> {
    let questionnaires = sqlx::query_as("SELECT * FROM questionnaire ORDER BY id, version")
        .fetch_all(pool)
        .await?;
    let settings = sqlx::query_as("SELECT name, value FROM setting ORDER BY name")
        .fetch_all(pool)
        .await?;
    let accounts: Vec<(String, String, u32, i64)> = sqlx::query_as(
        "SELECT name, password_hash, failures, locked_until FROM account ORDER BY name",
    )
    .fetch_all(pool)
    .await?;
    let accounts = accounts.into_iter();
    Ok(Contents {
        devices: devices::all(pool).await?,
        questionnaires,
        settings,
        accounts: accounts
            .map(|(name, password_hash, failures, locked_until)| {
                let account = Account {
                    password_hash,
                    failures,
                    locked_until,
                };
                (name, account)
            })
            .collect(),
        visits: visits::all(pool).await?,
    })
}

/// See [`crate::store::Store::take_over`].
pub async fn take_over(
    pen: &mut Held,
    contents: &Contents,
    rows: BoxStream<'_, Result<Row, StoreError>>,
) -> Result<(), StoreError> {
    pen.tallies = Kept::default();
    let connection = &mut pen.connection;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let taken = take(connection, contents, rows).await;
    roll_back(connection);
    taken
}

// The connection is borrowed as a whole: a shared one could not wait for rows on any thread.
async fn take(
    pen: &mut Connection,
    contents: &Contents,
    rows: BoxStream<'_, Result<Row, StoreError>>,
) -> Result<(), StoreError> {
    let mut count = Count::new(take_contents(pen, contents)?);
    let mut chunks = rows.try_chunks(CHUNK);
    while let Some(chunk) = chunks.try_next().await.map_err(|error| error.1)? {
        let mut insert = Insert::prepare(pen)?;
        for row in &chunk {
            count.add(row)?;
            insert.row(row)?;
        }
    }
    tallies::replace(pen, &count.finish())?;
    pen.execute_batch("COMMIT")?;
    Ok(())
}

fn take_contents(pen: &Connection, contents: &Contents) -> Result<Vec<Questionnaire>, StoreError> {
    let occupied: bool = pen.query_row(
        "SELECT EXISTS (SELECT 1 FROM questionnaire) OR EXISTS (SELECT 1 FROM response)
             OR EXISTS (SELECT 1 FROM setting) OR EXISTS (SELECT 1 FROM account)
             OR EXISTS (SELECT 1 FROM device) OR EXISTS (SELECT 1 FROM visits)",
        [],
        |row| row.get(0),
    )?;
    if occupied {
        return Err(StoreError::NotEmpty);
    }
    let mut published = Vec::new();
    let mut insert = pen.prepare("INSERT INTO questionnaire VALUES (?, ?, ?, ?)")?;
    for questionnaire in &contents.questionnaires {
        let Published {
            id,
            version,
            body,
            published_at,
        } = questionnaire;
        published.push(parse("questionnaire", body)?);
        insert.execute(params![id, version, body, published_at])?;
    }
    let mut insert = pen.prepare("INSERT INTO setting VALUES (?, ?)")?;
    for (name, value) in &contents.settings {
        insert.execute(params![name, value])?;
    }
    let mut insert = pen.prepare("INSERT INTO account VALUES (?, ?, ?, ?)")?;
    for (name, account) in &contents.accounts {
        let Account {
            password_hash,
            failures,
            locked_until,
        } = account;
        insert.execute(params![name, password_hash, failures, locked_until])?;
    }
    let mut insert = pen.prepare("INSERT INTO device VALUES (?, ?, ?, ?, ?)")?;
    for device in &contents.devices {
        let Device {
            id,
            token_hash,
            label,
            issued_at,
            revoked_at,
        } = device;
        insert.execute(params![id, token_hash, label, issued_at, revoked_at])?;
    }
    visits::add(pen, &contents.visits)?;
    Ok(published)
}
