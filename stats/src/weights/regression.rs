//! The regression on the margins that linearises a calibrated estimate.

use super::margin::{Margin, Problem};
use super::newton::gram;
use super::{MAX_COLUMNS, WeightingError};
use crate::linear::SemiDefinite;

/// The regression of a variable on the margins, weighted by base weights.
///
/// A calibrated total Σ w y varies as Σ w (y − x'B) does, with B fitted by base weights
/// (Deville & Särndal 1992, JASA 87, eq. 3.4): for post-stratification, the deviations
/// from the post-stratum means.
#[derive(Debug, Clone)]
pub struct Regression {
    problem: Problem,
    normal: Normal,
}

#[derive(Debug, Clone)]
enum Normal {
    /// One margin: its columns are orthogonal.
    Diagonal(Vec<f64>),
    Full(SemiDefinite),
}

impl Regression {
    /// Prepares the regression on `margins` with `base`, the sum of base weights per cell.
    ///
    /// # Errors
    /// As [`adjust`](super::adjust): every refusal of margins, and
    /// [`WeightingError::TooManyLevels`] for several margins with very many levels.
    pub fn new(base: &[f64], margins: &[Margin]) -> Result<Self, WeightingError> {
        Self::of(Problem::new(base, margins)?)
    }

    pub(super) fn of(problem: Problem) -> Result<Self, WeightingError> {
        let columns = problem.totals.len();
        let normal = if problem.margins == 1 {
            let mut sums = vec![0.0; columns];
            problem.sum_by_column(|cell| problem.base[cell], &mut sums);
            Normal::Diagonal(sums)
        } else if columns > MAX_COLUMNS {
            return Err(WeightingError::TooManyLevels {
                levels: columns,
                most: MAX_COLUMNS,
            });
        } else {
            let matrix = gram(&problem, |cell| problem.base[cell]);
            Normal::Full(SemiDefinite::factor(columns, &matrix))
        };
        Ok(Self { problem, normal })
    }

    /// The fitted value x'B of each cell for a variable whose base-weighted total in each
    /// cell is `totals` (as many as there are cells), written to `fitted`.
    pub fn fit(&self, totals: &[f64], fitted: &mut Vec<f64>) {
        let mut right = vec![0.0; self.problem.totals.len()];
        self.problem
            .sum_by_column(|cell| totals.get(cell).copied().unwrap_or(0.0), &mut right);
        let slopes = match &self.normal {
            Normal::Diagonal(sums) => right
                .iter()
                .zip(sums)
                .map(|(&r, &s)| if s > 0.0 { r / s } else { 0.0 })
                .collect(),
            Normal::Full(factor) => factor.solve(&right),
        };
        fitted.clear();
        fitted.extend((0..self.problem.base.len()).map(|cell| {
            self.problem
                .columns(cell)
                .map(|column| slopes[column])
                .sum::<f64>()
        }));
    }
}
