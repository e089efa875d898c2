//! What a Fay–Herriot model is fitted to.

use crate::Error;
use nalgebra::{DMatrix, DVector};

/// Direct estimates of areas, their sampling variances, and what else is known of the areas.
#[derive(Debug, Clone)]
pub struct AreaModel {
    pub(super) direct: DVector<f64>,
    pub(super) variances: DVector<f64>,
    pub(super) covariates: DMatrix<f64>,
}

impl AreaModel {
    /// `direct[i]` is area i's design-based estimate, `variances[i]` its sampling variance,
    /// taken as known, and `covariates[i]` its row of the model matrix, the leading 1 of an
    /// intercept included.
    ///
    /// # Errors
    /// [`Error::NoData`] without areas; [`Error::OutOfRange`] for lengths that differ, values
    /// that are not finite, variances that are not positive (an area where all agree has no
    /// usable variance: smooth it, or leave the area out and use the synthetic estimate), or
    /// fewer areas than coefficients + 1.
    pub fn new(direct: &[f64], variances: &[f64], covariates: &[Vec<f64>]) -> Result<Self, Error> {
        let count = direct.len();
        let Some(first) = covariates.first() else {
            return Err(Error::NoData("there are no areas"));
        };
        for (name, length) in [
            ("sampling variances", variances.len()),
            ("rows of covariates", covariates.len()),
        ] {
            if length != count {
                return Err(Error::OutOfRange {
                    name,
                    value: length as f64,
                    expected: "one for each area",
                });
            }
        }
        check(direct, "direct estimate", f64::is_finite, "a finite number")?;
        let positive = |d: f64| d.is_finite() && d > 0.0;
        check(
            variances,
            "sampling variance",
            positive,
            "a positive number",
        )?;
        for row in covariates {
            check_row(row, first.len())?;
        }
        if count <= first.len() || first.is_empty() {
            return Err(Error::OutOfRange {
                name: "areas",
                value: count as f64,
                expected: "at least one covariate, and more areas than covariates",
            });
        }
        Ok(Self {
            direct: DVector::from_column_slice(direct),
            variances: DVector::from_column_slice(variances),
            covariates: DMatrix::from_row_iterator(
                count,
                first.len(),
                covariates.iter().flatten().copied(),
            ),
        })
    }

    /// The number of areas.
    pub fn count(&self) -> usize {
        self.direct.len()
    }
}

/// Refuses a row of covariates of the wrong length or with a value that is not finite.
pub(super) fn check_row(row: &[f64], expected: usize) -> Result<(), Error> {
    if row.len() != expected {
        return Err(Error::OutOfRange {
            name: "covariates",
            value: row.len() as f64,
            expected: "as many values as there are coefficients",
        });
    }
    check(row, "covariate", f64::is_finite, "a finite number")
}

fn check(
    values: &[f64],
    name: &'static str,
    fine: impl Fn(f64) -> bool,
    expected: &'static str,
) -> Result<(), Error> {
    match values.iter().find(|&&value| !fine(value)) {
        None => Ok(()),
        Some(&value) => Err(Error::OutOfRange {
            name,
            value,
            expected,
        }),
    }
}
