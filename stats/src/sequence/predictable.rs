//! Predictably mixed confidence sequences for the mean of bounded observations.
//!
//! Each observation gets a weight λ_t chosen before it is seen; the weighted mean, less what
//! the mixing costs, bounds the truth at all times. Lower and upper limit each spend α/2, the
//! upper being the lower for 1 − x.

use super::{Observations, Sampling};
use crate::{Error, Interval, Level};

/// The predictable plug-in Hoeffding sequence: λ_t = min(√(8 ln(2/α) / (t ln(t+1))), 1),
/// each step costing λ²/8.
///
/// One interval per observation, within \[0, 1\]. Wider than [`empirical_bernstein`] unless
/// the variance is near ¼.
///
/// Source: Waudby-Smith and Ramdas 2024 (JRSS B 86, 1–27), Proposition 1.
pub fn hoeffding(observations: Observations, level: Level) -> Vec<Interval> {
    let log = (2.0 / level.alpha()).ln();
    two_sided(observations, Sampling::WithReplacement, |series| {
        let steps = (1..=series.len()).map(|t| {
            let t = t as f64;
            let lambda = (8.0 * log / (t * t.ln_1p())).sqrt().min(1.0);
            Step {
                lambda,
                cost: lambda * lambda / 8.0,
            }
        });
        (log, steps.collect())
    })
}

/// Tuning of the empirical-Bernstein sequence. All choices are valid; they move where it is tight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmpiricalBernstein {
    /// The largest weight λ, below 1. Default ½.
    pub truncation: f64,
    /// The mean expected before the first observation. Default ½.
    pub prior_mean: f64,
    /// The variance expected before the first observation. Default ¼.
    pub prior_variance: f64,
    /// How many observations that expectation is worth. Default 1.
    pub fake_observations: f64,
}

impl Default for EmpiricalBernstein {
    fn default() -> Self {
        Self {
            truncation: 0.5,
            prior_mean: 0.5,
            prior_variance: 0.25,
            fake_observations: 1.0,
        }
    }
}

impl EmpiricalBernstein {
    fn check(&self) -> Result<(), Error> {
        let within = |name, value: f64, low: f64, high: f64, expected| {
            if low < value && value < high {
                Ok(())
            } else {
                Err(Error::OutOfRange {
                    name,
                    value,
                    expected,
                })
            }
        };
        let (unit, positive) = ("a number between 0 and 1", "a positive number");
        within("truncation", self.truncation, 0.0, 1.0, unit)?;
        within("prior_mean", self.prior_mean, 0.0, 1.0, unit)?;
        within(
            "prior_variance",
            self.prior_variance,
            0.0,
            f64::INFINITY,
            positive,
        )?;
        within(
            "fake_obs",
            self.fake_observations,
            0.0,
            f64::INFINITY,
            positive,
        )
    }

    /// The weights √(2 ln(1/α) / (t ln(t+1) σ̂²_{t−1})), before any truncation, from the
    /// regularised mean and variance of what came before.
    pub(super) fn weights(&self, series: &[f64], log: f64) -> Vec<f64> {
        let fake = self.fake_observations;
        let mut variance = self.prior_variance;
        let (mut sum, mut squares) = (fake * self.prior_mean, fake * self.prior_variance);
        let weights = series.iter().enumerate().map(|(i, x)| {
            let t = (i + 1) as f64;
            let lambda = (2.0 * log / (t * t.ln_1p() * variance)).sqrt();
            sum += x;
            squares += (x - sum / (t + fake)).powi(2);
            variance = squares / (t + fake);
            lambda
        });
        weights.collect()
    }
}

/// The predictable plug-in empirical-Bernstein sequence, which adapts to the variance: a step
/// costs (x_t − μ̂_{t−1})² (−ln(1 − λ_t) − λ_t).
///
/// One interval per observation, within \[0, 1\]. The prediction μ̂_{t−1} inside the cost is the
/// plain running mean, 0 before the first observation.
///
/// Source: Waudby-Smith and Ramdas 2024 (JRSS B 86, 1–27), Theorem 2; without replacement
/// Waudby-Smith and Ramdas 2020 (NeurIPS 33), empirical Bernstein.
///
/// # Errors
/// [`Error::OutOfRange`] for a tuning outside its range or a population smaller than the sample.
pub fn empirical_bernstein(
    observations: Observations,
    sampling: Sampling,
    tuning: EmpiricalBernstein,
    level: Level,
) -> Result<Vec<Interval>, Error> {
    tuning.check()?;
    sampling.check(observations)?;
    let log = (2.0 / level.alpha()).ln();
    Ok(two_sided(observations, sampling, |series| {
        let weights = tuning.weights(series, log);
        let (mut sum, mut predicted) = (0.0, 0.0);
        let steps = series
            .iter()
            .zip(weights)
            .enumerate()
            .map(|(i, (x, weight))| {
                let lambda = weight.min(tuning.truncation);
                let cost = (x - predicted) * (x - predicted) * (-(-lambda).ln_1p() - lambda);
                sum += x;
                predicted = sum / (i + 1) as f64;
                Step { lambda, cost }
            });
        (log, steps.collect())
    }))
}

/// The weight of an observation and what using it costs.
struct Step {
    lambda: f64,
    cost: f64,
}

/// Lower limits for x and, mirrored, upper limits. `plan` gives ln(1/α per side) and the steps.
fn two_sided(
    observations: Observations,
    sampling: Sampling,
    plan: impl Fn(&[f64]) -> (f64, Vec<Step>),
) -> Vec<Interval> {
    let series = observations.values();
    let mirrored: Vec<f64> = series.iter().map(|x| 1.0 - x).collect();
    let (log, steps) = plan(series);
    let lower = lower_limits(series, sampling, log, &steps);
    let (log, steps) = plan(&mirrored);
    let upper = lower_limits(&mirrored, sampling, log, &steps);
    let pairs = lower.into_iter().zip(upper);
    pairs
        .map(|(lower, missing)| Interval {
            lower,
            upper: 1.0 - missing,
        })
        .collect()
}

/// (Σ λ(x + Z) − ln(1/α) − Σ cost) / Σ λ(1 + W), where without replacement Z and W carry what
/// has already left the population: Z = S_{t−1}/(N−t+1), W = (t−1)/(N−t+1).
fn lower_limits(series: &[f64], sampling: Sampling, log: f64, steps: &[Step]) -> Vec<f64> {
    let (mut sum, mut weighted, mut weight, mut cost) = (0.0, 0.0, 0.0, 0.0);
    let limits = series.iter().zip(steps).enumerate().map(|(i, (x, step))| {
        let (gone, share) = match sampling.unseen_before(i + 1) {
            Some(unseen) => (sum / unseen, i as f64 / unseen),
            None => (0.0, 0.0),
        };
        weighted += step.lambda * (x + gone);
        weight += step.lambda * (1.0 + share);
        cost += step.cost;
        sum += x;
        ((weighted - log - cost) / weight).clamp(0.0, 1.0)
    });
    limits.collect()
}
