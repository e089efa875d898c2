//! Self-selected answers: bounds, defects, and weighting by a reference sample.

mod bounds;
mod models;

use super::{sequence, unknown_method};
use crate::{Error, Request};
use serde_json::{Map, Value};

pub(super) use bounds::repeated;

const KNOWN: &[&str] = &[
    "meng_ddc",
    "meng_bias_from_ddc",
    "manski_bounds",
    "delta_bounded_nonresponse",
    "contamination_bounds",
    "fake_yes_needed",
    "type1_error_repeated_95pct_looks",
    "asymptotic_cs_multiplier",
    "r_indicator",
    "mubp",
    "inverse_propensity",
    "mass_imputation",
    "doubly_robust",
];

/// The method, or the one that the inputs by themselves tell.
fn method(request: &Request) -> Result<&str, Error> {
    let inputs = request.get("inputs");
    match request.method() {
        Err(_) if inputs.is_some_and(|inputs| inputs.get("xmean_nonselected").is_some()) => {
            Ok("mubp")
        }
        named => named,
    }
}

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    match method(request)? {
        "meng_ddc" => bounds::defect(request),
        "meng_bias_from_ddc" => bounds::bias(request),
        "manski_bounds" => bounds::manski(request),
        "delta_bounded_nonresponse" => bounds::delta(request),
        "contamination_bounds" => bounds::contamination(request),
        "fake_yes_needed" => bounds::fakes(request),
        "type1_error_repeated_95pct_looks" => repeated(request),
        "asymptotic_cs_multiplier" => sequence::answer(request),
        "r_indicator" => models::representativity(request),
        "mubp" => models::proportion_bias(request),
        name @ ("inverse_propensity" | "mass_imputation" | "doubly_robust") => {
            models::volunteers(name, request)
        }
        other => Err(unknown_method("question about selection", other, KNOWN)),
    }
}
