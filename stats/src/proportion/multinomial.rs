//! Simultaneous intervals for the proportions of several categories.

use crate::distribution::normal;
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
    if n > LARGEST_TOTAL {
        return Err(Error::OutOfRange {
            name: "counts",
            value: n,
            expected: "a total of at most 10^10; use goodman beyond",
        });
    }
    // The first crossing from below: small strides, because the approximation may fall
    // again beyond it; then bisection within the stride.
    let (mut low, mut high) = (0, 1);
    while coverage(&samples, n, high) <= level.get() {
        low = high;
        high = low.saturating_add((low / 16).max(1));
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if coverage(&samples, n, middle) > level.get() {
            high = middle;
        } else {
            low = middle;
        }
    }
    let (below, above) = (coverage(&samples, n, low), coverage(&samples, n, high));
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

/// The work grows with the root of the total: this much is done within a moment.
const LARGEST_TOTAL: f64 = 1e10;

/// The probability that every count lies within `distance` of the observed one, from
/// Poisson counts conditioned on their total by an Edgeworth expansion. By convention 0
/// for no distance at all; 1 where nothing can lie outside.
fn coverage(samples: &[Sample], n: f64, distance: u64) -> f64 {
    let distance = distance as f64;
    if distance == 0.0 || distance >= n {
        return f64::from(u8::from(distance > 0.0));
    }
    let mut ln_inside = 0.0;
    let mut total = Moments::default();
    for sample in samples {
        let low = (sample.x - distance).max(0.0);
        let high = (sample.x + distance).min(n);
        let (inside, moments) = truncated_poisson(sample.x, low, high);
        ln_inside += inside.ln();
        total.add(moments);
    }
    ln_inside.exp() * total.edgeworth_density(n) / poisson_mode(n)
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

/// P(low ≤ X ≤ high) for X ~ Poisson(mean), a whole number, and the moments of X given
/// that; summed from the mean outwards, so that nothing cancels.
fn truncated_poisson(mean: f64, low: f64, high: f64) -> (f64, Moments) {
    if mean == 0.0 {
        return (1.0, Moments::default());
    }
    // Σ dʳ·P(mean + d)/P(mean) for r = 0 to 4
    let mut sums = [1.0, 0.0, 0.0, 0.0, 0.0];
    let mut add = |distance: f64, weight: f64| {
        let mut term = weight;
        for sum in &mut sums {
            *sum += term;
            term *= distance;
        }
    };
    let mut weight = 1.0;
    let mut at = mean;
    while at < high && weight > NEGLIGIBLE {
        at += 1.0;
        weight *= mean / at;
        add(at - mean, weight);
    }
    let (mut weight, mut at) = (1.0, mean);
    while at > low && weight > NEGLIGIBLE {
        weight *= at / mean;
        at -= 1.0;
        add(at - mean, weight);
    }
    let [total, first, second, third, fourth] = sums;
    let shift = first / total;
    let [m2, m3, m4] = [second, third, fourth].map(|sum| sum / total);
    let variance = m2 - shift * shift;
    let central4 = m4 - 4.0 * shift * m3 + 6.0 * shift * shift * m2 - 3.0 * shift.powi(4);
    let moments = Moments {
        mean: mean + shift,
        variance,
        third: m3 - 3.0 * shift * m2 + 2.0 * shift.powi(3),
        fourth_cumulant: central4 - 3.0 * variance * variance,
    };
    (poisson_mode(mean) * total, moments)
}

/// A weight, relative to that of the mean, below which terms no longer count.
const NEGLIGIBLE: f64 = 1e-30;

/// P(X = n) for X ~ Poisson(n).
fn poisson_mode(n: f64) -> f64 {
    let ln = -0.5 * (std::f64::consts::TAU * n).ln() - crate::special::deviance::stirling_error(n);
    ln.exp()
}
