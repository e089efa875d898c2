//! Tests of independence in a weighted two-way table (Rao & Scott 1984; Koch et al. 1975).

use super::{Accumulator, Design, Influence};
use crate::Error;
use crate::distribution::{chi_squared, fisher_f};
use crate::linear::SemiDefinite;
use crate::named::named;
use crate::weights::Weighting;

named! {
    /// How to test independence of rows and columns.
    "test of independence"
    pub enum IndependenceTest {
        /// Rao & Scott's second-order correction, referred to F.
        F = "F",
        /// Rao & Scott's first-order correction: Pearson's χ² over the mean design effect.
        ChiSquared = "Chisq",
        /// Wald's test of N_rc = N_r N_c / N, referred to F.
        Wald = "Wald",
        /// Wald's test with the small-sample adjustment of its denominator.
        AdjustedWald = "adjWald",
    }
}

/// The outcome of a test of independence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Independence {
    /// The test statistic, in the scale of its reference distribution (for
    /// [`IndependenceTest::ChiSquared`], Pearson's X² before correction).
    pub statistic: f64,
    /// Numerator degrees of freedom.
    pub ndf: f64,
    /// Denominator degrees of freedom; `None` for χ².
    pub ddf: Option<f64>,
    /// The p-value.
    pub p: f64,
    /// The answers that the table holds.
    pub n: usize,
}

/// Cells up to which a table is tested: a matrix of their square is solved.
const MOST_CELLS: usize = 400;

/// Tests whether rows and columns of a two-way table are independent in the population.
///
/// `cells` lists, for each row of the data in the table, (data row, table row, table
/// column); tables have at least two rows and columns, each with weight.
///
/// # Errors
/// [`Error::NoData`] for a table with fewer than two rows or columns,
/// [`Error::OutOfRange`] for a table of more than 400 cells or without degrees of freedom,
/// [`Error::Undefined`] where the table's covariance is singular.
pub fn independence(
    design: &Design,
    weighting: &Weighting,
    cells: &[(u32, u32, u32)],
    test: IndependenceTest,
) -> Result<Independence, Error> {
    let of_totals = matches!(
        test,
        IndependenceTest::Wald | IndependenceTest::AdjustedWald
    );
    let table = Table::of(design, weighting, cells, of_totals)?;
    let (rows, columns) = (table.rows, table.columns);
    let free = (rows - 1) * (columns - 1);
    match test {
        IndependenceTest::F | IndependenceTest::ChiSquared => {
            let (trace, squared) = table.generalised_effects(free)?;
            let pearson = table.pearson();
            if test == IndependenceTest::ChiSquared {
                let ndf = free as f64;
                let p = chi_squared::sf(pearson / (trace / ndf), ndf)?;
                return Ok(table.outcome(pearson, ndf, None, p));
            }
            let ndf = trace * trace / squared;
            let ddf = ndf * table.df;
            let statistic = pearson / trace;
            let p = fisher_f::sf(statistic, ndf, ddf)?;
            Ok(table.outcome(statistic, ndf, Some(ddf), p))
        }
        IndependenceTest::Wald | IndependenceTest::AdjustedWald => {
            let q = free as f64;
            let wald = table.wald()?;
            let (statistic, ddf) = if test == IndependenceTest::Wald {
                (wald / q, table.df)
            } else {
                let ddf = table.df - q + 1.0;
                (wald * ddf / (q * table.df), ddf)
            };
            let p = fisher_f::sf(statistic, q, ddf)?;
            Ok(table.outcome(statistic, q, Some(ddf), p))
        }
    }
}

/// A two-way table of weighted proportions and their covariance, cells row by row.
struct Table {
    rows: usize,
    columns: usize,
    n: usize,
    proportions: Vec<f64>,
    /// Covariance of the proportions; for Wald's test, of the cell totals over N.
    covariance: Vec<f64>,
    df: f64,
}

