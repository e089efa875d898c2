//! The gap between two pictures of the same thing: what an official figure says and what
//! people say, two waves, two groups. Where it comes from, and how it changes.

mod change;
mod decomposition;

pub use change::{Change, Wave, change, change_by_mover};
pub use decomposition::{Cell, Decomposition, Part, Side, decompose};

use crate::Error;

fn finite(name: &'static str, value: f64) -> Result<f64, Error> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Error::OutOfRange {
            name,
            value,
            expected: "a finite number",
        })
    }
}

fn not_negative(name: &'static str, value: f64) -> Result<f64, Error> {
    if finite(name, value)? >= 0.0 {
        Ok(value)
    } else {
        Err(Error::OutOfRange {
            name,
            value,
            expected: "0 or more",
        })
    }
}
