//! Confidence levels and intervals, the currency of this crate.

use crate::Error;
use serde::{Deserialize, Serialize};

/// A confidence level, strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Level(f64);

impl Level {
    /// The level that is used where none is asked for: 95 %.
    pub const DEFAULT: Level = Level(0.95);

    /// Checks that `level` lies strictly between 0 and 1.
    ///
    /// # Errors
    /// [`Error::Level`] if it does not, or is not a number.
    pub fn new(level: f64) -> Result<Self, Error> {
        if level > 0.0 && level < 1.0 {
            Ok(Self(level))
        } else {
            Err(Error::Level(level))
        }
    }

    /// The level as a proportion, for example 0.95.
    pub fn get(self) -> f64 {
        self.0
    }

    /// What the interval may miss: 1 − level.
    pub fn alpha(self) -> f64 {
        1.0 - self.0
    }
}

impl TryFrom<f64> for Level {
    type Error = Error;
    fn try_from(level: f64) -> Result<Self, Error> {
        Self::new(level)
    }
}

impl From<Level> for f64 {
    fn from(level: Level) -> f64 {
        level.0
    }
}

/// A closed interval on the scale of the estimate (a proportion runs 0 to 1).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower confidence limit.
    pub lower: f64,
    /// The upper confidence limit.
    pub upper: f64,
}

impl Interval {
    /// Whether `value` lies between the limits, the limits included.
    pub fn contains(self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

/// Which limits are asked for. A one-sided limit spends the whole of α on its side;
/// the other limit is the end of the scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sides {
    /// Both limits, α/2 on each side.
    #[default]
    Two,
    /// A lower limit only.
    Lower,
    /// An upper limit only.
    Upper,
}

impl Sides {
    /// The probability that lies beyond a limit: α/2 on each of two sides, α on one.
    pub fn tail(self, level: Level) -> f64 {
        match self {
            Sides::Two => 0.5 * level.alpha(),
            Sides::Lower | Sides::Upper => level.alpha(),
        }
    }
}
