//! The exact test of a proportion.

use super::Sample;
use crate::Error;
use crate::distribution::binomial;

/// The two-sided p-value of x successes in n trials under the proportion `p0`: the total
/// probability of all outcomes that are not more likely than the observed one, as R's
/// `binom.test` (minimum likelihood, with its tolerance of 1e-7 for ties).
///
/// # Errors
/// [`Error::NoData`], [`Error::OutOfRange`] as for an interval, or for p0 outside [0, 1].
pub fn exact(successes: u64, trials: u64, p0: f64) -> Result<f64, Error> {
    let sample = Sample::new(successes, trials)?;
    let limit = binomial::pmf(successes, trials, p0)? * (1.0 + 1e-7);
    let mean = sample.n * p0;
    if sample.x == mean {
        return Ok(1.0);
    }
    let p = if sample.x < mean {
        // The outcomes above the mean become less likely upwards: find the first such.
        let first = first_where(mean.ceil() as u64, trials.saturating_add(1), |count| {
            Ok(binomial::pmf(count, trials, p0)? <= limit)
        })?;
        let upper = match first {
            0 => 1.0,
            _ => binomial::sf(first - 1, trials, p0)?,
        };
        binomial::cdf(successes, trials, p0)? + upper
    } else {
        // Below the mean they become more likely upwards: find the first that is too likely.
        let first = first_where(0, (mean.floor() as u64).saturating_add(1), |count| {
            Ok(binomial::pmf(count, trials, p0)? > limit)
        })?;
        let lower = match first {
            0 => 0.0,
            _ => binomial::cdf(first - 1, trials, p0)?,
        };
        // x > mean ≥ 0 here, so x − 1 exists.
        lower + binomial::sf(successes.saturating_sub(1), trials, p0)?
    };
    Ok(p.min(1.0))
}

/// The first count in `low..high` for which the condition holds, `high` if there is
/// none; the condition must stay true once it is.
fn first_where(
    mut low: u64,
    mut high: u64,
    holds: impl Fn(u64) -> Result<bool, Error>,
) -> Result<u64, Error> {
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle)? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}
