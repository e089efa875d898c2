//! Sequences from the observations in the order in which they came.

use super::Confidence;
use crate::request::{Count, read, reply};
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stats::sequence::{
    Drift, EmpiricalBernstein, GammaExponentialMean, Hedge, Observations, Running, Sampling,
    empirical_bernstein, gamma_exponential_mean, hedged_at, hedged_running, hoeffding,
    logical_bounds, normal_mixture_mean, running_intersection,
};
use stats::{Interval, Level};

pub(super) const METHODS: &[&str] = &[
    "predmix_hoeffding",
    "predmix_empbern",
    "predmix_empbern_wor",
    "hedged_betting",
    "normal_mixture_hoeffding",
    "gamma_exponential_mixture_empirical_bernstein",
];

/// Times × observations to bet on at most: some seconds.
const MOST_BETS: usize = 10_000_000;

#[derive(Deserialize)]
struct Inputs {
    /// At which observations (from 1) an interval is asked for; none means after the last.
    times: Option<Vec<Count>>,
    #[serde(default)]
    running_intersection: bool,
    #[serde(rename = "N", alias = "population")]
    population: Option<Count>,
    truncation: Option<f64>,
    prior_mean: Option<f64>,
    prior_variance: Option<f64>,
    fake_obs: Option<f64>,
    theta: Option<f64>,
    trunc_scale: Option<f64>,
    #[serde(alias = "n_opt")]
    t_opt: Option<f64>,
    v_opt: Option<f64>,
    alpha_opt: Option<f64>,
    c: Option<f64>,
    muhat0: Option<f64>,
    #[serde(flatten)]
    confidence: Confidence,
}

impl Inputs {
    fn sampling(&self) -> Sampling {
        match self.population {
            Some(population) => Sampling::WithoutReplacement {
                population: population.0,
            },
            None => Sampling::WithReplacement,
        }
    }

    fn bernstein(&self) -> EmpiricalBernstein {
        let default = EmpiricalBernstein::default();
        EmpiricalBernstein {
            truncation: self.truncation.unwrap_or(default.truncation),
            prior_mean: self.prior_mean.unwrap_or(default.prior_mean),
            prior_variance: self.prior_variance.unwrap_or(default.prior_variance),
            fake_observations: self.fake_obs.unwrap_or(default.fake_observations),
        }
    }

    fn hedge(&self) -> Hedge {
        let default = Hedge::default();
        Hedge {
            theta: self.theta.unwrap_or(default.theta),
            boldness: self.trunc_scale.unwrap_or(default.boldness),
            sampling: self.sampling(),
        }
    }

    fn gamma_exponential(&self) -> GammaExponentialMean {
        let default = GammaExponentialMean::default();
        GammaExponentialMean {
            v_opt: self.v_opt.unwrap_or(default.v_opt),
            alpha_opt: self.alpha_opt,
            scale: self.c.unwrap_or(default.scale),
            first_prediction: self.muhat0.unwrap_or(default.first_prediction),
        }
    }

    /// The indices, of `count`, that are asked for.
    fn times(&self, count: usize) -> Result<Vec<usize>, Error> {
        let Some(times) = &self.times else {
            return Ok(vec![count.saturating_sub(1)]);
        };
        let index = |time: &Count| match usize::try_from(time.0) {
            Ok(time) if (1..=count).contains(&time) => Ok(time - 1),
            _ => Err(Error::Inputs(format!(
                "time {} is not one of the {count} observations",
                time.0
            ))),
        };
        times.iter().map(index).collect()
    }
}

pub(super) fn answer(method: &str, request: &Request) -> Result<Map<String, Value>, Error> {
    let inputs: Inputs = request.settings()?;
    let series = series(request)?;
    let observations = Observations::new(&series)?;
    let level = inputs.confidence.level()?;
    let times = inputs.times(series.len())?;
    let states = states(method, &inputs, observations, level, &times)?;
    let listed = inputs.times.is_some();
    let limit = |of: fn(Interval) -> f64| {
        column(listed, &states, |state| match state {
            Running::Stable(interval) => json!(of(*interval)),
            Running::Drift(_) => Value::Null,
        })
    };
    let mut answer = json!({
        "lower": limit(|interval| interval.lower),
        "upper": limit(|interval| interval.upper),
        "method": method,
        "level": level,
        "n": observations.count(),
    });
    let drift = states.iter().find_map(|state| match state {
        Running::Drift(drift) => Some(*drift),
        Running::Stable(_) => None,
    });
    if let Some(drift) = drift {
        answer["drift"] = described(drift);
    }
    if let Some(population) = inputs.population {
        let bounds = logical_bounds(observations, population.0)?;
        let asked: Vec<Interval> = times
            .iter()
            .filter_map(|&i| bounds.get(i).copied())
            .collect();
        answer["logical_lower"] = column(listed, &asked, |bound| json!(bound.lower));
        answer["logical_upper"] = column(listed, &asked, |bound| json!(bound.upper));
    }
    reply(answer)
}

