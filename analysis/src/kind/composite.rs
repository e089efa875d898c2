//! A composite index with its variance, and how it changes between waves: from a table of
//! answers, or from means and covariances that are known already.

use crate::analyze::{
    Calibration, DesignSpec, Index, IndexOf, Literal, LonelyPsu, OneOrMany, change, index,
};
use crate::request::{default_level, reply};
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stats::{Interval, Level, Sides, design::symmetric, distribution::normal};

/// Whether the request is about a table of answers.
fn has_table(request: &Request) -> bool {
    ["csv", "data", "index", "design"]
        .iter()
        .any(|key| request.has(key))
}

/// The columns of the design, under the names of `wendu analyze` or of R's `svydesign`.
#[derive(Deserialize, Default)]
struct GivenDesign {
    strata: Option<String>,
    #[serde(alias = "id", alias = "ids")]
    clusters: Option<OneOrMany>,
    weights: Option<String>,
    fpc: Option<OneOrMany>,
    lonely_psu: Option<LonelyPsu>,
    /// As the request's `where`; what follows in parentheses is a remark.
    subset: Option<String>,
}

/// A table of answers, and what to make of it.
#[derive(Deserialize)]
struct Table {
    csv: String,
    design: Option<GivenDesign>,
    calibrate: Option<Vec<Calibration>>,
    #[serde(rename = "where")]
    condition: Option<String>,
    index: Option<String>,
    call: Option<String>,
    #[serde(alias = "level", default = "default_level")]
    conf_level: Level,
}

impl Table {
    fn read(self) -> Result<(String, IndexOf, Level), Error> {
        let parts = match (&self.index, &self.call) {
            (Some(index), _) => formula(index)?,
            // The reference cases say it in R.
            (None, Some(call)) => in_r(call)?,
            (None, None) => return Err(Error::Missing("index")),
        };
        let design = self.design.unwrap_or_default();
        let subset = design.subset.as_deref().map(|subset| {
            let remark = subset.find(" (").unwrap_or(subset.len());
            subset[..remark].to_owned()
        });
        let of = IndexOf {
            design: DesignSpec {
                strata: design.strata,
                clusters: design.clusters,
                weights: design.weights,
                fpc: design.fpc,
                lonely_psu: design.lonely_psu,
            },
            calibrate: self.calibrate.unwrap_or_default(),
            condition: self.condition.or(subset),
            parts,
        };
        Ok((self.csv, of, self.conf_level))
    }
}

/// The terms of `0.3*aware + 0.7*sat`; a column alone counts once.
fn formula(text: &str) -> Result<Vec<(String, f64)>, Error> {
    let term = |term: &str| {
        let (a, column) = term.split_once('*').unwrap_or(("1", term));
        let a = a.trim().parse().map_err(|_| {
            Error::Inputs(format!(
                "index: \"{}\" in \"{text}\" is no number; write it as 0.3*aware + 0.7*satisfied",
                a.trim()
            ))
        })?;
        Ok((column.trim().to_owned(), a))
    };
    text.split('+').map(term).collect()
}

/// The terms of `svycontrast(svymean(~aware+sat, …), c(.3, .7))`, or of the word in a sentence
/// that is a sum of products.
fn in_r(call: &str) -> Result<Vec<(String, f64)>, Error> {
    if let Some(word) = call.split_whitespace().find(|word| word.contains('*')) {
        return formula(word);
    }
    let after = |mark: &str| call.split_once(mark).map_or("", |(_, rest)| rest);
    let columns = after("~").split([',', ')']).next().unwrap_or_default();
    let numbers = after("c(").split(')').next().unwrap_or_default();
    let (columns, numbers) = (columns.split('+'), numbers.split(','));
    if columns.clone().count() != numbers.clone().count() {
        return Err(Error::Missing("index"));
    }
    let terms: Vec<String> = columns
        .zip(numbers)
        .map(|(c, a)| format!("{a}*{c}"))
        .collect();
    formula(&terms.join("+"))
}

/// Means that are known already, with their covariance matrix.
#[derive(Deserialize)]
struct Known {
    #[serde(alias = "coef")]
    mean: Vec<f64>,
    vcov: Vec<Vec<f64>>,
}

/// `method` composite.
pub(super) fn composite(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Summary {
        #[serde(flatten)]
        known: Known,
        coefficients: Vec<f64>,
        #[serde(alias = "degf")]
        df: Option<f64>,
        #[serde(alias = "level", default = "default_level")]
        conf_level: Level,
    }
    if has_table(request) {
        let (csv, of, level) = request.settings::<Table>()?.read()?;
        let found = index(&csv, &of).map_err(|refusal| Error::Data(refusal.to_string()))?;
        let mut answer = estimate("index", found.value, found.variance, Some(found.df), level)?;
        answer.extend(reply(json!({
            "names": found.names,
            "mean": found.estimates,
            "vcov": square(&found),
            "degf": found.df,
        }))?);
        return Ok(answer);
    }
    let Summary {
        known,
        coefficients,
        df,
        conf_level,
    } = request.settings()?;
    let variance = quadratic("vcov", &coefficients, &known.vcov, &coefficients)?;
    let value = linear("mean", &coefficients, &known.mean)?;
    let mut answer = estimate("index", value, variance, df, conf_level)?;
    answer.extend(reply(json!({
        "mean": known.mean,
        "vcov": known.vcov,
        "degf": df,
    }))?);
    Ok(answer)
}

