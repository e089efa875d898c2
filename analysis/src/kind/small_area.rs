//! Fay–Herriot estimates of areas, from numbers or from a CSV text.

use super::columns::{Columns, ModelMatrix};
use crate::request::reply;
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stats::small_area::{AreaEstimate, AreaModel, FayHerriot, Method};

/// The model's numbers, or a CSV text with the names of its columns.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected direct, variances and covariates (rows with the leading 1), or csv \
                 with the names of its columns: direct, variance, covariates"
)]
enum Inputs {
    Numbers {
        #[serde(alias = "y")]
        direct: Vec<f64>,
        #[serde(alias = "vardir")]
        variances: Vec<f64>,
        #[serde(alias = "X")]
        covariates: Vec<Vec<f64>>,
    },
    Csv {
        csv: String,
        #[serde(alias = "y", default = "y")]
        direct: String,
        #[serde(alias = "vardir", default = "vardir")]
        variance: String,
        #[serde(default)]
        covariates: Vec<String>,
        /// In place of `covariates`, as R writes it: `y ~ 1 + x1 + urban`.
        model: Option<String>,
        #[serde(default)]
        factors: Vec<String>,
    },
}

fn y() -> String {
    "y".to_owned()
}

fn vardir() -> String {
    "vardir".to_owned()
}

/// The covariates on the right of a formula; the constant is always there, and what follows a
/// comma is a remark.
fn terms(model: &str) -> Vec<String> {
    let (_, right) = model.split_once('~').unwrap_or(("", model));
    let right = right.split(',').next().unwrap_or(right);
    let terms = right.split('+').map(str::trim);
    terms
        .filter(|term| !term.is_empty() && *term != "1")
        .map(str::to_owned)
        .collect()
}

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    let method: Method = request.method()?.parse()?;
    let (direct, variances, covariates) = match request.settings()? {
        Inputs::Numbers {
            direct,
            variances,
            covariates,
        } => (direct, variances, covariates),
        Inputs::Csv {
            csv,
            direct,
            variance,
            covariates,
            model,
            factors,
        } => {
            let covariates = match model {
                Some(model) if covariates.is_empty() => terms(&model),
                _ => covariates,
            };
            let table = Columns::read(&csv)?;
            let matrix = ModelMatrix::plan(&[&table], &covariates, &factors)?;
            (
                table.numbers(&direct)?,
                table.numbers(&variance)?,
                matrix.rows(&table)?,
            )
        }
    };
    let model = AreaModel::new(&direct, &variances, &covariates)?;
    let fitted = FayHerriot::fit(&model, method)?;
    let of = |of: fn(&AreaEstimate) -> f64| -> Vec<f64> { fitted.areas.iter().map(of).collect() };
    reply(json!({
        "refvar": fitted.between_variance,
        "beta": fitted.coefficients,
        "beta_se": fitted.standard_errors,
        "eblup": of(|area| area.eblup),
        "mse": of(|area| area.mse),
        "own_weight": of(|area| area.own_weight),
        "loglike": fitted.log_likelihood,
        "AIC": fitted.aic,
        "BIC": fitted.bic,
        "method": method,
    }))
}
