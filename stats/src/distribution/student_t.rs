//! Student's t distribution with (not necessarily whole) degrees of freedom; an infinite
//! number of them is the normal distribution.

use super::{degrees_of_freedom, finite_quantile, infinite_quantile, normal, point, probability};
use crate::special::incomplete_beta::{UnitPoint, ln_lower_at_logit, log_tails, quantile_logit};
use crate::{Error, Level, Sides};

/// P(T ≤ t), through the incomplete beta function (Abramowitz & Stegun 26.7.1).
///
/// # Errors
/// [`Error::OutOfRange`] for NaN or df ≤ 0.
pub fn cdf(t: f64, df: f64) -> Result<f64, Error> {
    let (t, df) = (point("t", t)?, degrees_of_freedom("df", df)?);
    if df == f64::INFINITY || t.is_infinite() {
        return Ok(normal::cdf(t));
    }
    let two_tails = two_sided_log_tail(t, df)?;
    Ok(if t < 0.0 {
        0.5 * two_tails.exp()
    } else {
        1.0 - 0.5 * two_tails.exp()
    })
}

/// P(T > t).
///
/// # Errors
/// As [`cdf`].
pub fn sf(t: f64, df: f64) -> Result<f64, Error> {
    cdf(-t, df)
}

/// ln P(|T| > |t|).
fn two_sided_log_tail(t: f64, df: f64) -> Result<f64, Error> {
    let ratio = t * (t / df);
    if ratio > 1e300 {
        return ln_lower_at_logit(0.5 * df, 0.5, df.ln() - 2.0 * t.abs().ln());
    }
    let at = UnitPoint {
        x: (1.0 + ratio).recip(),
        y: ratio / (1.0 + ratio),
    };
    Ok(log_tails(0.5 * df, 0.5, at)?.lower)
}

/// The t with P(T ≤ t) = p.
///
/// # Errors
/// As [`cdf`], and [`Error::OutOfRange`] unless 0 < p < 1, or if t is
/// beyond the largest number.
pub fn quantile(p: f64, df: f64) -> Result<f64, Error> {
    let (p, df) = (probability(p)?, degrees_of_freedom("df", df)?);
    if p == 0.0 || p == 1.0 {
        return Err(infinite_quantile(p));
    }
    if p > 0.5 {
        return quantile(1.0 - p, df).map(|t| -t);
    }
    if p == 0.5 {
        return Ok(0.0);
    }
    if df > 1e6 {
        return Ok(cornish_fisher(normal::quantile(p)?, df));
    }
    // T²/(df + T²) ~ Beta(½, df/2): from its smaller tail, in log-odds.
    let log_odds = if p < 0.25 {
        -quantile_logit(2.0 * p, 0.5 * df, 0.5)?
    } else {
        quantile_logit(1.0 - 2.0 * p, 0.5, 0.5 * df)?
    };
    finite_quantile(p, -df.sqrt() * (0.5 * log_odds).exp())
}

/// The expansion of the t quantile about the normal one, Abramowitz & Stegun 26.7.5;
/// at df > 1e6 the first term left out is below 1e-12 of z for every p above 1e-300.
fn cornish_fisher(z: f64, df: f64) -> f64 {
    let z2 = z * z;
    let terms = [
        (z2 + 1.0) / 4.0,
        ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0,
        (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0,
        ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92_160.0,
    ];
    z * (1.0 + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / df))
}

/// The critical value of a confidence level: t at 1 − α/2, or at 1 − α for one side
/// (negative there if the level is below one half).
///
/// # Errors
/// As [`quantile`].
pub fn critical(level: Level, sides: Sides, df: f64) -> Result<f64, Error> {
    quantile(sides.tail(level), df).map(|t| -t)
}
