//! The whole picture of one questionnaire: rows of rates and temperatures, the gap, the change.

use crate::cell::{CellTally, group_value};
use crate::gap::{self, Gap};
use crate::rates::{self, Estimate, Rate};
use crate::temperature::{self, Temperature};
use serde::{Deserialize, Serialize};
use stats::{Level, difference, proportion, tally::Moments};
use std::collections::BTreeMap;
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
    let rows = rows(campaign, society, request)?;
    let gap = match government {
        Some(government) => gap_rows(campaign, government, questionnaire, &rows, request)?,
        None => None,
    };
    let change = change(campaign, society, government, request, &rows, gap.as_ref())?;
    Ok(Picture {
        questionnaire: questionnaire.id.clone(),
        version: questionnaire.version,
        population: questionnaire.population,
        wave: request.wave.clone(),
        by: request.by.as_str().to_owned(),
        method: request.method.name().to_owned(),
        level: request.level.get(),
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

fn selected<'a>(source: &Source<'a>, request: &Request) -> impl Iterator<Item = &'a CellTally> {
    let wave = request.wave.clone();
    source
        .tallies
        .iter()
        .filter(move |tally| wave.as_ref().is_none_or(|wave| tally.cell.wave == *wave))
        .filter(|tally| !tally.moments.is_zero())
}

/// The rows of one source: the whole, then the breakdown in the campaign's or the
/// questionnaire's order, then what is not known, if anything is.
fn rows(campaign: &Campaign, source: &Source<'_>, request: &Request) -> Result<Vec<Row>, Error> {
    let questionnaire = source.questionnaire;
    let mut labels = labels(campaign, questionnaire, &request.by)?;
    let empty = Moments::new(2 * questionnaire.indicators.len());
    let mut whole = empty.clone();
    let mut parts: BTreeMap<String, Moments> = BTreeMap::new();
    for tally in selected(source, request) {
        let moments = projected(source, tally)?;
        let damaged = |_| damaged(questionnaire, tally.version);
        whole.merge(&moments).map_err(damaged)?;
        if request.by != Breakdown::None {
            let code = part(campaign, questionnaire, &request.by, tally);
            let part = parts.entry(code).or_insert_with(|| empty.clone());
            part.merge(&moments).map_err(damaged)?;
        }
    }
    for code in parts.keys() {
        if !labels.iter().any(|(known, _)| known == code) {
            labels.push((code.clone(), unknown_label(code)));
        }
    }
    let row = |code: Option<String>, name: Text, moments: &Moments| Row {
        code,
        name,
        n: rates::count(moments.count()),
        rates: questionnaire
            .indicators
            .iter()
            .enumerate()
            .map(|(i, indicator)| {
                rates::rate(&indicator.key, moments, i, request.level, request.method)
            })
            .collect(),
        temperature: temperature::temperature(
            moments,
            &temperature_parts(campaign, questionnaire),
            request.level,
            request.method,
        ),
    };
    let mut rows = vec![row(None, campaign.area_name.clone(), &whole)];
    rows.extend(labels.into_iter().map(|(code, name)| {
        let moments = parts.get(&code).unwrap_or(&empty);
        row(Some(code), name, moments)
    }));
    Ok(rows)
}

fn damaged(questionnaire: &Questionnaire, version: u32) -> Error {
    Error::Tally {
        questionnaire: questionnaire.id.clone(),
        version,
    }
}

/// The tally with the newest version's indicators. An indicator that the older version did not
/// have has no answers there.
fn projected(source: &Source<'_>, tally: &CellTally) -> Result<Moments, Error> {
    let newest = source.questionnaire;
    if tally.version == newest.version {
        return Ok(tally.moments.clone());
    }
    let older = source
        .versions
        .iter()
        .find(|q| q.version == tally.version)
        .ok_or_else(|| damaged(newest, tally.version))?;
    let places: Vec<Option<usize>> = newest
        .indicators
        .iter()
        .map(|i| older.indicators.iter().position(|other| other.key == i.key))
        .flat_map(|place| [place.map(|i| 2 * i), place.map(|i| 2 * i + 1)])
        .collect();
    let old = &tally.moments;
    let mut upper = vec![old.count()];
    upper.extend(places.iter().map(|place| place.map_or(0, |i| old.sum(i))));
    for (row, a) in places.iter().enumerate() {
        upper.extend(places.iter().skip(row).map(|b| match (a, b) {
            (Some(a), Some(b)) => old.product(*a, *b),
            _ => 0,
        }));
    }
    Moments::from_packed(places.len(), upper).map_err(|_| damaged(newest, tally.version))
}

fn temperature_parts(campaign: &Campaign, questionnaire: &Questionnaire) -> Vec<(usize, f64)> {
    let place = |key: &str| questionnaire.indicators.iter().position(|i| i.key == key);
    let parts: Option<Vec<(usize, f64)>> = campaign
        .temperature
        .iter()
        .map(|part| place(&part.indicator).map(|index| (index, part.weight)))
        .collect();
    parts.unwrap_or_default()
}

