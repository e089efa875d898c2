//! The gamma-exponential mixture: a boundary for sums with one bounded tail.

use super::{intrinsic_time, positive, rho_one_sided};
use crate::Error;
use crate::special::deviance::{deviance, stirling_error};
use crate::special::edge::edge_above_zero;
use crate::special::incomplete_gamma;

/// Past any boundary that a positive α can ask for, in doublings of √(v + ρ) + c.
const DOUBLINGS: usize = 64;

/// The one-sided gamma-exponential mixture boundary for sub-exponential sums with scale c.
///
/// The boundary is the s at which the mixture m(s, v) reaches 1/α. With r = ρ/c²,
/// a = (v + ρ)/c², x = a + s/c, D the Poisson deviance of a about x, P the regularised lower
/// incomplete gamma function and δ Stirling's error,
/// ln m = ½ ln(r/a) + δ(a) − δ(r) + D(a, x) + ln P(a, x) − ln P(r, r):
/// the gamma-exponential mixture of Howard, Ramdas, McAuliffe and Sekhon 2021, rearranged so that the large
/// log-gammas cancel on paper and not in the machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaExponential {
    rho: f64,
    c: f64,
}

impl GammaExponential {
    /// Tightest at intrinsic time `v_opt` for the one-sided error `alpha_opt`, for steps that
    /// exceed their prediction by at most `c` (1 for observations in \[0, 1\]).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] unless all are positive and `alpha_opt` is below ½.
    pub fn tuned(v_opt: f64, alpha_opt: f64, c: f64) -> Result<Self, Error> {
        positive("c", c)?;
        Ok(Self {
            rho: rho_one_sided(v_opt, alpha_opt)?,
            c,
        })
    }

    /// The boundary at intrinsic time `v`, crossed with probability at most `alpha`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a negative time or an `alpha` outside (0, 1);
    /// [`Error::NotConverged`] if the mixture does not reach 1/α.
    pub fn boundary(&self, v: f64, alpha: f64) -> Result<f64, Error> {
        let v = intrinsic_time(v)?;
        let log_odds = -super::super::probability("alpha", alpha)?.ln();
        let c2 = self.c * self.c;
        let (r, a) = (self.rho / c2, (v + self.rho) / c2);
        let constant = 0.5 * (r / a).ln() + stirling_error(a)
            - stirling_error(r)
            - incomplete_gamma::log_tails(r, r)?.lower;
        incomplete_gamma::log_tails(a, a)?;
        let below = |s: f64| {
            let x = a + s / self.c;
            // The tails are worst at the mode, where they have just been found to exist.
            let tail = incomplete_gamma::log_tails(a, x).map_or(0.0, |tails| tails.lower);
            constant + deviance(a, x) + tail <= log_odds
        };
        edge_above_zero((v + self.rho).sqrt() + self.c, DOUBLINGS, below).ok_or(
            Error::NotConverged {
                what: "the gamma-exponential mixture boundary",
                iterations: DOUBLINGS,
            },
        )
    }
}
