//! The answer, as it is written in JSON.

use serde::Serialize;
use std::collections::BTreeMap;

/// The answer to a request.
#[derive(Debug, Clone, Serialize)]
pub struct Output {
    /// One list of rows for each estimate of the request, in its order.
    pub estimates: Vec<Vec<Row>>,
    /// The weights that were used.
    pub weights: WeightSummary,
}

/// One row of an estimate: one domain, or one test. Numbers that are undefined are null.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Row {
    /// An estimate of one domain.
    Estimate(EstimateRow),
    /// A test of independence.
    Test(TestRow),
}

/// An estimate with its uncertainty.
#[derive(Debug, Clone, Serialize)]
pub struct EstimateRow {
    /// The domain's level of each `by` column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<BTreeMap<String, String>>,
    /// The estimate.
    pub estimate: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// Degrees of freedom.
    pub df: f64,
    /// The confidence level.
    pub level: f64,
    /// estimate − t·se.
    pub lower: Option<f64>,
    /// estimate + t·se.
    pub upper: Option<f64>,
    /// The design effect, if it was asked for.
    pub deff: Option<f64>,
    /// Rows of the domain that have the variable; none for a difference.
    pub n: Option<usize>,
    /// The simple random sample that would be as precise.
    pub n_effective: Option<f64>,
    /// How the variance was found.
    pub method: &'static str,
    /// The limits of each interval method that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<BTreeMap<&'static str, Limits>>,
    /// What to mind when reading the row.
    pub warnings: Vec<String>,
}

/// Confidence limits.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Limits {
    /// The lower limit.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
}

/// A test of independence.
#[derive(Debug, Clone, Serialize)]
pub struct TestRow {
    /// Which test.
    pub test: &'static str,
    /// Its statistic.
    pub statistic: Option<f64>,
    /// Numerator degrees of freedom.
    pub ndf: f64,
    /// Denominator degrees of freedom; null for χ².
    pub ddf: Option<f64>,
    /// The p-value.
    pub p: Option<f64>,
    /// Answers in the table.
    pub n: usize,
    /// What to mind when reading the row.
    pub warnings: Vec<String>,
}

/// The weights after all adjustments.
#[derive(Debug, Clone, Serialize)]
pub struct WeightSummary {
    /// Their sum.
    pub sum: f64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Kish's design effect of weighting, n Σw² / (Σw)²; null for negative weights.
    pub kish_deff: Option<f64>,
    /// The weights of the first twenty rows of the data.
    pub first20: Vec<f64>,
}

/// A number as JSON can hold it.
pub(super) fn defined(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