impl Table {
    fn of(
        design: &Design,
        weighting: &Weighting,
        cells: &[(u32, u32, u32)],
        of_totals: bool,
    ) -> Result<Self, Error> {
        let rows = cells.iter().map(|c| c.1 as usize + 1).max().unwrap_or(0);
        let columns = cells.iter().map(|c| c.2 as usize + 1).max().unwrap_or(0);
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

    fn margins(&self) -> (Vec<f64>, Vec<f64>) {
        let mut by_row = vec![0.0; self.rows];
        let mut by_column = vec![0.0; self.columns];
        for (cell, p) in self.proportions.iter().enumerate() {
            by_row[cell / self.columns] += p;
            by_column[cell % self.columns] += p;
        }
        (by_row, by_column)
    }

    /// Pearson's X² of the weighted proportions, times the number of answers.
    fn pearson(&self) -> f64 {
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

    /// The trace of Rao & Scott's matrix of generalised design effects, and the trace of
    /// its square. In an empty cell 1/p counts as 0, as in `svychisq`.
    fn generalised_effects(&self, free: usize) -> Result<(f64, f64), Error> {
        let width = self.proportions.len();
        let contrasts = self.interactions();
        let inverse = |cell: usize| {
            let p = self.proportions[cell];
            if p == 0.0 { 0.0 } else { 1.0 / p }
        };
        // D⁻¹C, one row per interaction.
        let scaled: Vec<f64> = contrasts
            .iter()
            .enumerate()
            .map(|(i, c)| c * inverse(i % width))
            .collect();
        let mut simple = vec![0.0; free * free];
        let mut actual = vec![0.0; free * free];
        for a in 0..free {
            let mut spread = vec![0.0; width];
            for (i, spread) in spread.iter_mut().enumerate() {
                *spread = (0..width)
                    .map(|j| self.covariance[i * width + j] * scaled[a * width + j])
                    .sum();
            }
            for b in 0..free {
                let cells = b * width..(b + 1) * width;
                let dot =
                    |x: &[f64], y: &[f64]| -> f64 { x.iter().zip(y).map(|(x, y)| x * y).sum() };
                simple[a * free + b] = dot(
                    &contrasts[cells.clone()],
                    &scaled[a * width..(a + 1) * width],
                ) / self.n as f64;
                actual[a * free + b] = dot(&scaled[cells], &spread);
            }
        }
        let factor = SemiDefinite::factor(free, &simple);
        if factor.rank() < free {
            return Err(singular());
        }
        let mut delta = vec![0.0; free * free];
        for column in 0..free {
            let right: Vec<f64> = (0..free).map(|row| actual[row * free + column]).collect();
            for (row, value) in factor.solve(&right).into_iter().enumerate() {
                delta[row * free + column] = value;
            }
        }
        let trace: f64 = (0..free).map(|i| delta[i * free + i]).sum();
        let squared: f64 = (0..free)
            .flat_map(|i| (0..free).map(move |j| (i, j)))
            .map(|(i, j)| delta[i * free + j] * delta[j * free + i])
            .sum();
        if trace > 0.0 && squared > 0.0 {
            Ok((trace, squared))
        } else {
            Err(singular())
        }
    }

    /// A basis of the interactions of rows and columns, each a table of doubly centred
    /// indicators: orthogonal to all main effects.
    fn interactions(&self) -> Vec<f64> {
        let centred = |level: usize, at: usize, levels: usize| {
            f64::from(u8::from(level == at)) - 1.0 / levels as f64
        };
        let mut basis = Vec::new();
        for r in 1..self.rows {
            for c in 1..self.columns {
                for cell in 0..self.proportions.len() {
                    let (row, column) = (cell / self.columns, cell % self.columns);
                    basis.push(centred(r, row, self.rows) * centred(c, column, self.columns));
                }
            }
        }
        basis
    }

    /// Wald's statistic for Y = N_rc − N_r N_c / N over all but the first row and column,
    /// in units of N.
    fn wald(&self) -> Result<f64, Error> {
        let width = self.proportions.len();
        let (by_row, by_column) = self.margins();
        let kept: Vec<(usize, usize)> = (1..self.rows)
            .flat_map(|r| (1..self.columns).map(move |c| (r, c)))
            .collect();
        // The gradient of each N_rc − N_r N_c / N over all cell totals.
        let gradient = |(r, c): (usize, usize), cell: usize| {
            let (row, column) = (cell / self.columns, cell % self.columns);
            let own = f64::from(u8::from((row, column) == (r, c)));
            let in_row = f64::from(u8::from(row == r));
            let in_column = f64::from(u8::from(column == c));
            own - in_row * by_column[c] - in_column * by_row[r] + by_row[r] * by_column[c]
        };
        let free = kept.len();
        let mut covariance = vec![0.0; free * free];
        for (a, &first) in kept.iter().enumerate() {
            let spread: Vec<f64> = (0..width)
                .map(|i| {
                    (0..width)
                        .map(|j| self.covariance[i * width + j] * gradient(first, j))
                        .sum()
                })
                .collect();
            for (b, &second) in kept.iter().enumerate() {
                covariance[a * free + b] =
                    (0..width).map(|i| gradient(second, i) * spread[i]).sum();
            }
        }
        let distance: Vec<f64> = kept
            .iter()
            .map(|&(r, c)| self.proportions[r * self.columns + c] - by_row[r] * by_column[c])
            .collect();
        let factor = SemiDefinite::factor(free, &covariance);
        if factor.rank() < free {
            return Err(singular());
        }
        let solved = factor.solve(&distance);
        Ok(distance.iter().zip(&solved).map(|(a, b)| a * b).sum())
    }

    fn outcome(&self, statistic: f64, ndf: f64, ddf: Option<f64>, p: f64) -> Independence {
        Independence {
            statistic,
            ndf,
            ddf,
            p,
            n: self.n,
        }
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

fn singular() -> Error {
    Error::Undefined {
        method: "the test of independence",
        reason: "the table's covariance is singular: too few sampling units or empty margins; merge levels",
    }
}
