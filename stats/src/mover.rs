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
