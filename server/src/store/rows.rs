//! Rows of the response table: the same in every database, withdrawn responses included.

use super::{BUCKETS, Response, StoreError, json, parse};
use report::Cell;
use serde::{Serialize, Serializer};
use survey::{Assistance, Language, Mode, identity::ResponseId};

/// A row of the response table, its fields named as the columns are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Row {
    #[serde(serialize_with = "hex")]
    pub id: Vec<u8>,
    pub questionnaire: String,
    pub version: i64,
    pub wave: String,
    pub area: String,
    pub mode: String,
    pub site: Option<String>,
    pub origin: Option<String>,
    pub language: String,
    pub started_at: i64,
    pub received_at: i64,
    /// As JSON; nothing once withdrawn.
    pub answers: Option<String>,
    /// Nothing once withdrawn.
    #[serde(serialize_with = "hex_if_any")]
    pub fingerprint: Option<Vec<u8>>,
    pub withdrawn_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub assistance: Option<String>,
    pub device: Option<i64>,
}

impl Row {
    /// The row of a response.
    pub fn of(response: &Response) -> Result<Self, StoreError> {
        Ok(Row {
            id: response.id.as_bytes().to_vec(),
            questionnaire: response.questionnaire.clone(),
            version: i64::from(response.version),
            wave: response.cell.wave.clone(),
            area: response.cell.area.clone(),
            mode: response.cell.mode.as_str().to_owned(),
            site: response.site.clone(),
            origin: response.origin.clone(),
            language: response.language.tag().to_owned(),
            started_at: response.started_at,
            received_at: response.received_at,
            answers: Some(json("answers", &response.answers)?),
            fingerprint: Some(response.fingerprint.to_vec()),
            withdrawn_at: None,
            finished_at: response.finished_at,
            assistance: response.assistance.map(|kind| kind.as_str().to_owned()),
            device: response.device,
        })
    }

    /// The first part of its key where servers share a database, see [`super::bucket`].
    pub fn bucket(&self) -> i16 {
        let last = self.id.last().copied().unwrap_or_default();
        i16::from(last & (BUCKETS - 1))
    }

    /// The response of a row. The cell's group and the variables depend on the questionnaire and
    /// are left empty.
    ///
    /// # Errors
    /// [`StoreError::Damaged`]; also for a withdrawn response, which has no answers any more.
    pub fn response(&self) -> Result<Response, StoreError> {
        let (Some(answers), Some(fingerprint)) = (&self.answers, &self.fingerprint) else {
            return Err(damaged("response", "there are no answers in it"));
        };
        let language = &self.language;
        Ok(Response {
            id: response_id(&self.id)?,
            questionnaire: self.questionnaire.clone(),
            version: version_of(self.version)?,
            cell: Cell {
                wave: self.wave.clone(),
                area: self.area.clone(),
                mode: mode_of(&self.mode)?,
                group: String::new(),
            },
            site: self.site.clone(),
            origin: self.origin.clone(),
            language: Language::from_tag(language).ok_or_else(|| damaged("language", language))?,
            started_at: self.started_at,
            received_at: self.received_at,
            finished_at: self.finished_at,
            assistance: self.assistance.as_deref().map(assistance_of).transpose()?,
            device: self.device,
            answers: parse("answers", answers)?,
            fingerprint: fingerprint_of(fingerprint)?,
            variables: Vec::new(),
        })
    }
}

/// Reads a response id from its 16 bytes.
pub fn response_id(bytes: &[u8]) -> Result<ResponseId, StoreError> {
    let bytes: [u8; 16] = bytes
        .try_into()
        .map_err(|_| damaged("response id", "not 16 bytes"))?;
    ResponseId::from_bytes(bytes).map_err(|error| damaged("response id", &error.to_string()))
}

/// Reads a fingerprint from its 16 bytes.
pub fn fingerprint_of(bytes: &[u8]) -> Result<[u8; 16], StoreError> {
    bytes
        .try_into()
        .map_err(|_| damaged("fingerprint", "not 16 bytes"))
}

/// Reads a mode from its word.
pub fn mode_of(word: &str) -> Result<Mode, StoreError> {
    Mode::parse(word).ok_or_else(|| damaged("mode", word))
}

fn assistance_of(word: &str) -> Result<Assistance, StoreError> {
    Assistance::parse(word).ok_or_else(|| damaged("assistance", word))
}

/// Reads a questionnaire's version.
pub fn version_of(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| damaged("version", &number.to_string()))
}

fn damaged(what: &'static str, why: &str) -> StoreError {
    StoreError::Damaged {
        what,
        why: why.to_owned(),
    }
}

fn hex<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let text: String = digits
        .filter_map(|digit| DIGITS.get(usize::from(digit)))
        .collect();
    serializer.serialize_str(&text)
}

fn hex_if_any<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    match bytes {
        Some(bytes) => hex(bytes, serializer),
        None => serializer.serialize_none(),
    }
}
