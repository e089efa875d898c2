//! The regularised incomplete beta function Iₓ(a, b), both tails, and its inverse.
//!
//! Sources: DiDonato & Morris (1992), ACM TOMS 18:360–373 (Algorithm 708), its
//! continued fraction and asymptotic expansion; the power term after Loader (2000).

use super::deviance::{deviance, stirling_error};
use super::{LogTails, SMALL_TAIL, beta_asymptotic, root};
use crate::Error;

/// Steps of the continued fraction after which the evaluation is given up.
const CAP: usize = 100_000;

/// A point of the unit interval that keeps its distance to both ends exactly.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnitPoint {
    /// The distance to 0.
    pub x: f64,
    /// The distance to 1.
    pub y: f64,
}

impl UnitPoint {
    /// The point x in [0, 1].
    pub fn new(x: f64) -> Self {
        Self { x, y: 1.0 - x }
    }

    /// The point whose log-odds are `logit`.
    pub fn from_logit(logit: f64) -> Self {
        let odds = (-logit.abs()).exp();
        let (small, large) = (odds / (1.0 + odds), 1.0 / (1.0 + odds));
        if logit < 0.0 {
            Self { x: small, y: large }
        } else {
            Self { x: large, y: small }
        }
    }

    fn mirrored(self) -> Self {
        Self {
            x: self.y,
            y: self.x,
        }
    }
}

/// ln[xᵃ yᵇ / B(a, b)], the beta density on the logit scale.
fn ln_power_term(a: f64, b: f64, at: UnitPoint) -> f64 {
    let n = a + b;
    let (small, large) = (a.min(b), a.max(b));
    0.5 * (small / (1.0 + small / large) / std::f64::consts::TAU).ln() + stirling_error(n)
        - stirling_error(a)
        - stirling_error(b)
        - deviance(a, n * at.x)
        - deviance(b, n * at.y)
}

/// (a + b)·(mean − x), computed from the nearer end.
fn distance_below_mean(a: f64, b: f64, at: UnitPoint) -> f64 {
    if at.x <= at.y {
        (-(a + b)).mul_add(at.x, a)
    } else {
        (a + b).mul_add(at.y, -b)
    }
}

/// Both tails of the beta distribution at a point; a, b > 0 and finite.
///
/// # Errors
/// [`Error::NotConverged`] if the continued fraction does not settle.
pub(crate) fn log_tails(a: f64, b: f64, at: UnitPoint) -> Result<LogTails, Error> {
    if at.x <= 0.0 {
        return Ok(LogTails::NOTHING_BELOW);
    }
    if at.y <= 0.0 {
        return Ok(LogTails::NOTHING_ABOVE);
    }
    if distance_below_mean(a, b, at) < 0.0 {
        return Ok(log_tails_below_mean(b, a, at.mirrored())?.swapped());
    }
    log_tails_below_mean(a, b, at)
}

/// As [`log_tails`], for x not above the mean: the lower tail is computed, the upper is
/// its complement.
fn log_tails_below_mean(a: f64, b: f64, at: UnitPoint) -> Result<LogTails, Error> {
    let slope = ln_power_term(a, b, at);
    let below = distance_below_mean(a, b, at);
    if beta_asymptotic::applies(a, b, below) {
        let lower = beta_asymptotic::ln_lower(a, b, at, below);
        return Ok(LogTails::from_lower(lower, slope));
    }
    let lower = slope - continued_fraction(a, b, at, below)?.ln();
    let tails = LogTails::from_lower(lower, slope);
    if tails.upper < SMALL_TAIL {
        // Very small a: nearly all mass lies below x although x is below the mean.
        let mirrored = at.mirrored();
        if let Ok(fraction) = continued_fraction(b, a, mirrored, -below) {
            return Ok(LogTails::from_upper(slope - fraction.ln(), slope));
        }
    }
    Ok(tails)
}

/// xᵃ yᵇ / (B(a, b) Iₓ(a, b)) as a continued fraction (Algorithm 708, BFRAC), by the
/// modified Lentz method.
fn continued_fraction(a: f64, b: f64, at: UnitPoint, below: f64) -> Result<f64, Error> {
    const TINY: f64 = 1e-290;
    let UnitPoint { x, .. } = at;
    let partial = |m: f64| {
        let odd = a + 2.0 * m - 1.0;
        let numerator = ((a + m - 1.0) / odd) * ((a + b + m - 1.0) / odd) * m * (b - m) * x * x;
        let denominator = m
            + m * (b - m) * x / odd
            + (a + m) * (below + 1.0 + m * (1.0 + at.y)) / (a + 2.0 * m + 1.0);
        (numerator, denominator)
    };
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut value = away_from_zero(a * (below + 1.0) / (a + 1.0));
    let (mut c, mut d) = (value, 0.0);
    for step in 1..=CAP {
        let (numerator, denominator) = partial(step as f64);
        d = away_from_zero(denominator + numerator * d).recip();
        c = away_from_zero(denominator + numerator / c);
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
        if step == CAP || !change.is_finite() {
            return Err(Error::NotConverged {
                what: "the incomplete beta function",
                iterations: CAP,
            });
        }
    }
    if value > 0.0 {
        Ok(value)
    } else {
        Err(Error::NotConverged {
            what: "the incomplete beta function",
            iterations: CAP,
        })
    }
}

/// The log-odds of the quantile at lower-tail probability `p`, 0 < p < 1.
///
/// Newton's method on the logarithm of the smaller tail against the log-odds: that
/// function is concave, so the iteration converges from every start.
///
/// # Errors
/// [`Error::NotConverged`] if a tail cannot be evaluated.
pub(crate) fn quantile_logit(p: f64, a: f64, b: f64) -> Result<f64, Error> {
    if p > 0.5 {
        Ok(-quantile_logit_lower(1.0 - p, b, a)?)
    } else {
        quantile_logit_lower(p, a, b)
    }
}

/// As [`quantile_logit`] for the tail that is not the larger one.
fn quantile_logit_lower(p: f64, a: f64, b: f64) -> Result<f64, Error> {
    let target = p.ln();
    let at_edge = ln_lower_at_logit(a, b, -EDGE)?;
    // For a < 1 the lower tail is a power of x almost up to its quantile.
    let by_power = -EDGE + (target - at_edge) / a;
    if at_edge >= target {
        return Ok(by_power);
    }
    let start = if a < 1.0 {
        by_power.min((a / b).ln())
    } else {
        let z = crate::distribution::normal::quantile(p)?;
        (a / b).ln() + z * (a.recip() + b.recip()).sqrt()
    };
    root::newton("the beta quantile", (-EDGE, EDGE), start, |logit| {
        let tails = log_tails(a, b, UnitPoint::from_logit(logit))?;
        Ok((tails.lower - target, (tails.slope - tails.lower).exp()))
    })
}

/// Log-odds down to which x is a normal number; below, ln Iₓ(a, b) is a·ln x plus a
/// constant to the last digit.
const EDGE: f64 = 700.0;

/// ln Iₓ(a, b) at the x with these log-odds, also where x itself would underflow.
///
/// # Errors
/// [`Error::NotConverged`] if the continued fraction does not settle.
pub(crate) fn ln_lower_at_logit(a: f64, b: f64, logit: f64) -> Result<f64, Error> {
    let near = logit.max(-EDGE);
    let lower = log_tails(a, b, UnitPoint::from_logit(near))?.lower;
    Ok(lower + a * (logit - near))
}
