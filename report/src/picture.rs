//! The whole picture of one questionnaire: rows of rates and temperatures, the gap, the change.

use crate::cell::CellTally;
use crate::gap::Gap;
use crate::rates::{Estimate, Rate};
use crate::rows::selected;
use crate::side::{Side, change, side};
use crate::temperature::Temperature;
use crate::weighting::{Reason, Weigh, Weighting};
use serde::{Deserialize, Serialize};
use stats::{Level, proportion};
use survey::{Campaign, Indicator, Population, Questionnaire, Text};

/// What the results are broken down by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Breakdown {
    /// Not at all: the whole only.
    #[default]
    None,
    /// By township; answers from communities count in theirs.
    Area,
    /// By wave.
    Wave,
    /// By how the answers were collected.
    Mode,
    /// By the answers to one of the questionnaire's breakdown items.
    Item(String),
}

impl Breakdown {
    /// Reads the word of the API: `area`, `wave`, `mode`, or a breakdown item's id.
    pub fn parse(word: &str) -> Breakdown {
        match word {
            "" | "none" => Breakdown::None,
            "area" => Breakdown::Area,
            "wave" => Breakdown::Wave,
            "mode" => Breakdown::Mode,
            item => Breakdown::Item(item.to_owned()),
        }
    }

    /// The word of the API.
    pub fn as_str(&self) -> &str {
        match self {
            Breakdown::None => "none",
            Breakdown::Area => "area",
            Breakdown::Wave => "wave",
            Breakdown::Mode => "mode",
            Breakdown::Item(item) => item,
        }
    }
}

/// What is asked of the tallies.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// One wave, or all of them together.
    pub wave: Option<String>,
    /// How to break the results down.
    pub by: Breakdown,
    /// The interval of a rate.
    pub method: proportion::Method,
    /// The level of every interval.
    pub level: Level,
    /// Whether to weight the answers to the population.
    pub weigh: Weigh,
}

/// A questionnaire with its tallies.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// Its newest version, whose indicators are shown.
    pub questionnaire: &'a Questionnaire,
    /// Every version that has answers, the newest included.
    pub versions: &'a [Questionnaire],
    /// Its tallies, all cells of all versions.
    pub tallies: &'a [CellTally],
}

/// What the office sees, and what `GET /api/v1/estimates` returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Which questionnaire.
    pub questionnaire: String,
    /// Its newest version.
    pub version: u32,
    /// Who was asked.
    pub population: Population,
    /// The wave, or `None` for all of them together.
    pub wave: Option<String>,
    /// What the rows are.
    pub by: String,
    /// The interval of a rate.
    pub method: String,
    /// The level of every interval.
    pub level: f64,
    /// Whether the answers are simulated; whoever serves the picture knows and says so.
    #[serde(default)]
    pub simulated: bool,
    /// Whether the estimates are weighted to the population, and if not, why not.
    #[serde(default)]
    pub weighting: Weighting,
    /// How many responses.
    pub n: u64,
    /// When the last one arrived, in milliseconds since the Unix epoch.
    pub last_received_at: Option<i64>,
    /// What each indicator counts.
    pub indicators: Vec<Definition>,
    /// The whole first, then the breakdown; the rows of the breakdown add up to the whole.
    pub rows: Vec<Row>,
    /// Government minus society, if this is society and the government's people were asked too.
    pub gap: Option<Gap>,
    /// Against the wave before, if a wave was asked for and one before it has answers.
    pub change: Option<Change>,
}

/// What an indicator counts, in words and codes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// The rule.
    #[serde(flatten)]
    pub indicator: Indicator,
    /// The question as it was asked.
    pub question: Text,
    /// Its weight in the temperature, if it is part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
}

/// One group of people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The code of the area, option or wave; `None` for the whole, empty where it is not known.
    pub code: Option<String>,
    /// What it is called.
    pub name: Text,
    /// How many responses.
    pub n: u64,
    /// A rate for each indicator, in the order of the definitions.
    pub rates: Vec<Rate>,
    /// Its temperature.
    pub temperature: Temperature,
    /// Why this row is not weighted in a picture that is: a wave that cannot be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unweighted: Option<Reason>,
}

/// What has changed since the wave before. Both waves are taken as independent samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The wave before.
    pub since: String,
    /// Its name.
    pub since_name: Text,
    /// Temperature now minus then, in degrees.
    pub temperature: Option<Estimate>,
    /// Gap now minus then, in degrees.
    pub gap: Option<Estimate>,
    /// Rate now minus then for each indicator, as differences of proportions.
    pub rates: Vec<Option<Estimate>>,
    /// Whether both waves are weighted. Where only one can be, the change is that of the
    /// unweighted rates: like is compared with like.
    #[serde(default)]
    pub weighted: bool,
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A wave that the campaign does not have.
    #[error("there is no wave {given}; the campaign has {known}")]
    UnknownWave {
        /// What was asked for.
        given: String,
        /// What there is.
        known: String,
    },
    /// A breakdown that the questionnaire does not have.
    #[error("results cannot be broken down by {given}; there are area, wave, mode{known}")]
    UnknownBreakdown {
        /// What was asked for.
        given: String,
        /// The questionnaire's own, each after a comma.
        known: String,
    },
    /// Tallies that do not belong to any version of the questionnaire.
    #[error("the tallies of {questionnaire} version {version} do not fit it; run `wendu recount`")]
    Tally {
        /// Which questionnaire.
        questionnaire: String,
        /// Which version.
        version: u32,
    },
}

/// Computes the picture of `society` (or of whoever was asked), beside `government` if given.
///
/// # Errors
/// [`Error`] for a wave or a breakdown that does not exist, or for damaged tallies.
pub fn picture(
    campaign: &Campaign,
    society: &Source<'_>,
    government: Option<&Source<'_>>,
    request: &Request,
) -> Result<Picture, Error> {
    let questionnaire = society.questionnaire;
    if let Some(wave) = &request.wave
        && !campaign.waves.iter().any(|known| known.id == *wave)
    {
        return Err(Error::UnknownWave {
            given: wave.clone(),
            known: campaign
                .waves
                .iter()
                .map(|w| w.id.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        });
    }
    let side = side(campaign, society, government, request)?;
    let change = change(campaign, society, government, request, &side)?;
    let Side {
        rows,
        weighting,
        gap,
    } = side;
    Ok(Picture {
        questionnaire: questionnaire.id.clone(),
        version: questionnaire.version,
        population: questionnaire.population,
        wave: request.wave.clone(),
        by: request.by.as_str().to_owned(),
        method: request.method.name().to_owned(),
        level: request.level.get(),
        simulated: false,
        weighting,
        n: rows.first().map_or(0, |whole| whole.n),
        last_received_at: selected(society, request).map(|t| t.last_received_at).max(),
        indicators: definitions(campaign, questionnaire),
        rows,
        gap,
        change,
    })
}

fn definitions(campaign: &Campaign, questionnaire: &Questionnaire) -> Vec<Definition> {
    let question = |item: &str| {
        questionnaire
            .item(item)
            .map(|item| item.text.clone())
            .unwrap_or_default()
    };
    let weight = |key: &str| {
        campaign
            .temperature
            .iter()
            .find(|w| w.indicator == key)
            .map(|w| w.weight)
    };
    questionnaire
        .indicators
        .iter()
        .map(|indicator| Definition {
            question: question(&indicator.item),
            weight: weight(&indicator.key),
            indicator: indicator.clone(),
        })
        .collect()
}
