//! Where a gap comes from, and whether it narrows.

use super::{composite, mover, unknown_method};
use crate::request::{default_level, reply};
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stats::gap::{Cell, Side, Wave, change, change_by_mover, decompose};
use stats::{Interval, Level};

const KNOWN: &[&str] = &[
    "decomposition",
    "change",
    "change_mover",
    "composite",
    "gap_change",
    "mover",
];

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    match request.method_or_family()? {
        "decomposition" | "kitagawa" => decomposition(request),
        "change" => changed(request),
        "change_mover" => changed_by_mover(request),
        "composite" => composite::composite(request),
        "gap_change" => composite::gap_change(request),
        "mover" => mover::answer(request),
        other => Err(unknown_method("question about a gap", other, KNOWN)),
    }
}

#[derive(Deserialize)]
struct GivenSide {
    share: f64,
    rate: f64,
    #[serde(default, alias = "se")]
    standard_error: f64,
}

impl From<GivenSide> for Side {
    fn from(given: GivenSide) -> Self {
        Self {
            share: given.share,
            rate: given.rate,
            standard_error: given.standard_error,
        }
    }
}

fn decomposition(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct GivenCell {
        first: GivenSide,
        second: GivenSide,
    }
    #[derive(Deserialize)]
    struct Inputs {
        cells: Vec<GivenCell>,
    }
    let Inputs { cells } = request.settings()?;
    let cells: Vec<Cell> = cells
        .into_iter()
        .map(|cell| Cell {
            first: cell.first.into(),
            second: cell.second.into(),
        })
        .collect();
    let found = decompose(&cells)?;
    let parts = found.parts.iter().map(|part| {
        json!({
            "composition": part.composition,
            "rate": part.rate,
            "rate_standard_error": part.rate_standard_error,
        })
    });
    reply(json!({
        "gap": found.gap,
        "composition": found.composition,
        "rate": found.rate,
        "rate_standard_error": found.rate_standard_error,
        "parts": parts.collect::<Vec<_>>(),
    }))
}

#[derive(Deserialize)]
struct GivenWave {
    official: f64,
    measured: f64,
    #[serde(default, alias = "se")]
    standard_error: f64,
    lower: Option<f64>,
    upper: Option<f64>,
}

impl GivenWave {
    fn wave(&self) -> Wave {
        Wave {
            official: self.official,
            measured: self.measured,
            standard_error: self.standard_error,
        }
    }

    fn interval(&self) -> Result<Interval, Error> {
        Ok(Interval {
            lower: self.lower.ok_or(Error::Missing("lower"))?,
            upper: self.upper.ok_or(Error::Missing("upper"))?,
        })
    }
}

#[derive(Deserialize)]
struct Waves {
    first: GivenWave,
    second: GivenWave,
    #[serde(default)]
    covariance: f64,
    #[serde(alias = "level", default = "default_level")]
    conf_level: Level,
}

fn changed(request: &Request) -> Result<Map<String, Value>, Error> {
    let waves: Waves = request.settings()?;
    let found = change(
        waves.first.wave(),
        waves.second.wave(),
        waves.covariance,
        waves.conf_level,
    )?;
    reply(json!({
        "estimate": found.estimate,
        "standard_error": found.standard_error,
        "lower": found.interval.lower,
        "upper": found.interval.upper,
        "level": waves.conf_level,
    }))
}

fn changed_by_mover(request: &Request) -> Result<Map<String, Value>, Error> {
    let Waves { first, second, .. } = request.settings()?;
    let interval = change_by_mover(
        (first.wave(), first.interval()?),
        (second.wave(), second.interval()?),
    )?;
    reply(json!({
        "estimate": (second.official - second.measured) - (first.official - first.measured),
        "lower": interval.lower,
        "upper": interval.upper,
    }))
}
