//! Uniform boundaries: curves that a sum crosses at any time with probability at most α.
//!
//! S_t is the sum of deviations from the mean, v its intrinsic time (an upper bound of its
//! variance, or the sum of squared prediction errors). Each function gives the u(v) with
//! P(some t: S_t ≥ u(v_t)) ≤ α; dividing by t makes a half-width of it.
//!
//! Source: Howard, Ramdas, McAuliffe and Sekhon 2021, Ann. Statist. 49, 1055–1080.

mod gamma_exponential;
mod normal_mixture;
mod stitching;

pub use gamma_exponential::GammaExponential;
pub use normal_mixture::{
    normal_mixture_one_sided, normal_mixture_two_sided, rho_one_sided, rho_two_sided,
};
pub use stitching::PolynomialStitching;

use crate::Error;

/// Refuses what is not a positive, finite number.
pub(super) fn positive(name: &'static str, value: f64) -> Result<f64, Error> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(Error::OutOfRange {
            name,
            value,
            expected: "a positive number",
        })
    }
}

/// Refuses an intrinsic time that is negative or no number.
fn intrinsic_time(v: f64) -> Result<f64, Error> {
    if v.is_finite() && v >= 0.0 {
        Ok(v)
    } else {
        Err(Error::OutOfRange {
            name: "v",
            value: v,
            expected: "an intrinsic time of 0 or more",
        })
    }
}
