//! `wendu interval multinomial`: all categories of one question at once.

use crate::request::{Count, default_level, reply};
use crate::{Error, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stats::Level;
use stats::proportion::multinomial::{self, Method};

#[derive(Deserialize)]
struct Inputs {
    counts: Vec<Count>,
    #[serde(alias = "level", default = "default_level")]
    conf_level: Level,
}

#[derive(Serialize)]
struct Answer {
    lower: Vec<f64>,
    upper: Vec<f64>,
}

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    let method: Method = match request.method()? {
        "sison_glaz" => Method::SisonGlaz,
        name => name.parse()?,
    };
    let Inputs { counts, conf_level } = request.inputs()?;
    let counts: Vec<u64> = counts.into_iter().map(|count| count.0).collect();
    let intervals = multinomial::intervals(&counts, conf_level, method)?;
    let (lower, upper) = intervals.iter().map(|i| (i.lower, i.upper)).unzip();
    reply(Answer { lower, upper })
}
