//! `wendu interval paired`: the same persons twice.

use crate::request::{Count, default_level, reply};
use crate::{Error, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stats::difference::paired::{self, Method, Table};
use stats::{Interval, Level};

#[derive(Deserialize)]
struct Inputs {
    a: Count,
    b: Count,
    c: Count,
    d: Count,
    #[serde(alias = "level", default = "default_level")]
    conf_level: Level,
}

#[derive(Serialize)]
struct Answer {
    estimate: f64,
    #[serde(flatten)]
    interval: Interval,
    method: Method,
    level: Level,
}

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    let Inputs {
        a,
        b,
        c,
        d,
        conf_level,
    } = request.inputs()?;
    let [a, b, c, d] = [a, b, c, d].map(|count| count.0);
    let table = Table { a, b, c, d };
    let method = request.method()?;
    if method == "mcnemar" {
        return reply(paired::mcnemar(table)?);
    }
    let method: Method = method.parse()?;
    let n = a as f64 + b as f64 + c as f64 + d as f64;
    reply(Answer {
        interval: paired::interval(table, conf_level, method)?,
        estimate: (b as f64 - c as f64) / n,
        method,
        level: conf_level,
    })
}
