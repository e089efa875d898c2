//! Boundaries at an intrinsic time.

use super::Confidence;
use crate::request::reply;
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stats::sequence::boundary::{
    GammaExponential, PolynomialStitching, normal_mixture_one_sided, normal_mixture_two_sided,
    rho_one_sided, rho_two_sided,
};

#[derive(Deserialize)]
struct Inputs {
    v: f64,
    #[serde(default = "default_v_opt")]
    v_opt: f64,
    alpha_opt: Option<f64>,
    c: Option<f64>,
    #[serde(default = "default_v_min")]
    v_min: f64,
    #[serde(default = "default_s")]
    s: f64,
    #[serde(default = "default_eta")]
    eta: f64,
    #[serde(flatten)]
    confidence: Confidence,
}

fn default_v_min() -> f64 {
    1.0
}

fn default_eta() -> f64 {
    2.0
}

fn default_v_opt() -> f64 {
    10.0
}

fn default_s() -> f64 {
    1.4
}

impl Inputs {
    fn alpha_opt(&self) -> Result<f64, Error> {
        self.alpha_opt.map_or_else(|| self.confidence.alpha(), Ok)
    }

    fn one_sided(&self) -> Result<f64, Error> {
        let rho = rho_one_sided(self.v_opt, self.alpha_opt()?)?;
        Ok(normal_mixture_one_sided(
            self.v,
            rho,
            self.confidence.alpha()?,
        )?)
    }

    fn two_sided(&self) -> Result<f64, Error> {
        let rho = rho_two_sided(self.v_opt, self.alpha_opt()?)?;
        Ok(normal_mixture_two_sided(
            self.v,
            rho,
            self.confidence.alpha()?,
        )?)
    }

    fn gamma_exponential(&self) -> Result<f64, Error> {
        let c = self.c.unwrap_or(1.0);
        let mixture = GammaExponential::tuned(self.v_opt, self.alpha_opt()?, c)?;
        Ok(mixture.boundary(self.v, self.confidence.alpha()?)?)
    }

    fn stitching(&self, c: f64) -> Result<f64, Error> {
        let stitching = PolynomialStitching::tuned(self.v_min, c, self.s, self.eta)?;
        Ok(stitching.boundary(self.v, self.confidence.alpha()?)?)
    }
}

/// One boundary by its name.
pub(super) fn one(name: &str, request: &Request) -> Result<Map<String, Value>, Error> {
    let inputs: Inputs = request.settings()?;
    let boundary = match name {
        "normal_mixture_one_sided" => inputs.one_sided()?,
        "normal_mixture_two_sided" => inputs.two_sided()?,
        "gamma_exponential" => inputs.gamma_exponential()?,
        _ => inputs.stitching(inputs.c.unwrap_or(0.0))?,
    };
    reply(json!({ "boundary": boundary }))
}

/// Every boundary at once.
pub(super) fn all(request: &Request) -> Result<Map<String, Value>, Error> {
    let inputs: Inputs = request.settings()?;
    let alpha = inputs.alpha_opt()?;
    reply(json!({
        "rho_one_sided": rho_one_sided(inputs.v_opt, alpha)?,
        "rho_two_sided": rho_two_sided(inputs.v_opt, alpha)?,
        "normal_mixture_one_sided": inputs.one_sided()?,
        "normal_mixture_two_sided": inputs.two_sided()?,
        "gamma_exponential_c1": inputs.gamma_exponential()?,
        "poly_stitching_c0": inputs.stitching(0.0)?,
        "poly_stitching_c1": inputs.stitching(1.0)?,
    }))
}
