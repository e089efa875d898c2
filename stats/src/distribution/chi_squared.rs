//! The χ² distribution with (not necessarily whole) degrees of freedom.

use super::{infinite_quantile, point, positive, probability};
use crate::Error;
use crate::special::incomplete_gamma;

/// P(X ≤ x).
///
/// # Errors
/// [`Error::OutOfRange`] for NaN or df that are not positive and finite;
/// [`Error::NotConverged`] for df beyond about 1e10.
pub fn cdf(x: f64, df: f64) -> Result<f64, Error> {
    let (x, df) = (point("x", x)?, positive("df", df)?);
    Ok(incomplete_gamma::log_tails(0.5 * df, 0.5 * x)?.lower.exp())
}

/// P(X > x).
///
/// # Errors
/// As [`cdf`].
pub fn sf(x: f64, df: f64) -> Result<f64, Error> {
    let (x, df) = (point("x", x)?, positive("df", df)?);
    Ok(incomplete_gamma::log_tails(0.5 * df, 0.5 * x)?.upper.exp())
}

/// The x with P(X ≤ x) = p.
///
/// # Errors
/// As [`cdf`], and [`Error::OutOfRange`] unless 0 ≤ p < 1.
pub fn quantile(p: f64, df: f64) -> Result<f64, Error> {
    let (p, df) = (probability(p)?, positive("df", df)?);
    if p == 0.0 {
        return Ok(0.0);
    }
    if p == 1.0 {
        return Err(infinite_quantile(p));
    }
    Ok(2.0 * incomplete_gamma::quantile(p, 0.5 * df)?)
}
