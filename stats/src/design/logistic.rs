//! Logistic regression under a design: the trend of a proportion over waves.

use super::contrast::{TTest, t_test};
use super::{Accumulator, Design};
use crate::Error;
use crate::linear::SemiDefinite;
use crate::selection::logistic::{balance, expit, gram};
use crate::weights::Weighting;
use nalgebra::{DMatrix, DVector};

/// A fitted regression.
#[derive(Debug, Clone)]
pub struct Regression {
    /// The intercept, then one coefficient per explanatory variable, on the log-odds scale.
    pub coefficients: Vec<f64>,
    /// Their covariance matrix, row by row.
    pub covariance: Vec<f64>,
    /// Residual degrees of freedom: those of the domain's units and strata, less one for
    /// each explanatory variable.
    pub df: f64,
    /// Rows in the domain with all variables.
    pub n: usize,
}

impl Regression {
    /// Tests whether a coefficient (0 is the intercept) is zero.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there is no such coefficient, and as [`t_test`].
    pub fn t_test(&self, coefficient: usize) -> Result<TTest, Error> {
        let size = self.coefficients.len();
        let Some(&value) = self.coefficients.get(coefficient) else {
            return Err(Error::OutOfRange {
                name: "the coefficient",
                value: coefficient as f64,
                expected: "0 for the intercept, then one per variable",
            });
        };
        let variance = self.covariance[coefficient * size + coefficient];
        t_test(value, variance.sqrt(), self.df)
    }
}

/// Regresses a 0/1 variable on others by weighted maximum pseudo-likelihood, with the
/// linearised (sandwich) covariance (Binder 1983; R's `svyglm`, family `quasibinomial`).
///
/// `y` and each of `x` hold a value per row of the data, NaN where it is missing; `domain`
/// lists the rows to use. With the wave's number as `x` its coefficient is the trend per
/// wave, with repeated answers of a person accounted for by the sampling units.
///
/// # Errors
/// [`Error::OutOfRange`] for a `y` that is not between 0 and 1, [`Error::NoData`] for an
/// empty domain, [`Error::Undefined`] if an explanatory variable depends on the others,
/// [`Error::NotConverged`] if one separates 0 from 1.
pub fn logistic(
    design: &Design,
    weighting: &Weighting,
    y: &[f64],
    x: &[&[f64]],
    domain: &[u32],
) -> Result<Regression, Error> {
    let fit = Fit::of(weighting.weights(), y, x, domain)?;
    let size = x.len() + 1;
    let (coefficients, information) = fit.solve()?;
    let mut sums = Accumulator::new(design, size);
    for row in &fit.rows {
        let residual = row.weight * (row.y - expit(row.linear(&coefficients)));
        if row.weight != 0.0
            && let Some(sums) = sums.unit_of_row(row.row)
        {
            for (sum, x) in sums.iter_mut().zip(&row.x) {
                *sum += residual * x;
            }
        }
    }
    let mut scores = sums.take();
    let df = design.degrees_of_freedom(scores.units()) - x.len() as f64;
    if weighting.is_calibrated() {
        let mut by_row = vec![0.0; weighting.weights().len()];
        for column in 0..size {
            by_row.fill(0.0);
            for row in &fit.rows {
                let residual = row.y - expit(row.linear(&coefficients));
                by_row[row.row] = row.weight * residual * row.x[column];
            }
            weighting.residualise(&mut by_row);
            for (row, &value) in by_row.iter().enumerate() {
                if let Some(sums) = sums.unit_of_row(row) {
                    sums[column] += value;
                }
            }
        }
        scores = sums.take();
    }
    let spread = design.covariance(&scores);
    Ok(Regression {
        covariance: sandwich(&information, &spread, size),
        coefficients,
        df,
        n: fit.rows.len(),
    })
}

/// A row with its explanatory variables, the constant first.
struct Row {
    row: usize,
    weight: f64,
    y: f64,
    x: Vec<f64>,
}

impl Row {
    fn linear(&self, coefficients: &[f64]) -> f64 {
        self.x.iter().zip(coefficients).map(|(x, b)| x * b).sum()
    }
}

struct Fit {
    rows: Vec<Row>,
    size: usize,
}

impl Fit {
    fn of(weights: &[f64], y: &[f64], x: &[&[f64]], domain: &[u32]) -> Result<Self, Error> {
        let mut rows = Vec::with_capacity(domain.len());
        for &row in domain {
            let row = row as usize;
            let (Some(&weight), Some(&y)) = (weights.get(row), y.get(row)) else {
                continue;
            };
            let values: Option<Vec<f64>> = std::iter::once(Some(1.0))
                .chain(x.iter().map(|x| x.get(row).copied()))
                .collect();
            let Some(x) = values.filter(|x| x.iter().all(|x| x.is_finite()) && !y.is_nan()) else {
                continue;
            };
            if !(0.0..=1.0).contains(&y) {
                return Err(Error::OutOfRange {
                    name: "y",
                    value: y,
                    expected: "between 0 and 1",
                });
            }
            rows.push(Row { row, weight, y, x });
        }
        if rows.iter().all(|row| row.weight == 0.0) {
            return Err(Error::NoData("no row of the domain has all variables"));
        }
        Ok(Self {
            rows,
            size: x.len() + 1,
        })
    }

    /// The coefficients, and the information matrix at them.
    fn solve(&self) -> Result<(Vec<f64>, SemiDefinite), Error> {
        let values = self.rows.iter().flat_map(|row| row.x.iter().copied());
        let x = DMatrix::from_row_iterator(self.rows.len(), self.size, values);
        let of_rows = |value: fn(&Row) -> f64| {
            DVector::from_iterator(self.rows.len(), self.rows.iter().map(value))
        };
        let weights = of_rows(|row| row.weight);
        let totals = x.tr_mul(&of_rows(|row| row.weight * row.y));
        let coefficients = balance(&totals, &x, &weights)?;
        let spread = (&x * &coefficients)
            .map(expit)
            .zip_map(&weights, |p, weight| weight * p * (1.0 - p));
        let information = SemiDefinite::factor(self.size, gram(&x, &spread).as_slice());
        Ok((coefficients.iter().copied().collect(), information))
    }
}

/// A⁻¹ V A⁻¹.
fn sandwich(information: &SemiDefinite, spread: &[f64], size: usize) -> Vec<f64> {
    let mut half = vec![0.0; size * size];
    for (column, values) in spread.chunks_exact(size).enumerate() {
        for (row, value) in information.solve(values).into_iter().enumerate() {
            half[column * size + row] = value;
        }
    }
    // half holds (A⁻¹ V)ᵀ by rows; V is symmetric.
    let mut covariance = vec![0.0; size * size];
    for row in 0..size {
        let values: Vec<f64> = (0..size).map(|column| half[column * size + row]).collect();
        for (column, value) in information.solve(&values).into_iter().enumerate() {
            covariance[row * size + column] = value;
        }
    }
    covariance
}
