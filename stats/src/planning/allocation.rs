//! How to divide a sample among strata (Cochran 1977, sections 5.5–5.9).
//!
//! The shares are unrounded and may exceed a small stratum under Neyman's allocation:
//! take that stratum whole and allocate the rest again.

use super::check;
use crate::Error;

/// In proportion to the strata's sizes.
///
/// # Errors
/// [`Error::NoData`] without strata; [`Error::OutOfRange`] for a size that is not
/// positive or a negative n.
pub fn proportional(sizes: &[f64], n: f64) -> Result<Vec<f64>, Error> {
    divide(n, sizes.iter().map(|&size| positive("N", size)))
}

/// In proportion to size times standard deviation, which makes the variance of the mean
/// least for a given n (Neyman 1934).
///
/// # Errors
/// As [`proportional`], and for lists of unequal length or a negative deviation.
pub fn neyman(sizes: &[f64], deviations: &[f64], n: f64) -> Result<Vec<f64>, Error> {
    same_length("S", sizes, deviations)?;
    let shares = sizes.iter().zip(deviations);
    divide(
        n,
        shares.map(|(&size, &s)| Ok(positive("N", size)? * not_negative(s)?)),
    )
}

/// In proportion to size times standard deviation over the root of the cost per
/// interview, which makes the variance least for a given budget.
///
/// # Errors
/// As [`neyman`], and for a cost that is not positive.
pub fn optimal_cost(
    sizes: &[f64],
    deviations: &[f64],
    costs: &[f64],
    n: f64,
) -> Result<Vec<f64>, Error> {
    same_length("S", sizes, deviations)?;
    same_length("cost", sizes, costs)?;
    let shares = sizes.iter().zip(deviations).zip(costs);
    divide(
        n,
        shares.map(|((&size, &s), &cost)| {
            Ok(positive("N", size)? * not_negative(s)? / positive("cost", cost)?.sqrt())
        }),
    )
}

fn divide(n: f64, shares: impl Iterator<Item = Result<f64, Error>>) -> Result<Vec<f64>, Error> {
    check("n", n, n >= 0.0 && n.is_finite(), "a number of persons")?;
    let shares = shares.collect::<Result<Vec<_>, _>>()?;
    let total: f64 = shares.iter().sum();
    if total > 0.0 {
        Ok(shares.iter().map(|share| n * share / total).collect())
    } else {
        Err(Error::NoData(
            "allocation needs a stratum with some variation",
        ))
    }
}

fn same_length(name: &'static str, sizes: &[f64], others: &[f64]) -> Result<(), Error> {
    let length = others.len();
    check(
        name,
        length as f64,
        length == sizes.len(),
        "as many as strata",
    )
    .map(|_| ())
}

fn positive(name: &'static str, value: f64) -> Result<f64, Error> {
    check(
        name,
        value,
        value > 0.0 && value.is_finite(),
        "positive and finite",
    )
}

fn not_negative(deviation: f64) -> Result<f64, Error> {
    let holds = deviation >= 0.0 && deviation.is_finite();
    check("S", deviation, holds, "a standard deviation of 0 or more")
}
