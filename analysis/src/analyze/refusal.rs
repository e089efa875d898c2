//! Why a request is refused.

use std::fmt::Display;

/// A refusal: what is wrong, where, and what to do. Rows are counted from 1, the header
/// not among them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The request is no valid JSON of the schema.
    #[error("the request cannot be read: {0} (see --schema)")]
    Request(#[source] serde_json::Error),
    /// An estimate's fields do not fit its statistic, or have no meaning.
    #[error("estimate {index} ({statistic}): {problem}")]
    Estimate {
        /// The estimate's position, from 0.
        index: usize,
        /// Its statistic.
        statistic: &'static str,
        /// What is wrong, and the remedy.
        problem: String,
    },
    /// A condition cannot be read.
    #[error("condition \"{condition}\": {problem} at character {at}")]
    Condition {
        /// The condition as given.
        condition: String,
        /// What was expected.
        problem: String,
        /// Where, from 1.
        at: usize,
    },
    /// The table cannot be read.
    #[error("the data cannot be read: {0}")]
    Csv(#[from] csv::Error),
    /// The table has a header but no rows, or nothing at all.
    #[error("the data have no rows below their header")]
    NoRows,
    /// A column is asked for that the table does not have.
    #[error("there is no column \"{column}\"; the data have {known}")]
    UnknownColumn {
        /// The missing column.
        column: String,
        /// The columns there are.
        known: String,
    },
    /// A column that is asked for stands in the header more than once.
    #[error("column \"{0}\" stands in the header more than once; rename one")]
    RepeatedColumn(String),
    /// A field that must be a number is not.
    #[error(
        "column \"{column}\", row {row}: \"{value}\" is not a finite number; leave missing values empty"
    )]
    NotANumber {
        /// The column.
        column: String,
        /// The row.
        row: usize,
        /// The field.
        value: String,
    },
    /// A field is not valid UTF-8.
    #[error("column \"{column}\", row {row}: the text is not UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// The column.
        column: String,
        /// The row.
        row: usize,
    },
    /// A field of the design or of a margin is empty.
    #[error("column \"{column}\" is empty in row {row}, but it is {role}; every row needs a value")]
    Missing {
        /// The column.
        column: String,
        /// The row.
        row: usize,
        /// What the column is used for.
        role: &'static str,
    },
    /// A composite index cannot be made.
    #[error("index: {0}")]
    Index(String),
    /// The design cannot carry estimates.
    #[error("design: {0}")]
    Design(String),
    /// The weights cannot be adjusted.
    #[error("calibration step {step}: {problem}")]
    Calibration {
        /// The step, from 1.
        step: usize,
        /// What is wrong, and the remedy.
        problem: String,
    },
}

impl Refusal {
    pub(super) fn calibration(step: usize, problem: impl Display) -> Self {
        Self::Calibration {
            step: step + 1,
            problem: problem.to_string(),
        }
    }
}
