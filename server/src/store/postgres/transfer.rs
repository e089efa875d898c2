//! Moving a whole store: reading what is not responses, and taking another store over.

use super::pools::Pools;
use super::{accounts, devices, tallies, visits, write};
use crate::store::recount::Count;
use crate::store::{Contents, Row, StoreError, parse};
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnection;
use survey::Questionnaire;

/// See [`crate::store::Store::contents`].
pub async fn contents(connection: &mut PgConnection) -> Result<Contents, StoreError> {
    let questionnaires = sqlx::query_as("SELECT * FROM questionnaire ORDER BY id, version")
        .fetch_all(&mut *connection)
        .await?;
    let settings = sqlx::query_as(r#"SELECT name, value FROM setting ORDER BY name COLLATE "C""#)
        .fetch_all(&mut *connection)
        .await?;
    let rows: Vec<(String, String, i64, i64)> = sqlx::query_as(
        r#"SELECT name, password_hash, failures, locked_until FROM account
           ORDER BY name COLLATE "C""#,
    )
    .fetch_all(&mut *connection)
    .await?;
    let accounts = rows.into_iter();
    Ok(Contents {
        devices: devices::all(&mut *connection).await?,
        questionnaires,
        settings,
        accounts: accounts
            .map(|(name, hash, failures, locked)| (name, accounts::read(hash, failures, locked)))
            .collect(),
        visits: visits::all(connection).await?,
    })
}

/// See [`crate::store::Store::take_over`].
pub async fn take_over(
    pools: &Pools,
    contents: &Contents,
    rows: BoxStream<'_, Result<Row, StoreError>>,
) -> Result<(), StoreError> {
    let mut transaction = pools.writers.begin().await?;
    // The other store may take its time with a page.
    sqlx::query("SET LOCAL idle_in_transaction_session_timeout = 0")
        .execute(&mut *transaction)
        .await?;
    // One by one: in a distributed database they are of different kinds.
    for table in [
        "questionnaire",
        "response",
        "setting",
        "account",
        "device",
        "visits",
    ] {
        let exists = AssertSqlSafe(format!("SELECT EXISTS (SELECT FROM {table})"));
        let occupied = sqlx::query_scalar(exists).fetch_one(&mut *transaction);
        if occupied.await? {
            return Err(StoreError::NotEmpty);
        }
    }
    let published = put(&mut transaction, contents).await?;
    visits::add(&mut transaction, &contents.visits).await?;
    let mut count = Count::new(published);
    let mut chunks = rows.try_chunks(write::CHUNK);
    while let Some(chunk) = chunks.try_next().await.map_err(|error| error.1)? {
        for row in &chunk {
            count.add(row)?;
        }
        write::insert(&mut transaction, &chunk).await?;
    }
    tallies::merge(&mut transaction, &count.finish(), pools.batching.one_bucket).await?;
    transaction.commit().await?;
    Ok(())
}

async fn put(
    connection: &mut PgConnection,
    contents: &Contents,
) -> Result<Vec<Questionnaire>, StoreError> {
    let mut published = Vec::with_capacity(contents.questionnaires.len());
    for questionnaire in &contents.questionnaires {
        published.push(parse("questionnaire", &questionnaire.body)?);
        sqlx::query("INSERT INTO questionnaire VALUES ($1, $2, $3, $4)")
            .bind(&questionnaire.id)
            .bind(questionnaire.version)
            .bind(&questionnaire.body)
            .bind(questionnaire.published_at)
            .execute(&mut *connection)
            .await?;
    }
    for (name, value) in &contents.settings {
        sqlx::query("INSERT INTO setting VALUES ($1, $2)")
            .bind(name)
            .bind(value)
            .execute(&mut *connection)
            .await?;
    }
    for (name, account) in &contents.accounts {
        accounts::create_account(connection, name, account).await?;
    }
    for device in &contents.devices {
        devices::insert(&mut *connection, device).await?;
    }
    Ok(published)
}
