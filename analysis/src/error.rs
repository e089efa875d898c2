//! Why a request has no answer.

/// A refusal of a request, in words for the person who wrote it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// The text is JSON but not an object.
    #[error("a request must be a JSON object with \"method\" and \"inputs\"")]
    NotAnObject,
    /// A key is missing from the request itself.
    #[error("the request has no \"{0}\"")]
    Missing(&'static str),
    /// The inputs do not have what the method needs.
    #[error("inputs: {0}")]
    Inputs(String),
    /// There is no such kind or method.
    #[error("unknown {what} \"{given}\"; known: {known}")]
    Unknown {
        /// What was to be named.
        what: &'static str,
        /// The name that was given.
        given: String,
        /// The names that exist, separated by commas.
        known: String,
    },
    /// The design or the data cannot be read or carry no estimate.
    #[error("{0}")]
    Data(String),
    /// The statistics refuse.
    #[error(transparent)]
    Statistics(#[from] stats::Error),
}
