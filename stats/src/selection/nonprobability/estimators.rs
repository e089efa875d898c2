//! Inverse propensity weighting, mass imputation, and both at once.

use super::super::logistic::{balance, expit, singular};
use super::super::out_of_range;
use super::samples::Samples;
use super::{OutcomeModel, PopulationSize, variance};
use crate::Error;
use nalgebra::DVector;

/// An estimate of a population mean from volunteers and a reference sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The estimated mean.
    pub mean: f64,
    /// Its standard error: both samples' variation, the models' estimation included.
    pub standard_error: f64,
    /// The coefficients of the propensity model, if there is one.
    pub propensity: Option<Vec<f64>>,
    /// The coefficients of the outcome model, if there is one.
    pub outcome: Option<Vec<f64>>,
    /// The size by which the volunteers' total was divided.
    pub population: f64,
}

/// The propensity model: π = expit(x′θ) with Σ_A x = Σ_B d π x (the pseudo-score of the source).
pub(super) struct Propensity {
    pub theta: DVector<f64>,
    /// π̂ of the volunteers.
    pub a: DVector<f64>,
    /// π̂ of the reference sample.
    pub b: DVector<f64>,
}

impl Propensity {
    fn fit(samples: &Samples) -> Result<Self, Error> {
        let totals = samples.a.row_sum_tr();
        let theta = balance(&totals, &samples.b, &samples.weights)?;
        let a = (&samples.a * &theta).map(expit);
        if a.iter().any(|&p| p <= 0.0) {
            return Err(Error::Undefined {
                method: "inverse propensity weighting",
                reason: "a volunteer has propensity 0: the reference sample lacks such people",
            });
        }
        Ok(Self {
            b: (&samples.b * &theta).map(expit),
            a,
            theta,
        })
    }
}

/// The outcome model, fitted on the volunteers.
pub(super) struct Outcome {
    pub beta: DVector<f64>,
    /// Predictions for the volunteers.
    pub a: DVector<f64>,
    /// Predictions for the reference sample.
    pub b: DVector<f64>,
}

impl Outcome {
    fn fit(samples: &Samples, model: OutcomeModel) -> Result<Self, Error> {
        let (rows, y) = (&samples.a, &samples.outcome);
        let beta = match model {
            OutcomeModel::Linear => {
                let qr = rows.clone().qr();
                let solved = qr.r().solve_upper_triangular(&qr.q().tr_mul(y));
                let diagonal = qr.r().diagonal();
                let least = diagonal.iter().zip(rows.column_iter());
                if least
                    .into_iter()
                    .any(|(pivot, x)| pivot.abs() <= 1e-10 * x.norm())
                {
                    return Err(singular());
                }
                solved.ok_or_else(singular)?
            }
            OutcomeModel::Logistic => {
                if let Some(&value) = y.iter().find(|y| !(0.0..=1.0).contains(*y)) {
                    return Err(out_of_range(
                        "outcome",
                        value,
                        "from 0 to 1 for a logistic model",
                    ));
                }
                let ones = DVector::from_element(rows.nrows(), 1.0);
                balance(&rows.tr_mul(y), rows, &ones)?
            }
        };
        let predict = |eta: f64| match model {
            OutcomeModel::Linear => eta,
            OutcomeModel::Logistic => expit(eta),
        };
        Ok(Self {
            a: (rows * &beta).map(predict),
            b: (&samples.b * &beta).map(predict),
            beta,
        })
    }
}

impl PopulationSize {
    fn resolve(self, samples: &Samples, propensity: &Propensity) -> Result<f64, Error> {
        match self {
            Self::Volunteers => Ok(propensity.a.map(f64::recip).sum()),
            Self::Reference => Ok(samples.reference_size()),
            Self::Known(n) if n.is_finite() && n > 0.0 => Ok(n),
            Self::Known(n) => Err(out_of_range("population", n, "a positive number")),
        }
    }
}

/// Inverse propensity weighting: Σ_A y/π̂ over the population size.
///
/// # Errors
/// [`Error::Undefined`] or [`Error::NotConverged`] if the covariates depend on each other or
/// separate the samples; [`Error::OutOfRange`] for a known size that is not positive.
pub fn inverse_propensity(samples: &Samples, size: PopulationSize) -> Result<Estimate, Error> {
    let propensity = Propensity::fit(samples)?;
    let population = size.resolve(samples, &propensity)?;
    let nothing = Outcome {
        beta: DVector::zeros(0),
        a: DVector::zeros(samples.a.nrows()),
        b: DVector::zeros(samples.b.nrows()),
    };
    weighted(samples, &propensity, &nothing, size, population)
}

/// Mass imputation: the d-weighted mean over the reference sample of what the outcome model,
/// fitted on the volunteers, predicts there.
///
/// Variance: Kim, Park, Chen and Wu 2021 (JRSS A 184, 941–963).
///
/// # Errors
/// [`Error::Undefined`] or [`Error::NotConverged`] if the outcome model cannot be fitted;
/// [`Error::OutOfRange`] for outcomes that are no probability in a logistic model.
pub fn mass_imputation(samples: &Samples, model: OutcomeModel) -> Result<Estimate, Error> {
    let outcome = Outcome::fit(samples, model)?;
    let population = samples.reference_size();
    let mean = outcome.b.dot(&samples.weights) / population;
    Ok(Estimate {
        mean,
        standard_error: variance::imputed(samples, &outcome, model, mean)?.sqrt(),
        propensity: None,
        outcome: Some(outcome.beta.iter().copied().collect()),
        population,
    })
}

/// Doubly robust: mass imputation plus the inverse-propensity-weighted residuals of the
/// volunteers. Consistent if either model is right (DR1 and DR2 of the source).
///
/// # Errors
/// As [`inverse_propensity`] and [`mass_imputation`].
pub fn doubly_robust(
    samples: &Samples,
    model: OutcomeModel,
    size: PopulationSize,
) -> Result<Estimate, Error> {
    let propensity = Propensity::fit(samples)?;
    let population = size.resolve(samples, &propensity)?;
    let outcome = Outcome::fit(samples, model)?;
    let estimate = weighted(samples, &propensity, &outcome, size, population)?;
    Ok(Estimate {
        outcome: Some(outcome.beta.iter().copied().collect()),
        ..estimate
    })
}

/// The weighted residuals over `population`, plus the mean prediction.
fn weighted(
    samples: &Samples,
    propensity: &Propensity,
    outcome: &Outcome,
    size: PopulationSize,
    population: f64,
) -> Result<Estimate, Error> {
    let residuals = &samples.outcome - &outcome.a;
    let residual = residuals.component_div(&propensity.a).sum() / population;
    // A known N also divides the predictions; otherwise each sample has its own.
    let predicted_over = match size {
        PopulationSize::Known(n) => n,
        PopulationSize::Volunteers | PopulationSize::Reference => samples.reference_size(),
    };
    let predicted = outcome.b.dot(&samples.weights) / predicted_over;
    let parts = variance::Parts {
        residuals,
        residual,
        predicted,
        size,
        population,
    };
    Ok(Estimate {
        mean: residual + predicted,
        standard_error: variance::weighted(samples, propensity, outcome, &parts)?.sqrt(),
        propensity: Some(propensity.theta.iter().copied().collect()),
        outcome: None,
        population,
    })
}
