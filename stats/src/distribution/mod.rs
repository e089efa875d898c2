//! The distributions that intervals and tests are read from: tails to about 1e-14,
//! quantiles to about 1e-13, held by `tests/reference/j_special_functions.json`.
//!
//! `cdf` is P(X ≤ x), `sf` is P(X > x) computed as such (not as 1 − cdf), `quantile` is
//! the inverse of `cdf`. A probability of 0 or 1 is answered where the support ends there.

pub mod beta;
pub mod binomial;
pub mod chi_squared;
pub mod fisher_f;
pub mod normal;
pub mod student_t;
pub mod studentized_range;

use crate::Error;

/// Refuses a probability outside [0, 1] or not a number.
fn probability(p: f64) -> Result<f64, Error> {
    if (0.0..=1.0).contains(&p) {
        Ok(p)
    } else {
        Err(Error::OutOfRange {
            name: "p",
            value: p,
            expected: "a probability between 0 and 1",
        })
    }
}

/// Refuses a shape or number of degrees of freedom that is not positive and finite.
fn positive(name: &'static str, value: f64) -> Result<f64, Error> {
    if value > 0.0 && value.is_finite() {
        Ok(value)
    } else {
        Err(Error::OutOfRange {
            name,
            value,
            expected: "a positive, finite number",
        })
    }
}

/// Degrees of freedom may be infinite: the limit is the normal or χ² distribution.
fn degrees_of_freedom(name: &'static str, value: f64) -> Result<f64, Error> {
    if value == f64::INFINITY {
        Ok(value)
    } else {
        positive(name, value)
    }
}

/// Refuses a point that is not a number.
fn point(name: &'static str, value: f64) -> Result<f64, Error> {
    if value.is_nan() {
        Err(Error::OutOfRange {
            name,
            value,
            expected: "a number",
        })
    } else {
        Ok(value)
    }
}

/// The error for a quantile at the infinite end of a support.
fn infinite_quantile(p: f64) -> Error {
    Error::OutOfRange {
        name: "p",
        value: p,
        expected: "a probability further from 0 and 1: the quantile is infinite or beyond all numbers",
    }
}

/// Refuses a quantile that has left the range of numbers.
fn finite_quantile(p: f64, value: f64) -> Result<f64, Error> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(infinite_quantile(p))
    }
}
