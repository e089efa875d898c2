//! How many persons to ask.
//!
//! Sizes are given unrounded; [`whole`] rounds up to persons. Sources: Cochran (1977),
//! Sampling Techniques, 3rd ed., ch. 4–5; Lohr (2022), Sampling, 3rd ed.; Kish (1965),
//! Survey Sampling.

pub mod allocation;
pub mod proportion;
pub mod two_proportions;

use crate::Error;

/// The smallest whole number of persons that is not below `n`.
///
/// # Errors
/// [`Error::OutOfRange`] if n is negative, not a number or beyond 2⁵³.
pub fn whole(n: f64) -> Result<u64, Error> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    let up = n.ceil();
    if (0.0..=LARGEST).contains(&up) {
        Ok(up as u64)
    } else {
        Err(Error::OutOfRange {
            name: "n",
            value: n,
            expected: "a number of persons below 2^53; ask for less precision or power",
        })
    }
}

/// The number of persons to invite so that `respondents` answer.
///
/// # Errors
/// [`Error::OutOfRange`] for a response rate outside (0, 1].
pub fn invitations(respondents: u64, response_rate: f64) -> Result<u64, Error> {
    whole(respondents as f64 / fraction("response_rate", response_rate)?)
}

/// The design effect of interviewing `m` persons per cluster whose answers correlate by
/// `rho`: 1 + (m − 1)ρ (Kish 1965, section 5.4).
///
/// # Errors
/// [`Error::OutOfRange`] for m < 1 or ρ outside [−1/(m − 1), 1].
pub fn cluster_design_effect(m: f64, rho: f64) -> Result<f64, Error> {
    check(
        "m",
        m,
        m >= 1.0 && m.is_finite(),
        "at least one person per cluster",
    )?;
    let effect = 1.0 + (m - 1.0) * rho;
    let possible = rho <= 1.0 && effect >= 0.0;
    check(
        "rho",
        rho,
        possible,
        "an intraclass correlation from -1/(m-1) to 1",
    )?;
    Ok(effect)
}

/// Refuses `value` unless `holds`.
fn check(
    name: &'static str,
    value: f64,
    holds: bool,
    expected: &'static str,
) -> Result<f64, Error> {
    if holds {
        Ok(value)
    } else {
        Err(Error::OutOfRange {
            name,
            value,
            expected,
        })
    }
}

/// A proportion from 0 to 1.
fn proportion_of(name: &'static str, value: f64) -> Result<f64, Error> {
    let holds = (0.0..=1.0).contains(&value);
    check(name, value, holds, "a proportion between 0 and 1")
}

/// A probability strictly between 0 and 1.
fn probability(name: &'static str, value: f64) -> Result<f64, Error> {
    let holds = value > 0.0 && value < 1.0;
    check(name, value, holds, "strictly between 0 and 1")
}

/// A share above 0, up to 1.
fn fraction(name: &'static str, value: f64) -> Result<f64, Error> {
    check(name, value, value > 0.0 && value <= 1.0, "above 0, up to 1")
}
