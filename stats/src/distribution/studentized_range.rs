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
const MOST_MEANS: u32 = 1000;

/// P(Q ≤ q) for the range of k means and df degrees of freedom (infinite allowed).
///
/// # Errors
/// [`Error::OutOfRange`] unless 2 ≤ k ≤ 1000, df ≥ 1 and q is a number.
pub fn cdf(q: f64, k: u32, df: f64) -> Result<f64, Error> {
    check(k, df)?;
    Ok(tails(point("q", q)?, k, df).below)
}

/// P(Q > q).
///
/// # Errors
/// As [`cdf`].
pub fn sf(q: f64, k: u32, df: f64) -> Result<f64, Error> {
    check(k, df)?;
    Ok(tails(point("q", q)?, k, df).above)
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
    let what = "the quantile of the studentized range";
    let ln_q = root::newton(what, (-100.0, 700.0), 1.0, |ln_q| {
        let q = ln_q.exp();
        let Tails {
            below,
            above,
            density,
        } = tails(q, k, df);
        Ok(if p <= 0.5 {
            ((below / p).ln(), density * q / below)
        } else {
            (((1.0 - p) / above).ln(), density * q / above)
        })
    })?;
    Ok(ln_q.exp())
}

fn check(k: u32, df: f64) -> Result<(), Error> {
    if !(2..=MOST_MEANS).contains(&k) {
        return Err(Error::OutOfRange {
            name: "k",
            value: f64::from(k),
            expected: "from 2 to 1000 means",
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

/// P(Q ≤ q), P(Q > q) and the density at q, each summed by itself.
#[derive(Clone, Copy, Default)]
struct Tails {
    below: f64,
    above: f64,
    density: f64,
}

impl Tails {
    /// Adds another point of an integral; the density changes scale by `s`.
    fn add(&mut self, weight: f64, s: f64, more: Self) {
        self.below += weight * more.below;
        self.above += weight * more.above;
        self.density += weight * s * more.density;
    }

    fn times(self, factor: f64) -> Self {
        Self {
            below: (self.below * factor).min(1.0),
            above: (self.above * factor).min(1.0),
            density: self.density * factor,
        }
    }
}

fn tails(q: f64, k: u32, df: f64) -> Tails {
    if q <= 0.0 || q == f64::INFINITY {
        return Tails {
            below: f64::from(u8::from(q > 0.0)),
            above: f64::from(u8::from(q <= 0.0)),
            density: 0.0,
        };
    }
    // The scale then varies by less than 1e-7, and the result by the square of that.
    if df > 1e15 {
        return range(q, k);
    }
    // u = ln s, where s² = χ²/df: its log-density is df·(u − (e²ᵘ − 1)/2) + constant.
    // The range is as sharp in u as this many more of them.
    let means = f64::from(k);
    let sharpness = if q < bulk(means) {
        means
    } else {
        means.min(4.0 * means.ln().powi(2))
    };
    let step = (0.47 / (df + sharpness).sqrt()).min(0.1);
    let ln_constant = 0.5 * (df / std::f64::consts::PI).ln() - stirling_error(0.5 * df);
    let mut sum = Tails::default();
    for direction in [1.0, -1.0] {
        let mut index = if direction > 0.0 { 0.0 } else { 1.0 };
        // At df = 1 the left tail is eᵘ, so 45 units reach 1e-19.
        while index * step < 45.0 {
            let u = direction * index * step;
            let weight = (ln_constant - df * excess_of_exp(u)).exp();
            if weight < 1e-300 {
                break;
            }
            let s = u.exp();
            let before = sum;
            sum.add(weight, s, range(q * s, k));
            let settled = |now: f64, before: f64| now - before <= 1e-18 * now;
            let all_settled = settled(sum.below, before.below)
                && settled(sum.above, before.above)
                && settled(sum.density, before.density);
            // Before the mode of the product a tail may still be rising.
            if all_settled && weight < 1e-18 {
                break;
            }
            index += 1.0;
        }
    }
    sum.times(step)
}

/// Where the range of k standard normals begins to be likely: a little above the size of
/// the largest, √(2 ln k). Below, the integrands are as narrow as 1/√k.
fn bulk(means: f64) -> f64 {
    1.25 * (2.0 * means.ln()).sqrt()
}

/// (e²ᵘ − 1)/2 − u, without cancellation where u is small.
fn excess_of_exp(u: f64) -> f64 {
    if u.abs() > 0.05 {
        return 0.5 * (2.0 * u).exp_m1() - u;
    }
    // ½ Σ (2u)ⁿ/n! from n = 2
    let x = 2.0 * u;
    let series = (3..=12)
        .rev()
        .fold(1.0, |sum, n| 1.0 + sum * x / f64::from(n));
    0.25 * x * x * series
}

/// The range of k standard normals at w.
fn range(w: f64, k: u32) -> Tails {
    let means = f64::from(k);
    let narrow = 0.5 / means.sqrt();
    let step = if w < bulk(means) {
        narrow
    } else {
        narrow.max(0.34 / bulk(means))
    };
    // Beyond its peak near w/2 the upper tail's integrand falls like a normal density.
    let first = -(9.0 / step).ceil() as i64;
    let last = ((9.0 + 0.5 * w.min(75.0)) / step).ceil() as i64;
    let mut sum = Tails::default();
    for index in first..=last {
        // The largest of the means lies at z, the others below it, none beyond w.
        let z = index as f64 * step;
        let under = normal::cdf(z);
        let beyond = normal::cdf(z - w);
        let between = if z > w {
            normal::sf(z - w) - normal::sf(z)
        } else {
            under - beyond
        };
        let here = normal::density(z);
        let others = between.powf(means - 2.0);
        // underⁿ − betweenⁿ with n = k − 1
        let some_beyond = -((means - 1.0) * (-(beyond / under).min(1.0)).ln_1p()).exp_m1();
        sum.below += here * others * between;
        sum.above += here * under.powf(means - 1.0) * some_beyond;
        sum.density += (means - 1.0) * here * others * normal::density(z - w);
    }
    sum.times(means * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tails_are_parts_of_one() {
        for (q, k, df) in [
            (0.5, 2, 1.0),
            (3.5, 5, 14.0),
            (2.0, 60, 20.0),
            (4.0, 300, 1e14),
        ] {
            let Tails { below, above, .. } = tails(q, k, df);
            assert!(
                (below + above - 1.0).abs() < 1e-13,
                "{q} {k} {df}: {below} {above}"
            );
        }
    }

    #[test]
    fn two_means_are_a_t_test() {
        // The range of two means is √2·|t|.
        for df in [1.0, 7.5, 1e6, f64::INFINITY] {
            let t = super::super::student_t::quantile(0.975, df).unwrap();
            let q = quantile(0.95, 2, df).unwrap();
            assert!((q / (t * 2f64.sqrt()) - 1.0).abs() < 1e-12, "{df}: {q} {t}");
        }
    }

    #[test]
    fn far_tails_keep_their_digits() {
        // 40-digit quadrature
        assert!((cdf(2.0, 60, 20.0).unwrap() / 5.423_011_873_327_32e-6 - 1.0).abs() < 1e-12);
        let q = quantile(1.0 - 1e-12, 3, 5.0).unwrap();
        assert!((sf(q, 3, 5.0).unwrap() / 1e-12 - 1.0).abs() < 1e-3);
    }
}
