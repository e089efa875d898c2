//! Intervals for a proportion from x successes in n independent trials.
//!
//! Sources: Brown, Cai & DasGupta (2001), Statistical Science 16:101–133; Newcombe
//! (1998), Statistics in Medicine 17:857–872. For a sample that is not simple, see the
//! design-based intervals.

pub(crate) mod exact;
pub mod korn_graubard;
pub(crate) mod likelihood;
pub mod multinomial;
mod normal_based;
pub mod presentation;
pub mod test;

pub(crate) use normal_based::{logit, wilson, wilson_cc};

use crate::named::named;
use crate::{Error, Interval, Level, Sides};

named! {
    /// How to find an interval for a proportion.
    "method for a proportion"
    pub enum Method {
        /// p ± z·√(p(1−p)/n), cut to [0, 1]. For comparison only: its coverage collapses
        /// near 0 and 1.
        Wald = "wald",
        /// The score interval (Wilson 1927). The default: close to nominal from n ≈ 10 on.
        Wilson = "wilson",
        /// The score interval with continuity correction (Newcombe 1998, method 4).
        WilsonCc = "wilson_cc",
        /// Wald about (x + z²/2)/(n + z²) (Agresti & Coull 1998), cut to [0, 1].
        AgrestiCoull = "agresti_coull",
        /// Equal-tailed exact (Clopper & Pearson 1934): never covers less than its level.
        ClopperPearson = "clopper_pearson",
        /// Equal-tailed posterior under Jeffreys' prior Beta(½, ½).
        JeffreysRaw = "jeffreys_raw",
        /// As the raw one, but 0 at x = 0 and 1 at x = n (Brown, Cai & DasGupta 2001, 4.1.2).
        JeffreysBcd = "jeffreys_bcd",
        /// Exact with half the probability of the observed count (Lancaster 1961).
        MidP = "mid_p",
        /// Wald on the log-odds; undefined at x = 0 and x = n.
        Logit = "logit",
        /// All p whose likelihood ratio is not rejected: 2(l(p̂) − l(p)) ≤ z².
        LikelihoodRatio = "likelihood_ratio",
    }
}

/// The interval for the proportion behind `successes` of `trials`.
///
/// One-sided intervals spend all of α on their side; the other limit is 0 or 1.
///
/// # Errors
/// [`Error::NoData`] without trials, [`Error::OutOfRange`] for more successes than
/// trials, [`Error::Undefined`] for the logit at 0 or n successes.
pub fn interval(
    successes: u64,
    trials: u64,
    level: Level,
    sides: Sides,
    method: Method,
) -> Result<Interval, Error> {
    let sample = Sample::new(successes, trials)?;
    let tail = sides.tail(level);
    let z = crate::distribution::normal::critical(level, sides)?;
    let both = match method {
        Method::Wald => normal_based::wald(sample, z),
        Method::Wilson => wilson(sample, z),
        Method::WilsonCc => wilson_cc(sample, z),
        Method::AgrestiCoull => normal_based::agresti_coull(sample, z),
        Method::Logit => normal_based::logit(sample, z)?,
        Method::ClopperPearson => exact::clopper_pearson(sample, tail)?,
        Method::JeffreysRaw => exact::jeffreys(sample, tail)?,
        Method::JeffreysBcd => exact::jeffreys_bcd(sample, tail)?,
        Method::MidP => exact::mid_p(sample, tail)?,
        Method::LikelihoodRatio => likelihood::likelihood_ratio(sample, z)?,
    };
    Ok(match sides {
        Sides::Two => both,
        Sides::Lower => Interval { upper: 1.0, ..both },
        Sides::Upper => Interval { lower: 0.0, ..both },
    })
}

/// Successes and failures that have been checked: x ≤ n, n ≥ 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// Successes.
    pub x: f64,
    /// Trials.
    pub n: f64,
}

impl Sample {
    pub fn new(successes: u64, trials: u64) -> Result<Self, Error> {
        if trials == 0 {
            return Err(Error::NoData("a proportion needs at least one trial"));
        }
        if successes > trials {
            return Err(Error::OutOfRange {
                name: "successes",
                value: successes as f64,
                expected: "no more successes than trials",
            });
        }
        Ok(Self {
            x: successes as f64,
            n: trials as f64,
        })
    }

    /// The observed proportion.
    pub fn p(self) -> f64 {
        self.x / self.n
    }

    /// The observed proportion of failures.
    pub fn q(self) -> f64 {
        self.failures() / self.n
    }

    pub fn failures(self) -> f64 {
        self.n - self.x
    }

    /// The same sample with successes and failures exchanged.
    fn mirrored(self) -> Self {
        Self {
            x: self.failures(),
            n: self.n,
        }
    }
}

/// Cuts an interval to the scale of a proportion.
fn cut(lower: f64, upper: f64) -> Interval {
    Interval {
        lower: lower.clamp(0.0, 1.0),
        upper: upper.clamp(0.0, 1.0),
    }
}
