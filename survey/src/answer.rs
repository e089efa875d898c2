//! What was answered, and the body in which a response travels.

use crate::answers::Answers;
use crate::text::{Language, Text};
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The answer to one item. What its kind must be, the item says; see [`crate::validation`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// The code of a single choice, or a text.
    One(String),
    /// The codes of a multiple choice.
    Many(Vec<String>),
    /// A number.
    Number(f64),
}

impl Answer {
    /// Whether the answer is, or contains, `code`.
    pub fn has(&self, code: &str) -> bool {
        match self {
            Answer::One(one) => one == code,
            Answer::Many(many) => many.iter().any(|one| one == code),
            Answer::Number(_) => false,
        }
    }

    /// Whether nothing was in fact said.
    pub fn is_empty(&self) -> bool {
        match self {
            Answer::One(one) => one.is_empty(),
            Answer::Many(many) => many.is_empty(),
            Answer::Number(_) => false,
        }
    }
}

// By hand: serde's derive for untagged enums buffers every value, which costs a phone kilobytes.
impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnswerVisitor;
        impl<'de> Visitor<'de> for AnswerVisitor {
            type Value = Answer;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a list of codes, or a number")
            }
            fn visit_str<E>(self, value: &str) -> Result<Answer, E> {
                Ok(Answer::One(value.to_owned()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Answer, E> {
                Ok(Answer::Number(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Answer, E> {
                Ok(Answer::Number(value as f64))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Answer, E> {
                Ok(Answer::Number(value as f64))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Answer, A::Error> {
                let mut codes = Vec::new();
                while let Some(code) = seq.next_element()? {
                    codes.push(code);
                }
                Ok(Answer::Many(codes))
            }
        }
        deserializer.deserialize_any(AnswerVisitor)
    }
}

/// How a response was collected (方式).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// By a link, on the respondent's own device.
    #[default]
    #[serde(rename = "self")]
    OwnDevice,
    /// By a site's QR code.
    Site,
    /// Inside a news site's page.
    Widget,
    /// With an interviewer.
    Interviewer,
    /// By telephone.
    Phone,
    /// At a shared device.
    Kiosk,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 6] = [
        Mode::OwnDevice,
        Mode::Site,
        Mode::Widget,
        Mode::Interviewer,
        Mode::Phone,
        Mode::Kiosk,
    ];

    /// The word in the API and in exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::OwnDevice => "self",
            Mode::Site => "site",
            Mode::Widget => "widget",
            Mode::Interviewer => "interviewer",
            Mode::Phone => "phone",
            Mode::Kiosk => "kiosk",
        }
    }

    /// What it is called.
    pub fn name(self) -> Text {
        let (chinese, english) = match self {
            Mode::OwnDevice => ("本人手机", "Own phone"),
            Mode::Site => ("现场扫码", "Site QR code"),
            Mode::Widget => ("新闻网页", "News page"),
            Mode::Interviewer => ("访员", "Interviewer"),
            Mode::Phone => ("电话", "Telephone"),
            Mode::Kiosk => ("公用设备", "Shared device"),
        };
        Text {
            chinese: chinese.to_owned(),
            english: english.to_owned(),
        }
    }

    /// The mode of a word in the API.
    pub fn parse(word: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.as_str() == word)
    }
}

/// How an interviewer helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assistance {
    /// 自己作答: the respondent read and ticked alone.
    Alone,
    /// 读题: the interviewer read aloud, the respondent ticked.
    ReadAloud,
    /// 代填: the interviewer read aloud and ticked.
    FilledIn,
}

impl Assistance {
    /// Every kind.
    pub const ALL: [Assistance; 3] = [
        Assistance::Alone,
        Assistance::ReadAloud,
        Assistance::FilledIn,
    ];

    /// The word in the API and in exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Assistance::Alone => "alone",
            Assistance::ReadAloud => "read_aloud",
            Assistance::FilledIn => "filled_in",
        }
    }

    /// The kind of a word in the API.
    pub fn parse(word: &str) -> Option<Assistance> {
        Assistance::ALL
            .into_iter()
            .find(|assistance| assistance.as_str() == word)
    }
}

/// A response as it is sent: the body of `POST /api/v1/responses`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// UUIDv7, made by the client; the same id again is the same response.
    pub id: String,
    /// Which questionnaire was answered.
    pub questionnaire: String,
    /// Which version of it.
    pub version: u32,
    /// The answers by item id.
    pub answers: Answers,
    /// The area, where it is known from elsewhere than an answer (a site, an interviewer).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// The site whose QR code was scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// How it was collected.
    pub mode: Mode,
    /// The origin of the page into which the survey was embedded; for mode `widget`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// When the first screen was shown, by the client's clock (RFC 3339).
    pub started_at: String,
    /// When the last question was answered, by the same clock (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// How the interviewer helped; for mode `interviewer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assistance: Option<Assistance>,
    /// The language in which it was answered.
    pub language: Language,
}