/// `method` gap_change: the index in one wave less that in another, from samples that may share
/// persons. If the government's figure has not moved, the gap narrows by this.
pub(super) fn gap_change(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Waves {
        #[serde(flatten)]
        table: Table,
        wave: Option<String>,
        from: Option<Literal>,
        to: Option<Literal>,
        id: Option<Value>,
    }
    #[derive(Deserialize)]
    struct Summary {
        first: Known,
        second: Known,
        /// Of the first wave's means (rows) and the second's; 0 for independent samples.
        covariance: Option<Vec<Vec<f64>>>,
        coefficients: Vec<f64>,
        df: Option<f64>,
        #[serde(alias = "level", default = "default_level")]
        conf_level: Level,
    }
    if has_table(request) {
        let waves: Waves = request.settings()?;
        let named = waves.id.as_ref().and_then(Value::as_str).and_then(in_name);
        let (wave, from, to) = match (waves.wave, waves.from, waves.to) {
            (Some(wave), Some(from), Some(to)) => (wave, from, to),
            (None, None, None) => named.ok_or(Error::Missing("wave"))?,
            (None, ..) => return Err(Error::Missing("wave")),
            (_, None, _) => return Err(Error::Missing("from")),
            (_, _, None) => return Err(Error::Missing("to")),
        };
        let (csv, of, level) = waves.table.read()?;
        let found = change(&csv, &of, &wave, &from, &to)
            .map_err(|refusal| Error::Data(refusal.to_string()))?;
        let mut answer = estimate("change", found.value, found.variance, Some(found.df), level)?;
        answer.extend(reply(json!({
            "names": found.names,
            "coef": found.estimates,
            "vcov": square(&found),
            "df": found.df,
        }))?);
        return Ok(answer);
    }
    let given: Summary = request.settings()?;
    let a = &given.coefficients;
    let before = linear("first.mean", a, &given.first.mean)?;
    let after = linear("second.mean", a, &given.second.mean)?;
    let shared = match &given.covariance {
        Some(covariance) => quadratic("covariance", a, covariance, a)?,
        None => 0.0,
    };
    let variance = quadratic("first.vcov", a, &given.first.vcov, a)?
        + quadratic("second.vcov", a, &given.second.vcov, a)?
        - 2.0 * shared;
    let mut answer = estimate(
        "change",
        after - before,
        variance,
        given.df,
        given.conf_level,
    )?;
    answer.extend(reply(
        json!({ "first": before, "second": after, "df": given.df }),
    )?);
    Ok(answer)
}

/// The column and the levels in a name such as `…/wave4_minus_wave1_index`.
fn in_name(id: &str) -> Option<(String, Literal, Literal)> {
    let id = id.rsplit('/').next()?;
    let (to, from) = id.split_once("_minus_")?;
    let from = from.split('_').next()?;
    let split = |text: &str| {
        let digits = text.find(|c: char| c.is_ascii_digit())?;
        Some((
            text[..digits].to_owned(),
            Literal::Text(text[digits..].to_owned()),
        ))
    };
    let ((wave, to), (same, from)) = (split(to)?, split(from)?);
    (wave == same).then_some((wave, from, to))
}

/// The estimate under its name, its standard error and interval.
fn estimate(
    name: &str,
    value: f64,
    variance: f64,
    df: Option<f64>,
    level: Level,
) -> Result<Map<String, Value>, Error> {
    // Rounding may leave nothing just below zero.
    let se = variance.max(0.0).sqrt();
    let interval = match df {
        Some(df) => symmetric(value, se, df, level).ok(),
        None => {
            let half = normal::critical(level, Sides::Two)? * se;
            Some(Interval {
                lower: value - half,
                upper: value + half,
            })
        }
    };
    let mut answer = reply(json!({
        "se": se,
        "lower": interval.map(|interval| interval.lower),
        "upper": interval.map(|interval| interval.upper),
        "level": level,
    }))?;
    answer.insert(name.to_owned(), json!(value));
    Ok(answer)
}

fn square(found: &Index) -> Vec<&[f64]> {
    let width = found.names.len().max(1);
    found.covariance.chunks(width).collect()
}

/// Σ aₖ xₖ.
fn linear(name: &str, a: &[f64], x: &[f64]) -> Result<f64, Error> {
    if a.is_empty() || a.len() != x.len() {
        return Err(Error::Inputs(format!(
            "{name} has {} entries, coefficients has {}; give one for each part of the index",
            x.len(),
            a.len()
        )));
    }
    Ok(a.iter().zip(x).map(|(a, x)| a * x).sum())
}

/// Σ aᵢ Mᵢⱼ bⱼ.
fn quadratic(name: &str, a: &[f64], matrix: &[Vec<f64>], b: &[f64]) -> Result<f64, Error> {
    let rows = matrix.iter().map(|row| linear(name, b, row));
    let products = rows.collect::<Result<Vec<_>, _>>()?;
    let form = linear(name, a, &products)?;
    let diagonal = (0..matrix.len()).filter_map(|i| matrix.get(i)?.get(i));
    if name.ends_with("vcov") && (form < -1e-12 || diagonal.into_iter().any(|v| *v < 0.0)) {
        return Err(Error::Inputs(format!(
            "{name} is no covariance matrix: a variance in it is negative"
        )));
    }
    Ok(form)
}
