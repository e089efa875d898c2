//! Sequences from counts and from estimates: what works on tallies.

use super::Confidence;
use crate::request::{Count, reply};
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stats::sequence::asymptotic::{self, Monitored};
use stats::sequence::{BetaPrior, beta_binomial_difference, beta_binomial_mixture};

#[derive(Deserialize)]
struct Prior {
    #[serde(default = "one")]
    prior_a: f64,
    #[serde(default = "one")]
    prior_b: f64,
    #[serde(flatten)]
    confidence: Confidence,
}

fn one() -> f64 {
    1.0
}

pub(super) fn mixture(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        #[serde(alias = "x")]
        successes: Count,
        n: Count,
        #[serde(flatten)]
        prior: Prior,
    }
    let Inputs {
        successes,
        n,
        prior,
    } = request.settings()?;
    let level = prior.confidence.level()?;
    let beta = BetaPrior::new(prior.prior_a, prior.prior_b)?;
    let interval = beta_binomial_mixture(successes.0, n.0, beta, level)?;
    reply(json!({
        "estimate": successes.0 as f64 / n.0 as f64,
        "lower": interval.lower,
        "upper": interval.upper,
        "level": level,
        "n": n.0,
    }))
}

pub(super) fn mixture_difference(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        x1: Count,
        n1: Count,
        x2: Count,
        n2: Count,
        #[serde(flatten)]
        prior: Prior,
    }
    let i: Inputs = request.settings()?;
    let level = i.prior.confidence.level()?;
    let beta = BetaPrior::new(i.prior.prior_a, i.prior.prior_b)?;
    let [x1, n1, x2, n2] = [i.x1.0, i.n1.0, i.x2.0, i.n2.0];
    let interval = beta_binomial_difference((x1, n1), (x2, n2), beta, level)?;
    reply(json!({
        "estimate": x1 as f64 / n1 as f64 - x2 as f64 / n2 as f64,
        "lower": interval.lower,
        "upper": interval.upper,
        "level": level,
    }))
}

/// An estimate to be monitored: with its standard error, or with the variance of one answer.
#[derive(Deserialize)]
struct Watched {
    #[serde(alias = "mean")]
    estimate: f64,
    #[serde(alias = "n_effective", alias = "effective_n")]
    n: f64,
    #[serde(alias = "se")]
    standard_error: Option<f64>,
    variance: Option<f64>,
}

impl Watched {
    fn monitored(&self) -> Result<Monitored, Error> {
        match (self.standard_error, self.variance) {
            (Some(standard_error), _) => Ok(Monitored {
                estimate: self.estimate,
                standard_error,
                effective_n: self.n,
            }),
            (None, Some(variance)) => Ok(Monitored::mean(self.n, self.estimate, variance)?),
            (None, None) => Err(Error::Missing("standard_error")),
        }
    }
}

/// Where a sequence is to be tightest.
#[derive(Deserialize)]
struct Tuning {
    #[serde(alias = "n_opt", default = "hundred")]
    t_opt: f64,
    #[serde(flatten)]
    confidence: Confidence,
}

fn hundred() -> f64 {
    100.0
}

fn watch(of: Monitored, tuning: &Tuning) -> Result<Map<String, Value>, Error> {
    let level = tuning.confidence.level()?;
    let interval = asymptotic::interval(of, tuning.t_opt, level)?;
    reply(json!({
        "estimate": of.estimate,
        "standard_error": of.standard_error,
        "lower": interval.lower,
        "upper": interval.upper,
        "multiplier": asymptotic::multiplier(of.effective_n, tuning.t_opt, level)?,
        "n_effective": of.effective_n,
        "level": level,
    }))
}

pub(super) fn asymptotic(request: &Request) -> Result<Map<String, Value>, Error> {
    let watched: Watched = request.settings()?;
    watch(watched.monitored()?, &request.settings()?)
}

pub(super) fn asymptotic_difference(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        first: Watched,
        second: Watched,
        #[serde(default)]
        covariance: f64,
    }
    let i: Inputs = request.settings()?;
    let difference =
        asymptotic::difference(i.first.monitored()?, i.second.monitored()?, i.covariance)?;
    watch(difference, &request.settings()?)
}

pub(super) fn asymptotic_gap(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        official: f64,
        #[serde(flatten)]
        measured: Watched,
    }
    let i: Inputs = request.settings()?;
    let gap = asymptotic::gap(i.official, i.measured.monitored()?)?;
    watch(gap, &request.settings()?)
}

pub(super) fn multiplier(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        #[serde(alias = "n")]
        t: f64,
        #[serde(flatten)]
        tuning: Tuning,
    }
    let Inputs { t, tuning } = request.settings()?;
    let level = tuning.confidence.level()?;
    reply(json!({
        "rho2": asymptotic::rho_squared(tuning.t_opt, level)?,
        "multiplier_on_standard_error": asymptotic::multiplier(t, tuning.t_opt, level)?,
        "ratio_to_fixed_z": asymptotic::ratio_to_fixed(t, tuning.t_opt, level)?,
    }))
}
