//! Intervals and tests for the difference of two proportions in the same persons.
//!
//! The table counts persons by (yes, yes), (yes, no), (no, yes), (no, no); the
//! difference is (b − c)/n.

use crate::distribution::{binomial, chi_squared, normal};
use crate::named::named;
use crate::proportion::{Sample, wilson};
use crate::special::root;
use crate::{Error, Interval, Level, Sides};
use serde::{Deserialize, Serialize};

named! {
    /// How to find an interval for a paired difference.
    "method for a paired difference"
    pub enum Method {
        /// Wald; for comparison only.
        Wald = "wald_paired",
        /// The score interval (Tango 1998).
        Tango = "tango",
        /// Wilson intervals joined with their correlation (Newcombe 1998, Statistics in
        /// Medicine 17:2635–2650, method 10). The default.
        Newcombe = "newcombe_paired_method10",
        /// Wald after adding one to b and c (Bonett & Price 2012), not cut.
        BonettPrice = "bonett_price",
    }
}

/// Persons by their two answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Yes both times.
    pub a: u64,
    /// Yes, then no.
    pub b: u64,
    /// No, then yes.
    pub c: u64,
    /// No both times.
    pub d: u64,
}

/// The table as numbers, with its total.
#[derive(Clone, Copy)]
struct Counts {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    n: f64,
}

impl Counts {
    fn new(table: Table) -> Result<Self, Error> {
        let [a, b, c, d] = [table.a, table.b, table.c, table.d].map(|count| count as f64);
        let n = a + b + c + d;
        if n == 0.0 {
            return Err(Error::NoData("a paired difference needs at least one pair"));
        }
        Ok(Self { a, b, c, d, n })
    }

    fn difference(self) -> f64 {
        (self.b - self.c) / self.n
    }

    /// The same pairs with the two occasions exchanged.
    fn exchanged(self) -> Self {
        Self {
            b: self.c,
            c: self.b,
            ..self
        }
    }
}

/// The interval for (b − c)/n.
///
/// # Errors
/// [`Error::NoData`] for an empty table.
pub fn interval(table: Table, level: Level, method: Method) -> Result<Interval, Error> {
    let counts = Counts::new(table)?;
    let z = normal::critical(level, Sides::Two)?;
    match method {
        Method::Wald => Ok(wald(counts, z)),
        Method::Tango => Ok(Interval {
            lower: tango_lower(counts, z)?,
            upper: -tango_lower(counts.exchanged(), z)?,
        }),
        Method::Newcombe => Ok(newcombe(counts, z)),
        Method::BonettPrice => Ok(bonett_price(counts, z)),
    }
}

fn wald(counts: Counts, z: f64) -> Interval {
    let Counts { b, c, n, .. } = counts;
    let half = z * (b + c - (b - c) * (b - c) / n).max(0.0).sqrt() / n;
    Interval {
        lower: counts.difference() - half,
        upper: counts.difference() + half,
    }
}

/// Bonett & Price (2012), Journal of Educational and Behavioral Statistics 37:479–488.
fn bonett_price(counts: Counts, z: f64) -> Interval {
    let n = counts.n + 2.0;
    let (b, c) = ((counts.b + 1.0) / n, (counts.c + 1.0) / n);
    let half = z * ((b + c - (b - c) * (b - c)) / n).sqrt();
    Interval {
        lower: b - c - half,
        upper: b - c + half,
    }
}

/// Tango (1998), Statistics in Medicine 17:891–908: the Δ below the observed difference
/// whose score statistic is z.
fn tango_lower(counts: Counts, z: f64) -> Result<f64, Error> {
    let Counts { b, c, n, .. } = counts;
    root::bisect("the score limit", (-1.0, counts.difference()), |delta| {
        let spread = delta * (1.0 - delta);
        let linear = -b - c + (2.0 * n - b + c) * delta;
        // The constrained P(no, yes) is the larger root of 2n q² + linear q − c·spread.
        let root = (linear * linear + 8.0 * n * c * spread).max(0.0).sqrt();
        let q = if linear > 0.0 {
            2.0 * c * spread / (root + linear)
        } else {
            (root - linear) / (4.0 * n)
        };
        let variance = n * (2.0 * q + spread);
        Ok(z * variance.max(0.0).sqrt() - (b - c - n * delta))
    })
}

fn newcombe(counts: Counts, z: f64) -> Interval {
    let Counts { a, b, c, d, n } = counts;
    let (first, second) = (Sample { x: a + b, n }, Sample { x: a + c, n });
    let (w1, w2) = (wilson(first, z), wilson(second, z));
    let margins = (a + b) * (c + d) * (a + c) * (b + d);
    let excess = a * d - b * c;
    let corrected = if excess > 0.0 {
        (excess - 0.5 * n).max(0.0)
    } else {
        excess
    };
    let phi = if margins > 0.0 {
        corrected / margins.sqrt()
    } else {
        0.0
    };
    let joined = |x: f64, y: f64| (x * x - 2.0 * phi * x * y + y * y).max(0.0).sqrt();
    let (p1, p2) = (first.p(), second.p());
    Interval {
        lower: p1 - p2 - joined(p1 - w1.lower, w2.upper - p2),
        upper: p1 - p2 + joined(w1.upper - p1, p2 - w2.lower),
    }
}

/// McNemar's test that the two proportions are equal, in its four forms. Where nobody
/// changed (b + c = 0) the χ² forms do not exist, and the exact p-values are 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct McNemar {
    /// (b − c)²/(b + c), on one degree of freedom.
    pub chi2: Option<f64>,
    /// Its p-value.
    pub p_asymptotic: Option<f64>,
    /// (|b − c| − 1)²/(b + c); without the correction where b = c.
    pub chi2_cc: Option<f64>,
    /// Twice the smaller binomial tail, at most 1.
    pub p_exact: f64,
    /// The exact one with half the probability of the observed split.
    pub p_mid: f64,
}

/// McNemar (1947), Psychometrika 12:153–157; mid-p after Fagerland, Lydersen & Laake
/// (2013), BMC Medical Research Methodology 13:91.
///
/// # Errors
/// [`Error::NoData`] for an empty table; [`Error::OutOfRange`] if b + c does not fit
/// into 64 bits.
pub fn mcnemar(table: Table) -> Result<McNemar, Error> {
    let Counts { b, c, .. } = Counts::new(table)?;
    let changed = table.b.checked_add(table.c).ok_or(Error::OutOfRange {
        name: "b + c",
        value: b + c,
        expected: "a number of persons below 2^64",
    })?;
    let gap = (b - c).abs();
    let chi2 = (changed > 0).then(|| gap * gap / (b + c));
    let fewer = table.b.min(table.c);
    let tail = binomial::cdf(fewer, changed, 0.5)?;
    let observed = binomial::pmf(fewer, changed, 0.5)?;
    Ok(McNemar {
        chi2,
        p_asymptotic: chi2.map(|chi2| chi_squared::sf(chi2, 1.0)).transpose()?,
        chi2_cc: chi2.map(|_| (gap - 1.0).max(0.0).powi(2) / (b + c)),
        p_exact: (2.0 * tail).min(1.0),
        p_mid: (2.0 * tail - observed).min(1.0),
    })
}
