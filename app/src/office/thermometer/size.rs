//! How large things are drawn, in pixels of the picture.

use crate::office::numbers::Unit;

/// The measures of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Type of readings and gaps.
    pub font: f64,
    /// Type of the indicator's name.
    pub name: f64,
    /// Type of what stands aside: scale, threshold, change.
    pub small: f64,
    /// From the government's line to the society's.
    pub lane: f64,
    /// Half a mark.
    pub mark: f64,
    /// From one indicator to the next.
    pub between: f64,
    /// Whether the temperature is drawn as a tube.
    pub headline: bool,
}

impl Size {
    /// The indicators that make up the temperature.
    pub const HEADLINE: Size = Size {
        font: 14.0,
        name: 16.0,
        small: 12.0,
        lane: 22.0,
        mark: 6.5,
        between: 30.0,
        headline: true,
    };

    /// All others, quieter.
    pub const OTHERS: Size = Size {
        font: 13.0,
        name: 14.0,
        small: 12.0,
        lane: 18.0,
        mark: 5.0,
        between: 24.0,
        headline: false,
    };

    /// The measures of one line: the temperature stands out.
    pub fn of(self, unit: Unit) -> Size {
        if self.headline && unit == Unit::Degrees {
            Size {
                font: 15.0,
                name: 19.0,
                lane: 26.0,
                mark: 8.5,
                ..self
            }
        } else {
            self
        }
    }

    /// Whether a line of this unit is drawn as a tube.
    pub fn tube(self, unit: Unit) -> bool {
        self.headline && unit == Unit::Degrees
    }

    /// The baseline of the scale's numbers, below the threshold's name.
    pub fn axis(self) -> f64 {
        2.0 * self.small + 6.0
    }

    /// Where the first line begins.
    pub fn first_row(self) -> f64 {
        self.axis() + 22.0
    }
}
