//! Tests, trends and adjustments for many tests, by the method's name.

use super::{quantile, unknown_method};
use crate::request::{Count, default_level, reply};
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stats::multiplicity::{self, Adjustment};
use stats::stratified_tables::{self, Table};
use stats::{Level, kendall, proportion, trend};

const KNOWN: &[&str] = &[
    "bonferroni",
    "sidak",
    "holm",
    "hochberg",
    "hommel",
    "BH",
    "BY",
    "sidak_critical",
    "studentized_range_quantile",
    "studentized_range_cdf",
    "cochran_armitage_trend",
    "k_sample_chi2",
    "departure_from_linear_trend",
    "cochran_mantel_haenszel",
    "kendall",
    "binom_test_two_sided_minlik",
];

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    let method = request.method()?;
    if let Ok(adjustment) = method.parse() {
        return adjust(request, adjustment);
    }
    match method {
        "sidak_critical" => simultaneous_critical(request),
        "cochran_armitage_trend" => {
            let (samples, score) = scored(request)?;
            reply(trend::cochran_armitage(&samples.x, &samples.n, &score)?)
        }
        "k_sample_chi2" => {
            let samples: Samples = request.inputs()?;
            reply(trend::homogeneity(&samples.x, &samples.n)?)
        }
        "departure_from_linear_trend" => {
            let (samples, score) = scored(request)?;
            reply(trend::departure_from_trend(&samples.x, &samples.n, &score)?)
        }
        "cochran_mantel_haenszel" => mantel_haenszel(request),
        "kendall" | "kendall_tau" | "mann_kendall" => rank_correlation(request),
        "binom_test_two_sided_minlik" => exact(request),
        name if name.starts_with("studentized_range_") => {
            quantile::studentized_range(name, request)
        }
        other => Err(unknown_method("test", other, KNOWN)),
    }
}

fn adjust(request: &Request, adjustment: Adjustment) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        p: Vec<f64>,
    }
    let Inputs { p } = request.inputs()?;
    reply(json!({ "adjusted": multiplicity::adjust(&p, adjustment)? }))
}

fn simultaneous_critical(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        k: u32,
        #[serde(alias = "level", default = "default_level")]
        conf_level: Level,
    }
    let Inputs { k, conf_level } = request.inputs()?;
    reply(multiplicity::simultaneous_critical(k, conf_level)?)
}

/// Successes and trials of several samples.
#[derive(Deserialize)]
#[serde(from = "WrittenSamples")]
struct Samples {
    x: Vec<u64>,
    n: Vec<u64>,
}

#[derive(Deserialize)]
struct WrittenSamples {
    x: Vec<Count>,
    n: Vec<Count>,
}

impl From<WrittenSamples> for Samples {
    fn from(written: WrittenSamples) -> Self {
        let counts = |list: Vec<Count>| list.into_iter().map(|count| count.0).collect();
        Self {
            x: counts(written.x),
            n: counts(written.n),
        }
    }
}

/// Samples with their scores: 1, 2, 3, … where none are given.
fn scored(request: &Request) -> Result<(Samples, Vec<f64>), Error> {
    #[derive(Deserialize)]
    struct Scores {
        #[serde(alias = "scores")]
        score: Option<Vec<f64>>,
    }
    let samples: Samples = request.inputs()?;
    let Scores { score } = request.inputs()?;
    let numbered = || (1..=samples.n.len()).map(|i| i as f64).collect();
    let score = score.unwrap_or_else(numbered);
    Ok((samples, score))
}

fn mantel_haenszel(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        /// Four counts per stratum, down the first column, then down the second.
        #[serde(rename = "table_2x2xK_colmajor")]
        column_by_column: Vec<Count>,
        #[serde(default)]
        correct: bool,
    }
    let inputs: Inputs = request.inputs()?;
    let strata = inputs
        .column_by_column
        .chunks(4)
        .map(|stratum| match stratum {
            [a, c, b, d] => Ok([[a.0, b.0], [c.0, d.0]]),
            _ => Err(Error::Inputs("a stratum needs four counts".to_owned())),
        })
        .collect::<Result<Vec<Table>, _>>()?;
    let found = stratified_tables::mantel_haenszel(&strata, inputs.correct, Level::DEFAULT)?;
    reply(json!({
        "stat": found.statistic,
        "p": found.p,
        "common_or": found.common_odds_ratio,
        "or_ci95": [found.interval.lower, found.interval.upper],
    }))
}

/// Kendall's test; without x, the values of y in their order are tested for a trend.
fn rank_correlation(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        x: Option<Vec<f64>>,
        y: Vec<f64>,
    }
    let Inputs { x, y } = request.inputs()?;
    let numbered = || (1..=y.len()).map(|i| i as f64).collect();
    reply(kendall::correlation(&x.unwrap_or_else(numbered), &y)?)
}

fn exact(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        x: Count,
        n: Count,
        p0: f64,
    }
    let Inputs { x, n, p0 } = request.inputs()?;
    reply(json!({ "p": proportion::test::exact(x.0, n.0, p0)? }))
}
