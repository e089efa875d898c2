//! Population margins, checked against the weighting cells of a sample.

use super::WeightingError;

/// One margin of the population: which level each weighting cell has, and how many people
/// each level holds.
///
/// A *weighting cell* is a combination of all margin variables that occurs in the sample;
/// adjusted weights are base weights times one factor per cell. A margin may cross several
/// variables (sex × age): its levels are then the crossed ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    /// For each weighting cell its level, an index into `totals`.
    pub level_of_cell: Vec<u32>,
    /// For each level the number of people in the population.
    pub totals: Vec<f64>,
}

/// How far two margins' sums may differ, relative to the first, before they disagree:
/// totals published in rounded thousandths still pass, and are rescaled.
const AGREEMENT: f64 = 1e-6;

/// Margins laid out for the solvers: every (margin, level) is one column of a 0/1 matrix
/// that has, in each cell's row, one 1 per margin.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    /// Σ base weights per cell.
    pub base: Vec<f64>,
    /// The columns of each cell, `margins` to a cell.
    columns: Vec<u32>,
    /// How many margins there are.
    pub margins: usize,
    /// The first column of each margin.
    starts: Vec<usize>,
    /// The population total of each column, rescaled to the first margin's sum.
    pub totals: Vec<f64>,
}

impl Problem {
    /// Checks base weights and margins against each other.
    pub fn new(base: &[f64], margins: &[Margin]) -> Result<Self, WeightingError> {
        if margins.is_empty() {
            return Err(WeightingError::NoMargin);
        }
        for (cell, &value) in base.iter().enumerate() {
            if !(value.is_finite() && value >= 0.0) {
                return Err(WeightingError::BaseWeight { cell, value });
            }
        }
        let mut problem = Self {
            base: base.to_vec(),
            columns: vec![0; base.len() * margins.len()],
            margins: margins.len(),
            starts: Vec::with_capacity(margins.len()),
            totals: Vec::new(),
        };
        let mut first = None;
        for (m, margin) in margins.iter().enumerate() {
            let sum = check_margin(m, margin, base)?;
            let first = *first.get_or_insert(sum);
            if (sum - first).abs() > AGREEMENT * first.abs() {
                return Err(WeightingError::MarginsDisagree {
                    margin: m,
                    total: sum,
                    first,
                });
            }
            let start = problem.totals.len();
            problem.starts.push(start);
            let rescale = if sum > 0.0 { first / sum } else { 1.0 };
            problem
                .totals
                .extend(margin.totals.iter().map(|total| total * rescale));
            for (cell, &level) in margin.level_of_cell.iter().enumerate() {
                problem.columns[cell * margins.len() + m] = (start + level as usize) as u32;
            }
        }
        Ok(problem)
    }

    /// The columns of one cell, in the order of the margins.
    pub fn columns(&self, cell: usize) -> impl Iterator<Item = usize> + '_ {
        let start = cell * self.margins;
        self.columns[start..start + self.margins]
            .iter()
            .map(|&column| column as usize)
    }

    /// The columns that belong to one margin.
    pub fn margin_columns(&self, margin: usize) -> std::ops::Range<usize> {
        let end = self.starts.get(margin + 1).copied();
        self.starts[margin]..end.unwrap_or(self.totals.len())
    }

    /// Adds to each column of `sums` the value of every cell that has it.
    pub fn sum_by_column(&self, value: impl Fn(usize) -> f64, sums: &mut [f64]) {
        sums.fill(0.0);
        for (cell, columns) in self.columns.chunks_exact(self.margins).enumerate() {
            let value = value(cell);
            for &column in columns {
                sums[column as usize] += value;
            }
        }
    }

    /// The largest distance between what the columns reach and their totals, relative to
    /// the total (or, for an empty level, to the mean total), and the column it is at.
    pub fn discrepancy(&self, reached: &[f64]) -> (f64, usize) {
        let mean = self.totals.iter().sum::<f64>() / self.totals.len().max(1) as f64;
        let mut worst = (0.0, 0);
        for (column, (&total, &reached)) in self.totals.iter().zip(reached).enumerate() {
            let scale = if total > 0.0 { total } else { mean };
            let distance = if scale > 0.0 {
                (reached - total).abs() / scale
            } else {
                reached.abs()
            };
            if distance > worst.0 || distance.is_nan() {
                worst = (distance, column);
            }
            if distance.is_nan() {
                return (f64::INFINITY, column);
            }
        }
        worst
    }

    /// The refusal that names the column which is farthest from its total.
    pub fn infeasible(&self, reached: &[f64], iterations: usize) -> WeightingError {
        let (_, column) = self.discrepancy(reached);
        let margin = self.starts.partition_point(|&start| start <= column) - 1;
        WeightingError::Infeasible {
            margin,
            level: column - self.starts[margin],
            total: self.totals[column],
            reached: reached.get(column).copied().unwrap_or(f64::NAN),
            iterations,
        }
    }
}

/// Checks one margin and returns the sum of its totals.
fn check_margin(m: usize, margin: &Margin, base: &[f64]) -> Result<f64, WeightingError> {
    let mut held = vec![None; margin.totals.len()];
    for (cell, &base) in base.iter().enumerate() {
        let level = margin.level_of_cell.get(cell).map(|&level| level as usize);
        let Some(held) = level.and_then(|level| held.get_mut(level)) else {
            return Err(WeightingError::LevelWithoutTotal { margin: m, cell });
        };
        *held = Some(held.unwrap_or(0.0) + base);
    }
    for (level, (&value, held)) in margin.totals.iter().zip(&held).enumerate() {
        if !(value.is_finite() && value >= 0.0) {
            return Err(WeightingError::Total {
                margin: m,
                level,
                value,
            });
        }
        match held {
            None => return Err(WeightingError::LevelAbsentInSample { margin: m, level }),
            Some(held) if *held <= 0.0 && value > 0.0 => {
                return Err(WeightingError::ZeroBaseWeight { margin: m, level });
            }
            Some(_) => {}
        }
    }
    Ok(margin.totals.iter().sum())
}
