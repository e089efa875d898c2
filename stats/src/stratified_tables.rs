//! The association of two yes/no questions within strata: the Cochran–Mantel–Haenszel
//! test and the common odds ratio.
//!
//! Sources: Mantel & Haenszel (1959), JNCI 22:719–748; Robins, Breslow & Greenland
//! (1986), Biometrics 42:311–323, for the variance of the odds ratio. As R's
//! `mantelhaen.test`.

use crate::distribution::{chi_squared, normal};
use crate::{Error, Interval, Level, Sides};

/// One stratum's 2×2 table: `[[a, b], [c, d]]` by row, then column.
pub type Table = [[u64; 2]; 2];

/// The test that all strata's odds ratios are 1, and the odds ratio they share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MantelHaenszel {
    /// The statistic, χ² on one degree of freedom.
    pub statistic: f64,
    /// Its p-value.
    pub p: f64,
    /// The common odds ratio; infinite if only the denominator vanishes.
    pub common_odds_ratio: f64,
    /// Its interval.
    pub interval: Interval,
}

/// The Cochran–Mantel–Haenszel test over strata; `correct` takes half a person from the
/// distance between observed and expected.
///
/// # Errors
/// [`Error::NoData`] without strata; [`Error::OutOfRange`] for a stratum of fewer than
/// two persons; [`Error::Undefined`] if no stratum has both rows and both columns, or
/// the odds ratio or its interval has no value.
pub fn mantel_haenszel(
    strata: &[Table],
    correct: bool,
    level: Level,
) -> Result<MantelHaenszel, Error> {
    if strata.is_empty() {
        return Err(Error::NoData("a stratified test needs at least one table"));
    }
    let mut sums = Sums::default();
    for table in strata {
        sums.add(table)?;
    }
    if sums.variance == 0.0 {
        return Err(Error::Undefined {
            method: "the Cochran–Mantel–Haenszel test",
            reason: "no stratum has both rows and both columns",
        });
    }
    let distance = sums.difference.abs();
    let correction = if correct && distance >= 0.5 { 0.5 } else { 0.0 };
    let statistic = (distance - correction).powi(2) / sums.variance;
    let ratio = sums.diagonal / sums.off_diagonal;
    let z = normal::critical(level, Sides::Two)?;
    let factor = (z * sums.ln_ratio_variance().sqrt()).exp();
    if ratio.is_nan() || factor.is_nan() {
        return Err(Error::Undefined {
            method: "the common odds ratio",
            reason: "a diagonal of every table is empty",
        });
    }
    Ok(MantelHaenszel {
        statistic,
        p: chi_squared::sf(statistic, 1.0)?,
        common_odds_ratio: ratio,
        interval: Interval {
            lower: ratio / factor,
            upper: ratio * factor,
        },
    })
}

/// The sums over strata that test and odds ratio are made of.
#[derive(Default)]
struct Sums {
    /// Observed minus expected persons in the first cell.
    difference: f64,
    variance: f64,
    /// Σ ad/n and Σ bc/n.
    diagonal: f64,
    off_diagonal: f64,
    /// Robins, Breslow & Greenland's three sums.
    agreeing: f64,
    mixed: f64,
    disagreeing: f64,
}

impl Sums {
    fn add(&mut self, table: &Table) -> Result<(), Error> {
        let [[a, b], [c, d]] = table.map(|row| row.map(|count| count as f64));
        let n = a + b + c + d;
        if n < 2.0 {
            return Err(Error::OutOfRange {
                name: "stratum",
                value: n,
                expected: "at least two persons in every stratum",
            });
        }
        let (row, column) = (a + b, a + c);
        self.difference += a - row * column / n;
        self.variance += row * (c + d) * column * (b + d) / (n * n * (n - 1.0));
        let (p, q) = ((a + d) / n, (b + c) / n);
        let (r, s) = (a * d / n, b * c / n);
        self.diagonal += r;
        self.off_diagonal += s;
        self.agreeing += p * r;
        self.mixed += p * s + q * r;
        self.disagreeing += q * s;
        Ok(())
    }

    fn ln_ratio_variance(&self) -> f64 {
        let (r, s) = (self.diagonal, self.off_diagonal);
        self.agreeing / (2.0 * r * r)
            + self.mixed / (2.0 * r * s)
            + self.disagreeing / (2.0 * s * s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_correction_takes_half_a_person() {
        let strata = [[[12, 5], [7, 10]]];
        let plain = mantel_haenszel(&strata, false, Level::DEFAULT).unwrap();
        let corrected = mantel_haenszel(&strata, true, Level::DEFAULT).unwrap();
        // a − E = 12 − 17·19/34 = 2.5
        let ratio: f64 = corrected.statistic / plain.statistic;
        assert!((ratio - (2.0f64 / 2.5).powi(2)).abs() < 1e-14);
        assert!((plain.common_odds_ratio - 120.0 / 35.0).abs() < 1e-14);
    }

    #[test]
    fn what_cannot_be_tested_is_refused() {
        let refused = |strata: &[Table]| mantel_haenszel(strata, false, Level::DEFAULT).is_err();
        assert!(refused(&[]));
        assert!(refused(&[[[1, 0], [0, 0]]]));
        assert!(refused(&[[[5, 6], [0, 0]]]));
    }
}
