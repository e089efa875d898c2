//! Answers in the order in which they came, scaled to run from 0 to 1.

use crate::Error;

/// A non-empty series of observations, each between 0 and 1, in order of arrival.
///
/// Methods for bounded means need exactly this and nothing more. A scale from 1 to 5 is
/// brought here as (x − 1) / 4, and the interval back by the inverse.
#[derive(Debug, Clone, Copy)]
pub struct Observations<'a>(&'a [f64]);

impl<'a> Observations<'a> {
    /// Checks that there is at least one observation and that all lie in \[0, 1\].
    ///
    /// # Errors
    /// [`Error::NoData`] on an empty series, [`Error::OutOfRange`] with the first value
    /// that is not a number between 0 and 1.
    pub fn new(values: &'a [f64]) -> Result<Self, Error> {
        if values.is_empty() {
            return Err(Error::NoData("the series of observations is empty"));
        }
        match values.iter().find(|x| !(0.0..=1.0).contains(*x)) {
            Some(&value) => Err(Error::OutOfRange {
                name: "observation",
                value,
                expected: "a number from 0 to 1; rescale the answers first",
            }),
            None => Ok(Self(values)),
        }
    }

    /// The observations, oldest first.
    pub fn values(self) -> &'a [f64] {
        self.0
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.0.len()
    }
}

/// How the observations were drawn, which decides what each new one tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sampling {
    /// Independent draws, or a population so large that it makes no difference.
    #[default]
    WithReplacement,
    /// Simple random draws without replacement from a population of this many. The mean is
    /// then that of this finite population, and certainty is reached when all have answered.
    WithoutReplacement {
        /// The number of members of the population, N ≥ n.
        population: u64,
    },
}

impl Sampling {
    /// Refuses a population smaller than its sample.
    pub(super) fn check(self, observations: Observations) -> Result<(), Error> {
        match self {
            Self::WithoutReplacement { population }
                if (population as usize) < observations.count() =>
            {
                Err(Error::OutOfRange {
                    name: "population",
                    value: population as f64,
                    expected: "at least as many members as there are observations",
                })
            }
            _ => Ok(()),
        }
    }

    /// Members not yet seen when observation `t` (from 1) is drawn; `None` if without end.
    pub(super) fn unseen_before(self, t: usize) -> Option<f64> {
        match self {
            Self::WithReplacement => None,
            Self::WithoutReplacement { population } => Some((population as f64) - (t as f64) + 1.0),
        }
    }
}

/// What arithmetic alone says of a finite population's mean after each observation: those
/// unseen may all be 0 or all be 1, so S/N ≤ μ ≤ (S + N − t)/N.
///
/// Certain, not merely confident; intersect with any confidence sequence at no cost.
///
/// # Errors
/// [`Error::OutOfRange`] if the population is smaller than the sample.
pub fn logical_bounds(
    observations: Observations,
    population: u64,
) -> Result<Vec<crate::Interval>, Error> {
    Sampling::WithoutReplacement { population }.check(observations)?;
    let size = population as f64;
    let mut sum = 0.0;
    let bounds = observations.values().iter().enumerate().map(|(i, x)| {
        sum += x;
        let missing = (i + 1) as f64 - sum;
        crate::Interval {
            lower: sum / size,
            upper: 1.0 - missing / size,
        }
    });
    Ok(bounds.collect())
}
