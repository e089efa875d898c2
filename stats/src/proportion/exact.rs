//! Intervals from the binomial distribution itself, through the beta distribution.

use super::Sample;
use crate::special::incomplete_beta::{UnitPoint, log_tails, quantile_logit};
use crate::special::root;
use crate::{Error, Interval};

/// The limits with P(X ≥ x) = tail below and P(X ≤ x) = tail above.
pub(crate) fn clopper_pearson(sample: Sample, tail: f64) -> Result<Interval, Error> {
    Ok(Interval {
        lower: clopper_pearson_lower(sample, tail)?.x,
        upper: clopper_pearson_lower(sample.mirrored(), tail)?.y,
    })
}

fn clopper_pearson_lower(sample: Sample, tail: f64) -> Result<UnitPoint, Error> {
    if sample.x == 0.0 {
        return Ok(UnitPoint::new(0.0));
    }
    beta_point(tail, sample.x, sample.failures() + 1.0)
}

fn beta_point(p: f64, a: f64, b: f64) -> Result<UnitPoint, Error> {
    Ok(UnitPoint::from_logit(quantile_logit(p, a, b)?))
}

pub(super) fn jeffreys(sample: Sample, tail: f64) -> Result<Interval, Error> {
    let (a, b) = (sample.x + 0.5, sample.failures() + 0.5);
    Ok(Interval {
        lower: beta_point(tail, a, b)?.x,
        upper: beta_point(tail, b, a)?.y,
    })
}

pub(super) fn jeffreys_bcd(sample: Sample, tail: f64) -> Result<Interval, Error> {
    let raw = jeffreys(sample, tail)?;
    Ok(Interval {
        lower: if sample.x == 0.0 { 0.0 } else { raw.lower },
        upper: if sample.failures() == 0.0 {
            1.0
        } else {
            raw.upper
        },
    })
}

/// The limits with P(X > x) + ½P(X = x) = tail below, and likewise above.
pub(super) fn mid_p(sample: Sample, tail: f64) -> Result<Interval, Error> {
    Ok(Interval {
        lower: mid_p_lower(sample, tail)?.x,
        upper: mid_p_lower(sample.mirrored(), tail)?.y,
    })
}

fn mid_p_lower(sample: Sample, tail: f64) -> Result<UnitPoint, Error> {
    let (x, failures) = (sample.x, sample.failures());
    if x == 0.0 {
        return Ok(UnitPoint::new(0.0));
    }
    if failures == 0.0 {
        // ½pⁿ = tail
        let ln_p = ((2.0 * tail).ln() / sample.n).min(0.0);
        return Ok(UnitPoint {
            x: ln_p.exp(),
            y: -ln_p.exp_m1(),
        });
    }
    let start = quantile_logit(tail, x, failures + 1.0)?;
    let logit = root::newton("the mid-p limit", (-700.0, 700.0), start, |logit| {
        let at = UnitPoint::from_logit(logit);
        let at_least = log_tails(x, failures + 1.0, at)?;
        let more_than = log_tails(x + 1.0, failures, at)?;
        let mid_p = 0.5 * (at_least.lower.exp() + more_than.lower.exp());
        let slope = 0.5 * (at_least.slope.exp() + more_than.slope.exp());
        Ok(((mid_p / tail).ln(), slope / mid_p))
    })?;
    Ok(UnitPoint::from_logit(logit))
}
