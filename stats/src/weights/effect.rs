//! What unequal weights cost.

use crate::Error;

/// Kish's effective sample size (Σw)² / Σw²: the equally weighted sample that would be as
/// precise, if weights are unrelated to the answers (Kish 1965, Survey Sampling, §11.7).
///
/// # Errors
/// [`Error::NoData`] without a positive weight, [`Error::OutOfRange`] for a weight that is
/// negative or not finite.
pub fn kish_effective_n(weights: &[f64]) -> Result<f64, Error> {
    let mut sum = 0.0;
    let mut squares = 0.0;
    for &weight in weights {
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(Error::OutOfRange {
                name: "weight",
                value: weight,
                expected: "finite and not negative",
            });
        }
        sum += weight;
        squares += weight * weight;
    }
    if squares > 0.0 {
        Ok(sum * sum / squares)
    } else {
        Err(Error::NoData("no weight is above zero"))
    }
}

/// Kish's design effect of weighting n Σw² / (Σw)² = 1 + cv², with the population-type
/// variance (divisor n).
///
/// # Errors
/// As [`kish_effective_n`].
pub fn kish_design_effect(weights: &[f64]) -> Result<f64, Error> {
    Ok(weights.len() as f64 / kish_effective_n(weights)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_cost_nothing() {
        assert_eq!(kish_effective_n(&[2.0; 10]).unwrap(), 10.0);
        assert_eq!(kish_design_effect(&[1.0, 3.0]).unwrap(), 1.25);
        assert!(kish_effective_n(&[0.0, 0.0]).is_err());
        assert!(kish_effective_n(&[1.0, f64::NAN]).is_err());
    }
}
