//! Calibration by damped Newton steps on the convex dual.

use super::distance::Distance;
use super::margin::Problem;
use super::rake::SETTLED;
use super::{MAX_COLUMNS, WeightingError};
use crate::linear::SemiDefinite;

/// Newton steps before the margins are called infeasible.
const STEPS: usize = 200;

/// Margins this close (relative) are met, if rounding forbids to come closer.
const ACCEPTABLE: f64 = 1e-10;

/// Solves Σ dₖ F(x'λ) x = totals for λ, starting from `start` (one value per column; cells
/// of a column at −∞ are left out), and gives the factor of each cell.
pub(super) fn solve(
    problem: &Problem,
    distance: Distance,
    start: Vec<f64>,
) -> Result<(Vec<f64>, usize), WeightingError> {
    let columns = problem.totals.len();
    if columns > MAX_COLUMNS {
        return Err(WeightingError::TooManyLevels {
            levels: columns,
            most: MAX_COLUMNS,
        });
    }
    let mut here = Point::at(problem, distance, start);
    for step in 0..STEPS {
        if here.discrepancy <= SETTLED {
            return Ok((here.factors, step));
        }
        let Some(next) = descend(problem, distance, &here) else {
            break;
        };
        here = next;
    }
    if here.discrepancy <= ACCEPTABLE {
        Ok((here.factors, STEPS))
    } else {
        Err(problem.infeasible(&here.reached, STEPS))
    }
}

/// A point of the dual and what the weights come to there.
struct Point {
    lambda: Vec<f64>,
    factors: Vec<f64>,
    slopes: Vec<f64>,
    reached: Vec<f64>,
    dual: f64,
    discrepancy: f64,
}

impl Point {
    fn at(problem: &Problem, distance: Distance, lambda: Vec<f64>) -> Self {
        let cells = problem.base.len();
        let mut factors = vec![0.0; cells];
        let mut slopes = vec![0.0; cells];
        let mut dual = 0.0;
        for cell in 0..cells {
            let u: f64 = problem.columns(cell).map(|column| lambda[column]).sum();
            if u == f64::NEG_INFINITY {
                continue;
            }
            let (factor, slope, integral) = distance.at(u);
            factors[cell] = factor;
            slopes[cell] = slope;
            if problem.base[cell] > 0.0 {
                dual += problem.base[cell] * integral;
            }
        }
        for (&total, &lambda) in problem.totals.iter().zip(&lambda) {
            if total > 0.0 {
                dual -= total * lambda;
            }
        }
        let mut reached = vec![0.0; problem.totals.len()];
        problem.sum_by_column(|cell| problem.base[cell] * factors[cell], &mut reached);
        let discrepancy = problem.discrepancy(&reached).0;
        Self {
            lambda,
            factors,
            slopes,
            reached,
            dual,
            discrepancy,
        }
    }
}

/// One step downhill: the Newton direction, more and more damped if it leads nowhere, as
/// it does where the bounds hold all cells of a margin. None if no step improves.
fn descend(problem: &Problem, distance: Distance, here: &Point) -> Option<Point> {
    let columns = problem.totals.len();
    let gradient: Vec<f64> = problem
        .totals
        .iter()
        .zip(&here.reached)
        .map(|(total, reached)| total - reached)
        .collect();
    let hessian = gram(problem, |cell| problem.base[cell] * here.slopes[cell]);
    let mut full = vec![0.0; columns];
    problem.sum_by_column(|cell| problem.base[cell], &mut full);
    for damping in [0.0, 1e-6, 1e-3, 1.0] {
        let mut damped = hessian.clone();
        for column in 0..columns {
            damped[column * columns + column] += damping * full[column];
        }
        let direction = SemiDefinite::factor(columns, &damped).solve(&gradient);
        let slope: f64 = gradient.iter().zip(&direction).map(|(g, d)| g * d).sum();
        let mut length = 1.0;
        for _ in 0..30 {
            let lambda = here
                .lambda
                .iter()
                .zip(&direction)
                .map(|(lambda, d)| lambda + length * d)
                .collect();
            let next = Point::at(problem, distance, lambda);
            let lower = next.dual <= here.dual - 1e-4 * length * slope && next.dual < here.dual;
            if next.discrepancy.is_finite() && (lower || next.discrepancy < 0.5 * here.discrepancy)
            {
                return Some(next);
            }
            length *= 0.5;
        }
    }
    None
}

/// Σ weight(cell) x xᵀ over the cells.
pub(super) fn gram(problem: &Problem, weight: impl Fn(usize) -> f64) -> Vec<f64> {
    let columns = problem.totals.len();
    let mut matrix = vec![0.0; columns * columns];
    for cell in 0..problem.base.len() {
        let weight = weight(cell);
        for row in problem.columns(cell) {
            for column in problem.columns(cell) {
                matrix[row * columns + column] += weight;
            }
        }
    }
    matrix
}
