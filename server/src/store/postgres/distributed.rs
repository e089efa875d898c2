//! What is asked otherwise of a database that is distributed by bucket (Citus).
//!
//! Citus sends a statement to the one node that it concerns if the statement names the bucket as a
//! value, and then commits there alone. Rows out of `unnest` it gathers itself and commits in two
//! phases; in a join with several lists it takes all columns for the first one's type; and an
//! update from a function it refuses.

use crate::store::rows::{fingerprint_of, response_id};
use crate::store::{Response, Row, StoreError, bucket};
use sqlx::postgres::PgConnection;
use sqlx::{Postgres, QueryBuilder};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use survey::identity::ResponseId;

/// Whether the responses are distributed.
pub async fn is_distributed(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let is_citus: bool = sqlx::query_scalar("SELECT to_regclass('pg_dist_partition') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !is_citus {
        return Ok(false);
    }
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass('response'))",
    )
    .fetch_one(connection)
    .await?)
}

/// Inserts rows; the ids of those that were not there. One that another transaction is inserting
/// is waited for.
pub async fn insert(
    connection: &mut PgConnection,
    rows: &[Row],
) -> Result<BTreeSet<ResponseId>, StoreError> {
    let mut insert = QueryBuilder::<Postgres>::new(
        "INSERT INTO response (bucket, id, questionnaire, version, wave, area, mode, site, origin,
                               language, started_at, received_at, answers, fingerprint,
                               withdrawn_at, finished_at, assistance, device) ",
    );
    insert.push_values(rows, |mut values, row| {
        values
            .push_bind(row.bucket())
            .push_bind(row.id.as_slice())
            .push_bind(row.questionnaire.as_str())
            .push_bind(row.version)
            .push_bind(row.wave.as_str())
            .push_bind(row.area.as_str())
            .push_bind(row.mode.as_str())
            .push_bind(row.site.as_deref())
            .push_bind(row.origin.as_deref())
            .push_bind(row.language.as_str())
            .push_bind(row.started_at)
            .push_bind(row.received_at)
            .push_bind(row.answers.as_deref())
            .push_bind(row.fingerprint.as_deref())
            .push_bind(row.withdrawn_at)
            .push_bind(row.finished_at)
            .push_bind(row.assistance.as_deref())
            .push_bind(row.device);
    });
    insert.push(" ON CONFLICT (bucket, id) DO NOTHING RETURNING id");
    // Another number of rows is another statement: not worth keeping prepared.
    let inserted: Vec<Vec<u8>> = insert
        .build_query_scalar()
        .persistent(false)
        .fetch_all(connection)
        .await?;
    inserted.iter().map(|id| response_id(id)).collect()
}

/// The fingerprints under which responses are stored; none of a withdrawn one.
pub async fn stored(
    connection: &mut PgConnection,
    responses: impl Iterator<Item = &Response>,
) -> Result<HashMap<ResponseId, Option<[u8; 16]>>, StoreError> {
    let mut buckets: BTreeMap<u8, Vec<&[u8]>> = BTreeMap::new();
    for response in responses {
        let ids = buckets.entry(bucket(&response.id)).or_default();
        ids.push(response.id.as_bytes());
    }
    let mut known = HashMap::new();
    for (bucket, ids) in buckets {
        let rows: Vec<(Vec<u8>, Option<Vec<u8>>)> = sqlx::query_as(
            "SELECT id, fingerprint FROM response WHERE bucket = $1 AND id = ANY ($2)",
        )
        .bind(i16::from(bucket))
        .bind(ids)
        .fetch_all(&mut *connection)
        .await?;
        for (id, fingerprint) in rows {
            let fingerprint = fingerprint.as_deref().map(fingerprint_of).transpose()?;
            known.insert(response_id(&id)?, fingerprint);
        }
    }
    Ok(known)
}

/// See [`crate::store::Store::stamp`]. Of what the tallies say: where a transaction spans several
/// nodes, the coordinator takes it for over before every node does.
pub async fn stamp(connection: &mut PgConnection) -> Result<i64, StoreError> {
    let (tallies, pending): (i64, i64) = (
        sqlx::query_scalar(
            r#"SELECT hashtextextended(coalesce(sum(hash_array_extended(moments, hashtextextended(
                          questionnaire || '/' || version || '/' || wave || '/' || area || '/'
                          || mode || '/' || "group", bucket))), 0)::text, 0)
               FROM tally"#,
        )
        .fetch_one(&mut *connection)
        .await?,
        sqlx::query_scalar(
            "SELECT hashtextextended(coalesce(string_agg(number::text, ',' ORDER BY number), ''), 0)
             FROM tally_pending",
        )
        .fetch_one(connection)
        .await?,
    );
    Ok(tallies.wrapping_mul(31).wrapping_add(pending))
}
