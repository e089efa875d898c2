//! Iterative proportional fitting.

use super::margin::Problem;

/// Relative margin error at which fitting is done.
pub(super) const SETTLED: f64 = 1e-13;

/// Sweeps before Newton steps take over: near-diagonal tables converge too slowly for
/// sweeps alone, and both roads lead to the same, unique solution.
const SWEEPS: usize = 60;

/// What fitting has come to.
pub(super) struct Fit {
    /// ln of the factor of each column; −∞ where the total is 0.
    pub logs: Vec<f64>,
    /// The factor of each cell.
    pub factors: Vec<f64>,
    /// Whether all margins are met.
    pub settled: bool,
    /// Sweeps used.
    pub sweeps: usize,
}

/// Multiplies the cells by total ÷ reached, margin by margin, until all margins agree
/// (Deming & Stephan 1940) or the sweeps are used up.
pub(super) fn sweep(problem: &Problem) -> Fit {
    let columns = problem.totals.len();
    let mut fit = Fit {
        logs: vec![0.0; columns],
        factors: vec![1.0; problem.base.len()],
        settled: false,
        sweeps: 0,
    };
    let mut reached = vec![0.0; columns];
    while fit.sweeps < SWEEPS {
        for margin in 0..problem.margins {
            let factors = &fit.factors;
            problem.sum_by_column(|cell| problem.base[cell] * factors[cell], &mut reached);
            for cell in 0..problem.base.len() {
                if let Some(column) = problem.columns(cell).nth(margin) {
                    fit.factors[cell] *= step(problem.totals[column], reached[column]);
                }
            }
            for column in problem.margin_columns(margin) {
                fit.logs[column] += step(problem.totals[column], reached[column]).ln();
            }
        }
        fit.sweeps += 1;
        let factors = &fit.factors;
        problem.sum_by_column(|cell| problem.base[cell] * factors[cell], &mut reached);
        if problem.discrepancy(&reached).0 <= SETTLED {
            fit.settled = true;
            break;
        }
    }
    fit
}

/// Total ÷ reached; a level that nothing reaches any more keeps its factor, and is
/// reported by the final check of the margins.
fn step(total: f64, reached: f64) -> f64 {
    if reached > 0.0 { total / reached } else { 1.0 }
}
