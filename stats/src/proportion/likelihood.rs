//! The interval of all proportions that a likelihood-ratio test does not reject.

use super::Sample;
use crate::special::deviance::deviance;
use crate::special::incomplete_beta::UnitPoint;
use crate::special::root;
use crate::{Error, Interval};

pub(crate) fn likelihood_ratio(sample: Sample, z: f64) -> Result<Interval, Error> {
    Ok(Interval {
        lower: lower(sample, z)?.x,
        upper: lower(sample.mirrored(), z)?.y,
    })
}

/// The p whose signed root of the likelihood ratio is −z, sought on the log-odds scale.
fn lower(sample: Sample, z: f64) -> Result<UnitPoint, Error> {
    let Sample { x, n } = sample;
    let failures = sample.failures();
    if x == 0.0 {
        return Ok(UnitPoint::new(0.0));
    }
    if failures == 0.0 {
        // −2n ln p = z²
        let ln_p = if z > 0.0 { -0.5 * z * z / n } else { 0.0 };
        return Ok(UnitPoint {
            x: ln_p.exp(),
            y: -ln_p.exp_m1(),
        });
    }
    let start = (x / failures).ln() - z * (x.recip() + failures.recip()).sqrt();
    let logit = root::newton(
        "the likelihood-ratio limit",
        (-700.0, 700.0),
        start,
        |logit| {
            let at = UnitPoint::from_logit(logit);
            let root = (2.0 * (deviance(x, n * at.x) + deviance(failures, n * at.y))).sqrt();
            let excess = if at.x <= at.y {
                n * at.x - x
            } else {
                failures - n * at.y
            };
            let slope = if root > 1e-7 {
                excess.abs() / root
            } else {
                (n * at.x * at.y).sqrt()
            };
            Ok((root.copysign(excess) + z, slope))
        },
    )?;
    Ok(UnitPoint::from_logit(logit))
}
