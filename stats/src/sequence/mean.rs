//! Confidence sequences for a bounded mean from the uniform boundaries.

use super::boundary::{GammaExponential, normal_mixture_two_sided, rho_two_sided};
use super::{Observations, probability};
use crate::{Error, Interval, Level};

/// The normal-mixture (sub-Gaussian) confidence sequence for the mean of `n` observations in
/// \[0, 1\]: mean ± √((v + ρ)(ln(1 + v/ρ) + 2 ln(1/α))) / n with v = n/4.
///
/// Tightest near `n_opt` observations. It needs only n and the mean, so it works on tallies;
/// the price is that it takes the variance to be the largest possible, ¼. Clipped to \[0, 1\].
///
/// Source: Howard, Ramdas, McAuliffe and Sekhon 2021 (Ann. Statist. 49, 1055–1080),
/// equation (14), with Hoeffding's bound.
///
/// # Errors
/// [`Error::NoData`] for n = 0, [`Error::OutOfRange`] for a mean outside \[0, 1\] or an
/// `n_opt` that is not positive.
pub fn normal_mixture_mean(n: u64, mean: f64, n_opt: f64, level: Level) -> Result<Interval, Error> {
    if n == 0 {
        return Err(Error::NoData("no observations"));
    }
    if !(0.0..=1.0).contains(&mean) {
        return Err(Error::OutOfRange {
            name: "mean",
            value: mean,
            expected: "a number from 0 to 1",
        });
    }
    let rho = rho_two_sided(n_opt / 4.0, level.alpha())?;
    let n = n as f64;
    let half_width = normal_mixture_two_sided(n / 4.0, rho, level.alpha())? / n;
    Ok(clipped(mean, half_width))
}

/// Tuning of [`gamma_exponential_mean`]. The default is tight around intrinsic time 10, that
/// is, around 40 coin flips or 200 answers of which 95 % agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaExponentialMean {
    /// The intrinsic time at which the sequence is tightest. Default 10.
    pub v_opt: f64,
    /// The one-sided error for which it is tightest. Default: α/2 of the level asked for.
    pub alpha_opt: Option<f64>,
    /// The scale: 1 for observations in \[0, 1\]. Default 1.
    pub scale: f64,
    /// The prediction before the first observation. Default ½.
    pub first_prediction: f64,
}

impl Default for GammaExponentialMean {
    fn default() -> Self {
        Self {
            v_opt: 10.0,
            alpha_opt: None,
            scale: 1.0,
            first_prediction: 0.5,
        }
    }
}

/// The empirical-Bernstein confidence sequence by the gamma-exponential mixture:
/// mean ± u_{α/2}(V_t)/t with V_t = Σ (x_i − μ̂_{i−1})².
///
/// One interval for each of the `times` (counted from 1) asked for, clipped to \[0, 1\].
/// Narrow where answers agree.
///
/// Source: Howard, Ramdas, McAuliffe and Sekhon 2021, Theorem 4 with the gamma-exponential mixture.
///
/// # Errors
/// [`Error::OutOfRange`] for a tuning outside its range or a time that is 0 or later than the
/// last observation; [`Error::NotConverged`] from the boundary.
pub fn gamma_exponential_mean(
    observations: Observations,
    times: &[usize],
    tuning: GammaExponentialMean,
    level: Level,
) -> Result<Vec<Interval>, Error> {
    if !(0.0..=1.0).contains(&tuning.first_prediction) {
        return Err(Error::OutOfRange {
            name: "muhat0",
            value: tuning.first_prediction,
            expected: "a number from 0 to 1",
        });
    }
    let alpha = level.alpha() / 2.0;
    let alpha_opt = probability("alpha_opt", tuning.alpha_opt.unwrap_or(alpha))?;
    let mixture = GammaExponential::tuned(tuning.v_opt, alpha_opt, tuning.scale)?;
    let path = clock(observations, tuning.first_prediction);
    let at = |&time: &usize| {
        let reached = time.checked_sub(1).and_then(|i| path.get(i));
        let &(mean, intrinsic) = reached.ok_or(Error::OutOfRange {
            name: "time",
            value: time as f64,
            expected: "from 1 to the number of observations",
        })?;
        let half_width = mixture.boundary(intrinsic, alpha)? / time as f64;
        Ok(clipped(mean, half_width))
    };
    times.iter().map(at).collect()
}

/// The mean and the intrinsic time after each observation.
fn clock(observations: Observations, first_prediction: f64) -> Vec<(f64, f64)> {
    let (mut sum, mut prediction, mut intrinsic) = (0.0, first_prediction, 0.0);
    let path = observations.values().iter().enumerate().map(|(i, x)| {
        intrinsic += (x - prediction) * (x - prediction);
        sum += x;
        prediction = sum / (i + 1) as f64;
        (prediction, intrinsic)
    });
    path.collect()
}

fn clipped(mean: f64, half_width: f64) -> Interval {
    Interval {
        lower: (mean - half_width).max(0.0),
        upper: (mean + half_width).min(1.0),
    }
}
