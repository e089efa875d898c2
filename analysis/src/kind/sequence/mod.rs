//! `wendu interval sequence`: intervals that may be looked at at any time.

mod boundary;
mod from_counts;
mod from_series;

use super::unknown_method;
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value};
use stats::Level;

const KNOWN: &[&str] = &[
    "beta_binomial_mixture",
    "beta_binomial_difference",
    "predmix_hoeffding",
    "predmix_empbern",
    "predmix_empbern_wor",
    "hedged_betting",
    "normal_mixture_hoeffding",
    "gamma_exponential_mixture_empirical_bernstein",
    "asymptotic_cs",
    "asymptotic_cs_difference",
    "asymptotic_cs_gap",
    "asymptotic_cs_multiplier",
    "boundaries",
    "normal_mixture_one_sided",
    "normal_mixture_two_sided",
    "gamma_exponential",
    "poly_stitching",
    "type1_error_repeated_95pct_looks",
];

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    match method(request)? {
        "beta_binomial_mixture" | "beta_binomial_uniform" | "bernoulli_mixture" => {
            from_counts::mixture(request)
        }
        "beta_binomial_difference" => from_counts::mixture_difference(request),
        "asymptotic_cs" => from_counts::asymptotic(request),
        "asymptotic_cs_difference" => from_counts::asymptotic_difference(request),
        "asymptotic_cs_gap" => from_counts::asymptotic_gap(request),
        "asymptotic_cs_multiplier" => from_counts::multiplier(request),
        "boundaries" => boundary::all(request),
        name @ ("normal_mixture_one_sided"
        | "normal_mixture_two_sided"
        | "gamma_exponential"
        | "poly_stitching") => boundary::one(name, request),
        "type1_error_repeated_95pct_looks" => super::selection::repeated(request),
        name if from_series::METHODS.contains(&name) => from_series::answer(name, request),
        other => Err(unknown_method("confidence sequence", other, KNOWN)),
    }
}

/// The method, or the one that the inputs by themselves tell.
fn method(request: &Request) -> Result<&str, Error> {
    let has = |key: &str| {
        let inputs = request.get("inputs").and_then(|inputs| inputs.get(key));
        inputs.or(request.get(key)).is_some()
    };
    match request.method() {
        Err(_) if has("successes") && has("n") => Ok("beta_binomial_mixture"),
        Err(_) if has("v") && has("v_opt") => Ok("boundaries"),
        named => named,
    }
}

/// The error probability, as α or as a level.
#[derive(Deserialize)]
struct Confidence {
    alpha: Option<f64>,
    #[serde(alias = "conf_level")]
    level: Option<f64>,
}

impl Confidence {
    fn level(&self) -> Result<Level, Error> {
        Ok(match (self.alpha, self.level) {
            (Some(alpha), _) => Level::new(1.0 - alpha)?,
            (None, Some(level)) => Level::new(level)?,
            (None, None) => Level::DEFAULT,
        })
    }

    fn alpha(&self) -> Result<f64, Error> {
        match self.alpha {
            Some(alpha) => Ok(alpha),
            None => Ok(self.level()?.alpha()),
        }
    }
}
