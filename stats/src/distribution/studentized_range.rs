//! The studentized range: (largest − smallest) of k normal means over an independent
//! estimate of their standard deviation with df degrees of freedom (Tukey).
//!
//! The double integral (Copenhaver & Holland 1988, J. Statist. Comput. Simul. 30:1–15)
//! is taken by the trapezoidal rule on the whole line, which for integrands that are
//! analytic and vanish at both ends converges faster than any power of the step.

use super::{degrees_of_freedom, infinite_quantile, normal, point, probability};
use crate::Error;
use crate::special::deviance::stirling_error;
use crate::special::root;

/// The largest number of means for which the integral is taken.
const MOST_MEANS: u32 = 10_000;

/// P(Q ≤ q) for the range of k means and df degrees of freedom (infinite allowed).
///
/// # Errors
/// [`Error::OutOfRange`] unless 2 ≤ k ≤ 10,000, df ≥ 1 and q is a number.
pub fn cdf(q: f64, k: u32, df: f64) -> Result<f64, Error> {
    check(k, df)?;
    Ok(cdf_and_density(point("q", q)?, k, df).0)
}

/// P(Q > q), to about 1e-15 absolutely.
///
/// # Errors
/// As [`cdf`].
pub fn sf(q: f64, k: u32, df: f64) -> Result<f64, Error> {
    Ok(1.0 - cdf(q, k, df)?)
}

/// The q with P(Q ≤ q) = p.
///
/// # Errors
/// As [`cdf`], and [`Error::OutOfRange`] unless 0 ≤ p < 1.
pub fn quantile(p: f64, k: u32, df: f64) -> Result<f64, Error> {
    let p = probability(p)?;
    check(k, df)?;
    if p == 0.0 {
        return Ok(0.0);
    }
    if p == 1.0 {
        return Err(infinite_quantile(p));
    }
    // ln q, so that the heavy tail at few degrees of freedom is a straight line.
    let ln_q = root::newton(
        "the quantile of the studentized range",
        (-40.0, 700.0),
        1.0,
        |ln_q| {
            let q = ln_q.exp();
            let (below, density) = cdf_and_density(q, k, df);
            if p <= 0.5 {
                return Ok(((below / p).ln(), density * q / below));
            }
            let above = (1.0 - below).max(f64::MIN_POSITIVE);
            Ok((((1.0 - p) / above).ln(), density * q / above))
        },
    )?;
    Ok(ln_q.exp())
}

fn check(k: u32, df: f64) -> Result<(), Error> {
    if !(2..=MOST_MEANS).contains(&k) {
        return Err(Error::OutOfRange {
            name: "k",
            value: f64::from(k),
            expected: "from 2 to 10000 means",
        });
    }
    if degrees_of_freedom("df", df)? < 1.0 {
        return Err(Error::OutOfRange {
            name: "df",
            value: df,
            expected: "at least 1 degree of freedom",
        });
    }
    Ok(())
}

/// P(Q ≤ q) and its derivative.
fn cdf_and_density(q: f64, k: u32, df: f64) -> (f64, f64) {
    if q <= 0.0 {
        return (0.0, 0.0);
    }
    if q == f64::INFINITY {
        return (1.0, 0.0);
    }
    // Beyond 1e7 degrees of freedom the scale is known to 2e-4, its effect below 1e-7
    // squared: the limit is exact to the last digits that double precision holds.
    if df > 1e15 {
        return range(q, k);
    }
    // u = ln s, where s² = χ²/df: its log-density is df·(u − (e²ᵘ − 1)/2) + constant.
    let step = (0.47 / df.sqrt()).min(0.1);
    let ln_constant = 0.5 * (df / std::f64::consts::PI).ln() - stirling_error(0.5 * df);
    let (mut below, mut density) = (0.0, 0.0);
    for direction in [1.0, -1.0] {
        let mut index = if direction > 0.0 { 0.0 } else { 1.0 };
        // At df = 1 the left tail is eᵘ, so 40 units reach 1e-17.
        while index * step < 45.0 {
            let u = direction * index * step;
            let weight = (ln_constant + df * (u - 0.5 * (2.0 * u).exp_m1())).exp();
            let s = u.exp();
            let (range_below, range_density) = range(q * s, k);
            let (more_below, more_density) = (weight * range_below, weight * s * range_density);
            below += more_below;
            density += more_density;
            if weight < 1e-18 || more_below + more_density < 1e-19 * (below + density) {
                break;
            }
            index += 1.0;
        }
    }
    ((below * step).min(1.0), density * step)
}

/// P(range of k standard normals ≤ w) and its derivative.
fn range(w: f64, k: u32) -> (f64, f64) {
    let means = f64::from(k);
    let step = 0.5 / means.sqrt();
    let reach = (9.0 / step).ceil() as i64;
    let (mut below, mut density) = (0.0, 0.0);
    for index in -reach..=reach {
        // The largest of the means lies at z.
        let z = index as f64 * step;
        let between = if z - w > 0.0 {
            normal::sf(z - w) - normal::sf(z)
        } else {
            normal::cdf(z) - normal::cdf(z - w)
        };
        let others = between.powf(means - 2.0);
        let here = normal::density(z);
        below += here * others * between;
        density += here * others * normal::density(z - w);
    }
    (
        (means * step * below).min(1.0),
        means * (means - 1.0) * step * density,
    )
}
