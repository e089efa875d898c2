//! Replicate weights: the variance of an estimate from estimating it again and again on
//! parts of the sample (Wolter 2007, Introduction to Variance Estimation).

mod scheme;
mod sums;

pub use scheme::Replicates;

use super::{Design, Quantity};
use crate::Error;
use crate::weights::{Margin, Method, WeightingError, adjust_factors, count_cells};
use sums::PsuSums;

/// The calibration steps that every replicate goes through again.
///
/// All steps work on the same weighting cells: the combinations of every variable that any
/// step's margins use.
#[derive(Debug, Clone, Default)]
pub struct Recalibration {
    /// The weighting cell of each row; empty if there are no steps.
    pub cell_of_row: Vec<u32>,
    /// The steps in order, with their margins over those cells.
    pub steps: Vec<(Method, Vec<Margin>)>,
}

impl Recalibration {
    fn cell(&self, row: usize) -> u32 {
        self.cell_of_row.get(row).copied().unwrap_or(0)
    }

    /// The factor of each cell after all steps, from the cells' sums of base weights.
    fn factors(&self, base: &[f64]) -> Result<Vec<f64>, WeightingError> {
        let mut sums = base.to_vec();
        let mut factors = vec![1.0; base.len()];
        for (method, margins) in &self.steps {
            let step = adjust_factors(*method, &sums, margins)?;
            for ((factor, sum), step) in factors.iter_mut().zip(&mut sums).zip(step) {
                *factor *= step;
                *sum *= step;
            }
        }
        Ok(factors)
    }
}

/// A replication scheme applied to base weights, each replicate calibrated anew.
#[derive(Debug)]
pub struct ReplicateWeights<'a> {
    design: &'a Design,
    replicates: Replicates,
    base: &'a [f64],
    recalibration: &'a Recalibration,
    /// Per replicate the factor of each cell; empty without calibration.
    factors: Vec<f64>,
    /// The number of weighting cells; 1 without calibration.
    cells: usize,
}

/// Replicates × cells up to which calibration factors are kept.
const MOST_FACTORS: usize = 50_000_000;

impl<'a> ReplicateWeights<'a> {
    /// Calibrates every replicate of the base weights.
    ///
    /// # Errors
    /// A [`WeightingError`] if a replicate cannot be calibrated (for example because a
    /// level lives in one sampling unit only), [`Error::Length`] for columns of unequal
    /// length, [`Error::OutOfRange`] for more than 5·10⁷ replicates × cells.
    pub fn new(
        design: &'a Design,
        replicates: Replicates,
        base: &'a [f64],
        recalibration: &'a Recalibration,
    ) -> Result<Self, Error> {
        let calibrated = !recalibration.steps.is_empty();
        let cells = recalibration.cell_of_row.len();
        let lengths = [(base.len(), true), (cells, calibrated)];
        for (got, _) in lengths.into_iter().filter(|(_, needed)| *needed) {
            if got != design.rows() {
                return Err(Error::Length {
                    name: "the replicated weights or their cells",
                    expected: design.rows(),
                    got,
                });
            }
        }
        let mut weights = Self {
            design,
            replicates,
            base,
            recalibration,
            factors: Vec::new(),
            cells: 1,
        };
        if calibrated {
            weights.cells = count_cells(&recalibration.cell_of_row)?;
            weights.calibrate()?;
        }
        Ok(weights)
    }

    fn calibrate(&mut self) -> Result<(), Error> {
        let cells = self.cells;
        let size = cells.saturating_mul(self.replicates.len());
        if size > MOST_FACTORS {
            return Err(Error::OutOfRange {
                name: "replicates × weighting cells",
                value: size as f64,
                expected: "at most 50 million; use linearisation",
            });
        }
        let rows = 0..self.design.rows();
        let entries = rows.map(|row| (row, self.recalibration.cell(row), self.base[row], 0.0));
        let sums = PsuSums::new(self.design, cells, entries);
        let mut factors = Vec::with_capacity(size);
        let mut totals = vec![(0.0, 0.0); cells];
        for replicate in 0..self.replicates.len() {
            self.replicates.totals(replicate, &sums, &mut totals);
            // What is left of an emptied cell is rounding.
            let base: Vec<f64> = totals
                .iter()
                .zip(sums.totals())
                .map(|(left, all)| if left.0 > 1e-9 * all.0 { left.0 } else { 0.0 })
                .collect();
            factors.extend(self.recalibration.factors(&base)?);
        }
        self.factors = factors;
        Ok(())
    }

    /// The quantity in every replicate, over the domain that `domain` lists by row; NaN
    /// where a replicate leaves the domain empty.
    pub fn estimate(&self, quantity: Quantity<'_>, domain: &[u32]) -> Vec<f64> {
        let cells = self.cells;
        let entries = domain.iter().filter_map(|&row| {
            let row = row as usize;
            let (y, x) = quantity.pair(row)?;
            let weight = *self.base.get(row)?;
            let cell = if cells == 1 {
                0
            } else {
                self.recalibration.cell(row)
            };
            Some((row, cell, weight * y, weight * x))
        });
        let sums = PsuSums::new(self.design, cells, entries);
        let mut totals = vec![(0.0, 0.0); cells];
        (0..self.replicates.len())
            .map(|replicate| {
                self.replicates.totals(replicate, &sums, &mut totals);
                let (mut sum_y, mut sum_x) = (0.0, 0.0);
                for (cell, &(y, x)) in totals.iter().enumerate() {
                    let factor = self.factors.get(replicate * cells + cell);
                    let factor = factor.copied().unwrap_or(1.0);
                    sum_y += factor * y;
                    sum_x += factor * x;
                }
                match quantity {
                    Quantity::Total(_) => sum_y,
                    // What is left of an emptied domain is rounding.
                    _ if sum_x.abs() <= 1e-12 * sums.scale() => f64::NAN,
                    _ => sum_y / sum_x,
                }
            })
            .collect()
    }

    /// The covariance of two estimates from their replicates: Σ scale (a − ā)(b − b̄), with
    /// the means over the replicates (R's default, `mse = FALSE`). Replicates without a
    /// value are left out, as in R.
    pub fn covariance(&self, a: &[f64], b: &[f64]) -> f64 {
        self.replicates.covariance(a, b)
    }

    /// The replication scheme.
    pub fn scheme(&self) -> &Replicates {
        &self.replicates
    }
}
