//! Why an estimate cannot be given: what is wrong, where, and what to do.

/// A refusal. Every variant names the argument at fault; nothing in this
/// crate panics on data.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A confidence level outside the open interval (0, 1), or not a number.
    #[error("level {0} is not between 0 and 1; give for example 0.95")]
    Level(f64),
    /// An argument outside the set on which the method is defined.
    #[error("{name} = {value} is out of range: {expected}")]
    OutOfRange {
        /// The argument's name as the caller knows it.
        name: &'static str,
        /// The value that was given.
        value: f64,
        /// What the method needs instead.
        expected: &'static str,
    },
    /// There is nothing to estimate from (n = 0): "no data", never 0.
    #[error("no data: {0}")]
    NoData(&'static str),
    /// The method has no answer at this point (for example the logit interval at 0 of n).
    #[error("{method} is undefined here: {reason}")]
    Undefined {
        /// The method that was asked for.
        method: &'static str,
        /// Why it has no value, and what to use instead.
        reason: &'static str,
    },
    /// A method, rule or kind that does not exist.
    #[error("unknown {what} \"{given}\"; known: {known}")]
    UnknownName {
        /// What was to be named, for example "method for a proportion".
        what: &'static str,
        /// The name that was given.
        given: String,
        /// The names that exist, separated by commas.
        known: String,
    },
    /// An iteration did not settle within its cap.
    #[error("{what} did not converge within {iterations} iterations")]
    NotConverged {
        /// The computation that was cut off.
        what: &'static str,
        /// The cap.
        iterations: usize,
    },
    /// Two arguments that must run in parallel do not have the same length.
    #[error("{name} has {got} entries where {expected} are needed")]
    Length {
        /// The argument's name as the caller knows it.
        name: &'static str,
        /// How many entries the other arguments ask for.
        expected: usize,
        /// How many were given.
        got: usize,
    },
    /// A count or sum has left the range of 64-bit integers; nothing was changed.
    #[error("{0} does not fit in 64 bits; split the tally or scale its variables down")]
    Overflow(&'static str),
    /// The sampling design cannot carry an estimate.
    #[error(transparent)]
    Design(#[from] crate::design::DesignError),
    /// The weights cannot be adjusted as asked.
    #[error(transparent)]
    Weighting(#[from] crate::weights::WeightingError),
}
