//! Normal mixtures: boundaries for sub-Gaussian sums, tight around a chosen intrinsic time.

use super::{intrinsic_time, positive};
use crate::special::edge::edge_above_zero;
use crate::{Error, distribution::normal};

/// Past any boundary of a normal mixture that a positive α can ask for, in doublings of √(v + ρ).
const DOUBLINGS: usize = 64;

/// The mixture precision ρ that makes the two-sided boundary tightest at intrinsic time
/// `v_opt`: ρ = v_opt / (2 ln(1/α) + ln(1 + 2 ln(1/α))).
///
/// Source: Howard, Ramdas, McAuliffe and Sekhon 2021, on tuning boundaries.
///
/// # Errors
/// [`Error::OutOfRange`] unless `v_opt` is positive and `alpha` lies in (0, 1).
pub fn rho_two_sided(v_opt: f64, alpha: f64) -> Result<f64, Error> {
    positive("v_opt", v_opt)?;
    let log = -2.0 * super::super::probability("alpha", alpha)?.ln();
    Ok(v_opt / (log + log.ln_1p()))
}

/// The precision ρ for a one-sided boundary: as [`rho_two_sided`] with 2α, because one side
/// spends what both would share. Also used by the gamma-exponential mixture.
///
/// # Errors
/// [`Error::OutOfRange`] unless `v_opt` is positive and `alpha` lies in (0, ½).
pub fn rho_one_sided(v_opt: f64, alpha: f64) -> Result<f64, Error> {
    if alpha < 0.5 {
        rho_two_sided(v_opt, 2.0 * alpha)
    } else {
        Err(Error::OutOfRange {
            name: "alpha",
            value: alpha,
            expected: "a probability below 0.5 for a one-sided boundary",
        })
    }
}

/// The two-sided boundary √((v + ρ)(ln(1 + v/ρ) + 2 ln(1/α))): |S_t| crosses it at any time
/// with probability at most `alpha`.
///
/// Source: Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021, equation (14).
///
/// # Errors
/// [`Error::OutOfRange`] for a negative time, a ρ that is not positive, an `alpha` outside (0, 1).
pub fn normal_mixture_two_sided(v: f64, rho: f64, alpha: f64) -> Result<f64, Error> {
    let v = intrinsic_time(v)?;
    positive("rho", rho)?;
    let alpha = super::super::probability("alpha", alpha)?;
    Ok(((v + rho) * ((v / rho).ln_1p() - 2.0 * alpha.ln())).sqrt())
}

/// The one-sided boundary: the s at which
/// 2 √(ρ/(v+ρ)) exp(s² / (2(v+ρ))) Φ(s/√(v+ρ)) reaches 1/α.
///
/// Source: Howard, Ramdas, McAuliffe and Sekhon 2021, the one-sided normal mixture.
///
/// # Errors
/// As [`normal_mixture_two_sided`].
pub fn normal_mixture_one_sided(v: f64, rho: f64, alpha: f64) -> Result<f64, Error> {
    let v = intrinsic_time(v)?;
    positive("rho", rho)?;
    let alpha = super::super::probability("alpha", alpha)?;
    let scale = (v + rho).sqrt();
    let constant = 2f64.ln() - 0.5 * (v / rho).ln_1p();
    let log_mixture = |z: f64| constant + 0.5 * z * z + normal::cdf(z).ln();
    edge_above_zero(1.0, DOUBLINGS, |z| log_mixture(z) <= -alpha.ln())
        .map(|z| z * scale)
        .ok_or(Error::NotConverged {
            what: "the one-sided normal mixture boundary",
            iterations: DOUBLINGS,
        })
}
