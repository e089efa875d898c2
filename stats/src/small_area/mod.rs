//! Small areas: estimates for towns with too few answers, from all towns together.
//!
//! The Fay–Herriot model: an area's direct estimate is y = θ + e with known sampling variance
//! D, and θ = x′β + u with variance A between areas. The EBLUP shrinks y towards what the
//! covariates predict, the more so the fewer answers stand behind y.
//!
//! Source: Fay and Herriot 1979 (JASA 74, 269–277); Rao and Molina 2015, *Small Area
//! Estimation*, 2nd ed., chapter 6. Held to R's `sae::mseFH`.

mod between_variance;
mod error;
mod model;
mod regression;

pub use model::AreaModel;

use crate::named::named;
use crate::{Error, Interval, Level};
use nalgebra::{DMatrix, DVector};
use regression::Fit;

named! {
    /// How the variance between areas is estimated.
    "Fay–Herriot method"
    pub enum Method {
        /// Restricted maximum likelihood: corrects for the estimated coefficients. The default.
        Reml = "REML",
        /// Maximum likelihood.
        Ml = "ML",
        /// The moment estimator of Fay and Herriot, which needs no normality.
        Fh = "FH",
    }
}

/// The estimate for one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AreaEstimate {
    /// The empirical best linear unbiased predictor γy + (1 − γ)x′β̂.
    pub eblup: f64,
    /// Its estimated mean squared error.
    pub mse: f64,
    /// γ = A/(A + D): the weight of the area's own answers, 0 (all borrowed) to 1.
    pub own_weight: f64,
}

impl AreaEstimate {
    /// EBLUP ± z √MSE, for areas whose errors are about normal.
    ///
    /// # Errors
    /// [`Error::Undefined`] if the estimated MSE is negative (possible by ML and FH, whose
    /// correction for bias may overshoot).
    pub fn interval(self, level: Level) -> Result<Interval, Error> {
        if self.mse < 0.0 {
            return Err(Error::Undefined {
                method: "the interval of a small-area estimate",
                reason: "its estimated MSE is negative; use REML",
            });
        }
        let half_width =
            crate::distribution::normal::critical(level, crate::Sides::Two)? * self.mse.sqrt();
        Ok(Interval {
            lower: self.eblup - half_width,
            upper: self.eblup + half_width,
        })
    }
}

/// A fitted Fay–Herriot model.
#[derive(Debug, Clone, PartialEq)]
pub struct FayHerriot {
    /// How the variance between areas was estimated.
    pub method: Method,
    /// The variance A between areas that the covariates leave unexplained; 0 if the data
    /// show none, and then every area is estimated by regression alone.
    pub between_variance: f64,
    /// β̂, one per covariate.
    pub coefficients: Vec<f64>,
    /// The standard errors of β̂.
    pub standard_errors: Vec<f64>,
    /// One estimate per area, in the order given.
    pub areas: Vec<AreaEstimate>,
    /// The log-likelihood at A and β̂ (never the restricted one).
    pub log_likelihood: f64,
    /// −2 log-likelihood + 2 (p + 1).
    pub aic: f64,
    /// −2 log-likelihood + (p + 1) ln m.
    pub bic: f64,
    covariance: DMatrix<f64>,
}

impl FayHerriot {
    /// Fits the model and predicts its areas.
    ///
    /// # Errors
    /// [`Error::Undefined`] if the covariates are linearly dependent;
    /// [`Error::NotConverged`] if A does not settle.
    pub fn fit(model: &AreaModel, method: Method) -> Result<Self, Error> {
        let between_variance = between_variance::estimate(model, method)?;
        let fit = Fit::new(model, between_variance)?;
        let areas = error::areas(model, &fit, method);
        let parameters = fit.coefficients.len() as f64 + 1.0;
        let log_likelihood = fit.log_likelihood();
        Ok(Self {
            method,
            between_variance,
            coefficients: fit.coefficients.iter().copied().collect(),
            standard_errors: fit
                .covariance
                .diagonal()
                .map(f64::sqrt)
                .iter()
                .copied()
                .collect(),
            areas,
            log_likelihood,
            aic: -2.0 * log_likelihood + 2.0 * parameters,
            bic: -2.0 * log_likelihood + parameters * (model.count() as f64).ln(),
            covariance: fit.covariance,
        })
    }

    /// The synthetic estimate x′β̂ for an area without any answers, with MSE
    /// A + x′ V(β̂) x (Rao and Molina 2015, chapter 6; A taken as known).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] unless there is one finite value per coefficient.
    pub fn synthetic(&self, covariates: &[f64]) -> Result<AreaEstimate, Error> {
        model::check_row(covariates, self.coefficients.len())?;
        let x = DVector::from_column_slice(covariates);
        let beta = DVector::from_column_slice(&self.coefficients);
        Ok(AreaEstimate {
            eblup: x.dot(&beta),
            mse: self.between_variance + x.dot(&(&self.covariance * &x)),
            own_weight: 0.0,
        })
    }
}
