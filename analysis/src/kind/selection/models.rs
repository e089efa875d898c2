//! Models of who answers, from lists or CSV texts.

use crate::kind::columns::{Columns, ModelMatrix};
use crate::request::reply;
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stats::selection::nonprobability::{
    OutcomeModel, PopulationSize, Reference, Samples, Volunteers, doubly_robust,
    inverse_propensity, mass_imputation,
};
use stats::selection::{NotSelected, Proxy, logistic_regression, mubp, r_indicator};

/// Propensities, or a CSV text of all who were invited.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected propensities, or csv with the names of its columns: response, factors"
)]
enum Response {
    Propensities {
        propensities: Vec<f64>,
        weights: Option<Vec<f64>>,
    },
    Csv {
        csv: String,
        #[serde(alias = "resp", default = "resp")]
        response: String,
        #[serde(default)]
        covariates: Vec<String>,
        #[serde(default)]
        factors: Vec<String>,
        weights: Option<String>,
    },
}

fn resp() -> String {
    "resp".to_owned()
}

pub(super) fn representativity(request: &Request) -> Result<Map<String, Value>, Error> {
    let (propensities, weights) = match request.settings()? {
        Response::Propensities {
            propensities,
            weights,
        } => (propensities, weights),
        Response::Csv {
            csv,
            response,
            mut covariates,
            factors,
            weights,
        } => {
            let table = Columns::read(&csv)?;
            covariates.extend(factors.iter().cloned());
            let rows = ModelMatrix::plan(&[&table], &covariates, &factors)?.rows(&table)?;
            let (_, fitted) = logistic_regression(&table.numbers(&response)?, &rows)?;
            let weights = weights.map(|name| table.numbers(&name)).transpose()?;
            (fitted, weights)
        }
    };
    let weights = weights.unwrap_or_else(|| vec![1.0; propensities.len()]);
    let found = r_indicator(&propensities, &weights)?;
    reply(json!({
        "R": found.r,
        "S_rho": found.spread,
        "mean_propensity": found.mean,
        "maximal_bias": found.maximal_bias,
    }))
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected x (proxy) and y (0 or 1) as lists, or csv with columns of these names"
)]
enum Respondents {
    Csv { csv: String },
    Listed { x: Vec<f64>, y: Vec<f64> },
}

pub(super) fn proportion_bias(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        xmean_nonselected: f64,
        xvar_nonselected: f64,
        sampling_fraction: f64,
        phi: f64,
        #[serde(flatten)]
        respondents: Respondents,
    }
    let inputs: Inputs = request.settings()?;
    let (x, y) = match inputs.respondents {
        Respondents::Csv { csv } => {
            let table = Columns::read(&csv)?;
            (table.numbers("x")?, table.numbers("y")?)
        }
        Respondents::Listed { x, y } => (x, y),
    };
    let others = NotSelected {
        mean: inputs.xmean_nonselected,
        variance: inputs.xvar_nonselected,
        sampling_fraction: inputs.sampling_fraction,
    };
    let found = mubp(Proxy { x: &x, y: &y }, others, inputs.phi)?;
    reply(json!({
        "rho_biserial": found.correlation,
        "mubp": found.bias,
        "ymean_adjusted": found.adjusted,
        "ymean_selected": found.selected,
    }))
}

/// Two CSV texts and the names of their columns.
#[derive(Deserialize)]
struct TwoSamples {
    nonprob: String,
    prob: String,
    #[serde(default = "outcome")]
    outcome: String,
    covariates: Vec<String>,
    #[serde(default)]
    factors: Vec<String>,
    #[serde(default = "weight")]
    weights: String,
    strata: Option<String>,
    /// "gaussian" or "binomial".
    model: Option<String>,
    #[serde(default)]
    size: Size,
    #[serde(rename = "N", alias = "population")]
    population: Option<f64>,
}

fn outcome() -> String {
    "y".to_owned()
}

fn weight() -> String {
    "d".to_owned()
}

/// By what the volunteers' total is divided where N is not given.
#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "snake_case")]
enum Size {
    #[default]
    Volunteers,
    Reference,
}

pub(super) fn volunteers(method: &str, request: &Request) -> Result<Map<String, Value>, Error> {
    let inputs: TwoSamples = request.settings()?;
    let (a, b) = (
        Columns::read(&inputs.nonprob)?,
        Columns::read(&inputs.prob)?,
    );
    let matrix = ModelMatrix::plan(&[&a, &b], &inputs.covariates, &inputs.factors)?;
    let strata = inputs
        .strata
        .as_deref()
        .map(|name| b.codes(name))
        .transpose()?;
    let samples = Samples::new(
        Volunteers {
            outcome: &a.numbers(&inputs.outcome)?,
            covariates: &matrix.rows(&a)?,
        },
        Reference {
            covariates: &matrix.rows(&b)?,
            weights: &b.numbers(&inputs.weights)?,
            strata: strata.as_deref(),
        },
    )?;
    let model = match &inputs.model {
        Some(name) => name.parse()?,
        None => OutcomeModel::Linear,
    };
    let size = match (inputs.population, inputs.size) {
        (Some(n), _) => PopulationSize::Known(n),
        (None, Size::Volunteers) => PopulationSize::Volunteers,
        (None, Size::Reference) => PopulationSize::Reference,
    };
    let found = match method {
        "inverse_propensity" => inverse_propensity(&samples, size)?,
        "mass_imputation" => mass_imputation(&samples, model)?,
        _ => doubly_robust(&samples, model, size)?,
    };
    reply(json!({
        "mean": found.mean,
        "se": found.standard_error,
        "N": found.population,
        "covariates": matrix.names(),
        "propensity": found.propensity,
        "outcome_model": found.outcome,
        "method": method,
    }))
}
