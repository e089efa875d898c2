//! The weights of a sample through all their adjustments.

use super::{Adjustment, Margin, Method, Regression, WeightingError, adjust, trim};
use crate::Error;
use crate::design::DesignError;

/// Base weights and the steps that led from them to the present ones.
///
/// It remembers each step, because the variance of an estimate depends on them: the
/// linearised variable is residualised from the last step back to the first.
#[derive(Debug, Clone)]
pub struct Weighting {
    current: Vec<f64>,
    steps: Vec<Step>,
}

/// One calibration, and the weights it led to.
#[derive(Debug, Clone)]
struct Step {
    cell_of_row: Vec<u32>,
    factors: Vec<f64>,
    regression: Regression,
    after: Vec<f64>,
}

impl Weighting {
    /// Starts from base weights, one per row.
    ///
    /// # Errors
    /// [`DesignError::Weight`] for a weight that is negative or not finite,
    /// [`DesignError::AllWeightsZero`], [`Error::NoData`] without any row.
    pub fn new(base: Vec<f64>) -> Result<Self, Error> {
        if base.is_empty() {
            return Err(Error::NoData("the data have no rows"));
        }
        let bad = base.iter().position(|w| !(w.is_finite() && *w >= 0.0));
        if let Some(row) = bad {
            let value = base[row];
            return Err(DesignError::Weight { row, value }.into());
        }
        if base.iter().all(|&weight| weight == 0.0) {
            return Err(DesignError::AllWeightsZero.into());
        }
        Ok(Self {
            current: base,
            steps: Vec::new(),
        })
    }

    /// The present weights, one per row.
    pub fn weights(&self) -> &[f64] {
        &self.current
    }

    /// Whether the weights were calibrated, so that an estimate's influence reaches rows
    /// outside its domain.
    pub fn is_calibrated(&self) -> bool {
        !self.steps.is_empty()
    }

    /// Adjusts the present weights to margins. `cell_of_row` gives each row's weighting
    /// cell, from 0 without gaps.
    ///
    /// # Errors
    /// As [`adjust`]; [`Error::Length`] if there is not one cell per row,
    /// [`Error::OutOfRange`] if cells are not numbered without gaps. The weights are then
    /// unchanged.
    pub fn calibrate(
        &mut self,
        method: Method,
        cell_of_row: Vec<u32>,
        margins: &[Margin],
    ) -> Result<(), Error> {
        if cell_of_row.len() != self.current.len() {
            return Err(Error::Length {
                name: "the weighting cells",
                expected: self.current.len(),
                got: cell_of_row.len(),
            });
        }
        let cells = count_cells(&cell_of_row)?;
        let mut base = vec![0.0; cells];
        for (&cell, &weight) in cell_of_row.iter().zip(&self.current) {
            base[cell as usize] += weight;
        }
        let Adjustment {
            factors,
            regression,
        } = adjust(method, &base, margins)?;
        for (weight, &cell) in self.current.iter_mut().zip(&cell_of_row) {
            *weight *= factors[cell as usize];
        }
        self.steps.push(Step {
            cell_of_row,
            factors,
            regression,
            after: self.current.clone(),
        });
        Ok(())
    }

    /// Trims the present weights as [`trim`] does. For the variance, the ratio of trimmed
    /// to untrimmed weight counts as fixed.
    ///
    /// # Errors
    /// As [`trim`]. The weights are then unchanged.
    pub fn trim(&mut self, lower: f64, upper: f64, strict: bool) -> Result<(), WeightingError> {
        let mut trimmed = self.current.clone();
        trim(&mut trimmed, lower, upper, strict)?;
        self.current = trimmed;
        Ok(())
    }

    /// Turns weighted influence values (present weight × linearised variable, one per row)
    /// into those of the calibrated estimate: from each step the regression on its margins,
    /// fitted with the weights before the step, is taken out, the last step first
    /// (Deville & Särndal 1992, §3).
    pub fn residualise(&self, influence: &mut [f64]) {
        let mut totals = Vec::new();
        let mut fitted = Vec::new();
        for step in self.steps.iter().rev() {
            totals.clear();
            totals.resize(step.factors.len(), 0.0);
            for (&value, &cell) in influence.iter().zip(&step.cell_of_row) {
                totals[cell as usize] += value;
            }
            for (total, &factor) in totals.iter_mut().zip(&step.factors) {
                // A factor of 0 takes the whole cell out, its influence too.
                *total = if factor == 0.0 { 0.0 } else { *total / factor };
            }
            step.regression.fit(&totals, &mut fitted);
            let rows = step.cell_of_row.iter().zip(&step.after);
            for (value, (&cell, &after)) in influence.iter_mut().zip(rows) {
                *value -= after * fitted[cell as usize];
            }
        }
    }
}

/// How many weighting cells there are, if their numbers have no gaps to speak of.
pub(crate) fn count_cells(cell_of_row: &[u32]) -> Result<usize, Error> {
    let last = cell_of_row.iter().max().copied().unwrap_or(0);
    if (last as usize) < cell_of_row.len().max(1) {
        return Ok(last as usize + 1);
    }
    Err(Error::OutOfRange {
        name: "the weighting cell",
        value: f64::from(last),
        expected: "numbers from 0 without gaps, fewer than rows",
    })
}
