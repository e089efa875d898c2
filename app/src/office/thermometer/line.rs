//! What the thermometer shows, before anything is drawn: one line per indicator.

use crate::office::numbers::{Reading, Unit};
use crate::office::{sentences, words};
use report::{Definition, GapLine, Picture, Rate};
use survey::{Language, Population};

/// What both sides say on one indicator, or their temperatures.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The indicator's name.
    pub name: String,
    /// How the readings are written.
    pub unit: Unit,
    /// The government's reading.
    pub government: Option<Reading>,
    /// The society's reading.
    pub society: Option<Reading>,
    /// Government minus society.
    pub gap: Option<Reading>,
    /// Whether only one side was asked this at all.
    pub one_sided: bool,
    /// Against the wave before, in words.
    pub change: Option<String>,
}

/// The temperature and the indicators that make it up. Where nothing is weighted, every indicator
/// is a headline.
pub fn headline(picture: &Picture, language: Language) -> Vec<Line> {
    let weighted = has_temperature(picture);
    let mut lines = Vec::new();
    if weighted {
        lines.extend(temperature(picture, language));
    }
    lines.extend(indicators(picture, language, |definition| {
        !weighted || definition.weight.is_some()
    }));
    lines
}

/// The indicators that are no part of the temperature.
pub fn others(picture: &Picture, language: Language) -> Vec<Line> {
    if !has_temperature(picture) {
        return Vec::new();
    }
    indicators(picture, language, |definition| definition.weight.is_none())
}

/// Whether the questionnaire has a temperature at all.
pub fn has_temperature(picture: &Picture) -> bool {
    picture.indicators.iter().any(|d| d.weight.is_some())
}

/// The overall temperatures.
pub fn temperature(picture: &Picture, language: Language) -> Option<Line> {
    let whole = picture.rows.first()?;
    let gap = picture.gap.as_ref().and_then(|gap| gap.rows.first());
    let own = whole.temperature.estimate.as_ref().map(Reading::of_degrees);
    let other = gap.and_then(|row| row.government.estimate.as_ref().map(Reading::of_degrees));
    let (government, society) = sides(picture, own, other);
    Some(Line {
        name: words::TEMPERATURE.get(language).to_owned(),
        unit: Unit::Degrees,
        government,
        society,
        gap: gap.and_then(|row| row.temperature.as_ref().map(Reading::of_degrees)),
        one_sided: false,
        change: None,
    })
}

fn indicators(
    picture: &Picture,
    language: Language,
    wanted: impl Fn(&Definition) -> bool,
) -> Vec<Line> {
    let rates = picture.rows.first().map_or(&[][..], |whole| &whole.rates);
    let gaps = picture
        .gap
        .as_ref()
        .and_then(|gap| gap.rows.first())
        .map_or(&[][..], |row| &row.indicators);
    picture
        .indicators
        .iter()
        .enumerate()
        .filter(|(_, definition)| wanted(definition))
        .map(|(index, definition)| {
            let key = &definition.indicator.key;
            let gap = gaps.iter().find(|line| line.indicator == *key);
            let own = rates.get(index).and_then(of_rate);
            let other = gap.and_then(|line| of_rate(&line.government));
            let (government, society) = sides(picture, own, other);
            Line {
                name: definition.indicator.name.get(language).to_owned(),
                unit: Unit::Percent,
                government,
                society,
                gap: gap.and_then(of_gap),
                one_sided: picture.gap.is_some() && gap.is_none(),
                change: rate_change(picture, index, language),
            }
        })
        .collect()
}

/// The picture's own people are society, unless it is the cadres' own picture.
fn sides<T>(picture: &Picture, own: T, other: T) -> (T, T) {
    match picture.population {
        Population::Cadre => (own, other),
        Population::Resident | Population::Merchant => (other, own),
    }
}

fn of_rate(rate: &Rate) -> Option<Reading> {
    rate.estimate.as_ref().map(Reading::of_rate)
}

fn of_gap(line: &GapLine) -> Option<Reading> {
    line.gap.as_ref().map(Reading::of_rate)
}

fn rate_change(picture: &Picture, index: usize, language: Language) -> Option<String> {
    let change = picture.change.as_ref()?;
    let reading = Reading::of_rate(change.rates.get(index)?.as_ref()?);
    let since = change.since_name.get(language);
    let whose = match picture.population {
        Population::Cadre => words::GOVERNMENT,
        Population::Resident | Population::Merchant => words::SOCIETY,
    };
    Some(sentences::short_change(whose, reading, since, language))
}
