//! MOVER, the method of variance estimates recovery: an interval for a difference from
//! the two parts' own intervals, however those were made.

use crate::{Error, Interval};

/// The interval for θ1 − θ2 from independent estimates `e1`, `e2` and their intervals, at
/// the level of those. It is not cut to any scale.
///
/// Source: Zou & Donner (2008), Statistics in Medicine 27:1693–1702, equation (8).
///
/// # Errors
/// [`Error::OutOfRange`] if a number is not finite or an interval is upside down.
pub fn difference(e1: f64, i1: Interval, e2: f64, i2: Interval) -> Result<Interval, Error> {
    check("first", e1, i1)?;
    check("second", e2, i2)?;
    let difference = e1 - e2;
    Ok(Interval {
        lower: difference - (e1 - i1.lower).hypot(i2.upper - e2),
        upper: difference + (i1.upper - e1).hypot(e2 - i2.lower),
    })
}

/// The interval for Σ aᵢθᵢ from estimates `e` with intervals `i` whose correlations are
/// `correlation` (row by row, k × k), at the level of those intervals. With limits that hold
/// at the edges, such as Wilson's, so does this one: it does not shrink to nothing where every
/// estimate is 0 or 1.
///
/// Source: Zou, Huang & Zhang (2009), Computational Statistics & Data Analysis 53:1080–1085,
/// equations (5) and (6); with correlations as in Zou (2008), American Journal of
/// Epidemiology 168:212–224.
///
/// # Errors
/// [`Error::Length`] if the lists do not match, [`Error::OutOfRange`] as [`difference`].
pub fn combination(
    weights: &[f64],
    estimates: &[f64],
    intervals: &[Interval],
    correlation: &[f64],
) -> Result<Interval, Error> {
    let k = weights.len();
    for (name, expected, got) in [
        ("the estimates", k, estimates.len()),
        ("the intervals", k, intervals.len()),
        ("the correlations", k * k, correlation.len()),
    ] {
        if expected != got {
            return Err(Error::Length {
                name,
                expected,
                got,
            });
        }
    }
    let mut below = Vec::with_capacity(k);
    let mut above = Vec::with_capacity(k);
    let mut value = 0.0;
    for ((weight, estimate), interval) in weights.iter().zip(estimates).zip(intervals) {
        check("combined", *estimate, *interval)?;
        value += weight * estimate;
        let (down, up) = (estimate - interval.lower, interval.upper - estimate);
        // A negative weight turns the interval round.
        let (down, up) = if *weight < 0.0 {
            (up, down)
        } else {
            (down, up)
        };
        below.push(weight.abs() * down * weight.signum());
        above.push(weight.abs() * up * weight.signum());
    }
    let spread = |parts: &[f64]| {
        let rows = correlation.chunks(k.max(1));
        let square: f64 = rows
            .zip(parts)
            .map(|(row, a)| row.iter().zip(parts).map(|(r, b)| r * a * b).sum::<f64>())
            .sum();
        // Rounding may leave a hair below zero where the parts cancel.
        square.max(0.0).sqrt()
    };
    Ok(Interval {
        lower: value - spread(&below),
        upper: value + spread(&above),
    })
}

fn check(name: &'static str, estimate: f64, interval: Interval) -> Result<(), Error> {
    for value in [estimate, interval.lower, interval.upper] {
        if !value.is_finite() {
            return Err(Error::OutOfRange {
                name,
                value,
                expected: "a finite estimate with finite limits",
            });
        }
    }
    if interval.lower > interval.upper {
        return Err(Error::OutOfRange {
            name,
            value: interval.lower,
            expected: "a lower limit that is not above the upper one",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Interval = Interval {
        lower: 0.55,
        upper: 0.668,
    };
    const B: Interval = Interval {
        lower: 0.9,
        upper: 0.935,
    };

    #[test]
    fn an_uncorrelated_combination_with_weights_one_and_minus_one_is_the_difference() {
        let difference = difference(0.92, B, 0.61, A).unwrap();
        let combination =
            combination(&[1.0, -1.0], &[0.92, 0.61], &[B, A], &[1.0, 0.0, 0.0, 1.0]).unwrap();
        assert!((difference.lower - combination.lower).abs() < 1e-15);
        assert!((difference.upper - combination.upper).abs() < 1e-15);
    }

    #[test]
    fn one_part_keeps_its_own_interval() {
        let one = combination(&[1.0], &[0.61], &[A], &[1.0]).unwrap();
        assert!((one.lower - A.lower).abs() < 1e-15 && (one.upper - A.upper).abs() < 1e-15);
    }
}