/// The rows that are there whether or not anyone has answered.
fn labels(
    campaign: &Campaign,
    questionnaire: &Questionnaire,
    by: &Breakdown,
) -> Result<Vec<(String, Text)>, Error> {
    Ok(match by {
        Breakdown::None => Vec::new(),
        Breakdown::Area => campaign
            .areas
            .iter()
            .map(|a| (a.code.clone(), a.name.clone()))
            .collect(),
        Breakdown::Wave => campaign
            .waves
            .iter()
            .map(|w| (w.id.clone(), w.name.clone()))
            .collect(),
        Breakdown::Mode => survey::Mode::ALL
            .iter()
            .map(|mode| (mode.as_str().to_owned(), mode.name()))
            .collect(),
        Breakdown::Item(id) => {
            let item = questionnaire
                .breakdowns
                .contains(id)
                .then(|| questionnaire.item(id))
                .flatten()
                .ok_or_else(|| Error::UnknownBreakdown {
                    given: id.clone(),
                    known: questionnaire
                        .breakdowns
                        .iter()
                        .map(|b| format!(", {b}"))
                        .collect(),
                })?;
            let options = questionnaire.options(item);
            options
                .iter()
                .map(|o| (o.code.clone(), o.text.clone()))
                .collect()
        }
    })
}

fn unknown_label(code: &str) -> Text {
    if code.is_empty() {
        Text {
            chinese: "未知".to_owned(),
            english: "Not known".to_owned(),
        }
    } else {
        Text {
            chinese: code.to_owned(),
            english: code.to_owned(),
        }
    }
}

fn part(
    campaign: &Campaign,
    questionnaire: &Questionnaire,
    by: &Breakdown,
    tally: &CellTally,
) -> String {
    let cell = &tally.cell;
    match by {
        Breakdown::None => String::new(),
        Breakdown::Area => campaign
            .township_of(&cell.area)
            .map_or_else(|| cell.area.clone(), |township| township.code.clone()),
        Breakdown::Wave => cell.wave.clone(),
        Breakdown::Mode => cell.mode.as_str().to_owned(),
        Breakdown::Item(id) => questionnaire
            .breakdowns
            .iter()
            .position(|known| known == id)
            .map_or("", |index| group_value(&cell.group, index))
            .to_owned(),
    }
}

fn gap_rows(
    campaign: &Campaign,
    government: &Source<'_>,
    society: &Questionnaire,
    society_rows: &[Row],
    request: &Request,
) -> Result<Option<Gap>, Error> {
    // Both sides know areas, waves and modes; a breakdown item may be society's alone.
    let shared = match &request.by {
        Breakdown::Item(id) if !government.questionnaire.breakdowns.contains(id) => Breakdown::None,
        by => by.clone(),
    };
    let request = Request {
        by: shared,
        ..request.clone()
    };
    let government_rows = rows(campaign, government, &request)?;
    if government_rows.first().is_none_or(|whole| whole.n == 0) {
        return Ok(None);
    }
    let rows = society_rows
        .iter()
        .filter_map(|row| {
            let other = government_rows
                .iter()
                .find(|other| other.code == row.code)?;
            Some(gap::row(other, row, request.level))
        })
        .collect();
    Ok(Some(Gap {
        government: government.questionnaire.id.clone(),
        society: society.id.clone(),
        method: difference::Method::Newcombe.name().to_owned(),
        rows,
    }))
}

fn change(
    campaign: &Campaign,
    society: &Source<'_>,
    government: Option<&Source<'_>>,
    request: &Request,
    now: &[Row],
    gap_now: Option<&Gap>,
) -> Result<Option<Change>, Error> {
    let before = campaign
        .waves
        .iter()
        .take_while(|wave| request.wave.as_ref().is_some_and(|id| wave.id != *id))
        .filter(|wave| society.tallies.iter().any(|t| t.cell.wave == wave.id))
        .last();
    let (Some(before), Some(_), Some(now)) = (before, &request.wave, now.first()) else {
        return Ok(None);
    };
    let earlier = Request {
        wave: Some(before.id.clone()),
        by: Breakdown::None,
        ..request.clone()
    };
    let then_rows = rows(campaign, society, &earlier)?;
    let Some(then) = then_rows.first() else {
        return Ok(None);
    };
    let gap_then = match government {
        Some(government) => gap_rows(
            campaign,
            government,
            society.questionnaire,
            &then_rows,
            &earlier,
        )?,
        None => None,
    };
    fn overall(gap: Option<&Gap>) -> Option<&Estimate> {
        gap?.rows.first()?.temperature.as_ref()
    }
    Ok(Some(Change {
        since: before.id.clone(),
        since_name: before.name.clone(),
        temperature: gap::between_temperatures(
            now.temperature.estimate.as_ref(),
            then.temperature.estimate.as_ref(),
        ),
        gap: gap::between_temperatures(overall(gap_now), overall(gap_then.as_ref())),
        rates: now
            .rates
            .iter()
            .zip(&then.rates)
            .map(|(now, then)| gap::between_rates(now, then, request.level))
            .collect(),
    }))
}
