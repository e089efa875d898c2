//! The request as it is written in JSON.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What to analyse: the sampling design, the calibration of the weights, the estimates.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// How the sample was drawn. Left out: every row is its own unit, with weight 1.
    pub design: Option<DesignSpec>,
    /// Adjustments of the weights, in order.
    #[serde(default)]
    pub calibrate: Option<Vec<Calibration>>,
    /// What to estimate; the answer has one list of rows for each.
    pub estimates: Vec<EstimateSpec>,
}

/// How the sample was drawn. All values are names of columns of the data.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DesignSpec {
    /// The stratum of each row.
    pub strata: Option<String>,
    /// The sampling units, outermost stage first; each is nested in the one before and in
    /// the stratum. Left out: each row is a unit.
    pub clusters: Option<OneOrMany>,
    /// The sampling weight of each row. Left out: it follows from `fpc`, or is 1.
    pub weights: Option<String>,
    /// Finite population corrections by stage: population counts (above 1) or sampling
    /// fractions (all up to 1).
    pub fpc: Option<OneOrMany>,
    /// What to do with a stratum that holds one sampling unit; `fail` if left out.
    pub lonely_psu: Option<LonelyPsu>,
}

/// The rule for strata with one sampling unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LonelyPsu {
    /// Refuse.
    Fail,
    /// It adds no variance.
    Remove,
    /// It counts as drawn with certainty and adds no variance.
    Certainty,
    /// Its deviation from the mean of all units counts.
    Adjust,
    /// It adds the average of the other strata.
    Average,
}

/// One name, or a list of names.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// A single name.
    One(String),
    /// Several, in order.
    Many(Vec<String>),
}

impl OneOrMany {
    /// The names as a list.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}

/// One adjustment of the weights.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// How the weights are adjusted.
    pub method: CalibrationMethod,
    /// The population margins to meet.
    pub margins: Vec<Margin>,
    /// Limits [lower, upper] on calibrated ÷ base weight; null for an open end. For
    /// `linear` and `raking`; needed for `logit`.
    #[serde(default)]
    pub bounds: Option<(Option<f64>, Option<f64>)>,
    /// Trimming after the adjustment.
    #[serde(default)]
    pub trim: Option<Trim>,
}

/// How weights are adjusted to margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationMethod {
    /// One margin: total ÷ sum of weights in each level.
    Poststratify,
    /// Iterative proportional fitting to several margins.
    Rake,
    /// Calibration with the linear distance (generalised regression).
    Linear,
    /// Calibration with the exponential distance; without bounds the same as `rake`.
    Raking,
    /// Calibration with the logit distance between two bounds.
    Logit,
}

/// A population margin.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Margin {
    /// The column of the levels; several are crossed.
    pub by: OneOrMany,
    /// People in the population by level; crossed levels are joined by `|` in the order of
    /// `by`, as `f|18-34`.
    pub totals: BTreeMap<String, f64>,
}

/// Absolute limits on the weights.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trim {
    /// The smallest weight; left out: none.
    pub lower: Option<f64>,
    /// The largest weight; left out: none.
    pub upper: Option<f64>,
    /// Whether to repeat until no weight is outside.
    #[serde(default)]
    pub strict: bool,
}

/// What to estimate. Which fields belong to which statistic is checked on reading.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EstimateSpec {
    /// The statistic.
    pub statistic: Statistic,
    /// mean, total, proportion: the column.
    pub variable: Option<String>,
    /// proportion: the value whose share is estimated.
    pub equals: Option<Literal>,
    /// ratio: the column summed above the line.
    pub numerator: Option<String>,
    /// ratio: the column summed below the line.
    pub denominator: Option<String>,
    /// difference: the positions, from 0, of the two estimates whose difference is taken.
    pub of: Option<(usize, usize)>,
    /// chisq: the column of the table's rows.
    pub rows: Option<String>,
    /// chisq: the column of the table's columns.
    pub columns: Option<String>,
    /// chisq: `F` (Rao–Scott, second order; the default), `Chisq`, `Wald` or `adjWald`.
    pub test: Option<String>,
    /// One row for each combination of these columns' levels.
    pub by: Option<OneOrMany>,
    /// Only rows that meet the condition, as `age == '55+' and score >= 60`.
    #[serde(rename = "where")]
    pub condition: Option<String>,
    /// The confidence level; 0.95 if left out.
    pub level: Option<f64>,
    /// The design effect against simple random sampling: `srs_without_replacement` or
    /// `srs_with_replacement`.
    pub deff: Option<DesignEffect>,
    /// proportion: interval methods out of logit, likelihood, asin, beta, mean, xlogit,
    /// wilson.
    pub interval: Option<OneOrMany>,
    /// How the variance is found; linearisation if left out.
    pub variance: Option<Variance>,
}

/// The statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// Weighted mean of a number column.
    Mean,
    /// Weighted total of a number column.
    Total,
    /// Weighted share of rows with a value.
    Proportion,
    /// Ratio of two weighted totals.
    Ratio,
    /// Difference of two of the estimates.
    Difference,
    /// Test of independence of two columns.
    Chisq,
}

/// Which simple random sample a design is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DesignEffect {
    /// Without replacement.
    SrsWithoutReplacement,
    /// With replacement.
    SrsWithReplacement,
}

/// A value to compare with.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Literal {
    /// `true` or `false`, as the words in the data.
    Truth(bool),
    /// A number: equals every spelling of it.
    Number(f64),
    /// A text: equals exactly itself.
    Text(String),
}

/// How the variance is found: a name, or a name with settings.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Variance {
    /// By its name.
    Named(ReplicateMethod),
    /// With settings.
    Set {
        /// The method.
        method: ReplicateMethod,
        /// fay: ρ in [0, 1); 0.5 if left out.
        rho: Option<f64>,
        /// bootstrap: how many replicates; 500 if left out.
        replicates: Option<usize>,
        /// bootstrap: the seed; 1 if left out.
        seed: Option<u64>,
    },
}

/// The names of variance methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplicateMethod {
    /// Taylor linearisation.
    Taylor,
    /// Jackknife: JK1, or JKn with strata.
    Jackknife,
    /// Balanced repeated replication.
    Brr,
    /// Balanced repeated replication with Fay's ρ.
    Fay,
    /// Rescaled bootstrap.
    Bootstrap,
}
