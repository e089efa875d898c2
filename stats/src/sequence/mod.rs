//! Any-time-valid inference: intervals that may be looked at after every answer.
//!
//! An ordinary 95 % interval is 95 % once. Watched live, it misses the truth at some point
//! with a probability that grows to 1.
//! A confidence *sequence* covers the truth at all times at once.
//!
//! | question | use | needs |
//! |---|---|---|
//! | a proportion | [`beta_binomial_mixture`] | counts |
//! | a difference of proportions | [`beta_binomial_difference`] | counts |
//! | a weighted mean, a difference, the gap | [`asymptotic`] | estimate, standard error, n |
//! | a mean in \[0, 1\], exact at every n | [`hedged`], [`empirical_bernstein`] | the series |
//! | the same, from the mean only | [`normal_mixture_mean`] | n, mean |
//! | a town of known size | [`Sampling::WithoutReplacement`] | the series |
//!
//! Each value is an [`crate::Interval`]; what the running intersection finds is a [`Running`],
//! which is either an interval or drift, never both.

pub mod asymptotic;
mod bernoulli;
mod betting;
pub mod boundary;
mod mean;
mod observations;
mod predictable;
mod running;

pub use bernoulli::{BetaPrior, beta_binomial_difference, beta_binomial_mixture};
pub use betting::{Hedge, hedged, hedged_at, hedged_running};
pub use mean::{GammaExponentialMean, gamma_exponential_mean, normal_mixture_mean};
pub use observations::{Observations, Sampling, logical_bounds};
pub use predictable::{EmpiricalBernstein, empirical_bernstein, hoeffding};
pub use running::{Drift, Running, running_intersection};

use crate::Error;

/// Refuses what is not a probability strictly between 0 and 1.
fn probability(name: &'static str, value: f64) -> Result<f64, Error> {
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(Error::OutOfRange {
            name,
            value,
            expected: "a probability between 0 and 1",
        })
    }
}
