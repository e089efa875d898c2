//! Score intervals for a difference: every Δ that the score test does not reject.
//!
//! Sources: Mee (1984), Biometrics 40:1175–1176; Miettinen & Nurminen (1985), Statistics
//! in Medicine 4:213–226. The proportions under the constraint p1 − p2 = Δ are found by
//! maximising the likelihood, not from the closed-form cubic, which cancels at the edges.

use crate::proportion::Sample;
use crate::special::root;
use crate::{Error, Interval};

pub(super) fn mee(first: Sample, second: Sample, z: f64) -> Result<Interval, Error> {
    limits(first, second, z, 1.0)
}

pub(super) fn miettinen_nurminen(first: Sample, second: Sample, z: f64) -> Result<Interval, Error> {
    let n = first.n + second.n;
    limits(first, second, z, n / (n - 1.0))
}

fn limits(first: Sample, second: Sample, z: f64, inflation: f64) -> Result<Interval, Error> {
    Ok(Interval {
        lower: lower(first, second, z, inflation)?,
        upper: -lower(second, first, z, inflation)?,
    })
}

/// The Δ below the observed difference d with d − Δ = z·√V(Δ).
fn lower(first: Sample, second: Sample, z: f64, inflation: f64) -> Result<f64, Error> {
    let observed = first.p() - second.p();
    root::bisect("the score limit", (-1.0, observed), |delta| {
        let p2 = constrained_p2(first, second, delta)?;
        let p1 = p2 + delta;
        let variance = p1 * (1.0 - p1) / first.n + p2 * (1.0 - p2) / second.n;
        Ok(z * (inflation * variance).max(0.0).sqrt() - (observed - delta))
    })
}

/// The p2 that maximises the likelihood of both samples when p1 = p2 + Δ.
fn constrained_p2(first: Sample, second: Sample, delta: f64) -> Result<f64, Error> {
    let (low, high) = ((-delta).max(0.0), (1.0 - delta).min(1.0));
    // Minus the derivative of the log-likelihood, which increases; a count of zero
    // contributes nothing, not even at its pole.
    let term = |count: f64, p: f64| if count == 0.0 { 0.0 } else { count / p };
    let descent = |p2: f64| {
        let p1 = p2 + delta;
        term(first.failures(), 1.0 - p1) + term(second.failures(), 1.0 - p2)
            - term(first.x, p1)
            - term(second.x, p2)
    };
    if descent(low) >= 0.0 {
        return Ok(low);
    }
    if descent(high) <= 0.0 {
        return Ok(high);
    }
    let start = 0.5 * (low + high);
    root::newton("the constrained proportions", (low, high), start, |p2| {
        let p1 = p2 + delta;
        let squared = |count: f64, p: f64| term(count, p * p);
        let slope = squared(first.failures(), 1.0 - p1)
            + squared(second.failures(), 1.0 - p2)
            + squared(first.x, p1)
            + squared(second.x, p2);
        Ok((descent(p2), slope))
    })
}
