//! A weighted two-way table and the covariance of its cells.

use crate::Error;
use crate::design::{Accumulator, Design, Influence};
use crate::weights::Weighting;

/// Cells up to which a table is tested: a matrix of their square is solved.
const MOST_CELLS: usize = 400;

/// A two-way table of weighted proportions and their covariance, cells row by row.
pub(super) struct Table {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) n: usize,
    pub(super) proportions: Vec<f64>,
    /// Covariance of the proportions; for Wald's test, of the cell totals over N.
    pub(super) covariance: Vec<f64>,
    pub(super) df: f64,
}

impl Table {
    pub(super) fn of(
        design: &Design,
        weighting: &Weighting,
        cells: &[(u32, u32, u32)],
        of_totals: bool,
    ) -> Result<Self, Error> {
        let rows = cells
            .iter()
            .map(|c| (c.1 as usize).saturating_add(1))
            .max()
            .unwrap_or(0);
        let columns = cells
            .iter()
            .map(|c| (c.2 as usize).saturating_add(1))
            .max()
            .unwrap_or(0);
        if rows < 2 || columns < 2 {
            return Err(Error::NoData(
                "a test of independence needs at least two rows and two columns with answers",
            ));
        }
        let width = rows.saturating_mul(columns);
        if width > MOST_CELLS {
            return Err(Error::OutOfRange {
                name: "the number of table cells",
                value: width as f64,
                expected: "at most 400; merge levels",
            });
        }
        let weights = weighting.weights();
        let weight_of = |row: u32| weights.get(row as usize).copied().unwrap_or(0.0);
        let mut proportions = vec![0.0; width];
        for &(row, r, c) in cells {
            proportions[r as usize * columns + c as usize] += weight_of(row);
        }
        let total: f64 = proportions.iter().sum();
        if total <= 0.0 {
            return Err(Error::NoData("no answer in the table has a weight"));
        }
        proportions.iter_mut().for_each(|p| *p /= total);
        let centre = if of_totals {
            vec![0.0; width]
        } else {
            proportions.clone()
        };
        let (influence, df) = influences(design, weighting, cells, &centre, columns, total);
        Ok(Self {
            rows,
            columns,
            n: cells.len(),
            covariance: design.covariance(&influence),
            proportions,
            df,
        })
    }

    pub(super) fn margins(&self) -> (Vec<f64>, Vec<f64>) {
        let mut by_row = vec![0.0; self.rows];
        let mut by_column = vec![0.0; self.columns];
        for (cell, p) in self.proportions.iter().enumerate() {
            by_row[cell / self.columns] += p;
            by_column[cell % self.columns] += p;
        }
        (by_row, by_column)
    }

    /// Pearson's X² of the weighted proportions, times the number of answers.
    pub(super) fn pearson(&self) -> f64 {
        let (by_row, by_column) = self.margins();
        let mut sum = 0.0;
        for (cell, p) in self.proportions.iter().enumerate() {
            let expected = by_row[cell / self.columns] * by_column[cell % self.columns];
            if expected > 0.0 {
                sum += (p - expected) * (p - expected) / expected;
            }
        }
        self.n as f64 * sum
    }
}

/// The influences Σ w (indicator − centre) / N of all cells, and the degrees of freedom of the table.
fn influences(
    design: &Design,
    weighting: &Weighting,
    cells: &[(u32, u32, u32)],
    centre: &[f64],
    columns: usize,
    total: f64,
) -> (Influence, f64) {
    let weights = weighting.weights();
    let width = centre.len();
    let mut sums = Accumulator::new(design, width);
    for &(row, r, c) in cells {
        let weight = weights.get(row as usize).copied().unwrap_or(0.0);
        let own = r as usize * columns + c as usize;
        if weight != 0.0
            && let Some(sums) = sums.unit_of_row(row as usize)
        {
            for (cell, sum) in sums.iter_mut().enumerate() {
                let is_own = f64::from(u8::from(cell == own));
                *sum += weight * (is_own - centre[cell]) / total;
            }
        }
    }
    let plain = sums.take();
    let df = design.degrees_of_freedom(plain.units());
    if !weighting.is_calibrated() {
        return (plain, df);
    }
    let mut by_row = vec![0.0; weights.len()];
    for cell in 0..width {
        by_row.fill(0.0);
        for &(row, r, c) in cells {
            let is_own = f64::from(u8::from(r as usize * columns + c as usize == cell));
            if let Some(&weight) = weights.get(row as usize) {
                by_row[row as usize] = weight * (is_own - centre[cell]) / total;
            }
        }
        weighting.residualise(&mut by_row);
        for (row, &value) in by_row.iter().enumerate() {
            if let Some(sums) = sums.unit_of_row(row) {
                sums[cell] += value;
            }
        }
    }
    (sums.take(), df)
}
