//! Polynomial stitching: a closed-form boundary of the law of the iterated logarithm.

use super::{intrinsic_time, positive};
use crate::Error;

/// The stitched boundary and its tuning.
///
/// u(v) = √(k₁² v ℓ(v) + k₂² c² ℓ(v)²) + k₂ c ℓ(v) with
/// ℓ(v) = s ln ln(η v / m) + ln(ζ(s) / (α lnˢ η)), k₁ = (η^¼ + η^−¼)/√2, k₂ = (√η + 1)/2,
/// and v raised to m where it is below.
///
/// Source: Howard, Ramdas, McAuliffe and Sekhon 2021, Theorem 1 and equation (10).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolynomialStitching {
    v_min: f64,
    c: f64,
    s: f64,
    eta: f64,
    zeta: f64,
}

impl PolynomialStitching {
    /// The tuning recommended in the paper, s = 1.4 and η = 2, for sums with scale `c`
    /// (0 for sub-Gaussian) from the intrinsic time `v_min` on.
    ///
    /// # Errors
    /// As [`PolynomialStitching::tuned`].
    pub fn new(v_min: f64, c: f64) -> Result<Self, Error> {
        Self::tuned(v_min, c, 1.4, 2.0)
    }

    /// With own exponent `s` > 1 and epoch ratio `eta` > 1.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a scale below 0, `v_min` not positive, `s` or `eta` not above 1.
    pub fn tuned(v_min: f64, c: f64, s: f64, eta: f64) -> Result<Self, Error> {
        positive("v_min", v_min)?;
        if !(c.is_finite() && c >= 0.0) {
            return Err(Error::OutOfRange {
                name: "c",
                value: c,
                expected: "a scale of 0 or more",
            });
        }
        for (name, value) in [("s", s), ("eta", eta)] {
            if !(value.is_finite() && value > 1.0) {
                return Err(Error::OutOfRange {
                    name,
                    value,
                    expected: "a number above 1",
                });
            }
        }
        let zeta = riemann_zeta(s);
        Ok(Self {
            v_min,
            c,
            s,
            eta,
            zeta,
        })
    }

    /// The boundary at intrinsic time `v`, crossed with probability at most `alpha`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a time that is negative or no number, or an `alpha` outside (0, 1).
    pub fn boundary(&self, v: f64, alpha: f64) -> Result<f64, Error> {
        let v = intrinsic_time(v)?.max(self.v_min);
        let alpha = super::super::probability("alpha", alpha)?;
        let k1 = (self.eta.powf(0.25) + self.eta.powf(-0.25)) / std::f64::consts::SQRT_2;
        let k2 = (self.eta.sqrt() + 1.0) / 2.0;
        let epochs = (self.eta * v / self.v_min).ln();
        let ell = self.s * epochs.ln() + (self.zeta / (alpha * self.eta.ln().powf(self.s))).ln();
        let linear = k2 * self.c * ell;
        Ok((k1 * k1 * v * ell + linear * linear).sqrt() + linear)
    }
}

/// ζ(s) for s > 1, by Euler–Maclaurin after 20 terms (Abramowitz and Stegun 23.2.3).
fn riemann_zeta(s: f64) -> f64 {
    const TERMS: u32 = 20;
    let n = f64::from(TERMS);
    let head: f64 = (1..TERMS).map(|k| f64::from(k).powf(-s)).sum();
    // B₂ⱼ/(2j)! s(s+1)…(s+2j−2) n^(−s−2j+1)
    let bernoulli = [1.0 / 12.0, -1.0 / 720.0, 1.0 / 30_240.0, -1.0 / 1_209_600.0];
    let mut rising = s;
    let mut power = n.powf(-s - 1.0);
    let mut tail = n.powf(1.0 - s) / (s - 1.0) + 0.5 * n.powf(-s);
    for (j, b) in bernoulli.iter().enumerate() {
        tail += b * rising * power;
        let k = 2.0 * j as f64;
        rising *= (s + k + 1.0) * (s + k + 2.0);
        power /= n * n;
    }
    head + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeta_at_known_points() {
        let basel = std::f64::consts::PI.powi(2) / 6.0;
        assert!((riemann_zeta(2.0) - basel).abs() < 1e-14);
        assert!((riemann_zeta(1.4) - 3.105547277977581).abs() < 1e-14);
        assert!((riemann_zeta(3.0) - 1.202_056_903_159_594_2).abs() < 1e-14);
    }

    #[test]
    fn refuses_what_has_no_boundary() {
        assert!(PolynomialStitching::new(0.0, 0.0).is_err());
        assert!(PolynomialStitching::tuned(1.0, 0.0, 1.0, 2.0).is_err());
        let stitching = PolynomialStitching::new(1.0, 0.0).unwrap();
        assert!(stitching.boundary(f64::NAN, 0.05).is_err());
        assert!(stitching.boundary(1.0, 0.0).is_err());
    }
}
