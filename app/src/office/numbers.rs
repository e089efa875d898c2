//! Numbers in words: one decimal, an interval beside every estimate, thousands separated.

use report::Estimate;
use survey::Language;

/// One decimal, with a true minus sign and never a "−0.0".
pub fn decimal(value: f64) -> String {
    let text = format!("{:.1}", value.abs());
    if value < 0.0 && text != "0.0" {
        format!("−{text}")
    } else {
        text
    }
}

/// One decimal with its sign, for a change.
pub fn signed(value: f64) -> String {
    let text = decimal(value);
    if value > 0.0 && text != "0.0" {
        format!("+{text}")
    } else {
        text
    }
}

/// A share of 100 as a percentage: 92.1%.
pub fn percent(reading: f64) -> String {
    format!("{}%", decimal(reading))
}

/// A whole number with its thousands separated: 12,345.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let first = digits.len() % 3;
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place % 3 == first {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A confidence level: 95%, 99.9%.
pub fn level(level: f64) -> String {
    let text = format!("{:.1}", level * 100.0);
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}

/// What an estimate is measured in, which decides how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A rate: 92.1%.
    Percent,
    /// A difference of rates: 33.7 percentage points.
    Points,
    /// A temperature: 54.2°.
    Degrees,
}

/// An estimate on the scale on which people read it (0–100), still with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The estimate.
    pub value: f64,
    /// The lower limit.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
    /// How many answers it rests on.
    pub n: u64,
}

impl Reading {
    /// A rate or a difference of rates (0 to 1) in per cent or points.
    pub fn of_rate(estimate: &Estimate) -> Reading {
        Reading {
            value: 100.0 * estimate.value,
            lower: 100.0 * estimate.lower,
            upper: 100.0 * estimate.upper,
            n: estimate.n,
        }
    }

    /// A temperature or a difference of temperatures, in degrees already.
    pub fn of_degrees(estimate: &Estimate) -> Reading {
        Reading {
            value: estimate.value,
            lower: estimate.lower,
            upper: estimate.upper,
            n: estimate.n,
        }
    }

    /// Whether the interval covers 0: the sample cannot show a difference.
    pub fn covers_zero(&self) -> bool {
        self.lower <= 0.0 && 0.0 <= self.upper
    }

    /// The value as it is written: 92.1%, 33.7, 54.2°.
    pub fn written(&self, unit: Unit) -> String {
        match unit {
            Unit::Percent => percent(self.value),
            Unit::Points => decimal(self.value),
            Unit::Degrees => format!("{}°", decimal(self.value)),
        }
    }

    /// The interval: (29.8–37.6), or with a word between where a minus sign would confuse.
    pub fn interval(&self, language: Language) -> String {
        interval(self.lower, self.upper, language)
    }

    /// Value and interval: 92.1% (89.9–93.8).
    pub fn full(&self, unit: Unit, language: Language) -> String {
        format!("{} {}", self.written(unit), self.interval(language))
    }

    /// The same difference seen from the other side, so that a fall can be told as a size.
    pub fn reversed(&self) -> Reading {
        Reading {
            value: -self.value,
            lower: -self.upper,
            upper: -self.lower,
            n: self.n,
        }
    }
}

/// An interval in brackets.
pub fn interval(lower: f64, upper: f64, language: Language) -> String {
    let (low, high) = (decimal(lower), decimal(upper));
    if low.starts_with('−') || high.starts_with('−') {
        format!("({low} {} {high})", language.pick("至", "to"))
    } else {
        format!("({low}–{high})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Chinese, English};

    fn reading(value: f64, lower: f64, upper: f64) -> Reading {
        Reading {
            value,
            lower,
            upper,
            n: 100,
        }
    }

    #[test]
    fn decimals_are_one_and_zero_has_no_sign() {
        assert_eq!(decimal(92.14), "92.1");
        assert_eq!(decimal(-3.25), "−3.2");
        assert_eq!(decimal(-0.04), "0.0");
        assert_eq!(signed(3.0), "+3.0");
        assert_eq!(signed(0.01), "0.0");
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(12_345), "12,345");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn levels_drop_a_needless_zero() {
        assert_eq!(level(0.95), "95%");
        assert_eq!(level(0.999), "99.9%");
    }

    #[test]
    fn intervals_stay_readable_below_zero() {
        assert_eq!(interval(29.8, 37.6, Chinese), "(29.8–37.6)");
        assert_eq!(interval(-1.2, 2.3, Chinese), "(−1.2 至 2.3)");
        assert_eq!(interval(-1.2, 2.3, English), "(−1.2 to 2.3)");
    }

    #[test]
    fn a_fall_is_told_as_a_size() {
        let fall = reading(-3.2, -6.0, -0.4).reversed();
        assert_eq!(fall.full(Unit::Points, Chinese), "3.2 (0.4–6.0)");
        assert!(!fall.covers_zero());
        assert!(reading(0.0, -1.0, 1.0).covers_zero());
    }

    #[test]
    fn units_are_written_where_they_belong() {
        let rate = reading(92.1, 89.9, 93.8);
        assert_eq!(rate.full(Unit::Percent, English), "92.1% (89.9–93.8)");
        assert_eq!(rate.written(Unit::Degrees), "92.1°");
    }
}
