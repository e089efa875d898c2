//! The regularised incomplete gamma functions P(a, x) and Q(a, x), and their inverse.
//!
//! Sources: Abramowitz & Stegun 6.5.29 (series) and 6.5.31 (continued fraction); the
//! power term after Loader (2000).

use super::deviance::{deviance, stirling_error};
use super::{LogTails, SMALL_TAIL, root};
use crate::Error;

/// Terms after which a series or continued fraction is given up (a up to about 1e10).
const CAP: usize = 1_000_000;

/// Both tails of the gamma distribution with shape a (unit scale) at x; a > 0, finite.
///
/// # Errors
/// [`Error::NotConverged`] for shapes beyond about 1e10.
pub(crate) fn log_tails(a: f64, x: f64) -> Result<LogTails, Error> {
    if x <= 0.0 {
        return Ok(LogTails::NOTHING_BELOW);
    }
    if x == f64::INFINITY {
        return Ok(LogTails::NOTHING_ABOVE);
    }
    let slope = 0.5 * (a / std::f64::consts::TAU).ln() - stirling_error(a) - deviance(a, x);
    if x >= a + 1.0 {
        let upper = slope + continued_fraction(a, x)?.ln();
        return Ok(LogTails::from_upper(upper, slope));
    }
    let lower = slope - a.ln() + series(a, x)?.ln();
    let tails = LogTails::from_lower(lower, slope);
    if tails.upper < SMALL_TAIL
        && let Ok(fraction) = continued_fraction(a, x)
    {
        return Ok(LogTails::from_upper(slope + fraction.ln(), slope));
    }
    Ok(tails)
}

fn not_converged() -> Error {
    Error::NotConverged {
        what: "the incomplete gamma function",
        iterations: CAP,
    }
}

/// Σ xⁿ / ((a+1)…(a+n)), all terms positive.
fn series(a: f64, x: f64) -> Result<f64, Error> {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..=CAP {
        term *= x / (a + n as f64);
        sum += term;
        if term <= 0.1 * f64::EPSILON * sum {
            return Ok(sum);
        }
    }
    Err(not_converged())
}

/// Γ(a, x) / (xᵃ e⁻ˣ) by the modified Lentz method.
fn continued_fraction(a: f64, x: f64) -> Result<f64, Error> {
    const TINY: f64 = 1e-290;
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut denominator = x + 1.0 - a;
    let mut c = TINY.recip();
    let mut d = away_from_zero(denominator).recip();
    let mut value = d;
    for n in 1..=CAP {
        let n = n as f64;
        let numerator = -n * (n - a);
        denominator += 2.0;
        d = away_from_zero(numerator * d + denominator).recip();
        c = away_from_zero(denominator + numerator / c);
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            return if value > 0.0 {
                Ok(value)
            } else {
                Err(not_converged())
            };
        }
    }
    Err(not_converged())
}

/// The quantile at lower-tail probability p, 0 < p < 1, by Newton's method on the
/// logarithm of the smaller tail against ln x (concave, so it converges).
///
/// # Errors
/// [`Error::NotConverged`] if a tail cannot be evaluated.
pub(crate) fn quantile(p: f64, a: f64) -> Result<f64, Error> {
    let z = crate::distribution::normal::quantile(p)?;
    // Wilson & Hilferty (1931); where it fails, the leading power of the lower tail.
    let cube_root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * a.sqrt());
    let by_power = (p.ln() + a.ln() + statrs::function::gamma::ln_gamma(a)) / a;
    let start = if cube_root > 0.1 {
        a.ln() + 3.0 * cube_root.ln()
    } else {
        by_power
    };
    let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
    if p <= 0.5 {
        if by_power < -700.0 {
            return Ok(by_power.exp());
        }
        let target = p.ln();
        let ln_x = root::newton("the gamma quantile", everywhere, start, |ln_x| {
            let tails = log_tails(a, ln_x.exp())?;
            Ok((tails.lower - target, (tails.slope - tails.lower).exp()))
        })?;
        return Ok(ln_x.exp());
    }
    let target = (1.0 - p).ln();
    let minus_ln_x = root::newton("the gamma quantile", everywhere, -start, |minus_ln_x| {
        let tails = log_tails(a, (-minus_ln_x).exp())?;
        Ok((tails.upper - target, (tails.slope - tails.upper).exp()))
    })?;
    Ok((-minus_ln_x).exp())
}
