//! The gap (温差): government minus society, per indicator and overall, always with its interval.

use crate::picture::Row;
use crate::rates::{Estimate, Rate};
use crate::temperature::{self, Temperature};
use crate::weighting::Weighting;
use serde::{Deserialize, Serialize};
use stats::{Interval, Level, difference, mover};
use survey::Text;

/// The gap in every row in which both sides have something to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// The questionnaire of the government's own people.
    pub government: String,
    /// The questionnaire of society.
    pub society: String,
    /// How the interval of an indicator's gap is computed: `newcombe` (method 10), or `mover`
    /// where one side is weighted.
    pub method: String,
    /// Whether the government's side is weighted; the society's is as the picture's.
    #[serde(default)]
    pub weighting: Weighting,
    /// The whole first, then one row for each area (or whatever the results are broken down by,
    /// if both sides have it).
    pub rows: Vec<GapRow>,
}

/// The gap in one area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GapRow {
    /// The area's code; `None` for the whole.
    pub code: Option<String>,
    /// Its name.
    pub name: Text,
    /// The gap of each indicator that both sides were asked.
    pub indicators: Vec<GapLine>,
    /// The government's temperature.
    pub government: Temperature,
    /// The society's temperature.
    pub society: Temperature,
    /// Government minus society in degrees; `None` while one of them has no data.
    pub temperature: Option<Estimate>,
}

/// One indicator's gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GapLine {
    /// The indicator's key.
    pub indicator: String,
    /// The government's rate.
    pub government: Rate,
    /// The society's rate.
    pub society: Rate,
    /// Government minus society as a difference of proportions; `None` while one has no data.
    pub gap: Option<Estimate>,
}

pub(crate) fn row(government: &Row, society: &Row, level: Level) -> GapRow {
    let indicators = society
        .rates
        .iter()
        .filter_map(|rate| {
            let other = government
                .rates
                .iter()
                .find(|r| r.indicator == rate.indicator)?;
            Some(GapLine {
                indicator: rate.indicator.clone(),
                gap: between_rates(other, rate, level),
                government: other.clone(),
                society: rate.clone(),
            })
        })
        .collect();
    GapRow {
        code: society.code.clone(),
        name: society.name.clone(),
        indicators,
        temperature: between(
            government.temperature.estimate.as_ref(),
            society.temperature.estimate.as_ref(),
        ),
        government: government.temperature.clone(),
        society: society.temperature.clone(),
    }
}

/// The difference of two independent rates: by Newcombe's method 10 (1998) from counts, by
/// MOVER from their own intervals where one is weighted (which, with Wilson's intervals, is the
/// same method).
pub(crate) fn between_rates(minuend: &Rate, subtrahend: &Rate, level: Level) -> Option<Estimate> {
    let weighted = |rate: &Rate| rate.estimate.as_ref().is_some_and(|e| e.weighted);
    if weighted(minuend) || weighted(subtrahend) {
        return between(minuend.estimate.as_ref(), subtrahend.estimate.as_ref());
    }
    let method = difference::Method::Newcombe;
    let interval = difference::interval(
        minuend.positive,
        minuend.n,
        subtrahend.positive,
        subtrahend.n,
        level,
        method,
    )
    .ok()?;
    let proportion = |rate: &Rate| rate.positive as f64 / rate.n as f64;
    Some(Estimate {
        value: proportion(minuend) - proportion(subtrahend),
        lower: interval.lower,
        upper: interval.upper,
        method: method.name().to_owned(),
        level: level.get(),
        n: minuend.n + subtrahend.n,
        effective_n: (minuend.n + subtrahend.n) as f64,
        se: None,
        design_effect: None,
        weighted: false,
    })
}

/// The difference of two independent estimates from their own intervals.
pub(crate) fn between(
    minuend: Option<&Estimate>,
    subtrahend: Option<&Estimate>,
) -> Option<Estimate> {
    let (a, b) = (minuend?, subtrahend?);
    let limits = |estimate: &Estimate| Interval {
        lower: estimate.lower,
        upper: estimate.upper,
    };
    let interval = mover::difference(a.value, limits(a), b.value, limits(b)).ok()?;
    Some(Estimate {
        value: a.value - b.value,
        lower: interval.lower,
        upper: interval.upper,
        method: temperature::METHOD.to_owned(),
        level: a.level,
        n: a.n + b.n,
        effective_n: a.effective_n + b.effective_n,
        se: None,
        design_effect: None,
        weighted: a.weighted || b.weighted,
    })
}
