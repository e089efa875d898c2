//! The beta distribution with shapes a, b > 0.

use super::{point, positive, probability};
use crate::Error;
use crate::special::LogTails;
use crate::special::incomplete_beta::{UnitPoint, log_tails, quantile_logit};

fn tails(x: f64, a: f64, b: f64) -> Result<LogTails, Error> {
    let (x, a, b) = (point("x", x)?, positive("a", a)?, positive("b", b)?);
    log_tails(a, b, UnitPoint::new(x.clamp(0.0, 1.0)))
}

/// P(X ≤ x), the regularised incomplete beta function Iₓ(a, b).
///
/// # Errors
/// [`Error::OutOfRange`] for NaN or shapes that are not positive and finite;
/// [`Error::NotConverged`] for shapes too extreme to evaluate.
pub fn cdf(x: f64, a: f64, b: f64) -> Result<f64, Error> {
    Ok(tails(x, a, b)?.lower.exp())
}

/// P(X > x).
///
/// # Errors
/// As [`cdf`].
pub fn sf(x: f64, a: f64, b: f64) -> Result<f64, Error> {
    Ok(tails(x, a, b)?.upper.exp())
}

/// The x with P(X ≤ x) = p.
///
/// # Errors
/// As [`cdf`], and [`Error::OutOfRange`] for p outside [0, 1].
pub fn quantile(p: f64, a: f64, b: f64) -> Result<f64, Error> {
    let (p, a, b) = (probability(p)?, positive("a", a)?, positive("b", b)?);
    if p == 0.0 || p == 1.0 {
        return Ok(p);
    }
    Ok(UnitPoint::from_logit(quantile_logit(p, a, b)?).x)
}
