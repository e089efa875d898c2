//! The size of two samples, or two waves, that tell their proportions apart.
//!
//! Sources: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions,
//! ch. 4, as R's `power.prop.test`; Cohen (1988), ch. 6, as `pwr.2p.test`; Kish (1965),
//! section 12.4, for overlapping waves.

use super::{check, probability, proportion_of};
use crate::Error;
use crate::distribution::normal;
use crate::special::root;

/// The test that the samples are planned for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// The probability of a false alarm.
    pub alpha: f64,
    /// Whether a difference in either direction counts.
    pub two_sided: bool,
    /// Whether rejecting in the wrong direction counts as power (two-sided tests only).
    pub strict: bool,
}

impl Test {
    fn critical(self) -> Result<f64, Error> {
        let alpha = probability("alpha", self.alpha)?;
        let sides = if self.two_sided { 2.0 } else { 1.0 };
        Ok(-normal::quantile(alpha / sides)?)
    }

    fn both_tails(self) -> bool {
        self.two_sided && self.strict
    }
}

/// Power as a function of √n: Φ(slope·√n − threshold), plus the other tail if it counts.
#[derive(Clone, Copy)]
struct PowerCurve {
    slope: f64,
    threshold: f64,
    both_tails: bool,
}

impl PowerCurve {
    /// The pooled variance holds under no difference, the separate ones under p1 and p2.
    fn of_proportions(p1: f64, p2: f64, test: Test) -> Result<Self, Error> {
        let (p1, p2) = (proportion_of("p1", p1)?, proportion_of("p2", p2)?);
        let mean = 0.5 * (p1 + p2);
        let pooled = (2.0 * mean * (1.0 - mean)).sqrt();
        let separate = (p1 * (1.0 - p1) + p2 * (1.0 - p2)).sqrt();
        check("p1", p1, separate > 0.0, "not 0 or 1 in both samples")?;
        Ok(Self {
            slope: (p1 - p2).abs() / separate,
            threshold: test.critical()? * pooled / separate,
            both_tails: test.both_tails(),
        })
    }

    fn power(self, n: f64) -> f64 {
        let shift = self.slope * n.sqrt();
        let other = if self.both_tails {
            normal::cdf(-shift - self.threshold)
        } else {
            0.0
        };
        normal::cdf(shift - self.threshold) + other
    }

    /// The n at which the power is reached.
    fn size(self, power: f64) -> Result<f64, Error> {
        let power = probability("power", power)?;
        let reachable = power > self.power(0.0);
        check("power", power, reachable, "above the size of the test")?;
        check("p2", power, self.slope > 0.0, "different from p1")?;
        let one_tail = (self.threshold + normal::quantile(power)?) / self.slope;
        if !self.both_tails {
            return Ok(one_tail * one_tail);
        }
        let reach = one_tail.max(0.0);
        let root = root::newton("the sample size", (0.0, reach), reach, |root_n| {
            let shift = self.slope * root_n;
            let near = normal::density(shift - self.threshold);
            let far = normal::density(shift + self.threshold);
            let excess = self.power(root_n * root_n) - power;
            Ok((excess, self.slope * (near - far)))
        })?;
        Ok(root * root)
    }
}

/// The size of each of two samples, unrounded.
///
/// # Errors
/// [`Error::OutOfRange`] for proportions outside [0, 1] or equal, and for a power or α
/// outside (0, 1) or a power below what the test has without any difference.
pub fn size(p1: f64, p2: f64, power: f64, test: Test) -> Result<f64, Error> {
    PowerCurve::of_proportions(p1, p2, test)?.size(power)
}

/// The power of two samples of n each.
///
/// # Errors
/// [`Error::OutOfRange`] as [`size`], and for a negative n.
pub fn power(p1: f64, p2: f64, n: f64, test: Test) -> Result<f64, Error> {
    check("n", n, n >= 0.0, "a number of persons")?;
    Ok(PowerCurve::of_proportions(p1, p2, test)?.power(n))
}

/// Cohen's effect size h = 2 asin √p1 − 2 asin √p2.
///
/// # Errors
/// [`Error::OutOfRange`] for proportions outside [0, 1].
pub fn effect_size(p1: f64, p2: f64) -> Result<f64, Error> {
    let angle = |p: f64| 2.0 * p.sqrt().asin();
    Ok(angle(proportion_of("p1", p1)?) - angle(proportion_of("p2", p2)?))
}

/// The size of each of two samples on the arcsine scale, unrounded.
///
/// # Errors
/// As [`size`].
pub fn arcsine_size(p1: f64, p2: f64, power: f64, test: Test) -> Result<f64, Error> {
    let curve = PowerCurve {
        slope: effect_size(p1, p2)?.abs() * std::f64::consts::FRAC_1_SQRT_2,
        threshold: test.critical()?,
        both_tails: test.both_tails(),
    };
    curve.size(power)
}

/// Two waves of one survey, part of whose persons are asked in both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waves {
    /// The proportion in the first wave.
    pub p1: f64,
    /// The proportion in the second.
    pub p2: f64,
    /// The share of persons asked in both, 0 to 1.
    pub overlap: f64,
    /// The correlation of a person's two answers.
    pub correlation: f64,
}

/// The size of each wave that detects the change from p1 to p2, unrounded; two-sided.
///
/// # Errors
/// [`Error::OutOfRange`] as [`size`], for an overlap outside [0, 1] or a correlation
/// outside [−1, 1].
pub fn size_per_wave(waves: Waves, power: f64, alpha: f64) -> Result<f64, Error> {
    let (p1, p2) = (
        proportion_of("p1", waves.p1)?,
        proportion_of("p2", waves.p2)?,
    );
    let overlap = proportion_of("overlap", waves.overlap)?;
    let rho = waves.correlation;
    check(
        "corr",
        rho,
        (-1.0..=1.0).contains(&rho),
        "a correlation from -1 to 1",
    )?;
    check("p2", p2, p1 != p2, "different from p1")?;
    let (v1, v2) = (p1 * (1.0 - p1), p2 * (1.0 - p2));
    let variance = v1 + v2 - 2.0 * overlap * rho * (v1 * v2).sqrt();
    let z = normal::quantile(probability("power", power)?)?
        - normal::quantile(0.5 * probability("alpha", alpha)?)?;
    check("power", power, z > 0.0, "above the size of the test")?;
    Ok(z * z * variance / ((p2 - p1) * (p2 - p1)))
}
