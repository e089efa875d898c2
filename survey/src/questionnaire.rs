//! What is asked. A questionnaire is data: a JSON file whose schema is published, immutable
//! once published; a change makes a new version.

use crate::campaign::Area;
use crate::indicator::Indicator;
use crate::text::{Language, Text};
use serde::{Deserialize, Serialize};

/// Who a questionnaire is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Population {
    /// 居民: the society whose temperature is taken.
    Resident,
    /// 干部: the government's own people.
    Cadre,
    /// 市场主体: shopkeepers, stall holders, firms.
    Merchant,
}

impl Population {
    /// The word in the API and in exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Population::Resident => "resident",
            Population::Cadre => "cadre",
            Population::Merchant => "merchant",
        }
    }
}

/// One version of a questionnaire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// The JSON Schema that editors check the file against; not part of the content.
    #[serde(rename = "$schema", default, skip_serializing)]
    pub schema: Option<String>,
    /// The name in addresses: lower-case letters, digits and hyphens.
    pub id: String,
    /// Counts up from 1; a published version never changes.
    pub version: u32,
    /// Who it is for.
    pub population: Population,
    /// The title, as short as a screen's top line.
    pub title: Text,
    /// Who asks, why, how long it takes, that no name is asked. Shown above the first question.
    pub introduction: Text,
    /// What happens with the answers. Shown at the end.
    pub closing: Text,
    /// Header fields that the statistics law asks for on an approved form; shown when filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// Rating scales by name, so that items which share a scale cannot drift apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scales: Vec<Scale>,
    /// The questions, in the order in which they are asked; one to a screen.
    pub items: Vec<Item>,
    /// What is counted.
    pub indicators: Vec<Indicator>,
    /// Items with a single choice by which results may be broken down (age band, sex, …).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<String>,
}

/// The header of a form approved under the statistics law (表号, 制定机关, 文号, 批准机关, 批准文号, 有效期至).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// 表号.
    pub form_number: String,
    /// 制定机关.
    pub issued_by: String,
    /// 文号.
    pub document_number: String,
    /// 批准机关.
    pub approved_by: String,
    /// 批准文号.
    pub approval_number: String,
    /// 有效期至.
    pub valid_until: String,
}

impl Approval {
    /// The fields as they are printed: the law's name for each, with its colon, and what it holds.
    pub fn fields(&self) -> [(&'static str, &str); 6] {
        [
            ("表号：", &self.form_number),
            ("制定机关：", &self.issued_by),
            ("文号：", &self.document_number),
            ("批准机关：", &self.approved_by),
            ("批准文号：", &self.approval_number),
            ("有效期至：", &self.valid_until),
        ]
    }
}

/// A rating scale: levels from the best to the worst, and "unclear", which is no level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// The name by which items refer to it.
    pub id: String,
    /// The levels in order, then the options apart from the scale (marked `apart`).
    pub options: Vec<Choice>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The name of its answers: lower-case letters, digits and underscores.
    pub id: String,
    /// The question.
    pub text: Text,
    /// A line of help below the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// Whether it may be skipped.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// When it is asked; always, if absent. Refers to earlier items only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_if: Option<Condition>,
    /// How it is asked.
    pub ask: Ask,
}

/// How an item is asked, and so what an answer to it looks like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// One of the options.
    Single {
        /// What there is to choose from.
        options: Vec<Choice>,
    },
    /// Any of the options; an exclusive one stands alone.
    Multiple {
        /// What there is to choose from.
        options: Vec<Choice>,
    },
    /// One level of a scale.
    Rating {
        /// The scale's id.
        scale: String,
    },
    /// The township where the respondent lives or works.
    Area {},
    /// Free text.
    Text {
        /// The most characters (Unicode scalar values) that are accepted.
        max_length: u32,
    },
    /// A number.
    Number {
        /// The least that is accepted.
        min: f64,
        /// The most that is accepted.
        max: f64,
        /// How many decimals are accepted; none by default.
        #[serde(default, skip_serializing_if = "is_zero")]
        decimals: u8,
        /// What it counts, shown after the field.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<Text>,
    },
}

/// An option to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored.
    pub code: String,
    /// What is read.
    pub text: Text,
    /// Chosen alone or not at all ("none of these"); for multiple choice.
    #[serde(default, skip_serializing_if = "is_false")]
    pub exclusive: bool,
    /// Set apart by a hairline: no level of the scale ("unclear").
    #[serde(default, skip_serializing_if = "is_false")]
    pub apart: bool,
}

/// When an item is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// The answer to an earlier item is, or contains, one of these codes.
    Is {
        /// The earlier item.
        item: String,
        /// The codes.
        any_of: Vec<String>,
    },
    /// Every condition holds.
    All(Vec<Condition>),
    /// At least one condition holds.
    Any(Vec<Condition>),
    /// The condition does not hold.
    Not(Box<Condition>),
}

/// A questionnaire together with the areas it asks about: all that is needed to ask it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// What is asked.
    pub questionnaire: Questionnaire,
    /// The townships offered by area items, as options.
    pub townships: Vec<Choice>,
}

impl Form {
    /// Joins a questionnaire with the areas of its campaign.
    pub fn new(questionnaire: Questionnaire, areas: &[Area]) -> Self {
        let townships = areas
            .iter()
            .map(|area| Choice {
                code: area.code.clone(),
                text: area.name.clone(),
                exclusive: false,
                apart: false,
            })
            .collect();
        Form {
            questionnaire,
            townships,
        }
    }

    /// The item called `id`.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.questionnaire.item(id)
    }

    /// What there is to choose from at `item`; empty for text and numbers.
    pub fn choices<'a>(&'a self, item: &'a Item) -> &'a [Choice] {
        match &item.ask {
            Ask::Area {} => &self.townships,
            _ => self.questionnaire.options(item),
        }
    }
}

impl Questionnaire {
    /// The item called `id`.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The options written in the questionnaire itself; areas are not, see [`Form::choices`].
    pub fn options<'a>(&'a self, item: &'a Item) -> &'a [Choice] {
        match &item.ask {
            Ask::Single { options } | Ask::Multiple { options } => options,
            Ask::Rating { scale } => self
                .scales
                .iter()
                .find(|known| known.id == *scale)
                .map_or(&[], |known| &known.options),
            Ask::Area {} | Ask::Text { .. } | Ask::Number { .. } => &[],
        }
    }

    /// The item that asks for the area, if there is one.
    pub fn area_item(&self) -> Option<&Item> {
        self.items
            .iter()
            .find(|item| matches!(item.ask, Ask::Area {}))
    }

    /// The title in `language`.
    pub fn title(&self, language: Language) -> &str {
        self.title.get(language)
    }
}

impl Ask {
    /// Whether several options may be chosen.
    pub fn is_multiple(&self) -> bool {
        matches!(self, Ask::Multiple { .. })
    }

    /// Whether the answer is one option.
    pub fn is_single(&self) -> bool {
        matches!(self, Ask::Single { .. } | Ask::Rating { .. } | Ask::Area {})
    }
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

fn is_zero(count: &u8) -> bool {
    *count == 0
}
