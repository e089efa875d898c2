//! `wendu interval ranks`: how sure a league table is.

use super::unknown_method;
use crate::request::{default_level, reply};
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stats::Level;
use stats::rank::{Areas, Coverage, Method, Simulation, Spread, rank_sets, tiers};

const KNOWN: &[&str] = &[
    "studentised_max_stepdown",
    "studentised_max",
    "holm",
    "bonferroni",
];

#[derive(Deserialize)]
struct Inputs {
    #[serde(alias = "x")]
    estimates: Vec<f64>,
    #[serde(alias = "se")]
    standard_errors: Option<Vec<f64>>,
    #[serde(alias = "Sigma")]
    covariance: Option<Vec<Vec<f64>>>,
    coverage: Option<Together>,
    #[serde(alias = "level", default = "default_level")]
    conf_level: Level,
    draws: Option<usize>,
    seed: Option<u64>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Together {
    Marginal,
    Simultaneous,
}

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    let inputs: Inputs = request.settings()?;
    let default = Simulation::default();
    let simulation = Simulation {
        draws: inputs.draws.unwrap_or(default.draws),
        seed: inputs.seed.unwrap_or(default.seed),
    };
    let method = match request.method() {
        Err(_) | Ok("studentised_max_stepdown") => Method::StudentisedMaxStepdown(simulation),
        Ok("studentised_max") => Method::StudentisedMax(simulation),
        Ok("holm") => Method::Holm,
        Ok("bonferroni") => Method::Bonferroni,
        Ok(other) => return Err(unknown_method("method for ranks", other, KNOWN)),
    };
    let (coverage, named) = match inputs.coverage {
        Some(Together::Marginal) => (Coverage::Marginal, "marginal"),
        Some(Together::Simultaneous) | None => (Coverage::Simultaneous, "simultaneous"),
    };
    let spread = match (&inputs.standard_errors, &inputs.covariance) {
        (_, Some(rows)) => Spread::Joint(rows),
        (Some(errors), None) => Spread::Independent(errors),
        (None, None) => return Err(Error::Missing("standard_errors")),
    };
    let areas = Areas::new(&inputs.estimates, spread)?;
    let found = rank_sets(&areas, coverage, method, inputs.conf_level)?;
    let tiers = tiers(&areas, method, inputs.conf_level)?.tiers;
    let of = |of: fn(&stats::rank::RankSet) -> usize| -> Vec<usize> {
        found.sets.iter().map(of).collect()
    };
    let mut answer = json!({
        "rank": of(|set| set.rank),
        "lower": of(|set| set.best),
        "upper": of(|set| set.worst),
        "tiers": tiers,
        "method": method.name(),
        "coverage": named,
        "level": inputs.conf_level,
    });
    if matches!(
        method,
        Method::StudentisedMax(_) | Method::StudentisedMaxStepdown(_)
    ) {
        answer["draws"] = simulation.draws.into();
        answer["seed"] = simulation.seed.into();
    }
    reply(answer)
}
