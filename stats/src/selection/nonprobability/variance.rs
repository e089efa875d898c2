//! Variances by linearisation: the volunteers' part plus the reference sample's.

use super::super::logistic::{gram, singular};
use super::estimators::{Outcome, Propensity};
use super::samples::Samples;
use super::{OutcomeModel, PopulationSize};
use crate::Error;
use nalgebra::DVector;

/// What a weighted estimate is made of.
pub(super) struct Parts {
    /// y − m(x) of the volunteers.
    pub residuals: DVector<f64>,
    /// Their weighted mean.
    pub residual: f64,
    /// The mean prediction.
    pub predicted: f64,
    pub size: PopulationSize,
    pub population: f64,
}

/// N⁻² {Σ_A (1 − π)((e − h)/π − x′b)² + V(Σ_B d t)} with t = π x′b + m − its mean, and
/// b = (Σ_B d π(1 − π) x x′)⁻¹ Σ_A (1/π − 1)(e − h) x.
///
/// h is the mean residual where the volunteers' weights are normalised by their own sum, else
/// 0. Volunteering is taken as independent (Poisson). Source: Chen, Li and Wu 2020, Theorems
/// 1 and 2; the terms for an estimated N follow from the quotient rule.
pub(super) fn weighted(
    samples: &Samples,
    propensity: &Propensity,
    outcome: &Outcome,
    parts: &Parts,
) -> Result<f64, Error> {
    let Parts {
        residual,
        predicted,
        population,
        ..
    } = *parts;
    let (centre, subtract) = match parts.size {
        PopulationSize::Volunteers => (residual, predicted),
        PopulationSize::Reference => (0.0, residual + predicted),
        PopulationSize::Known(_) => (0.0, 0.0),
    };
    let centred = parts.residuals.add_scalar(-centre);
    let variances = propensity
        .b
        .map(|p| p * (1.0 - p))
        .component_mul(&samples.weights);
    let pull = centred.zip_map(&propensity.a, |e, p| e * (1.0 / p - 1.0));
    let b = gram(&samples.b, &variances)
        .cholesky()
        .ok_or_else(singular)?
        .solve(&samples.a.tr_mul(&pull));
    let along_a = &samples.a * &b;
    let volunteers: f64 = centred
        .iter()
        .zip(&propensity.a)
        .zip(&along_a)
        .map(|((e, p), along)| (1.0 - p) * (e / p - along).powi(2))
        .sum();
    let along_b = (&samples.b * &b).component_mul(&propensity.b);
    let t = along_b + outcome.b.add_scalar(-subtract);
    Ok((volunteers + samples.design_variance(&t)?) / (population * population))
}

/// N⁻² {Σ_A (g e)² + V(Σ_B d (m − μ))} with g = x′ (Σ_A v x x′)⁻¹ Σ_B d v x and v the variance
/// function of the model.
pub(super) fn imputed(
    samples: &Samples,
    outcome: &Outcome,
    model: OutcomeModel,
    mean: f64,
) -> Result<f64, Error> {
    let spread = |m: f64| match model {
        OutcomeModel::Linear => 1.0,
        OutcomeModel::Logistic => m * (1.0 - m),
    };
    let leverage = samples
        .b
        .tr_mul(&outcome.b.map(spread).component_mul(&samples.weights));
    let direction = gram(&samples.a, &outcome.a.map(spread))
        .cholesky()
        .ok_or_else(singular)?
        .solve(&leverage);
    let residuals = &samples.outcome - &outcome.a;
    let volunteers = (&samples.a * direction)
        .component_mul(&residuals)
        .norm_squared();
    let reference = samples.design_variance(&outcome.b.add_scalar(-mean))?;
    Ok((volunteers + reference) / samples.reference_size().powi(2))
}
