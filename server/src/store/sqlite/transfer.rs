//! Moving a whole store: reading what is not responses, and taking another store over.

use super::{parse, tallies, visits, write};
use crate::store::recount::Count;
use crate::store::{Account, Contents, Published, Row, StoreError};
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::SqlSafeStr;
use sqlx::sqlite::SqlitePool;

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
    pool: &SqlitePool,
    contents: &Contents,
    rows: BoxStream<'_, Result<Row, StoreError>>,
) -> Result<(), StoreError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE".into_sql_str()).await?;
    let occupied: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM questionnaire) OR EXISTS (SELECT 1 FROM response)
             OR EXISTS (SELECT 1 FROM setting) OR EXISTS (SELECT 1 FROM account)
             OR EXISTS (SELECT 1 FROM visits)",
    )
    .fetch_one(&mut *transaction)
    .await?;
    if occupied {
        return Err(StoreError::NotEmpty);
    }
    let mut published = Vec::new();
    for questionnaire in &contents.questionnaires {
        let Published {
            id,
            version,
            body,
            published_at,
        } = questionnaire;
        published.push(parse("questionnaire", body)?);
        sqlx::query("INSERT INTO questionnaire VALUES (?, ?, ?, ?)")
            .bind(id)
            .bind(version)
            .bind(body)
            .bind(published_at)
            .execute(&mut *transaction)
            .await?;
    }
    for (name, value) in &contents.settings {
        sqlx::query("INSERT INTO setting VALUES (?, ?)")
            .bind(name)
            .bind(value)
            .execute(&mut *transaction)
            .await?;
    }
    for (name, account) in &contents.accounts {
        sqlx::query("INSERT INTO account VALUES (?, ?, ?, ?)")
            .bind(name)
            .bind(&account.password_hash)
            .bind(account.failures)
            .bind(account.locked_until)
            .execute(&mut *transaction)
            .await?;
    }
    visits::add(&mut transaction, &contents.visits).await?;
    let mut count = Count::new(published);
    let mut chunks = rows.try_chunks(write::CHUNK);
    while let Some(chunk) = chunks.try_next().await.map_err(|error| error.1)? {
        for row in &chunk {
            count.add(row)?;
        }
        write::insert(&mut transaction, &chunk).await?;
    }
    tallies::replace(&mut transaction, &count.finish()).await?;
    transaction.commit().await?;
    Ok(())
}
