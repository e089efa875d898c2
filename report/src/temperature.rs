//! The temperature: a weighted mean of rates, in degrees from 0 to 100.

use crate::rates::{Estimate, count};
use serde::{Deserialize, Serialize};
use stats::{Error, Level, Sides, mover, proportion, tally::Moments};

/// How the temperature's interval is computed: the rates' own intervals, combined with their
/// correlations (MOVER).
pub const METHOD: &str = "mover";

/// One group's temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Temperature {
    /// How many responses there are.
    pub n: u64,
    /// In degrees, 0 to 100; `None` as long as one of its rates has no data.
    pub estimate: Option<Estimate>,
    /// Why there is no estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The temperature from the rates at the places `parts` with their weights. An empty list stands
/// for a questionnaire that lacks one of the indicators.
pub(crate) fn temperature(
    moments: &Moments,
    parts: &[(usize, f64)],
    level: Level,
    method: proportion::Method,
) -> Temperature {
    let n = count(moments.count());
    let (estimate, note) = match combine(moments, parts, level, method) {
        Ok(estimate) => (Some(estimate), None),
        Err(Error::NoData(_)) => (None, Some("no data".to_owned())),
        Err(error) => (None, Some(error.to_string())),
    };
    Temperature { n, estimate, note }
}

fn combine(
    moments: &Moments,
    parts: &[(usize, f64)],
    level: Level,
    method: proportion::Method,
) -> Result<Estimate, Error> {
    if parts.is_empty() {
        return Err(Error::NoData(
            "the questionnaire lacks a part of the temperature",
        ));
    }
    let total: f64 = parts.iter().map(|(_, weight)| weight).sum();
    let mut weights = Vec::new();
    let mut rates = Vec::new();
    let mut intervals = Vec::new();
    for (index, weight) in parts {
        let n = count(moments.sum(2 * index));
        let positive = count(moments.sum(2 * index + 1));
        intervals.push(proportion::interval(
            positive,
            n,
            level,
            Sides::Two,
            method,
        )?);
        rates.push(positive as f64 / n as f64);
        weights.push(100.0 * weight / total);
    }
    let correlation = correlations(moments, parts, &rates);
    let interval = mover::combination(&weights, &rates, &intervals, &correlation)?;
    let n = count(moments.count());
    Ok(Estimate {
        value: weights.iter().zip(&rates).map(|(w, p)| w * p).sum(),
        lower: interval.lower,
        upper: interval.upper,
        method: METHOD.to_owned(),
        level: level.get(),
        n,
        effective_n: n as f64,
        se: None,
        design_effect: None,
        weighted: false,
    })
}

/// The correlations between the estimated rates, from the linearised scores (y − p d)/Σd, whose
/// cross-products are functions of the tally. A rate of 0 or 1 varies with nothing.
fn correlations(moments: &Moments, parts: &[(usize, f64)], rates: &[f64]) -> Vec<f64> {
    let covariance = |(i, p): (usize, f64), (j, q): (usize, f64)| {
        let product = |a: usize, b: usize| moments.product(a, b) as f64;
        let (d, y, e, z) = (2 * i, 2 * i + 1, 2 * j, 2 * j + 1);
        product(y, z) - q * product(y, e) - p * product(d, z) + p * q * product(d, e)
    };
    let parts: Vec<(usize, f64)> = parts
        .iter()
        .zip(rates)
        .map(|((index, _), rate)| (*index, *rate))
        .collect();
    let mut correlation = Vec::with_capacity(parts.len() * parts.len());
    for (row, a) in parts.iter().enumerate() {
        for (column, b) in parts.iter().enumerate() {
            let scale = (covariance(*a, *a) * covariance(*b, *b)).sqrt();
            correlation.push(if row == column {
                1.0
            } else if scale > 0.0 {
                (covariance(*a, *b) / scale).clamp(-1.0, 1.0)
            } else {
                0.0
            });
        }
    }
    correlation
}
