//! The special functions under the distributions, accurate to about 1e-14.
//!
//! statrs 0.19 is used where it is right (`erfc_inv`, `ln_gamma`). Its incomplete beta
//! takes differences of large log-gammas and is 1.2e-3 off at a = b = 5e5, and its
//! `erfc` is 9e-11 off, so those two are computed here. Everything works on logarithms
//! of tail probabilities, so that far tails neither underflow nor lose digits.

mod beta_asymptotic;
pub(crate) mod deviance;
pub(crate) mod edge;
pub(crate) mod incomplete_beta;
pub(crate) mod incomplete_gamma;
pub(crate) mod root;

/// Logarithms of both tails of a distribution at one point, and of the slope of the
/// lower tail along the logarithmic coordinate that its quantile search uses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogTails {
    /// ln P(X ≤ x).
    pub lower: f64,
    /// ln P(X > x).
    pub upper: f64,
    /// ln dP/du, where u is logit x (beta) or ln x (gamma).
    pub slope: f64,
}

impl LogTails {
    /// All mass lies above the point.
    pub const NOTHING_BELOW: Self = Self {
        lower: f64::NEG_INFINITY,
        upper: 0.0,
        slope: f64::NEG_INFINITY,
    };
    /// All mass lies at or below the point.
    pub const NOTHING_ABOVE: Self = Self {
        lower: 0.0,
        upper: f64::NEG_INFINITY,
        slope: f64::NEG_INFINITY,
    };

    /// Completes the pair from the lower tail.
    fn from_lower(lower: f64, slope: f64) -> Self {
        let lower = lower.min(0.0);
        Self {
            lower,
            upper: ln_complement(lower),
            slope,
        }
    }

    /// Completes the pair from the upper tail.
    fn from_upper(upper: f64, slope: f64) -> Self {
        Self::from_lower(upper, slope).swapped()
    }

    /// The same point seen from the other end.
    pub fn swapped(self) -> Self {
        Self {
            lower: self.upper,
            upper: self.lower,
            slope: self.slope,
        }
    }
}

/// ln(1 − eᵗ) for t ≤ 0 without cancellation (Mächler 2012, "Accurately computing
/// log(1 − exp(−|a|))", R package Rmpfr).
fn ln_complement(t: f64) -> f64 {
    if t > -std::f64::consts::LN_2 {
        (-t.exp_m1()).ln()
    } else {
        (-t.exp()).ln_1p()
    }
}

/// ln 1e-3: the logarithm of a tail below which its complement has lost so many digits
/// that a slowly converging evaluation of the tail itself is better.
const SMALL_TAIL: f64 = -3.0 * std::f64::consts::LN_10;
