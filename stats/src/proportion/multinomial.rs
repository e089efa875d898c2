//! Simultaneous intervals for the proportions of several categories.

use crate::distribution::{chi_squared, normal};
use crate::named::named;
use crate::proportion::{Sample, wilson};
use crate::{Error, Interval, Level};

named! {
    /// How to find intervals that hold for all categories at once.
    "method for multinomial proportions"
    pub enum Method {
        /// Score intervals at α divided by the number of categories (Goodman 1965).
        Goodman = "goodman",
        /// Intervals of one common width from truncated Poisson counts (Sison & Glaz 1995);
        /// narrower than Goodman's for many categories of similar size.
        SisonGlaz = "sison-glaz",
    }
}

/// The intervals for the categories' proportions, in the order of their counts.
///
/// # Errors
/// [`Error::NoData`] without counts, [`Error::OutOfRange`] for fewer than two categories
/// or a total that does not fit.
pub fn intervals(counts: &[u64], level: Level, method: Method) -> Result<Vec<Interval>, Error> {
    if counts.len() < 2 {
        return Err(Error::OutOfRange {
            name: "counts",
            value: counts.len() as f64,
            expected: "at least two categories",
        });
    }
    let total = counts
        .iter()
        .try_fold(0u64, |sum, &count| sum.checked_add(count));
    let total = total.ok_or(Error::OutOfRange {
        name: "counts",
        value: f64::INFINITY,
        expected: "a total below 2^64",
    })?;
    match method {
        Method::Goodman => goodman(counts, total, level),
        Method::SisonGlaz => sison_glaz(counts, total, level),
    }
}

/// Goodman (1965), Technometrics 7:247–254.
fn goodman(counts: &[u64], total: u64, level: Level) -> Result<Vec<Interval>, Error> {
    let z = -normal::quantile(0.5 * level.alpha() / counts.len() as f64)?;
    counts
        .iter()
        .map(|&count| Ok(wilson(Sample::new(count, total)?, z)))
        .collect()
}

/// Sison & Glaz (1995), JASA 90:366–369: the smallest c for which all counts within c of
/// the observed ones have probability at least the level, with their fractional end.
fn sison_glaz(counts: &[u64], total: u64, level: Level) -> Result<Vec<Interval>, Error> {
    let samples = counts
        .iter()
        .map(|&count| Sample::new(count, total))
        .collect::<Result<Vec<_>, _>>()?;
    let n = total as f64;
    // coverage(low) < level ≤ coverage(high): it increases with the distance.
    let (mut low, mut high) = (0, total);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if coverage(&samples, n, middle)? > level.get() {
            high = middle;
        } else {
            low = middle;
        }
    }
    let (below, above) = (coverage(&samples, n, low)?, coverage(&samples, n, high)?);
    let fraction = ((level.get() - below) / (above - below)).clamp(0.0, 1.0);
    let distance = low as f64;
    Ok(samples
        .iter()
        .map(|sample| Interval {
            lower: (sample.p() - distance / n).max(0.0),
            upper: (sample.p() + (distance + 2.0 * fraction) / n).min(1.0),
        })
        .collect())
}

/// The probability that every count lies within `distance` of the observed one, from
/// Poisson counts conditioned on their total by an Edgeworth expansion.
fn coverage(samples: &[Sample], n: f64, distance: u64) -> Result<f64, Error> {
    let mut ln_inside = 0.0;
    let mut total = Moments::default();
    for sample in samples {
        let low = (sample.x - distance as f64).max(0.0);
        let high = (sample.x + distance as f64).min(n);
        let (inside, moments) = truncated_poisson(sample.x, low, high)?;
        ln_inside += inside.ln();
        total.add(moments);
    }
    let density = if distance == 0 {
        1.0 // nothing is left to vary
    } else {
        total.edgeworth_density(n)
    };
    Ok(ln_inside.exp() * density / poisson_mode(n))
}

/// Mean, variance, third central moment and excess of a sum of independent counts.
#[derive(Default)]
struct Moments {
    mean: f64,
    variance: f64,
    third: f64,
    fourth_cumulant: f64,
}

impl Moments {
    fn add(&mut self, other: Self) {
        self.mean += other.mean;
        self.variance += other.variance;
        self.third += other.third;
        self.fourth_cumulant += other.fourth_cumulant;
    }

    /// The density of the sum at `at`, to the order of the fourth cumulant.
    fn edgeworth_density(&self, at: f64) -> f64 {
        let deviation = self.variance.sqrt();
        let x = (at - self.mean) / deviation;
        let skewness = self.third / (self.variance * deviation);
        let excess = self.fourth_cumulant / (self.variance * self.variance);
        let x2 = x * x;
        let hermite3 = x * (x2 - 3.0);
        let hermite4 = x2 * (x2 - 6.0) + 3.0;
        let hermite6 = x2 * (x2 * (x2 - 15.0) + 45.0) - 15.0;
        let series = 1.0
            + skewness * hermite3 / 6.0
            + excess * hermite4 / 24.0
            + skewness * skewness * hermite6 / 72.0;
        normal::density(x) * series / deviation
    }
}

/// P(low ≤ X ≤ high) for X ~ Poisson(mean), and the moments of X given that.
fn truncated_poisson(mean: f64, low: f64, high: f64) -> Result<(f64, Moments), Error> {
    if mean == 0.0 {
        return Ok((1.0, Moments::default()));
    }
    let inside = poisson_between(mean, low, high)?;
    // E X(X−1)…(X−r+1) = meanʳ·P(low − r ≤ X ≤ high − r) / P(low ≤ X ≤ high)
    let factorial = |r: f64| -> Result<f64, Error> {
        Ok(mean.powf(r) * poisson_between(mean, low - r, high - r)? / inside)
    };
    let (m, f2, f3, f4) = (
        factorial(1.0)?,
        factorial(2.0)?,
        factorial(3.0)?,
        factorial(4.0)?,
    );
    let variance = f2 + m - m * m;
    let third = f3 + f2 * (3.0 - 3.0 * m) + m - 3.0 * m * m + 2.0 * m.powi(3);
    let fourth = f4 + f3 * (6.0 - 4.0 * m) + f2 * (7.0 - 12.0 * m + 6.0 * m * m) + m - 4.0 * m * m
        + 6.0 * m.powi(3)
        - 3.0 * m.powi(4);
    let moments = Moments {
        mean: m,
        variance,
        third,
        fourth_cumulant: fourth - 3.0 * variance * variance,
    };
    Ok((inside, moments))
}

fn poisson_between(mean: f64, low: f64, high: f64) -> Result<f64, Error> {
    // P(X ≤ k) = P(χ²(2k + 2) > 2·mean)
    let up_to = |k: f64| {
        if k < 0.0 {
            Ok(0.0)
        } else {
            chi_squared::sf(2.0 * mean, 2.0 * k + 2.0)
        }
    };
    Ok(up_to(high)? - up_to(low - 1.0)?)
}

/// P(X = n) for X ~ Poisson(n).
fn poisson_mode(n: f64) -> f64 {
    let ln = -0.5 * (std::f64::consts::TAU * n).ln() - crate::special::deviance::stirling_error(n);
    ln.exp()
}
