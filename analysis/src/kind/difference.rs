//! `wendu interval difference`: two independent samples.

use crate::request::{Count, default_level, reply};
use crate::{Error, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stats::difference::{self, Method};
use stats::{Interval, Level};

#[derive(Deserialize)]
struct Inputs {
    x1: Count,
    n1: Count,
    x2: Count,
    n2: Count,
    #[serde(alias = "level", default = "default_level")]
    conf_level: Level,
}

/// A difference as `--json` prints it.
#[derive(Serialize)]
struct Answer {
    estimate: f64,
    #[serde(flatten)]
    interval: Interval,
    method: Method,
    level: Level,
    n1: u64,
    n2: u64,
}

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    let method: Method = request.method()?.parse()?;
    let inputs: Inputs = request.inputs()?;
    let [x1, n1, x2, n2] = [inputs.x1, inputs.n1, inputs.x2, inputs.n2].map(|count| count.0);
    reply(Answer {
        interval: difference::interval(x1, n1, x2, n2, inputs.conf_level, method)?,
        estimate: x1 as f64 / n1 as f64 - x2 as f64 / n2 as f64,
        method,
        level: inputs.conf_level,
        n1,
        n2,
    })
}
