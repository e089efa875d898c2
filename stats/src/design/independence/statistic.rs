//! The statistics of Rao & Scott and of Wald.

use super::table::Table;
use crate::Error;
use crate::linear::SemiDefinite;

impl Table {
    /// The trace of Rao & Scott's matrix of generalised design effects, and the trace of
    /// its square. In an empty cell 1/p counts as 0, as in `svychisq`.
    pub(super) fn generalised_effects(&self, free: usize) -> Result<(f64, f64), Error> {
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
    pub(super) fn wald(&self) -> Result<f64, Error> {
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
}

fn singular() -> Error {
    Error::Undefined {
        method: "the test of independence",
        reason: "the table's covariance is singular: too few sampling units or empty margins; merge levels",
    }
}
