//! The variance A between areas, by REML, ML or moments.

use super::Method;
use super::model::AreaModel;
use super::regression::Fit;
use crate::Error;
use crate::special::edge::edge_above_zero;

/// Scoring steps before giving up; well-behaved data take a dozen.
const MAX_STEPS: usize = 1_000;

/// A has settled when a step changes it by less than this share of A + the typical variance.
const SETTLED: f64 = 1e-13;

pub(super) fn estimate(model: &AreaModel, method: Method) -> Result<f64, Error> {
    match method {
        Method::Reml => scoring(model, restricted_score),
        Method::Ml => scoring(model, score),
        Method::Fh => moment(model),
    }
}

/// Score and information of the log-likelihood in A (Rao and Molina 2015, chapter 6).
fn score(_: &AreaModel, fit: &Fit) -> (f64, f64) {
    (
        0.5 * (fit.squares(2) - fit.precision_sum(1)),
        0.5 * fit.precision_sum(2),
    )
}

/// Score and information of the restricted log-likelihood, with P = V⁻¹ − V⁻¹XQX′V⁻¹:
/// ½(y′PPy − tr P) and ½ tr PP (Rao and Molina 2015, chapter 6).
fn restricted_score(model: &AreaModel, fit: &Fit) -> (f64, f64) {
    let second = fit.influence(model, 2);
    let third = fit.influence(model, 3);
    let trace = fit.precision_sum(1) - second.trace();
    let information = fit.precision_sum(2) - 2.0 * third.trace() + (&second * &second).trace();
    (0.5 * (fit.squares(2) - trace), 0.5 * information)
}

/// Fisher scoring from the median sampling variance. A maximum on the boundary is A = 0.
fn scoring(
    model: &AreaModel,
    score: impl Fn(&AreaModel, &Fit) -> (f64, f64),
) -> Result<f64, Error> {
    let typical = median(model.variances.as_slice());
    let mut a = typical;
    for _ in 0..MAX_STEPS {
        let (slope, information) = score(model, &Fit::new(model, a)?);
        let step = slope / information;
        if !step.is_finite() {
            break;
        }
        let mut next = a + step;
        if next <= 0.0 {
            let (slope_at_zero, _) = score(model, &Fit::new(model, 0.0)?);
            if slope_at_zero <= 0.0 {
                return Ok(0.0);
            }
            next = a / 2.0;
        }
        if (next - a).abs() <= SETTLED * (a + typical) {
            return Ok(next);
        }
        a = next;
    }
    Err(Error::NotConverged {
        what: "the variance between areas",
        iterations: MAX_STEPS,
    })
}

/// The A at which Σ (y − Xβ̂)²/(A + D) = m − p (Fay and Herriot 1979); the sum falls in A.
fn moment(model: &AreaModel) -> Result<f64, Error> {
    let freedom = (model.count() - model.covariates.ncols()) as f64;
    let excess = |a: f64| Ok::<f64, Error>(Fit::new(model, a)?.squares(1) - freedom);
    if excess(0.0)? <= 0.0 {
        return Ok(0.0);
    }
    let doublings = 1_000;
    let typical = median(model.variances.as_slice());
    let above = |a: f64| excess(a).is_ok_and(|excess| excess > 0.0);
    edge_above_zero(typical, doublings, above).ok_or(Error::NotConverged {
        what: "the variance between areas",
        iterations: doublings,
    })
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = ((sorted.len() - 1) / 2, sorted.len() / 2);
    let at = |i: usize| sorted.get(i).copied().unwrap_or(0.0);
    0.5 * (at(low) + at(high))
}
