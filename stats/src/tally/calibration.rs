//! Calibrated weights of tallied answers.

use super::sample::Sample;
use crate::Error;
use crate::weights::{Margin, Method, Regression, adjust};

/// Calibrated weights: what an estimate's influence loses to the margins.
#[derive(Debug)]
pub(super) struct Calibration {
    pub factors: Vec<f64>,
    pub regression: Regression,
    pub mass: Mass,
}

/// Sums of calibrated weights over the answers of each unit (as [`Sample::unit`]) within
/// each weighting cell that it holds, unit after unit.
#[derive(Debug, Default)]
pub(super) struct Mass {
    /// Where each unit's entries start; one more than there are units.
    pub starts: Vec<usize>,
    pub cells: Vec<u32>,
    /// Σ w.
    pub weights: Vec<f64>,
    /// Σ w².
    pub squares: Vec<f64>,
}

impl Mass {
    fn of(sample: &Sample<'_>) -> Self {
        let groups = &sample.unit;
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_unstable_by_key(|&row| (groups[row], sample.cell[row]));
        let mut mass = Self::default();
        let mut last = None;
        for row in order {
            let (group, cell) = (groups[row], sample.cell[row]);
            while mass.starts.len() <= group as usize {
                mass.starts.push(mass.cells.len());
            }
            if last != Some((group, cell)) {
                mass.cells.push(cell);
                mass.weights.push(0.0);
                mass.squares.push(0.0);
                last = Some((group, cell));
            }
            let (weight, count) = (sample.weight[row], sample.count[row]);
            if let (Some(sum), Some(square)) = (mass.weights.last_mut(), mass.squares.last_mut()) {
                *sum += weight * count;
                *square += weight * weight * count;
            }
        }
        mass.starts.push(mass.cells.len());
        mass
    }

    /// For each unit Σ weight · fitted over its cells.
    pub(super) fn linear<'m>(&'m self, fitted: &'m [f64]) -> impl Iterator<Item = f64> + 'm {
        self.starts.windows(2).map(|bounds| {
            let cells = self.cells[bounds[0]..bounds[1]].chunks(4);
            let weights = self.weights[bounds[0]..bounds[1]].chunks(4);
            // Four sums that do not wait for each other.
            let mut sums = [0.0; 4];
            for (cells, weights) in cells.zip(weights) {
                for ((sum, &cell), weight) in sums.iter_mut().zip(cells).zip(weights) {
                    *sum += weight * fitted[cell as usize];
                }
            }
            sums[0] + sums[1] + (sums[2] + sums[3])
        })
    }

    /// For each unit Σ weight² · fitted² over its cells.
    pub(super) fn square<'m>(&'m self, fitted: &'m [f64]) -> impl Iterator<Item = f64> + 'm {
        self.starts.windows(2).map(|bounds| {
            let cells = self.cells[bounds[0]..bounds[1]].iter();
            let squares = &self.squares[bounds[0]..bounds[1]];
            cells
                .zip(squares)
                .map(|(&cell, square)| square * fitted[cell as usize] * fitted[cell as usize])
                .sum()
        })
    }
}

impl Sample<'_> {
    /// Adjusts the weights to margins over the codes of [`CellKey::weighting`](super::CellKey::weighting): a margin's
    /// `level_of_cell` is indexed by that code.
    ///
    /// # Errors
    /// As [`adjust`]; cells of a [`crate::weights::WeightingError`] are counted among
    /// those that hold answers, in increasing order of their code. [`Error::Undefined`] if
    /// the weights were calibrated before.
    pub fn calibrate(&mut self, method: Method, margins: &[Margin]) -> Result<(), Error> {
        if self.calibration.is_some() {
            return Err(Error::Undefined {
                method: "calibration of tallies",
                reason: "the weights are calibrated already; give all margins at once",
            });
        }
        let mut base = vec![0.0; self.cell_codes.len()];
        for (row, &cell) in self.cell.iter().enumerate() {
            base[cell as usize] += self.weight[row] * self.count[row];
        }
        let held: Vec<Margin> = margins
            .iter()
            .map(|margin| Margin {
                level_of_cell: self
                    .cell_codes
                    .iter()
                    .map(|&code| margin.level_of_cell.get(code as usize).copied())
                    .map(|level| level.unwrap_or(u32::MAX))
                    .collect(),
                totals: margin.totals.clone(),
            })
            .collect();
        let adjustment = adjust(method, &base, &held)?;
        for (weight, &cell) in self.weight.iter_mut().zip(&self.cell) {
            *weight *= adjustment.factors[cell as usize];
        }
        self.calibration = Some(Calibration {
            factors: adjustment.factors,
            regression: adjustment.regression,
            mass: Mass::of(self),
        });
        Ok(())
    }
}
