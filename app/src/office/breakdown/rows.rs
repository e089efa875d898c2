//! What stands in each row of the table, for the measure that was chosen.

use crate::office::numbers::{Reading, Unit};
use report::{Estimate, GapRow, Picture, Rate, Row};
use survey::{Language, Population};

/// What the table shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Measure {
    /// The temperature.
    #[default]
    Temperature,
    /// The rate of the indicator with this key.
    Indicator(String),
}

impl Measure {
    /// The word that stands for the temperature in a list of indicator keys; no key holds a star.
    pub const TEMPERATURE: &'static str = "*";

    /// The measure of a word.
    pub fn parse(word: &str) -> Measure {
        match word {
            Measure::TEMPERATURE => Measure::Temperature,
            key => Measure::Indicator(key.to_owned()),
        }
    }

    /// Its word.
    pub fn as_str(&self) -> &str {
        match self {
            Measure::Temperature => Measure::TEMPERATURE,
            Measure::Indicator(key) => key,
        }
    }

    /// The measure itself if `picture` has it, else the nearest that it has.
    pub fn in_picture(&self, picture: &Picture) -> Measure {
        let has = |key: &str| picture.indicators.iter().any(|d| d.indicator.key == *key);
        match self {
            Measure::Indicator(key) if has(key) => self.clone(),
            _ if picture.indicators.iter().any(|d| d.weight.is_some()) => Measure::Temperature,
            _ => picture
                .indicators
                .first()
                .map_or(Measure::Temperature, |d| {
                    Measure::Indicator(d.indicator.key.clone())
                }),
        }
    }

    /// How its readings are written.
    pub fn unit(&self) -> Unit {
        match self {
            Measure::Temperature => Unit::Degrees,
            Measure::Indicator(_) => Unit::Percent,
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakdownRow {
    /// The group's code; `None` for the whole.
    pub code: Option<String>,
    /// The group's name.
    pub name: String,
    /// How many answers the estimate rests on.
    pub n: u64,
    /// What the people of the picture say.
    pub own: Option<Reading>,
    /// What the government says, where society's picture has both.
    pub government: Option<Reading>,
    /// Government minus society.
    pub gap: Option<Reading>,
}

/// The rows of `picture` for `measure`, the whole first.
pub fn rows(picture: &Picture, measure: &Measure, language: Language) -> Vec<BreakdownRow> {
    let gap_rows = picture.gap.as_ref().map_or(&[][..], |gap| &gap.rows);
    picture
        .rows
        .iter()
        .map(|row| {
            let gap = gap_rows.iter().find(|gap| gap.code == row.code);
            let (n, own) = own(row, measure);
            let (government, gap) = gap.map_or((None, None), |gap| beside(gap, measure));
            BreakdownRow {
                code: row.code.clone(),
                name: row.name.get(language).to_owned(),
                n,
                own,
                government,
                gap,
            }
        })
        .collect()
}

/// Whether the rows are the government's own people.
pub fn is_government(picture: &Picture) -> bool {
    picture.population == Population::Cadre
}

fn own(row: &Row, measure: &Measure) -> (u64, Option<Reading>) {
    match measure {
        Measure::Temperature => (row.n, degrees(row.temperature.estimate.as_ref())),
        Measure::Indicator(key) => row
            .rates
            .iter()
            .find(|rate| rate.indicator == *key)
            .map_or((0, None), |rate| (rate.n, of_rate(rate))),
    }
}

fn beside(row: &GapRow, measure: &Measure) -> (Option<Reading>, Option<Reading>) {
    match measure {
        Measure::Temperature => (
            degrees(row.government.estimate.as_ref()),
            degrees(row.temperature.as_ref()),
        ),
        Measure::Indicator(key) => row
            .indicators
            .iter()
            .find(|line| line.indicator == *key)
            .map_or((None, None), |line| {
                (
                    of_rate(&line.government),
                    line.gap.as_ref().map(Reading::of_rate),
                )
            }),
    }
}

fn degrees(estimate: Option<&Estimate>) -> Option<Reading> {
    estimate.map(Reading::of_degrees)
}

fn of_rate(rate: &Rate) -> Option<Reading> {
    rate.estimate.as_ref().map(Reading::of_rate)
}