/// The observations: the first list under one of their names, among the inputs or beside
/// them (where `sequence` may be no more than a name).
fn series(request: &Request) -> Result<Vec<f64>, Error> {
    let named = |place: &Value| {
        let names = ["observations", "sequence", "values", "x"].into_iter();
        names
            .filter_map(|name| place.get(name))
            .find(|found| found.is_array())
            .cloned()
    };
    let inside = ["inputs", "params"]
        .into_iter()
        .filter_map(|key| request.get(key));
    let found = inside.filter_map(named).next();
    let beside = || request.get("observations").or(request.get("sequence"));
    let found = found.or_else(|| beside().cloned());
    read(&found.ok_or(Error::Missing("observations"))?)
}

/// The state at each of `times`, of the running intersection if that is asked for.
fn states(
    method: &str,
    inputs: &Inputs,
    observations: Observations,
    level: Level,
    times: &[usize],
) -> Result<Vec<Running>, Error> {
    let path = match method {
        "hedged_betting" if inputs.running_intersection => {
            let path = hedged_running(observations, inputs.hedge(), level)?;
            return Ok(times.iter().filter_map(|&i| path.get(i).copied()).collect());
        }
        "hedged_betting" => {
            if times.len().saturating_mul(observations.count()) > MOST_BETS {
                return Err(Error::Inputs(
                    "too many times for so many observations; ask at fewer".to_owned(),
                ));
            }
            let hedge = inputs.hedge();
            let at = |&i: &usize| {
                let interval = hedged_at(observations, i + 1, hedge, level)?;
                Ok(Running::Stable(interval))
            };
            return times.iter().map(at).collect();
        }
        "predmix_hoeffding" => hoeffding(observations, level),
        "normal_mixture_hoeffding" => normal_mixture(observations, inputs, level)?,
        "gamma_exponential_mixture_empirical_bernstein" if !inputs.running_intersection => {
            let times: Vec<usize> = times.iter().map(|i| i + 1).collect();
            let tuning = inputs.gamma_exponential();
            let asked = gamma_exponential_mean(observations, &times, tuning, level)?;
            return Ok(asked.into_iter().map(Running::Stable).collect());
        }
        "gamma_exponential_mixture_empirical_bernstein" => {
            let times: Vec<usize> = (1..=observations.count()).collect();
            gamma_exponential_mean(observations, &times, inputs.gamma_exponential(), level)?
        }
        "predmix_empbern_wor" if inputs.population.is_none() => return Err(Error::Missing("N")),
        _ => empirical_bernstein(observations, inputs.sampling(), inputs.bernstein(), level)?,
    };
    let path = if inputs.running_intersection {
        running_intersection(&path)
    } else {
        path.into_iter().map(Running::Stable).collect()
    };
    Ok(times.iter().filter_map(|&i| path.get(i).copied()).collect())
}

fn normal_mixture(
    observations: Observations,
    inputs: &Inputs,
    level: Level,
) -> Result<Vec<Interval>, Error> {
    let t_opt = inputs.t_opt.unwrap_or(100.0);
    let mut sum = 0.0;
    let path = observations.values().iter().enumerate().map(|(i, x)| {
        sum += x;
        let n = i as u64 + 1;
        Ok(normal_mixture_mean(n, sum / n as f64, t_opt, level)?)
    });
    path.collect()
}

/// A list if times were listed, else the one value.
fn column<T>(listed: bool, items: &[T], value: impl Fn(&T) -> Value) -> Value {
    let mut values: Vec<Value> = items.iter().map(value).collect();
    match (listed, values.pop()) {
        (false, Some(last)) => last,
        (_, last) => {
            values.extend(last);
            Value::Array(values)
        }
    }
}

fn described(drift: Drift) -> Value {
    json!({
        "since": drift.since,
        "latest": drift.latest,
        "before": drift.before,
    })
}
