//! Bogus answers: what a share of them can hide, and how many it takes to move a figure.

use super::{out_of_range, share};
use crate::{Error, Interval};

/// Bounds when a share of the answers may be anything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contamination {
    /// The share of yes among the genuine respondents lies here.
    pub genuine: Interval,
    /// The share of yes among everyone sampled, had the bogus answered truthfully, lies here.
    pub everyone: Interval,
}

/// Bounds on a proportion if at most a share `epsilon` of `n` answers is bogus.
///
/// With q = yes/n: genuine (q − ε)/(1 − ε) … q/(1 − ε) (its ends: all bogus say yes … no),
/// everyone q − ε … q + ε, each cut to \[0, 1\].
///
/// Source: Horowitz and Manski 1995 (Econometrica 63, 281–302), contaminated and corrupted
/// sampling.
///
/// # Errors
/// [`Error::NoData`] for n = 0; [`Error::OutOfRange`] for more yes than n or an ε outside \[0, 1).
pub fn contamination_bounds(yes: u64, n: u64, epsilon: f64) -> Result<Contamination, Error> {
    let q = share(yes, n)?;
    if !(0.0..1.0).contains(&epsilon) {
        return Err(out_of_range(
            "epsilon",
            epsilon,
            "a share from 0 to below 1",
        ));
    }
    let unit = |lower: f64, upper: f64| Interval {
        lower: lower.clamp(0.0, 1.0),
        upper: upper.clamp(0.0, 1.0),
    };
    let genuine = 1.0 - epsilon;
    Ok(Contamination {
        genuine: unit((q - epsilon) / genuine, q / genuine),
        everyone: unit(q - epsilon, q + epsilon),
    })
}

/// How many fabricated yes raise the share of `yes` of `n` by at least `shift`: the smallest m
/// with (yes + m)/(n + m) ≥ yes/n + shift.
///
/// # Errors
/// [`Error::NoData`] for n = 0; [`Error::OutOfRange`] for more yes than n or a shift that is
/// not finite; [`Error::Undefined`] if no number of answers reaches it.
pub fn fake_yes_needed(yes: u64, n: u64, shift: f64) -> Result<u64, Error> {
    let target = share(yes, n)? + super::finite("shift", shift)?;
    if shift <= 0.0 {
        return Ok(0);
    }
    // Decimal shares are not exact in binary: a hair must not cost a whole answer.
    const HAIR: f64 = 1e-12;
    if target > 1.0 - HAIR {
        return Err(Error::Undefined {
            method: "the number of fake answers needed",
            reason: "a share of 100 % or more cannot be reached by adding yes to a no",
        });
    }
    let needed = shift * n as f64 / (1.0 - target);
    Ok((needed * (1.0 - HAIR)).ceil() as u64)
}
