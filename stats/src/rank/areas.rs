//! What is ranked.

use crate::Error;
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// How surely each area's value is known.
#[derive(Debug, Clone, Copy)]
pub enum Spread<'a> {
    /// Standard errors of independent estimates, one per area (separate samples or strata).
    Independent(&'a [f64]),
    /// The covariance matrix of the estimates, by rows.
    Joint(&'a [Vec<f64>]),
}

/// Estimates of several areas with their joint sampling error.
#[derive(Debug, Clone)]
pub struct Areas {
    estimates: Vec<f64>,
    covariance: Covariance,
}

#[derive(Debug, Clone)]
enum Covariance {
    Diagonal(Vec<f64>),
    Full {
        matrix: DMatrix<f64>,
        /// Turns independent normals into errors: root × root′ = matrix.
        root: DMatrix<f64>,
    },
}

/// Below this share of the largest variance, a negative eigenvalue is rounding.
const ROUNDING: f64 = 1e-9;

/// Steps of the eigenvalue iteration before giving up.
const MAX_STEPS: usize = 100_000;

impl Areas {
    /// Checks estimates and their spread against each other.
    ///
    /// # Errors
    /// [`Error::NoData`] without areas; [`Error::OutOfRange`] for values that are not finite,
    /// negative standard errors, lengths that differ, or a matrix that is no covariance.
    pub fn new(estimates: &[f64], spread: Spread) -> Result<Self, Error> {
        if estimates.is_empty() {
            return Err(Error::NoData("there are no areas to rank"));
        }
        all("estimate", estimates, f64::is_finite, "a finite number")?;
        let count = estimates.len();
        let covariance = match spread {
            Spread::Independent(errors) => {
                same_length("standard errors", errors.len(), count)?;
                let fine = |se: f64| se.is_finite() && se >= 0.0;
                all(
                    "standard_error",
                    errors,
                    fine,
                    "a standard error of 0 or more",
                )?;
                Covariance::Diagonal(errors.to_vec())
            }
            Spread::Joint(rows) => covariance(rows, count)?,
        };
        Ok(Self {
            estimates: estimates.to_vec(),
            covariance,
        })
    }

    /// How many areas there are; at least one.
    pub fn count(&self) -> usize {
        self.estimates.len()
    }

    /// The estimates, in the order given.
    pub fn estimates(&self) -> &[f64] {
        &self.estimates
    }

    /// How many estimates are strictly higher than that of `area`.
    pub(super) fn higher_than(&self, area: usize) -> usize {
        let own = self.estimates.get(area);
        self.estimates
            .iter()
            .filter(|&other| Some(other) > own)
            .count()
    }

    /// Errors with the covariance of the estimates, from independent standard normals.
    pub(super) fn errors(&self, normals: Vec<f64>) -> Vec<f64> {
        match &self.covariance {
            Covariance::Diagonal(scale) => {
                normals.iter().zip(scale).map(|(z, se)| z * se).collect()
            }
            Covariance::Full { root, .. } => {
                let errors = root * DVector::from_vec(normals);
                errors.iter().copied().collect()
            }
        }
    }

    /// The standard error of the difference of two areas.
    pub(super) fn standard_error(&self, a: usize, b: usize) -> f64 {
        match &self.covariance {
            Covariance::Diagonal(errors) => {
                let error = |i: usize| errors.get(i).copied().unwrap_or(f64::NAN);
                error(a).hypot(error(b))
            }
            Covariance::Full { matrix, .. } => {
                let entry = |i: usize, j: usize| matrix.get((i, j)).copied().unwrap_or(f64::NAN);
                (entry(a, a) + entry(b, b) - 2.0 * entry(a, b))
                    .max(0.0)
                    .sqrt()
            }
        }
    }
}

fn covariance(rows: &[Vec<f64>], count: usize) -> Result<Covariance, Error> {
    same_length("rows of the covariance", rows.len(), count)?;
    for row in rows {
        same_length("columns of the covariance", row.len(), count)?;
        all("covariance", row, f64::is_finite, "a finite number")?;
    }
    let matrix = DMatrix::from_row_iterator(count, count, rows.iter().flatten().copied());
    let largest = matrix.amax();
    let asymmetry = (&matrix - matrix.transpose()).amax();
    let refused = |value, expected| Error::OutOfRange {
        name: "covariance",
        value,
        expected,
    };
    if asymmetry > ROUNDING * largest {
        return Err(refused(asymmetry, "a symmetric matrix"));
    }
    if largest == 0.0 {
        let root = matrix.clone();
        return Ok(Covariance::Full { matrix, root });
    }
    // Scaled to 1, so that nothing overflows on the way.
    let eigen = SymmetricEigen::try_new(&matrix / largest, f64::EPSILON, MAX_STEPS).ok_or(
        Error::NotConverged {
            what: "the eigenvalues of the covariance",
            iterations: MAX_STEPS,
        },
    )?;
    let smallest = eigen.eigenvalues.min();
    if smallest < -ROUNDING {
        return Err(refused(
            smallest * largest,
            "a matrix without negative eigenvalues",
        ));
    }
    let scale = eigen
        .eigenvalues
        .map(|value| value.max(0.0).sqrt() * largest.sqrt());
    let root = eigen.eigenvectors * DMatrix::from_diagonal(&scale);
    Ok(Covariance::Full { matrix, root })
}

fn same_length(name: &'static str, got: usize, expected: usize) -> Result<(), Error> {
    if got == expected {
        return Ok(());
    }
    Err(Error::OutOfRange {
        name,
        value: got as f64,
        expected: "one for each area",
    })
}

fn all(
    name: &'static str,
    values: &[f64],
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
