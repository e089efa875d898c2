//! Intervals for the difference p1 − p2 of two proportions.
//!
//! Independent samples: Newcombe (1998), Statistics in Medicine 17:873–890, which also
//! gives the methods' coverage.

mod normal_based;
pub mod paired;
mod score;

use crate::named::named;
use crate::proportion::{Sample, wilson, wilson_cc};
use crate::{Error, Interval, Level, Sides, mover};

named! {
    /// How to find an interval for the difference of two independent proportions.
    "method for a difference"
    pub enum Method {
        /// d ± z·√(p1q1/n1 + p2q2/n2), not cut. For comparison only.
        Wald = "wald",
        /// Wald after adding one success and one failure to each sample (Agresti & Caffo 2000).
        AgrestiCaffo = "agresti_caffo",
        /// Wilson intervals joined by MOVER (Newcombe 1998, method 10). The default.
        Newcombe = "newcombe",
        /// The same from intervals with continuity correction (method 11), cut to [−1, 1].
        NewcombeCc = "newcombe_cc",
        /// The score interval (Mee 1984).
        Mee = "mee",
        /// The score interval with variance times N/(N−1) (Miettinen & Nurminen 1985).
        MiettinenNurminen = "miettinen_nurminen",
        /// Beal (1987) with the observed mean proportion.
        Haldane = "haldane",
        /// Beal (1987) with the mean proportion under Jeffreys' prior.
        JeffreysPerks = "jeffreys_perks",
    }
}

/// The interval for p1 − p2 from x1 of n1 and, independently, x2 of n2.
///
/// # Errors
/// [`Error::NoData`] for an empty sample, [`Error::OutOfRange`] for more successes than
/// trials, [`Error::NotConverged`] never in practice.
pub fn interval(
    x1: u64,
    n1: u64,
    x2: u64,
    n2: u64,
    level: Level,
    method: Method,
) -> Result<Interval, Error> {
    let (first, second) = (Sample::new(x1, n1)?, Sample::new(x2, n2)?);
    let z = crate::distribution::normal::critical(level, Sides::Two)?;
    let recover = |limits: fn(Sample, f64) -> Interval| {
        mover::difference(first.p(), limits(first, z), second.p(), limits(second, z))
    };
    match method {
        Method::Wald => Ok(normal_based::wald(first, second, z)),
        Method::AgrestiCaffo => Ok(normal_based::agresti_caffo(first, second, z)),
        Method::Newcombe => recover(wilson),
        Method::NewcombeCc => recover(wilson_cc).map(cut),
        Method::Mee => score::mee(first, second, z),
        Method::MiettinenNurminen => score::miettinen_nurminen(first, second, z),
        Method::Haldane => Ok(normal_based::haldane(first, second, z)),
        Method::JeffreysPerks => Ok(normal_based::jeffreys_perks(first, second, z)),
    }
}

/// Cuts an interval to the scale of a difference.
fn cut(interval: Interval) -> Interval {
    Interval {
        lower: interval.lower.clamp(-1.0, 1.0),
        upper: interval.upper.clamp(-1.0, 1.0),
    }
}
