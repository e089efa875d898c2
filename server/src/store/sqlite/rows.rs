//! Rows of the response table as responses.

use super::parse;
use crate::store::{Response, StoreError};
use report::Cell;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use survey::{Language, Mode, identity::ResponseId};

/// How many rows are written by one statement.
const PORTIONS: [usize; 4] = [64, 16, 4, 1];

/// Cuts rows into portions of few sizes, so that a statement for each size is prepared once and
/// a large batch needs few statements.
pub fn portions<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = PORTIONS.into_iter().find(|size| *size <= rows.len())?;
        let (portion, rest) = rows.split_at_checked(size)?;
        rows = rest;
        Some(portion)
    })
}

/// Reads a row of `id, questionnaire, version, wave, area, mode, site, origin, language,
/// started_at, received_at, answers, fingerprint`. The cell's group and the variables depend on
/// the questionnaire and are left empty.
pub fn response(row: &SqliteRow) -> Result<Response, StoreError> {
    let id: Vec<u8> = row.try_get("id")?;
    let mode: String = row.try_get("mode")?;
    let language: String = row.try_get("language")?;
    let fingerprint: Vec<u8> = row.try_get("fingerprint")?;
    let answers: String = row.try_get("answers")?;
    Ok(Response {
        id: response_id(&id)?,
        questionnaire: row.try_get("questionnaire")?,
        version: row.try_get("version")?,
        cell: Cell {
            wave: row.try_get("wave")?,
            area: row.try_get("area")?,
            mode: mode_of(&mode)?,
            group: String::new(),
        },
        site: row.try_get("site")?,
        origin: row.try_get("origin")?,
        language: Language::from_tag(&language).ok_or_else(|| damaged("language", &language))?,
        started_at: row.try_get("started_at")?,
        received_at: row.try_get("received_at")?,
        answers: parse("answers", &answers)?,
        fingerprint: fingerprint
            .try_into()
            .map_err(|_| damaged("fingerprint", "length"))?,
        variables: Vec::new(),
    })
}

/// Reads a response id from its 16 bytes.
pub fn response_id(bytes: &[u8]) -> Result<ResponseId, StoreError> {
    let bytes: [u8; 16] = bytes
        .try_into()
        .map_err(|_| damaged("response id", "not 16 bytes"))?;
    ResponseId::from_bytes(bytes).map_err(|error| damaged("response id", &error.to_string()))
}

/// Reads a mode from its word.
pub fn mode_of(word: &str) -> Result<Mode, StoreError> {
    Mode::parse(word).ok_or_else(|| damaged("mode", word))
}

fn damaged(what: &'static str, why: &str) -> StoreError {
    StoreError::Damaged {
        what,
        why: why.to_owned(),
    }
}
