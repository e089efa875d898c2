//! The standard normal distribution.

use super::{infinite_quantile, probability};
use crate::{Error, Level, Sides};
use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// The density φ(x).
pub fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// P(Z ≤ x); NaN only for NaN.
pub fn cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// P(Z > x), accurate in the far upper tail.
pub fn sf(x: f64) -> f64 {
    cdf(-x)
}

/// The z with P(Z ≤ z) = p, from the inverse error function of statrs.
///
/// # Errors
/// [`Error::OutOfRange`] unless 0 < p < 1.
pub fn quantile(p: f64) -> Result<f64, Error> {
    let p = probability(p)?;
    if p == 0.0 || p == 1.0 {
        return Err(infinite_quantile(p));
    }
    if p == 0.5 {
        return Ok(0.0);
    }
    if p > 0.5 {
        // 1 − p is exact here, and the lower tail keeps its digits.
        return quantile(1.0 - p).map(|z| -z);
    }
    Ok(-SQRT_2 * statrs::function::erf::erfc_inv(2.0 * p))
}

/// The critical value of a confidence level: z at 1 − α/2, or at 1 − α for one side
/// (negative there if the level is below one half).
///
/// # Errors
/// [`Error::OutOfRange`] where α is so small that it is lost in rounding.
pub fn critical(level: Level, sides: Sides) -> Result<f64, Error> {
    quantile(sides.tail(level)).map(|z| -z)
}
