//! The F distribution with d1 and d2 degrees of freedom; d2 may be infinite, the limit
//! being χ²(d1)/d1.

use super::{
    chi_squared, degrees_of_freedom, finite_quantile, infinite_quantile, point, positive,
    probability,
};
use crate::Error;
use crate::special::LogTails;
use crate::special::incomplete_beta::{UnitPoint, log_tails, quantile_logit};

fn tails(f: f64, d1: f64, d2: f64) -> Result<LogTails, Error> {
    let ratio = f.max(0.0) * (d1 / d2);
    let at = if ratio.is_finite() {
        UnitPoint {
            x: ratio / (1.0 + ratio),
            y: (1.0 + ratio).recip(),
        }
    } else {
        UnitPoint { x: 1.0, y: 0.0 }
    };
    log_tails(0.5 * d1, 0.5 * d2, at)
}

/// P(F ≤ f) (Abramowitz & Stegun 26.6.2).
///
/// # Errors
/// [`Error::OutOfRange`] for NaN or degrees of freedom that are not positive.
pub fn cdf(f: f64, d1: f64, d2: f64) -> Result<f64, Error> {
    let (f, d1) = (point("f", f)?, positive("d1", d1)?);
    let d2 = degrees_of_freedom("d2", d2)?;
    if d2 == f64::INFINITY {
        return chi_squared::cdf(f * d1, d1);
    }
    Ok(tails(f, d1, d2)?.lower.exp())
}

/// P(F > f).
///
/// # Errors
/// As [`cdf`].
pub fn sf(f: f64, d1: f64, d2: f64) -> Result<f64, Error> {
    let (f, d1) = (point("f", f)?, positive("d1", d1)?);
    let d2 = degrees_of_freedom("d2", d2)?;
    if d2 == f64::INFINITY {
        return chi_squared::sf(f * d1, d1);
    }
    Ok(tails(f, d1, d2)?.upper.exp())
}

/// The f with P(F ≤ f) = p.
///
/// # Errors
/// As [`cdf`], and [`Error::OutOfRange`] unless 0 ≤ p < 1.
pub fn quantile(p: f64, d1: f64, d2: f64) -> Result<f64, Error> {
    let (p, d1) = (probability(p)?, positive("d1", d1)?);
    let d2 = degrees_of_freedom("d2", d2)?;
    if p == 0.0 {
        return Ok(0.0);
    }
    if p == 1.0 {
        return Err(infinite_quantile(p));
    }
    if d2 == f64::INFINITY {
        return Ok(chi_squared::quantile(p, d1)? / d1);
    }
    let log_odds = quantile_logit(p, 0.5 * d1, 0.5 * d2)?;
    finite_quantile(p, d2 / d1 * log_odds.exp())
}
