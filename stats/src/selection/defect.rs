//! The data defect: how selection, not sample size, rules the error of a large sample.
//!
//! Meng's identity: sample mean − population mean = ρ √((1 − f)/f) σ, where ρ is the
//! correlation between answering and the answer (the data-defect correlation), f = n/N the
//! fraction that answered and σ the population's standard deviation (divisor N).
//!
//! Source: Meng 2018, "Statistical paradises and paradoxes in big data (I)", Ann. Appl.
//! Statist. 12, 685–726, equations (2.3) and (3.5).

use super::{finite, out_of_range};
use crate::Error;

/// The three factors of the error of a sample mean, for a population that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DataDefect {
    /// How many answered.
    pub n: u64,
    /// How many there are.
    pub population: u64,
    /// f = n/N.
    pub fraction: f64,
    /// Sample mean − population mean.
    pub error: f64,
    /// ρ, the correlation between answering and the answer.
    pub correlation: f64,
    /// σ of the population, with divisor N.
    pub sigma: f64,
    /// ρ √((1 − f)/f) σ: equals `error`, by the identity.
    pub product: f64,
    /// The size of a simple random sample with the same squared error, for N without bound.
    pub effective_n: f64,
    /// The same for a simple random sample from this population, at most N.
    pub effective_n_finite: f64,
}

/// The data defect of those `selected` among a whole population with the given `values`.
///
/// # Errors
/// [`Error::NoData`] if nobody is selected; [`Error::OutOfRange`] for lengths that differ or
/// values that are not finite; [`Error::Undefined`] if everybody is selected or all values
/// are equal, where there is no correlation.
pub fn from_population(values: &[f64], selected: &[bool]) -> Result<DataDefect, Error> {
    if values.len() != selected.len() {
        return Err(out_of_range(
            "selected",
            selected.len() as f64,
            "one entry for each value",
        ));
    }
    for &value in values {
        finite("value", value)?;
    }
    let n = selected.iter().filter(|&&s| s).count();
    if n == 0 {
        return Err(Error::NoData("nobody was selected"));
    }
    let size = values.len() as f64;
    let mean = values.iter().sum::<f64>() / size;
    let sigma = (values.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / size).sqrt();
    let fraction = n as f64 / size;
    if n == values.len() || sigma == 0.0 {
        return Err(Error::Undefined {
            method: "the data-defect correlation",
            reason: "it needs people who did not answer and answers that differ",
        });
    }
    let chosen = || {
        values
            .iter()
            .zip(selected)
            .filter(|(_, s)| **s)
            .map(|(y, _)| y)
    };
    let covariance = chosen().map(|y| y - mean).sum::<f64>() / size;
    let correlation = covariance / ((fraction * (1.0 - fraction)).sqrt() * sigma);
    let consequence = from_correlation(correlation, n as u64, values.len() as u64, sigma)?;
    Ok(DataDefect {
        n: n as u64,
        population: values.len() as u64,
        fraction,
        error: chosen().sum::<f64>() / n as f64 - mean,
        correlation,
        sigma,
        product: consequence.bias,
        effective_n: consequence.effective_n,
        effective_n_finite: consequence.effective_n_finite,
    })
}

/// What a data-defect correlation does to a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Consequence {
    /// ρ √((1 − f)/f) σ.
    pub bias: f64,
    /// n* = f/((1 − f) ρ²), infinite for ρ = 0 or a census.
    pub effective_n: f64,
    /// n*/(1 + n*/N): with the finite population correction, at most N.
    pub effective_n_finite: f64,
}

/// The bias and effective size of `n` answers from `population` people, if answering and the
/// answer correlate by `rho`, for a variable with standard deviation `sigma`
/// (√(p(1 − p)) for a share p).
///
/// # Errors
/// [`Error::OutOfRange`] for ρ outside \[−1, 1\], n of 0 or above the population, or a σ that
/// is negative or not finite.
pub fn from_correlation(
    rho: f64,
    n: u64,
    population: u64,
    sigma: f64,
) -> Result<Consequence, Error> {
    // Rounding may carry a perfect correlation a hair beyond 1.
    if rho.is_nan() || rho.abs() > 1.0 + 1e-9 {
        return Err(out_of_range("rho", rho, "a correlation from -1 to 1"));
    }
    if n == 0 || n > population {
        return Err(out_of_range(
            "n",
            n as f64,
            "from 1 to the population's size",
        ));
    }
    if finite("sigma", sigma)? < 0.0 {
        return Err(out_of_range(
            "sigma",
            sigma,
            "a standard deviation of 0 or more",
        ));
    }
    let fraction = n as f64 / population as f64;
    let odds = fraction / (1.0 - fraction);
    let effective_n = if rho == 0.0 {
        f64::INFINITY
    } else {
        odds / (rho * rho)
    };
    Ok(Consequence {
        bias: rho * sigma / odds.sqrt(),
        effective_n,
        effective_n_finite: 1.0 / (1.0 / effective_n + 1.0 / population as f64),
    })
}
