//! The binomial distribution with n trials.

use super::{beta, probability};
use crate::Error;
use crate::special::deviance::{deviance, stirling_error};

/// P(X = x), after Loader (2000): accurate where the factorials would overflow.
///
/// # Errors
/// [`Error::OutOfRange`] for p outside [0, 1].
pub fn pmf(x: u64, n: u64, p: f64) -> Result<f64, Error> {
    let p = probability(p)?;
    if x > n {
        return Ok(0.0);
    }
    let (successes, failures, n) = (x as f64, (n - x) as f64, n as f64);
    if p == 0.0 || p == 1.0 {
        return Ok(f64::from(u8::from(successes == n * p)));
    }
    if successes == 0.0 {
        return Ok((n * (-p).ln_1p()).exp());
    }
    if failures == 0.0 {
        return Ok((n * p.ln()).exp());
    }
    let ln_shape = stirling_error(n)
        - stirling_error(successes)
        - stirling_error(failures)
        - deviance(successes, n * p)
        - deviance(failures, n * (1.0 - p));
    Ok(ln_shape.exp() * (n / (std::f64::consts::TAU * successes * failures)).sqrt())
}

/// P(X ≤ x).
///
/// # Errors
/// As [`pmf`].
pub fn cdf(x: u64, n: u64, p: f64) -> Result<f64, Error> {
    let p = probability(p)?;
    if x >= n {
        return Ok(1.0);
    }
    beta::sf(p, x as f64 + 1.0, (n - x) as f64)
}

/// P(X > x).
///
/// # Errors
/// As [`pmf`].
pub fn sf(x: u64, n: u64, p: f64) -> Result<f64, Error> {
    let p = probability(p)?;
    if x >= n {
        return Ok(0.0);
    }
    beta::cdf(p, x as f64 + 1.0, (n - x) as f64)
}
