//! Intervals that rest on the normal distribution of the estimate, or of its score.

use super::{Sample, cut};
use crate::special::incomplete_beta::UnitPoint;
use crate::{Error, Interval};

pub(super) fn wald(sample: Sample, z: f64) -> Interval {
    let half = z * (sample.p() * sample.q() / sample.n).sqrt();
    cut(sample.p() - half, sample.p() + half)
}

pub(super) fn agresti_coull(sample: Sample, z: f64) -> Interval {
    let n = sample.n + z * z;
    let p = (sample.x + 0.5 * z * z) / n;
    let half = z * (p * (1.0 - p) / n).sqrt();
    cut(p - half, p + half)
}

/// Wilson (1927): the roots of (n + z²)p² − (2x + z²)p + x²/n.
pub(crate) fn wilson(sample: Sample, z: f64) -> Interval {
    let Sample { x, n } = sample;
    let middle = 2.0 * x + z * z;
    let spread = z * (z * z + 4.0 * x * sample.q()).sqrt();
    let larger = middle + spread.abs();
    let upper = if sample.failures() == 0.0 {
        1.0
    } else {
        larger / (2.0 * (n + z * z))
    };
    // From the product of the roots: no cancellation for small x.
    let lower = if x == 0.0 {
        0.0
    } else {
        2.0 * x * sample.p() / larger
    };
    if z < 0.0 {
        return Interval {
            lower: upper,
            upper: lower,
        };
    }
    Interval { lower, upper }
}

/// Newcombe (1998), method 4.
pub(crate) fn wilson_cc(sample: Sample, z: f64) -> Interval {
    let Sample { x, n } = sample;
    let lower = |sample: Sample| {
        if sample.x == 0.0 {
            return 0.0;
        }
        let root = z * z - 2.0 - n.recip() + 4.0 * sample.p() * (sample.failures() + 1.0);
        (2.0 * sample.x + z * z - 1.0 - z * root.sqrt()) / (2.0 * (n + z * z))
    };
    let upper = if x == n {
        1.0
    } else {
        let root = z * z + 2.0 - n.recip() + 4.0 * sample.p() * (sample.failures() - 1.0);
        (2.0 * x + z * z + 1.0 + z * root.sqrt()) / (2.0 * (n + z * z))
    };
    cut(lower(sample), upper)
}

pub(crate) fn logit(sample: Sample, z: f64) -> Result<Interval, Error> {
    let (x, failures) = (sample.x, sample.failures());
    if x == 0.0 || failures == 0.0 {
        return Err(Error::Undefined {
            method: "the logit interval",
            reason: "log-odds are infinite at 0 or n successes; use wilson or clopper_pearson",
        });
    }
    let centre = (x / failures).ln();
    let half = z * (x.recip() + failures.recip()).sqrt();
    Ok(Interval {
        lower: UnitPoint::from_logit(centre - half).x,
        upper: UnitPoint::from_logit(centre + half).x,
    })
}
