//! The two samples.

use super::super::logistic::matrix;
use super::super::out_of_range;
use crate::Error;
use nalgebra::{DMatrix, DVector};
use std::collections::BTreeMap;

/// Those who came by themselves: outcome and covariates.
#[derive(Debug, Clone, Copy)]
pub struct Volunteers<'a> {
    /// The outcome of each.
    pub outcome: &'a [f64],
    /// A row of covariates for each, the leading 1 of an intercept included.
    pub covariates: &'a [Vec<f64>],
}

/// The probability sample: covariates, design weights, and strata if there are any.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    /// A row of covariates for each, in the same columns as the volunteers'.
    pub covariates: &'a [Vec<f64>],
    /// The design weight of each.
    pub weights: &'a [f64],
    /// The stratum of each; none means one stratum.
    pub strata: Option<&'a [usize]>,
}

/// Both samples, checked against each other.
#[derive(Debug, Clone)]
pub struct Samples {
    pub(super) outcome: DVector<f64>,
    /// Covariates of the volunteers.
    pub(super) a: DMatrix<f64>,
    /// Covariates of the reference sample.
    pub(super) b: DMatrix<f64>,
    pub(super) weights: DVector<f64>,
    strata: Vec<Vec<usize>>,
}

impl Samples {
    /// Checks both samples.
    ///
    /// # Errors
    /// [`Error::NoData`] if one is empty or the weights are all 0; [`Error::OutOfRange`] for
    /// lengths that differ, values that are not finite, negative weights.
    pub fn new(volunteers: Volunteers, reference: Reference) -> Result<Self, Error> {
        let (a, b) = (
            matrix(volunteers.covariates)?,
            matrix(reference.covariates)?,
        );
        let count = b.nrows();
        let lengths = [
            ("outcome", volunteers.outcome.len(), a.nrows()),
            ("columns of the reference sample", b.ncols(), a.ncols()),
            ("weights", reference.weights.len(), count),
            (
                "strata",
                reference.strata.map_or(count, <[usize]>::len),
                count,
            ),
        ];
        for (name, got, expected) in lengths {
            if got != expected {
                return Err(out_of_range(name, got as f64, "one for each row or column"));
            }
        }
        if let Some(&value) = volunteers.outcome.iter().find(|y| !y.is_finite()) {
            return Err(out_of_range("outcome", value, "a finite number"));
        }
        if let Some(&value) = reference
            .weights
            .iter()
            .find(|w| !(w.is_finite() && **w >= 0.0))
        {
            return Err(out_of_range("weight", value, "a weight of 0 or more"));
        }
        if reference.weights.iter().sum::<f64>() <= 0.0 {
            return Err(Error::NoData(
                "the weights of the reference sample are all 0",
            ));
        }
        let mut strata: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for row in 0..count {
            let stratum = reference.strata.and_then(|strata| strata.get(row));
            strata
                .entry(stratum.copied().unwrap_or(0))
                .or_default()
                .push(row);
        }
        Ok(Self {
            outcome: DVector::from_column_slice(volunteers.outcome),
            a,
            b,
            weights: DVector::from_column_slice(reference.weights),
            strata: strata.into_values().collect(),
        })
    }

    /// Σ d over the reference sample.
    pub(super) fn reference_size(&self) -> f64 {
        self.weights.sum()
    }

    /// The design variance of Σ d t over the reference sample: between members within strata,
    /// as if drawn with replacement (Lohr 2022, chapter 3, without fpc).
    ///
    /// # Errors
    /// [`Error::Undefined`] if a stratum has a single member.
    pub(super) fn design_variance(&self, t: &DVector<f64>) -> Result<f64, Error> {
        let values = t.component_mul(&self.weights);
        let mut variance = 0.0;
        for members in &self.strata {
            let size = members.len() as f64;
            if members.len() < 2 {
                return Err(Error::Undefined {
                    method: "the variance of the reference sample",
                    reason: "a stratum has a single member; merge it with another",
                });
            }
            let of = || members.iter().filter_map(|&row| values.get(row));
            let mean = of().sum::<f64>() / size;
            let squares: f64 = of().map(|value| (value - mean).powi(2)).sum();
            variance += size / (size - 1.0) * squares;
        }
        Ok(variance)
    }
}
