//! Whether what is stored fits together. Damaged pages are for PostgreSQL's own tools to find.

use super::failure::timely;
use super::pools::Pools;
use super::read;
use crate::store::StoreError;

/// What must not be there, and how many rows of it there are. The last byte of an id decides its
/// bucket, see [`crate::store::bucket`].
const STRAYS: [(&str, &str); 5] = [
    (
        "answers to a questionnaire that is not published",
        "SELECT count(*) FROM response AS r LEFT JOIN questionnaire AS q
             ON q.id = r.questionnaire AND q.version = r.version
         WHERE bucket = $1 AND q.id IS NULL",
    ),
    (
        "tallies of a questionnaire that is not published",
        "SELECT count(*) FROM tally AS t LEFT JOIN questionnaire AS q
             ON q.id = t.questionnaire AND q.version = t.version
         WHERE bucket = $1 AND q.id IS NULL",
    ),
    (
        "responses that stand in the wrong bucket",
        "SELECT count(*) FROM response WHERE bucket = $1 AND bucket <> get_byte(id, 15) & 63",
    ),
    (
        "responses without answers that were not withdrawn",
        "SELECT count(*) FROM response
         WHERE bucket = $1 AND withdrawn_at IS NULL AND (answers IS NULL OR fingerprint IS NULL)",
    ),
    (
        "withdrawn responses that still hold something",
        "SELECT count(*) FROM response WHERE bucket = $1 AND withdrawn_at IS NOT NULL
             AND coalesce(answers, encode(fingerprint, 'hex'), site, origin, assistance) IS NOT NULL",
    ),
];

/// See [`crate::store::Store::check`]. One snapshot, asked bucket by bucket so that no statement
/// takes long.
pub async fn check(pools: &Pools) -> Result<Vec<String>, StoreError> {
    let mut snapshot = timely(pools.snapshot()).await?;
    let mut faults = Vec::new();
    for (what, count) in STRAYS {
        let mut strays: i64 = 0;
        for bucket in read::buckets() {
            strays += timely(async {
                let counting = sqlx::query_scalar::<_, i64>(count).bind(bucket);
                Ok(counting.fetch_one(&mut *snapshot).await?)
            })
            .await?;
        }
        if strays > 0 {
            faults.push(format!("{strays} {what}"));
        }
    }
    Ok(faults)
}
