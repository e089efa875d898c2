//! Asymptotic confidence sequences: any-time validity for every estimate with a standard error.
//!
//! For weighted means, differences and gaps no exact sequence is known, but all of them obey
//! a strong invariance principle: an estimate with a standard error that is consistent, design
//! and weights included, can be monitored by widening that standard error by
//! [`multiplier`] instead of z. It needs estimate, standard error and (effective) n, so it
//! works on tallies.
//!
//! Valid as n grows; do not begin to look before some 30 effective answers, and later where
//! answers are skewed: of paths of exponential answers watched from the 30th on, 9 % missed at
//! 95 %. For a share near 0 or 1 prefer [`super::beta_binomial_mixture`].
//!
//! Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024 (Ann. Statist. 52,
//! 2613–2640), Theorem 2.2.

use super::boundary::positive;
use crate::{Error, Interval, Level};

/// An estimate as monitoring needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Monitored {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error, from the design where there is one.
    pub standard_error: f64,
    /// How many independent answers it is worth: n, or Kish's effective n for weighted ones.
    pub effective_n: f64,
}

impl Monitored {
    /// A mean of `effective_n` answers whose variance (of one answer) is `variance`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for what is not finite, a negative variance, an n that is not positive.
    pub fn mean(effective_n: f64, mean: f64, variance: f64) -> Result<Self, Error> {
        positive("n", effective_n)?;
        if !(variance.is_finite() && variance >= 0.0) {
            return Err(Error::OutOfRange {
                name: "variance",
                value: variance,
                expected: "a variance of 0 or more",
            });
        }
        Self {
            estimate: mean,
            standard_error: (variance / effective_n).sqrt(),
            effective_n,
        }
        .checked()
    }

    fn checked(self) -> Result<Self, Error> {
        positive("n", self.effective_n)?;
        if !self.estimate.is_finite() {
            return Err(Error::OutOfRange {
                name: "estimate",
                value: self.estimate,
                expected: "a finite number",
            });
        }
        if !(self.standard_error.is_finite() && self.standard_error >= 0.0) {
            return Err(Error::OutOfRange {
                name: "standard_error",
                value: self.standard_error,
                expected: "a standard error of 0 or more",
            });
        }
        Ok(self)
    }
}

/// The mixture variance ρ² that makes the sequence tightest after `n_opt` answers:
/// (2 ln(1/α) − α² + ln(1 + 2 ln(1/α) − α²)) / n_opt.
///
/// Source: Waudby-Smith et al. 2024, on choosing ρ.
///
/// # Errors
/// [`Error::OutOfRange`] unless `n_opt` is positive.
pub fn rho_squared(n_opt: f64, level: Level) -> Result<f64, Error> {
    positive("t_opt", n_opt)?;
    let alpha = level.alpha();
    let log = -alpha * alpha - 2.0 * alpha.ln();
    let rho2 = (log + log.ln_1p()) / n_opt;
    // For levels near 0 the optimum lies outside the family.
    positive("rho2", rho2)
}

/// By how many standard errors the sequence extends to each side after `n` answers, where an
/// ordinary interval extends by z: √(2 (nρ² + 1)/(nρ²) · ln(√(nρ² + 1)/α)).
///
/// # Errors
/// [`Error::OutOfRange`] unless `n` and `n_opt` are positive.
pub fn multiplier(n: f64, n_opt: f64, level: Level) -> Result<f64, Error> {
    positive("t", n)?;
    let intrinsic = n * rho_squared(n_opt, level)?;
    let log = 0.5 * intrinsic.ln_1p() - level.alpha().ln();
    Ok((2.0 * (1.0 + intrinsic.recip()) * log).sqrt())
}

