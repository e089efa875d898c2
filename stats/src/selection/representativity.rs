//! The R-indicator: how evenly a response is spread over what is known of everyone.

use super::{finite, out_of_range};
use crate::Error;

/// How representative a response is, given response propensities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Representativity {
    /// R = 1 − 2 S(ρ): 1 if all groups respond alike, 0 at worst.
    pub r: f64,
    /// S(ρ), the weighted standard deviation of the propensities (divisor N − 1).
    pub spread: f64,
    /// The mean propensity, the response rate.
    pub mean: f64,
    /// S(ρ)/ρ̄: the bias of a response mean is at most this times the standard deviation of
    /// the answers, as far as selection depends on the covariates.
    pub maximal_bias: f64,
}

/// The R-indicator of a sample from the response propensity and design weight of each member,
/// respondents and others.
///
/// Propensities are estimated by [`super::logistic_regression`] on covariates known for all,
/// or as the response rate of each member's cell.
///
/// Source: Schouten, Cobben and Bethlehem 2009 (Survey Methodology 35, 101–113),
/// without the adjustment for the bias of estimated propensities.
///
/// # Errors
/// [`Error::NoData`] for weights that sum to no more than 1 member; [`Error::OutOfRange`] for
/// lengths that differ, propensities outside \[0, 1\], or weights that are negative or not finite.
pub fn r_indicator(propensities: &[f64], weights: &[f64]) -> Result<Representativity, Error> {
    if propensities.len() != weights.len() {
        return Err(out_of_range(
            "weights",
            weights.len() as f64,
            "one for each propensity",
        ));
    }
    for (&propensity, &weight) in propensities.iter().zip(weights) {
        if !(0.0..=1.0).contains(&propensity) {
            return Err(out_of_range(
                "propensity",
                propensity,
                "a number from 0 to 1",
            ));
        }
        if finite("weight", weight)? < 0.0 {
            return Err(out_of_range("weight", weight, "a weight of 0 or more"));
        }
    }
    let size: f64 = weights.iter().sum();
    if size <= 1.0 {
        return Err(Error::NoData(
            "the sample stands for no more than one member",
        ));
    }
    let members = || propensities.iter().zip(weights);
    let mean = members().map(|(p, w)| p * w).sum::<f64>() / size;
    let squares: f64 = members().map(|(p, w)| w * (p - mean).powi(2)).sum();
    let spread = (squares / (size - 1.0)).sqrt();
    Ok(Representativity {
        r: 1.0 - 2.0 * spread,
        spread,
        mean,
        maximal_bias: spread / mean,
    })
}
