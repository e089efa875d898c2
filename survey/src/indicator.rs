//! From answers to scores: a named rule with its denominator.

use crate::answers::Answers;
use crate::questionnaire::Questionnaire;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// A rate that is measured (指标): which answers count as yes, which as no, and which are left out
/// of the denominator. Every option of the item stands in exactly one of the three lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// The key by which populations and waves are compared (`awareness`, `satisfaction`, …).
    pub key: String,
    /// What it is called (知晓率).
    pub name: Text,
    /// The item whose answers count.
    pub item: String,
    /// Codes that count as 1. Of a multiple choice, one of them is enough.
    pub positive: Vec<String>,
    /// Codes that count as 0.
    pub negative: Vec<String>,
    /// Codes that leave the denominator ("unclear").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
    /// What it counts as when the item was asked but skipped, or not asked.
    #[serde(default, skip_serializing_if = "Missing::is_excluded")]
    pub missing: Missing,
}

/// What the lack of an answer counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// It leaves the denominator.
    #[default]
    Excluded,
    /// It counts as 0.
    Negative,
}

impl Missing {
    fn is_excluded(&self) -> bool {
        *self == Missing::Excluded
    }
}

impl Indicator {
    /// The score of one response: 1, 0, or not in the denominator (`None`).
    /// `answers` are those that count, see [`crate::flow::counted`].
    pub fn score(&self, answers: &Answers) -> Option<bool> {
        let Some(answer) = answers.get(&self.item) else {
            return match self.missing {
                Missing::Excluded => None,
                Missing::Negative => Some(false),
            };
        };
        let has_one_of = |codes: &[String]| codes.iter().any(|code| answer.has(code));
        if has_one_of(&self.positive) {
            Some(true)
        } else if has_one_of(&self.negative) {
            Some(false)
        } else {
            None
        }
    }
}

/// The scores of one response, an entry per indicator of the questionnaire, in its order.
/// `counted` are the answers that count, see [`crate::flow::counted`].
pub fn scores(questionnaire: &Questionnaire, counted: &Answers) -> Vec<Option<bool>> {
    questionnaire
        .indicators
        .iter()
        .map(|indicator| indicator.score(counted))
        .collect()
}
