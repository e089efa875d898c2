//! Tallies: reading them, and adding to them inside a transaction.

use super::pending;
use super::write::CHUNK;
use crate::store::StoreError;
use crate::store::rows::{mode_of, version_of};
use crate::store::tally::{self, Delta, Key, unfit};
use report::{Cell, CellTally};
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::query::Query;
use sqlx::{Postgres, QueryBuilder, Row};
use stats::tally::Moments;
use std::collections::BTreeMap;

/// The bucket of a tally that is not kept apart by bucket.
const UNDIVIDED: i16 = 0;

/// Every tally of a questionnaire: what is merged and what is pending, in one statement, because
/// somebody may be merging meanwhile.
pub async fn of(
    connection: &mut PgConnection,
    questionnaire: &str,
) -> Result<Vec<CellTally>, StoreError> {
    let rows = sqlx::query(
        r#"SELECT version, wave, area, mode, "group", moments_sum(moments) AS moments,
                  max(last_received_at) AS last_received_at, NULL::bytea AS pending
           FROM tally WHERE questionnaire = $1
           GROUP BY version, wave, area, mode, "group"
           UNION ALL
           SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, body
           FROM tally_pending WHERE questionnaire = $1"#,
    )
    .bind(questionnaire)
    .fetch_all(connection)
    .await?;
    let mut sum = Delta::new();
    for row in &rows {
        if let Some(body) = row.try_get::<Option<&[u8]>, _>("pending")? {
            pending::add_up(&mut sum, questionnaire, body)?;
            continue;
        }
        let merged = CellTally {
            version: version_of(row.try_get("version")?)?,
            cell: cell(row)?,
            moments: tally::moments(row.try_get("moments")?)?,
            last_received_at: row.try_get("last_received_at")?,
        };
        tally::merge(&mut sum, questionnaire, merged)?;
    }
    Ok(sum.into_values().collect())
}

/// The rows of all tallies.
pub async fn all(connection: &mut PgConnection) -> Result<Vec<(Key, Vec<i64>)>, StoreError> {
    let rows = sqlx::query(
        r#"SELECT questionnaire, version, wave, area, mode, "group", moments FROM tally"#,
    )
    .fetch_all(connection)
    .await?;
    let tallies = rows.iter().map(|row| {
        let key = Key {
            questionnaire: row.try_get("questionnaire")?,
            version: version_of(row.try_get("version")?)?,
            cell: cell(row)?,
        };
        Ok((key, row.try_get("moments")?))
    });
    tallies.collect()
}

fn cell(row: &PgRow) -> Result<Cell, StoreError> {
    let mode: String = row.try_get("mode")?;
    Ok(Cell {
        wave: row.try_get("wave")?,
        area: row.try_get("area")?,
        mode: mode_of(&mode)?,
        group: row.try_get("group")?,
    })
}

/// The columns of a delta.
#[derive(Default)]
struct Columns<'d> {
    questionnaire: Vec<&'d str>,
    version: Vec<i64>,
    wave: Vec<&'d str>,
    area: Vec<&'d str>,
    mode: Vec<&'d str>,
    group: Vec<&'d str>,
    /// The moments of all rows, one after the other: PostgreSQL has no list of lists of different
    /// lengths.
    moments: Vec<i64>,
    /// Where in them each row's begin and end, counted from 1.
    first: Vec<i32>,
    last: Vec<i32>,
    last_received_at: Vec<i64>,
}

impl<'d> Columns<'d> {
    fn of(delta: &'d Delta) -> Self {
        let mut columns = Columns::default();
        for (key, tally) in delta {
            columns.questionnaire.push(&key.questionnaire);
            columns.version.push(i64::from(key.version));
            columns.wave.push(&key.cell.wave);
            columns.area.push(&key.cell.area);
            columns.mode.push(key.cell.mode.as_str());
            columns.group.push(&key.cell.group);
            columns.first.push(place(columns.moments.len() + 1));
            columns.moments.extend(tally.moments.as_packed());
            columns.last.push(place(columns.moments.len()));
            columns.last_received_at.push(tally.last_received_at);
        }
        columns
    }

