//! Whether the gap widens or narrows from one wave to the next.

use super::{finite, not_negative};
use crate::distribution::normal;
use crate::{Error, Interval, Level, Sides, mover};

/// One wave: an official figure, and what was measured then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wave {
    /// The official figure, without sampling error.
    pub official: f64,
    /// The estimate from the survey.
    pub measured: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The change of a gap: negative means that it narrows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// (official₂ − measured₂) − (official₁ − measured₁).
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// estimate ± z × standard error.
    pub interval: Interval,
}

/// The change of the gap from `first` to `second`, by the sum of variances.
///
/// `covariance` is that of the two estimates: 0 for independent samples, positive for a
/// panel, where it makes the interval narrower.
///
/// # Errors
/// [`Error::OutOfRange`] for numbers that are not finite, negative standard errors, or a
/// covariance larger than the two standard errors allow.
pub fn change(first: Wave, second: Wave, covariance: f64, level: Level) -> Result<Change, Error> {
    let estimate = moved(first, second)?;
    let (s1, s2) = (
        not_negative("standard_error", first.standard_error)?,
        not_negative("standard_error", second.standard_error)?,
    );
    // Rounding may lift a correlation of 1 a hair.
    if finite("covariance", covariance)?.abs() > s1 * s2 * (1.0 + 1e-9) {
        return Err(Error::OutOfRange {
            name: "covariance",
            value: covariance,
            expected: "at most the product of the two standard errors",
        });
    }
    let standard_error = (s1 * s1 + s2 * s2 - 2.0 * covariance).max(0.0).sqrt();
    let half_width = normal::critical(level, Sides::Two)? * standard_error;
    Ok(Change {
        estimate,
        standard_error,
        interval: Interval {
            lower: estimate - half_width,
            upper: estimate + half_width,
        },
    })
}

/// The interval for the change of the gap between independent waves from each estimate's own
/// interval, by MOVER: keeps the asymmetry of good intervals near 0 and 1. The intervals'
/// level is that of the result; standard errors are not used.
///
/// Source: Zou and Donner 2008; see [`crate::mover`].
///
/// # Errors
/// [`Error::OutOfRange`] for numbers that are not finite or limits in the wrong order.
pub fn change_by_mover(
    (first, of_first): (Wave, Interval),
    (second, of_second): (Wave, Interval),
) -> Result<Interval, Error> {
    moved(first, second)?;
    // The measured values enter the gap with a minus: its change is the official change
    // less that of the estimates.
    let official = second.official - first.official;
    let measured = mover::difference(second.measured, of_second, first.measured, of_first)?;
    Ok(Interval {
        lower: official - measured.upper,
        upper: official - measured.lower,
    })
}

fn moved(first: Wave, second: Wave) -> Result<f64, Error> {
    for wave in [first, second] {
        finite("official", wave.official)?;
        finite("measured", wave.measured)?;
    }
    Ok((second.official - second.measured) - (first.official - first.measured))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(official: f64, measured: f64) -> Wave {
        Wave {
            official,
            measured,
            standard_error: 0.03,
        }
    }

    #[test]
    fn a_panel_sees_changes_that_separate_samples_do_not() {
        let (before, after) = (wave(0.9, 0.6), wave(0.9, 0.7));
        let separate = change(before, after, 0.0, Level::DEFAULT).unwrap();
        let panel = change(before, after, 0.0006, Level::DEFAULT).unwrap();
        assert!((separate.estimate + 0.1).abs() < 1e-12);
        assert!((separate.standard_error - 0.0018f64.sqrt()).abs() < 1e-12);
        assert!(panel.interval.upper < separate.interval.upper);
        assert!(change(before, after, 0.001, Level::DEFAULT).is_err());
    }

    #[test]
    fn mover_of_symmetric_intervals_is_the_sum_of_variances() {
        let (before, after) = (wave(0.8, 0.6), wave(0.9, 0.7));
        let z = normal::critical(Level::DEFAULT, Sides::Two).unwrap();
        let around = |wave: Wave| Interval {
            lower: wave.measured - z * wave.standard_error,
            upper: wave.measured + z * wave.standard_error,
        };
        let got = change_by_mover((before, around(before)), (after, around(after))).unwrap();
        let expected = change(before, after, 0.0, Level::DEFAULT).unwrap().interval;
        assert!((got.lower - expected.lower).abs() < 1e-12);
        assert!((got.upper - expected.upper).abs() < 1e-12);
        let broken = wave(f64::NAN, 0.5);
        assert!(change_by_mover((broken, around(before)), (after, around(after))).is_err());
    }
}
