//! Rates of 0/1 indicators. There is no bare percentage: an estimate is its interval.

use serde::{Deserialize, Serialize};
use stats::{Error, Level, Sides, proportion, tally::Moments};

/// An estimate with everything that makes it honest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The estimate: a proportion (0 to 1), a difference of proportions (−1 to 1), or a
    /// temperature in degrees (0 to 100), as its place says.
    pub value: f64,
    /// The lower confidence limit.
    pub lower: f64,
    /// The upper confidence limit.
    pub upper: f64,
    /// How the interval was computed.
    pub method: String,
    /// The confidence level, a proportion.
    pub level: f64,
    /// How many answers it rests on (of a gap, those of both sides).
    pub n: u64,
    /// How many answers of a simple random sample would say as much. Equal to `n` while every
    /// answer weighs the same.
    pub effective_n: f64,
    /// The standard error under the weights, for weighted estimates of one sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub se: Option<f64>,
    /// The variance over that of a simple random sample (with replacement) of as many answers,
    /// for weighted rates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design_effect: Option<f64>,
    /// Whether the answers were weighted to the population.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub weighted: bool,
}

/// One indicator's rate in one group of people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// The indicator's key.
    pub indicator: String,
    /// How many answers count: the denominator.
    pub n: u64,
    /// How many of them are positive.
    pub positive: u64,
    /// The estimate; `None` without answers ("no data" is not 0 %) or where the method has none.
    pub estimate: Option<Estimate>,
    /// Why there is no estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The rate of the indicator at place `index` of the tallied variables.
pub(crate) fn rate(
    key: &str,
    moments: &Moments,
    index: usize,
    level: Level,
    method: proportion::Method,
) -> Rate {
    let n = count(moments.sum(2 * index));
    let positive = count(moments.sum(2 * index + 1));
    let (estimate, note) = match estimate(positive, n, level, method) {
        Ok(estimate) => (Some(estimate), None),
        Err(Error::NoData(_)) => (None, Some("no data".to_owned())),
        Err(error) => (None, Some(error.to_string())),
    };
    Rate {
        indicator: key.to_owned(),
        n,
        positive,
        estimate,
        note,
    }
}

/// A tally is never negative; one that is (a damaged store) counts as nothing here and is
/// reported by `wendu check`.
pub(crate) fn count(sum: i64) -> u64 {
    u64::try_from(sum).unwrap_or(0)
}

pub(crate) fn estimate(
    positive: u64,
    n: u64,
    level: Level,
    method: proportion::Method,
) -> Result<Estimate, Error> {
    let interval = proportion::interval(positive, n, level, Sides::Two, method)?;
    Ok(Estimate {
        value: positive as f64 / n as f64,
        lower: interval.lower,
        upper: interval.upper,
        method: method.name().to_owned(),
        level: level.get(),
        n,
        effective_n: n as f64,
        se: None,
        design_effect: None,
        weighted: false,
    })
}