    /// A statement on these rows: `$1` is the bucket, `$2` to `$11` are the columns in the order
    /// in which they stand above.
    fn bind(self, sql: &'static str, bucket: i16) -> Query<'d, Postgres, PgArguments> {
        sqlx::query(sql)
            .bind(bucket)
            .bind(self.questionnaire)
            .bind(self.version)
            .bind(self.wave)
            .bind(self.area)
            .bind(self.mode)
            .bind(self.group)
            .bind(self.moments)
            .bind(self.first)
            .bind(self.last)
            .bind(self.last_received_at)
    }
}

/// A subscript. More than PostgreSQL can count are more than a statement can carry, and fail there.
fn place(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}

/// Merges a delta into the tallies that are not kept apart by bucket. Nobody else must change them
/// meanwhile.
///
/// What is there already is read, added up here and written back, in two statements however many
/// there are: adding inside PostgreSQL takes several times as long. A distributed database refuses
/// the second.
pub async fn merge(
    connection: &mut PgConnection,
    delta: &Delta,
    one_bucket: bool,
) -> Result<(), StoreError> {
    if delta.is_empty() {
        return Ok(());
    }
    if one_bucket {
        return add_in_bucket(connection, UNDIVIDED, delta).await;
    }
    let mut stored = stored(connection, delta).await?;
    let (mut sums, mut new) = (Delta::new(), Delta::new());
    for (place, (key, change)) in (1..).zip(delta) {
        let mut sum = change.clone();
        match stored.remove(&place) {
            Some(packed) => {
                sum.moments.merge(&tally::moments(packed)?).map_err(unfit)?;
                sums.insert(key.clone(), sum);
            }
            None => {
                new.insert(key.clone(), sum);
            }
        }
    }
    update(connection, &sums).await?;
    add_in_bucket(connection, UNDIVIDED, &new).await
}

/// Adds a delta to the part of the tallies that counts a bucket, in a form that a distributed
/// database sends to one node. Rows are taken in the order of
/// their keys: two servers that add to the same tallies wait for each other and never in a circle.
pub async fn add_in_bucket(
    connection: &mut PgConnection,
    bucket: i16,
    delta: &Delta,
) -> Result<(), StoreError> {
    let tallies: Vec<_> = delta.iter().collect();
    for chunk in tallies.chunks(CHUNK) {
        let mut add = QueryBuilder::<Postgres>::new(
            r#"INSERT INTO tally (bucket, questionnaire, version, wave, area, mode, "group",
                                  moments, last_received_at) "#,
        );
        add.push_values(chunk, |mut values, (key, tally)| {
            values
                .push_bind(bucket)
                .push_bind(key.questionnaire.as_str())
                .push_bind(i64::from(key.version))
                .push_bind(key.cell.wave.as_str())
                .push_bind(key.cell.area.as_str())
                .push_bind(key.cell.mode.as_str())
                .push_bind(key.cell.group.as_str())
                .push_bind(tally.moments.as_packed())
                .push_bind(tally.last_received_at);
        });
        add.push(
            r#" ON CONFLICT (bucket, questionnaire, version, wave, area, mode, "group") DO UPDATE
               SET moments = moments_add(tally.moments, excluded.moments),
                   last_received_at = greatest(tally.last_received_at, excluded.last_received_at)"#,
        );
        add.build()
            .persistent(false)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The moments of those tallies of a delta that are there, by place in the delta, from 1.
async fn stored(
    connection: &mut PgConnection,
    delta: &Delta,
) -> Result<BTreeMap<i64, Vec<i64>>, StoreError> {
    let columns = Columns::of(delta);
    let stored: Vec<(i64, Vec<i64>)> = sqlx::query_as(
        r#"SELECT k.place, tally.moments
           FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])
                WITH ORDINALITY
                AS k (questionnaire, version, wave, area, mode, "group", place)
           JOIN tally USING (questionnaire, version, wave, area, mode, "group")
           WHERE tally.bucket = $1"#,
    )
    .bind(UNDIVIDED)
    .bind(columns.questionnaire)
    .bind(columns.version)
    .bind(columns.wave)
    .bind(columns.area)
    .bind(columns.mode)
    .bind(columns.group)
    .fetch_all(connection)
    .await?;
    Ok(stored.into_iter().collect())
}

/// Writes tallies that nobody else changes meanwhile.
async fn update(connection: &mut PgConnection, sums: &Delta) -> Result<(), StoreError> {
    if sums.is_empty() {
        return Ok(());
    }
    Columns::of(sums)
        .bind(
            r#"UPDATE tally
           SET moments = ($8::bigint[])[k.first : k.last],
               last_received_at = greatest(tally.last_received_at, k.last_received_at)
           FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
                       $9::integer[], $10::integer[], $11::bigint[])
                AS k (questionnaire, version, wave, area, mode, "group", first, last,
                      last_received_at)
           WHERE tally.bucket = $1 AND tally.questionnaire = k.questionnaire
               AND tally.version = k.version AND tally.wave = k.wave AND tally.area = k.area
               AND tally.mode = k.mode AND tally."group" = k."group""#,
            UNDIVIDED,
        )
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes the rows of a tally that cannot be read, if they are still what they were.
pub async fn remove(
    connection: &mut PgConnection,
    key: &Key,
    unreadable: &[i64],
) -> Result<(), StoreError> {
    sqlx::query(
        r#"DELETE FROM tally WHERE questionnaire = $1 AND version = $2 AND wave = $3
               AND area = $4 AND mode = $5 AND "group" = $6 AND moments = $7"#,
    )
    .bind(&key.questionnaire)
    .bind(i64::from(key.version))
    .bind(&key.cell.wave)
    .bind(&key.cell.area)
    .bind(key.cell.mode.as_str())
    .bind(&key.cell.group)
    .bind(unreadable)
    .execute(connection)
    .await?;
    Ok(())
}

/// The sum of two parts of a tally; `None` if they do not fit together.
pub fn sum(one: Option<Moments>, other: Vec<i64>) -> Option<Moments> {
    let mut sum = one?;
    sum.merge(&tally::moments(other).ok()?).ok()?;
    Some(sum)
}
