//! Publishing questionnaires.

use super::write::begin;
use crate::store::{StoreError, json};
use sqlx::postgres::{PgConnection, PgPool};
use survey::Questionnaire;

/// See [`crate::store::Store::publish`]. Writes nothing if all are published already, so that a
/// server starts on a database that is read-only at present.
pub async fn publish(
    pool: &PgPool,
    questionnaires: &[Questionnaire],
    now: i64,
) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?;
    let mut transaction = begin(&mut connection).await?;
    for questionnaire in questionnaires {
        let Questionnaire { id, version, .. } = questionnaire;
        let body = json("questionnaire", questionnaire)?;
        let mut published = published_body(&mut transaction, id, *version).await?;
        if published.is_none() {
            sqlx::query(
                "INSERT INTO questionnaire (id, version, body, published_at)
                 VALUES ($1, $2, $3, $4) ON CONFLICT (id, version) DO NOTHING",
            )
            .bind(id)
            .bind(i64::from(*version))
            .bind(&body)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            // Another server may have been quicker, with another text.
            published = published_body(&mut transaction, id, *version).await?;
        }
        if published.as_ref() != Some(&body) {
            return Err(StoreError::Immutable {
                id: id.clone(),
                version: *version,
            });
        }
    }
    transaction.commit().await?;
    Ok(())
}

async fn published_body(
    connection: &mut PgConnection,
    id: &str,
    version: u32,
) -> Result<Option<String>, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT body FROM questionnaire WHERE id = $1 AND version = $2")
            .bind(id)
            .bind(i64::from(version))
            .fetch_optional(connection)
            .await?,
    )
}
