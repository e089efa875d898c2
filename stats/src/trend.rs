//! Proportions of several independent samples: whether they differ, whether they follow
//! a line, and whether they depart from it.
//!
//! Sources: Cochran (1954), Biometrics 10:417–451; Armitage (1955), Biometrics
//! 11:375–386. The statistics are those of R's `prop.test` (without correction) and
//! `prop.trend.test`.

use crate::Error;
use crate::distribution::chi_squared;
use crate::proportion::Sample;
use serde::Serialize;

/// A χ² statistic with its degrees of freedom and p-value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ChiSquared {
    /// The statistic.
    pub chi2: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// The probability of a larger one if there is nothing to find.
    pub p: f64,
}

impl ChiSquared {
    fn new(chi2: f64, df: f64) -> Result<Self, Error> {
        // Rounding may leave a difference of two equal statistics just below 0.
        let chi2 = chi2.max(0.0);
        let p = chi_squared::sf(chi2, df)?;
        Ok(Self { chi2, df, p })
    }
}

/// Whether k samples share one proportion: χ² on k − 1 degrees of freedom.
///
/// # Errors
/// [`Error::OutOfRange`] for fewer than two samples, lists of unequal length or more
/// successes than trials; [`Error::NoData`] for an empty sample; [`Error::Undefined`] if
/// all persons agree.
pub fn homogeneity(successes: &[u64], trials: &[u64]) -> Result<ChiSquared, Error> {
    let samples = Samples::new(successes, trials, 2)?;
    ChiSquared::new(samples.between(), samples.list.len() as f64 - 1.0)
}

/// Whether the proportions rise or fall with the scores: the Cochran–Armitage test, χ² on
/// one degree of freedom.
///
/// # Errors
/// As [`homogeneity`], and [`Error::OutOfRange`] for scores that are all equal, not
/// finite, or not one per sample.
pub fn cochran_armitage(
    successes: &[u64],
    trials: &[u64],
    scores: &[f64],
) -> Result<ChiSquared, Error> {
    let samples = Samples::new(successes, trials, 2)?;
    ChiSquared::new(samples.along(scores)?, 1.0)
}

/// Whether the proportions differ in a way that no line along the scores explains: χ² on
/// k − 2 degrees of freedom.
///
/// # Errors
/// As [`cochran_armitage`], and for fewer than three samples.
pub fn departure_from_trend(
    successes: &[u64],
    trials: &[u64],
    scores: &[f64],
) -> Result<ChiSquared, Error> {
    let samples = Samples::new(successes, trials, 3)?;
    let rest = samples.between() - samples.along(scores)?;
    ChiSquared::new(rest, samples.list.len() as f64 - 2.0)
}

/// Checked samples with their common proportion.
struct Samples {
    list: Vec<Sample>,
    /// The pooled proportion.
    p: f64,
    /// Persons in all samples.
    n: f64,
}

impl Samples {
    fn new(successes: &[u64], trials: &[u64], least: usize) -> Result<Self, Error> {
        if successes.len() != trials.len() || trials.len() < least {
            return Err(Error::OutOfRange {
                name: "n",
                value: trials.len() as f64,
                expected: "as many trials as successes, of at least 2 samples (3 for departure from a trend)",
            });
        }
        let list = successes
            .iter()
            .zip(trials)
            .map(|(&x, &n)| Sample::new(x, n))
            .collect::<Result<Vec<_>, _>>()?;
        let n: f64 = list.iter().map(|sample| sample.n).sum();
        let p = list.iter().map(|sample| sample.x).sum::<f64>() / n;
        if p == 0.0 || p == 1.0 {
            return Err(Error::Undefined {
                method: "a test of several proportions",
                reason: "all persons gave the same answer, so nothing can differ",
            });
        }
        Ok(Self { list, p, n })
    }

    fn between(&self) -> f64 {
        let sum: f64 = self
            .list
            .iter()
            .map(|sample| sample.n * (sample.p() - self.p).powi(2))
            .sum();
        sum / (self.p * (1.0 - self.p))
    }

    fn along(&self, scores: &[f64]) -> Result<f64, Error> {
        let refuse = |value| Error::OutOfRange {
            name: "score",
            value,
            expected: "one finite score per sample, not all equal",
        };
        if scores.len() != self.list.len() {
            return Err(refuse(scores.len() as f64));
        }
        let weighted = self.list.iter().zip(scores);
        let mean = weighted.clone().map(|(s, score)| s.n * score).sum::<f64>() / self.n;
        let (mut covariance, mut variance) = (0.0, 0.0);
        for (sample, score) in weighted {
            covariance += sample.n * (sample.p() - self.p) * (score - mean);
            variance += sample.n * (score - mean).powi(2);
        }
        if !(variance > 0.0 && variance.is_finite()) {
            return Err(refuse(mean));
        }
        Ok(covariance * covariance / (self.p * (1.0 - self.p) * variance))
    }
}
