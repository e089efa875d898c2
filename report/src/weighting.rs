//! Whether the estimates are weighted to the population, and if they are not, why not.

use serde::{Deserialize, Serialize};
use survey::Text;

/// Which estimates are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weigh {
    /// Raked to the population's totals, wherever that can be done.
    #[default]
    Raked,
    /// Every answer counts the same.
    Unweighted,
}

impl Weigh {
    /// Reads the word of the API.
    pub fn parse(word: &str) -> Option<Weigh> {
        match word {
            "" | "raked" => Some(Weigh::Raked),
            "unweighted" => Some(Weigh::Unweighted),
            _ => None,
        }
    }

    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Weigh::Raked => "raked",
            Weigh::Unweighted => "unweighted",
        }
    }
}

/// What the estimates of a picture are. Never left open: a picture says which it shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Weighting {
    /// Weighted to the population's totals.
    Raked(Raked),
    /// Every answer counts the same.
    Unweighted {
        /// Why.
        reason: Reason,
    },
}

impl Weighting {
    /// Whether the estimates are weighted.
    pub fn is_raked(&self) -> bool {
        matches!(self, Weighting::Raked(_))
    }
}

impl Default for Weighting {
    fn default() -> Self {
        Weighting::Unweighted {
            reason: Reason::asked(),
        }
    }
}

/// How the answers were weighted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Raked {
    /// Where the population's totals come from.
    pub source: Text,
    /// The margins that are met, each by its variables: `area`, `age × sex`.
    pub margins: Vec<String>,
    /// How many people the answers stand for.
    pub people: u64,
    /// How many answers lack a variable of some margin. They keep their share there, as a level
    /// of its own: nobody is left out.
    pub unplaced: u64,
    /// (Σw)²/Σw² of all answers (Kish 1965): how many answers of equal weight would say as much.
    pub effective_n: f64,
    /// Answers over `effective_n`: what unequal weights cost.
    pub design_effect: f64,
    /// The smallest weight over the mean weight.
    pub lightest: f64,
    /// The largest weight over the mean weight.
    pub heaviest: f64,
}

/// Why estimates are not weighted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The reason for programs.
    pub code: ReasonCode,
    /// The reason in words.
    pub words: Text,
}

/// The reasons there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// It was asked for.
    Asked,
    /// The campaign has no totals of this population.
    NoTotals,
    /// Nobody has answered.
    NoAnswers,
    /// Nobody of some group has answered, so that no weight can stand for it.
    EmptyGroups,
    /// No weights meet all totals.
    Infeasible,
    /// The interval that was asked for has no form for weighted answers.
    Method,
}

impl Reason {
    fn new(code: ReasonCode, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Reason {
            code,
            words: Text {
                chinese: chinese.into(),
                english: english.into(),
            },
        }
    }

    pub(crate) fn asked() -> Self {
        Self::new(
            ReasonCode::Asked,
            "按要求不加权",
            "no weights were asked for",
        )
    }

    pub(crate) fn no_totals() -> Self {
        Self::new(
            ReasonCode::NoTotals,
            "行动配置中没有这一对象的人口数",
            "the campaign has no population totals for these people",
        )
    }

    pub(crate) fn no_answers() -> Self {
        Self::new(
            ReasonCode::NoAnswers,
            "还没有回答",
            "there are no answers yet",
        )
    }

    /// `groups` by name; the first few are named.
    pub(crate) fn empty_groups(groups: &[Text]) -> Self {
        const NAMED: usize = 3;
        let named = |pick: fn(&Text) -> &str, comma: &str| {
            let names: Vec<&str> = groups.iter().take(NAMED).map(pick).collect();
            names.join(comma)
        };
        let chinese = named(|name| &name.chinese, "、");
        let english = named(|name| &name.english, ", ");
        let (more_chinese, more_english) = match groups.len().saturating_sub(NAMED) {
            0 => (String::new(), String::new()),
            more => (
                format!("等 {} 组", more + NAMED),
                format!(" and {more} more"),
            ),
        };
        Self::new(
            ReasonCode::EmptyGroups,
            format!("{chinese}{more_chinese}还没有回答，人口数无从代表"),
            format!(
                "nobody has answered yet from {english}{more_english}, so nothing can stand for them"
            ),
        )
    }

    pub(crate) fn infeasible(why: &str) -> Self {
        Self::new(
            ReasonCode::Infeasible,
            "现有回答的搭配凑不成人口数（有的组回答太少）",
            format!("no weights meet the population totals: {why}"),
        )
    }

    pub(crate) fn method(method: &str, known: &str) -> Self {
        Self::new(
            ReasonCode::Method,
            format!("区间方法 {method} 不适用于加权结果，可选 {known}"),
            format!("the interval {method} has no form for weighted answers; there are {known}"),
        )
    }
}
