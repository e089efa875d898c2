//! EBLUPs and their mean squared errors.

use super::model::AreaModel;
use super::regression::Fit;
use super::{AreaEstimate, Method};

/// MSE = g₁ + g₂ + 2 g₃ − b (D/(A + D))²: the shrunken variance, what β̂ adds, what Â adds,
/// and the bias of Â, which REML does not have.
///
/// Source: Prasad and Rao 1990 (JASA 85, 163–171); Datta and Lahiri 2000 (Statistica Sinica
/// 10, 613–627) for ML; Datta, Rao and Smith 2005 (Biometrika 92, 183–196) for FH.
pub(super) fn areas(model: &AreaModel, fit: &Fit, method: Method) -> Vec<AreaEstimate> {
    let count = model.count() as f64;
    let (sum, squares) = (fit.precision_sum(1), fit.precision_sum(2));
    let (variance_of_a, bias) = match method {
        Method::Reml => (2.0 / squares, 0.0),
        Method::Ml => (2.0 / squares, -fit.influence(model, 2).trace() / squares),
        Method::Fh => (
            2.0 * count / (sum * sum),
            2.0 * (count * squares - sum * sum) / sum.powi(3),
        ),
    };
    let rows = model.covariates.row_iter();
    let numbers = model
        .direct
        .iter()
        .zip(&model.variances)
        .zip(&fit.precisions);
    let areas = numbers.zip(&fit.predicted).zip(rows);
    areas
        .map(|((((y, d), precision), predicted), x)| {
            let borrowed = d * precision;
            let g1 = d * (1.0 - borrowed);
            let leverage = (x * &fit.covariance * x.transpose()).sum();
            let g2 = borrowed * borrowed * leverage;
            let g3 = borrowed * borrowed * variance_of_a * precision;
            AreaEstimate {
                eblup: predicted + (1.0 - borrowed) * (y - predicted),
                mse: g1 + g2 + 2.0 * g3 - bias * borrowed * borrowed,
                own_weight: 1.0 - borrowed,
            }
        })
        .collect()
}
