//! Intervals for a difference in closed form.

use crate::Interval;
use crate::proportion::Sample;

pub(super) fn wald(first: Sample, second: Sample, z: f64) -> Interval {
    let variance = first.p() * first.q() / first.n + second.p() * second.q() / second.n;
    about(first.p() - second.p(), z * variance.sqrt())
}

/// Agresti & Caffo (2000), The American Statistician 54:280–288.
pub(super) fn agresti_caffo(first: Sample, second: Sample, z: f64) -> Interval {
    let adjusted = |sample: Sample| Sample {
        x: sample.x + 1.0,
        n: sample.n + 2.0,
    };
    wald(adjusted(first), adjusted(second), z)
}

pub(super) fn haldane(first: Sample, second: Sample, z: f64) -> Interval {
    beal(first, second, 0.5 * (first.p() + second.p()), z)
}

pub(super) fn jeffreys_perks(first: Sample, second: Sample, z: f64) -> Interval {
    let posterior = |sample: Sample| (sample.x + 0.5) / (sample.n + 1.0);
    beal(
        first,
        second,
        0.5 * (posterior(first) + posterior(second)),
        z,
    )
}

/// Beal (1987), Biometrics 43:941–950, as methods 3 and 4 of Newcombe (1998); `psi` is
/// the mean proportion.
fn beal(first: Sample, second: Sample, psi: f64, z: f64) -> Interval {
    let u = 0.25 * (first.n.recip() + second.n.recip());
    let v = 0.25 * (first.n.recip() - second.n.recip());
    let theta = first.p() - second.p();
    let skew = 1.0 - 2.0 * psi;
    let spread = 4.0 * psi * (1.0 - psi);
    let under_root = u * (spread - theta * theta)
        + 2.0 * v * skew * theta
        + z * z * (u * u * spread + v * v * skew * skew);
    let scale = 1.0 + z * z * u;
    about(
        (theta + z * z * v * skew) / scale,
        z / scale * under_root.max(0.0).sqrt(),
    )
}

fn about(centre: f64, half: f64) -> Interval {
    Interval {
        lower: centre - half,
        upper: centre + half,
    }
}
