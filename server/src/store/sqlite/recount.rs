//! Counting everything again, from the raw responses.

use super::tallies::{self, Delta, Key};
use super::{parse, rows};
use crate::store::{Difference, StoreError};
use futures_util::TryStreamExt;
use report::{group_key, variables};
use sqlx::SqlSafeStr;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use std::collections::{BTreeMap, BTreeSet};
use survey::Questionnaire;

/// Compares every tally with the responses, in one snapshot: whoever writes does not wait.
pub async fn compare(readers: &SqlitePool) -> Result<Vec<Difference>, StoreError> {
    let mut snapshot = readers.begin().await?;
    let (differences, _) = count(&mut snapshot).await?;
    Ok(differences)
}

/// Replaces the tallies that differ. Holds the writer, so that nothing moves meanwhile.
pub async fn repair(writer: &SqlitePool) -> Result<Vec<Difference>, StoreError> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE".into_sql_str()).await?;
    let (differences, counted) = count(&mut transaction).await?;
    if !differences.is_empty() {
        tallies::replace(&mut transaction, &counted).await?;
        transaction.commit().await?;
    }
    Ok(differences)
}

async fn count(connection: &mut SqliteConnection) -> Result<(Vec<Difference>, Delta), StoreError> {
    let counted = count_all(connection).await?;
    let tallied = tallies::all(connection).await?;
    let keys: BTreeSet<&Key> = counted.keys().chain(tallied.keys()).collect();
    let mut differences = Vec::new();
    for key in keys {
        let (is, should) = (tallied.get(key), counted.get(key));
        let same = match (is, should) {
            (Some(is), Some(should)) => is.moments == should.moments,
            // A cell whose every response was withdrawn.
            (Some(is), None) => is.moments.is_zero(),
            (None, _) => false,
        };
        if !same {
            differences.push(Difference {
                questionnaire: key.questionnaire.clone(),
                version: key.version,
                cell: key.cell.clone(),
                tallied: is.map_or(0, |tally| tally.moments.count()),
                counted: should.map_or(0, |tally| tally.moments.count()),
            });
        }
    }
    Ok((differences, counted))
}

async fn count_all(connection: &mut SqliteConnection) -> Result<Delta, StoreError> {
    let published: Vec<(String, u32, String)> =
        sqlx::query_as("SELECT id, version, body FROM questionnaire")
            .fetch_all(&mut *connection)
            .await?;
    let mut questionnaires: BTreeMap<(String, u32), Questionnaire> = BTreeMap::new();
    for (id, version, body) in published {
        questionnaires.insert((id, version), parse("questionnaire", &body)?);
    }
    let mut counted = Delta::new();
    let mut responses = sqlx::query(
        "SELECT id, questionnaire, version, wave, area, mode, site, origin, language,
                started_at, received_at, answers, fingerprint
         FROM response WHERE withdrawn_at IS NULL",
    )
    .fetch(&mut *connection);
    while let Some(row) = responses.try_next().await? {
        let mut response = rows::response(&row)?;
        let version = (response.questionnaire.clone(), response.version);
        let questionnaire = questionnaires
            .get(&version)
            .ok_or_else(|| StoreError::Damaged {
                what: "response",
                why: format!("{} version {} is not published", version.0, version.1),
            })?;
        response.cell.group = group_key(questionnaire, &response.answers);
        let variables = variables(questionnaire, &response.answers);
        let key = Key {
            questionnaire: response.questionnaire,
            version: response.version,
            cell: response.cell,
        };
        tallies::count(&mut counted, key, &variables, response.received_at)?;
    }
    Ok(counted)
}
