//! Volunteers weighted to the population through a reference probability sample.
//!
//! A (volunteers) has the outcome and covariates, B (reference) the covariates and design
//! weights. Three roads lead to the population mean: model who volunteers (propensity), model
//! the outcome (mass imputation), or both, which is right if either model is.
//!
//! All assume that, given the covariates, volunteering does not depend on the outcome, and
//! that everyone could have volunteered. Neither can be tested from these data: report
//! [`super::mubp`] or [`super::Nonresponse`] bounds beside the estimate.
//!
//! Source: Chen, Li and Wu 2020, "Doubly robust inference with nonprobability survey
//! samples", JASA 115, 2011–2021.

mod estimators;
mod samples;
mod variance;

pub use estimators::{Estimate, doubly_robust, inverse_propensity, mass_imputation};
pub use samples::{Reference, Samples, Volunteers};

use crate::named::named;

named! {
    /// The model of the outcome given the covariates.
    "outcome model"
    pub enum OutcomeModel {
        /// Least squares: any numerical outcome.
        Linear = "gaussian",
        /// Logistic regression: an outcome of 0 and 1.
        Logistic = "binomial",
    }
}

/// By what the volunteers' weighted total is divided.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum PopulationSize {
    /// Σ 1/π̂ over the volunteers: IPW2 and DR2 of the source, steadier. The default.
    #[default]
    Volunteers,
    /// Σ d over the reference sample: IPW1 and DR1 with an estimated N.
    Reference,
    /// A known N: IPW1 and DR1.
    Known(f64),
}
