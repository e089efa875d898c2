//! Logistic models by Newton's method, for propensities and for yes/no outcomes.

use super::out_of_range;
use crate::Error;
use nalgebra::{DMatrix, DVector};

/// Newton steps before giving up. Regular data take fewer than ten; where a group all answered
/// alike, each step carries its predictor on by about 1 without end, and 25 steps stop it
/// before rounding could pass for convergence.
const MAX_STEPS: usize = 25;

/// Settled when a step moves no linear predictor by more than this: the next one, convergence
/// being quadratic, would follow rounding.
const SETTLED: f64 = 1e-9;

/// Probability from a linear predictor.
pub(crate) fn expit(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta).exp())
}

/// The θ that solves Σ_A x = Σ_B d π(x′θ) x, given the left side as `totals`: where the
/// expected totals of the covariates equal the observed ones.
///
/// It maximises totals′θ − Σ d ln(1 + e^(x′θ)), which is concave, so that halving any step that
/// does not climb makes Newton's method converge from 0.
pub(crate) fn balance(
    totals: &DVector<f64>,
    rows: &DMatrix<f64>,
    weights: &DVector<f64>,
) -> Result<DVector<f64>, Error> {
    let objective = |theta: &DVector<f64>| {
        let eta = rows * theta;
        let cost = eta.zip_map(weights, |eta, d| d * softplus(eta));
        totals.dot(theta) - cost.sum()
    };
    let mut theta = DVector::zeros(rows.ncols());
    let mut height = objective(&theta);
    for _ in 0..MAX_STEPS {
        let probabilities = (rows * &theta).map(expit);
        let expected = probabilities.component_mul(weights);
        let score = totals - rows.tr_mul(&expected);
        let variances = expected.zip_map(&probabilities, |dp, p| dp * (1.0 - p));
        let information = gram(rows, &variances);
        let Some(mut step) = information.cholesky().map(|root| root.solve(&score)) else {
            return Err(singular());
        };
        if (rows * &step).amax() <= SETTLED {
            return Ok(theta + step);
        }
        for _ in 0..60 {
            let candidate = objective(&(&theta + &step));
            // At the top, rounding decides; the full step is then as good as any.
            if candidate >= height - 1e-12 * height.abs() {
                height = candidate;
                break;
            }
            step /= 2.0;
        }
        theta += step;
    }
    Err(Error::NotConverged {
        what: "the logistic model (a covariate may separate those who answer from the rest)",
        iterations: MAX_STEPS,
    })
}

/// Σ v x x′ over the rows.
pub(crate) fn gram(rows: &DMatrix<f64>, v: &DVector<f64>) -> DMatrix<f64> {
    let mut weighted = rows.clone();
    for mut column in weighted.column_iter_mut() {
        column.component_mul_assign(v);
    }
    rows.tr_mul(&weighted)
}

/// ln(1 + e^x) without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

pub(super) fn singular() -> Error {
    Error::Undefined {
        method: "the regression on covariates",
        reason: "the covariates are linearly dependent, or separate the outcomes; leave one out",
    }
}

/// Rows of equal length as a matrix.
pub(super) fn matrix(rows: &[Vec<f64>]) -> Result<DMatrix<f64>, Error> {
    let Some(first) = rows.first().filter(|row| !row.is_empty()) else {
        return Err(Error::NoData("there are no covariates"));
    };
    for row in rows {
        if row.len() != first.len() {
            return Err(out_of_range(
                "covariates",
                row.len() as f64,
                "as many values in each row",
            ));
        }
        if let Some(&value) = row.iter().find(|value| !value.is_finite()) {
            return Err(out_of_range("covariate", value, "a finite number"));
        }
    }
    let values = rows.iter().flatten().copied();
    Ok(DMatrix::from_row_iterator(rows.len(), first.len(), values))
}

/// Logistic regression of `outcomes` (0 to 1) on the rows of `covariates`, the leading 1 of an
/// intercept included: the coefficients and the fitted probabilities.
///
/// # Errors
/// [`Error::NoData`] without rows; [`Error::OutOfRange`] for lengths that differ, outcomes
/// outside \[0, 1\] or covariates that are not finite; [`Error::Undefined`] or
/// [`Error::NotConverged`] where covariates depend on each other or separate the outcomes.
pub fn logistic_regression(
    outcomes: &[f64],
    covariates: &[Vec<f64>],
) -> Result<(Vec<f64>, Vec<f64>), Error> {
    let rows = matrix(covariates)?;
    if rows.nrows() != outcomes.len() {
        return Err(out_of_range(
            "outcomes",
            outcomes.len() as f64,
            "one for each row of covariates",
        ));
    }
    if let Some(&value) = outcomes.iter().find(|y| !(0.0..=1.0).contains(*y)) {
        return Err(out_of_range("outcome", value, "a number from 0 to 1"));
    }
    let totals = rows.tr_mul(&DVector::from_column_slice(outcomes));
    let theta = balance(&totals, &rows, &DVector::from_element(rows.nrows(), 1.0))?;
    let fitted = (&rows * &theta).map(expit);
    Ok((
        theta.iter().copied().collect(),
        fitted.iter().copied().collect(),
    ))
}
