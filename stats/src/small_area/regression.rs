//! Weighted least squares for a given variance between areas.

use super::model::AreaModel;
use crate::Error;
use nalgebra::{DMatrix, DVector};
use std::f64::consts::TAU;

/// A column that the others explain to all but this share of its length is dependent on them.
const DEPENDENT: f64 = 1e-10;

/// The generalised least-squares fit at one value of A.
pub(super) struct Fit {
    /// 1/(A + D).
    pub precisions: DVector<f64>,
    /// β̂ = (X′V⁻¹X)⁻¹X′V⁻¹y.
    pub coefficients: DVector<f64>,
    /// (X′V⁻¹X)⁻¹.
    pub covariance: DMatrix<f64>,
    /// Xβ̂.
    pub predicted: DVector<f64>,
    /// y − Xβ̂.
    pub residuals: DVector<f64>,
}

impl Fit {
    /// # Errors
    /// [`Error::Undefined`] if the covariates are linearly dependent.
    pub fn new(model: &AreaModel, between_variance: f64) -> Result<Self, Error> {
        let precisions = model.variances.map(|d| 1.0 / (between_variance + d));
        let root = precisions.map(f64::sqrt);
        let mut scaled = model.covariates.clone();
        for (mut row, weight) in scaled.row_iter_mut().zip(root.iter()) {
            row *= *weight;
        }
        let lengths: Vec<f64> = scaled.column_iter().map(|column| column.norm()).collect();
        let qr = scaled.qr();
        let (q, r) = (qr.q(), qr.r());
        let dependent = Error::Undefined {
            method: "the regression on covariates",
            reason: "the covariates are linearly dependent; leave one out",
        };
        let mut pivots = r
            .diagonal()
            .iter()
            .copied()
            .zip(lengths)
            .collect::<Vec<_>>()
            .into_iter();
        if pivots.any(|(pivot, length)| pivot.abs() <= DEPENDENT * length) {
            return Err(dependent);
        }
        let targets = q.tr_mul(&model.direct.component_mul(&root));
        let identity = DMatrix::identity(r.nrows(), r.ncols());
        let (Some(coefficients), Some(inverse)) = (
            r.solve_upper_triangular(&targets),
            r.solve_upper_triangular(&identity),
        ) else {
            return Err(dependent);
        };
        let predicted = &model.covariates * &coefficients;
        Ok(Self {
            residuals: &model.direct - &predicted,
            covariance: &inverse * inverse.transpose(),
            precisions,
            coefficients,
            predicted,
        })
    }

    /// X′V⁻ᵏX (X′V⁻¹X)⁻¹, of which traces are taken.
    pub fn influence(&self, model: &AreaModel, power: i32) -> DMatrix<f64> {
        let mut weighted = model.covariates.clone();
        for (mut row, precision) in weighted.row_iter_mut().zip(self.precisions.iter()) {
            row *= precision.powi(power);
        }
        model.covariates.tr_mul(&weighted) * &self.covariance
    }

    /// Σ (y − Xβ̂)² / (A + D)ᵏ.
    pub fn squares(&self, power: i32) -> f64 {
        let terms = self.residuals.iter().zip(self.precisions.iter());
        terms
            .map(|(e, precision)| e * e * precision.powi(power))
            .sum()
    }

    /// Σ 1/(A + D)ᵏ.
    pub fn precision_sum(&self, power: i32) -> f64 {
        self.precisions.iter().map(|p| p.powi(power)).sum()
    }

    /// The log-likelihood −½ Σ (ln 2π(A + D) + (y − Xβ̂)²/(A + D)).
    pub fn log_likelihood(&self) -> f64 {
        let logs: f64 = self.precisions.iter().map(|p| (TAU / p).ln()).sum();
        -0.5 * (logs + self.squares(1))
    }
}
