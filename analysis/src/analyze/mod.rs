//! `wendu analyze`: a request and a table of answers in, estimates out.
//!
//! The request names the sampling design, how weights are calibrated and what to estimate;
//! the table is CSV with a header. See `docs/STATISTICS.md` for a worked example.

mod adjust;
mod condition;
mod cross;
mod difference;
mod domain;
mod frame;
mod index;
mod output;
mod plan;
mod refusal;
mod request;
mod row;
mod survey;
mod table;

pub(crate) use index::{Index, IndexOf, change, index};
pub use output::{EstimateRow, Limits, Output, Row, TestRow, WeightSummary};
pub use refusal::Refusal;
pub use request::{
    Calibration, CalibrationMethod, DesignSpec, EstimateSpec, Literal, LonelyPsu, Margin,
    OneOrMany, ReplicateMethod, Request, Statistic, Trim, Variance,
};

/// Answers a request about a CSV text.
///
/// # Errors
/// A [`Refusal`] that names the column, row or estimate at fault and the remedy. Nothing is
/// estimated then.
pub fn run(design_json: &str, csv: &str) -> Result<Output, Refusal> {
    run_reader(design_json, csv.as_bytes())
}

/// [`run`] on a stream, so that a large file is never held as text.
///
/// # Errors
/// As [`run`].
pub fn run_reader(design_json: &str, csv: impl std::io::Read) -> Result<Output, Refusal> {
    let request: Request = serde_json::from_str(design_json).map_err(Refusal::Request)?;
    let plan = plan::Plan::new(&request)?;
    let table = table::read(csv, &plan.columns)?;
    let survey = survey::Survey::new(&request, &table)?;
    survey.answer(&plan, &table)
}

/// The JSON Schema of the request.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Request).to_value()
}
