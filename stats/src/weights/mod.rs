//! Adjusting weights to what is known of the population: post-stratification, raking,
//! calibration, trimming, and what unequal weights cost.
//!
//! All adjustments work on *weighting cells* (combinations of the margin variables that
//! occur in the sample), so that they cost the same for a thousand answers and a million,
//! and the same from raw answers and from tallies.

mod distance;
mod effect;
mod error;
mod margin;
mod newton;
mod rake;
mod regression;
mod trim;
mod weighting;

pub use distance::{Bounds, Distance};
pub use effect::{kish_design_effect, kish_effective_n};
pub use error::WeightingError;
pub use margin::Margin;
pub use regression::Regression;
pub use trim::trim;
pub use weighting::Weighting;
pub(crate) use weighting::count_cells;

use margin::Problem;

/// Levels of all margins together up to which systems of equations are solved.
const MAX_COLUMNS: usize = 1_000;

/// How weights are adjusted to the margins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// Base weights times total ÷ sum within each level of one margin.
    PostStratify,
    /// Iterative proportional fitting to several margins (Deming & Stephan 1940).
    Rake,
    /// Weights as close as possible to the base weights that meet the margins
    /// (Deville & Särndal 1992). With [`Distance::Raking`] it has the solution of `Rake`.
    Calibrate(Distance),
}

/// Adjusted weights, and the regression that gives their variance.
#[derive(Debug, Clone)]
pub struct Adjustment {
    /// By how much the base weights of each cell are multiplied.
    pub factors: Vec<f64>,
    /// The regression on the margins, by base weights.
    pub regression: Regression,
}

/// Adjusts weights so that they add up to the population margins.
///
/// `base` is the sum of base weights of each weighting cell.
///
/// # Errors
/// A [`WeightingError`] for margins that disagree, a level that is absent in the sample or
/// has no total, zero base weights, and totals that no weights of the asked form meet.
///
/// ```
/// use stats::weights::{Margin, Method, adjust};
/// // Cells: (f, young), (f, old), (m, young), (m, old).
/// let sex = Margin { level_of_cell: vec![0, 0, 1, 1], totals: vec![60.0, 40.0] };
/// let age = Margin { level_of_cell: vec![0, 1, 0, 1], totals: vec![50.0, 50.0] };
/// let factors = adjust(Method::Rake, &[10.0, 20.0, 30.0, 5.0], &[sex, age])?.factors;
/// assert!((factors[0] * 10.0 + factors[1] * 20.0 - 60.0).abs() < 1e-9);
/// assert!((factors[0] * 10.0 + factors[2] * 30.0 - 50.0).abs() < 1e-9);
/// # Ok::<(), stats::weights::WeightingError>(())
/// ```
pub fn adjust(
    method: Method,
    base: &[f64],
    margins: &[Margin],
) -> Result<Adjustment, WeightingError> {
    let problem = Problem::new(base, margins)?;
    let factors = factors(method, &problem)?;
    Ok(Adjustment {
        factors,
        regression: Regression::of(problem)?,
    })
}

/// [`adjust`] without the regression: for replicates, which need no linearisation.
///
/// # Errors
/// As [`adjust`].
pub fn adjust_factors(
    method: Method,
    base: &[f64],
    margins: &[Margin],
) -> Result<Vec<f64>, WeightingError> {
    factors(method, &Problem::new(base, margins)?)
}

fn factors(method: Method, problem: &Problem) -> Result<Vec<f64>, WeightingError> {
    match method {
        Method::PostStratify if problem.margins != 1 => {
            Err(WeightingError::OneMargin(problem.margins))
        }
        Method::PostStratify | Method::Rake => {
            let fit = rake::sweep(problem);
            if fit.settled {
                return Ok(fit.factors);
            }
            let distance = Distance::Raking(Bounds::NONE);
            newton::solve(problem, distance, fit.logs).map(|(factors, _)| factors)
        }
        Method::Calibrate(distance) => {
            distance.check()?;
            let mut start = vec![0.0; problem.totals.len()];
            if let Distance::Raking(_) = distance {
                for (start, &total) in start.iter_mut().zip(&problem.totals) {
                    if total == 0.0 {
                        *start = f64::NEG_INFINITY;
                    }
                }
            }
            newton::solve(problem, distance, start).map(|(factors, _)| factors)
        }
    }
}
