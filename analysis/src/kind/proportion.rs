//! `wendu interval proportion`: x of n, or a design's estimate (Korn–Graubard).

use crate::request::{Count, default_level, reply, sides};
use crate::{Error, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stats::proportion::korn_graubard::{self, DesignEstimate};
use stats::proportion::{self, Method, presentation};
use stats::{Interval, Level, Sides};

/// An estimated proportion with its interval, as `--json` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// x/n.
    pub estimate: f64,
    /// The limits.
    #[serde(flatten)]
    pub interval: Interval,
    /// How the limits were found.
    pub method: Method,
    /// The confidence level.
    pub level: Level,
    /// The number of trials.
    pub n: u64,
}

/// Estimates a proportion with its interval.
///
/// # Errors
/// [`Error::Statistics`] as [`stats::proportion::interval`].
pub fn estimate_proportion(
    successes: u64,
    trials: u64,
    level: Level,
    sides: Sides,
    method: Method,
) -> Result<Estimate, Error> {
    Ok(Estimate {
        interval: proportion::interval(successes, trials, level, sides, method)?,
        estimate: successes as f64 / trials as f64,
        method,
        level,
        n: trials,
    })
}

#[derive(Deserialize)]
struct Counted {
    #[serde(alias = "successes")]
    x: Count,
    #[serde(alias = "trials")]
    n: Count,
    #[serde(alias = "level", default = "default_level")]
    conf_level: Level,
    #[serde(default, deserialize_with = "sides")]
    sides: Sides,
}

#[derive(Deserialize)]
struct Designed {
    p: f64,
    se: f64,
    n: Count,
    df: f64,
    #[serde(alias = "level", default = "default_level")]
    conf_level: Level,
}

impl Designed {
    fn estimate(&self) -> DesignEstimate {
        DesignEstimate {
            p: self.p,
            se: self.se,
            n: self.n.0,
            df: self.df,
        }
    }
}

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    let designed = request
        .get("inputs")
        .is_some_and(|inputs| inputs.get("se").is_some());
    match request.method() {
        Ok("korn_graubard" | "kg_nchs") => korn_graubard(request),
        Ok("presentation") => {
            let inputs: Designed = request.inputs()?;
            reply(presentation::standard(inputs.estimate())?)
        }
        // A design's estimate has one method, which need not be named.
        Err(_) if designed => korn_graubard(request),
        method => {
            let method: Method = method?.parse()?;
            let Counted {
                x,
                n,
                conf_level,
                sides,
            } = request.inputs()?;
            reply(estimate_proportion(x.0, n.0, conf_level, sides, method)?)
        }
    }
}

fn korn_graubard(request: &Request) -> Result<Map<String, Value>, Error> {
    let inputs: Designed = request.inputs()?;
    reply(korn_graubard::interval(
        inputs.estimate(),
        inputs.conf_level,
    )?)
}