/// The any-time-valid interval for one estimate: a weighted mean, a ratio, an index.
///
/// Not clipped: the caller knows the scale.
///
/// # Errors
/// [`Error::OutOfRange`] for an estimate that is not finite, a negative standard error, an n
/// or `n_opt` that is not positive.
pub fn interval(of: Monitored, n_opt: f64, level: Level) -> Result<Interval, Error> {
    let of = of.checked()?;
    let half_width = multiplier(of.effective_n, n_opt, level)? * of.standard_error;
    Ok(Interval {
        lower: of.estimate - half_width,
        upper: of.estimate + half_width,
    })
}

/// The difference `first` − `second` of two estimates, with the covariance between them (0 for
/// separate samples). The clock is the sum of both effective n, each answer moving one side;
/// this presumes that both sides grow in roughly constant proportion.
///
/// # Errors
/// As [`interval`]; also for a covariance larger than the two variances allow.
pub fn difference(
    first: Monitored,
    second: Monitored,
    covariance: f64,
) -> Result<Monitored, Error> {
    let (first, second) = (first.checked()?, second.checked()?);
    let product = first.standard_error * second.standard_error;
    // Rounding may lift the correlation of one and the same answers a hair above 1.
    let within = covariance.abs() <= product * (1.0 + 1e-9);
    if !within {
        return Err(Error::OutOfRange {
            name: "covariance",
            value: covariance,
            expected: "at most the product of the two standard errors",
        });
    }
    let variance = first.standard_error.powi(2) + second.standard_error.powi(2) - 2.0 * covariance;
    Ok(Monitored {
        estimate: first.estimate - second.estimate,
        standard_error: variance.max(0.0).sqrt(),
        effective_n: first.effective_n + second.effective_n,
    })
}

/// The gap between an official figure and what society says, while answers come in: the
/// figure has no sampling error, so only the estimate moves.
///
/// # Errors
/// As [`interval`]; also for a figure that is not finite.
pub fn gap(official: f64, measured: Monitored) -> Result<Monitored, Error> {
    Monitored {
        estimate: official - measured.estimate,
        ..measured
    }
    .checked()
}

/// How much wider than an ordinary interval this one is: the price of looking at any time.
///
/// # Errors
/// As [`multiplier`].
pub fn ratio_to_fixed(n: f64, n_opt: f64, level: Level) -> Result<f64, Error> {
    let z = crate::distribution::normal::critical(level, crate::Sides::Two)?;
    Ok(multiplier(n, n_opt, level)? / z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn covers_a_mean_at_all_times_from_thirty_on() {
        let mut random = Random::seeded(2024);
        let paths = 300;
        let mut missed = 0;
        for _ in 0..paths {
            let (mut sum, mut squares) = (0.0, 0.0);
            let ever = (1..=600u32).any(|n| {
                let x = f64::from(random.uniform() < 0.7);
                sum += x;
                squares += x * x;
                let n = f64::from(n);
                let mean = sum / n;
                let variance = squares / n - mean * mean;
                let watched = Monitored::mean(n, mean, variance.max(0.0)).unwrap();
                n >= 30.0
                    && !interval(watched, 100.0, Level::DEFAULT)
                        .unwrap()
                        .contains(0.7)
            });
            missed += u32::from(ever);
        }
        assert!(missed <= paths / 20, "{missed} of {paths} paths missed");
    }

    #[test]
    fn a_gap_and_a_difference_move_as_their_estimates_do() {
        let first = Monitored::mean(200.0, 0.6, 0.24).unwrap();
        let second = Monitored::mean(100.0, 0.5, 0.25).unwrap();
        let apart = difference(first, second, 0.0).unwrap();
        assert!((apart.standard_error - (0.0012f64 + 0.0025).sqrt()).abs() < 1e-15);
        assert_eq!(apart.effective_n, 300.0);
        let gap = interval(gap(0.9, first).unwrap(), 100.0, Level::DEFAULT).unwrap();
        let mean = interval(first, 100.0, Level::DEFAULT).unwrap();
        assert!((gap.lower - (0.9 - mean.upper)).abs() < 1e-15);
        assert!(difference(first, second, 1.0).is_err());
    }
}
