//! The size of a sample that estimates one proportion.

use super::{check, probability, proportion_of};
use crate::distribution::normal;
use crate::named::named;
use crate::{Error, Level, Sides};

/// The n whose Wald interval is p ± margin: z²p(1−p)/margin² (Cochran 1977, 4.4).
///
/// # Errors
/// [`Error::OutOfRange`] for p outside [0, 1] or a margin that is not positive.
pub fn wald(p: f64, margin: f64, level: Level) -> Result<f64, Error> {
    let p = proportion_of("p", p)?;
    check("margin", margin, margin > 0.0, "a positive half-width")?;
    let z = normal::critical(level, Sides::Two)?;
    Ok(z * z * p * (1.0 - p) / (margin * margin))
}

/// A size for simple random sampling, made one for a design with this design effect.
///
/// # Errors
/// [`Error::OutOfRange`] unless the design effect is positive.
pub fn with_design_effect(n: f64, deff: f64) -> Result<f64, Error> {
    check("deff", deff, deff > 0.0, "a positive design effect")?;
    Ok(n * deff)
}

named! {
    /// The two common forms of the finite population correction of a sample size.
    "finite population correction"
    pub enum FinitePopulation {
        /// n/(1 + (n − 1)/N), Cochran (1977), equation 4.2: exact for a proportion.
        Cochran = "cochran",
        /// n/(1 + n/N), for N − 1 taken as N.
        Simple = "simple",
    }
}

/// A size for an unlimited population (design effect included), made one for N persons.
///
/// # Errors
/// [`Error::OutOfRange`] for a population of less than one.
pub fn with_finite_population(
    n: f64,
    population: f64,
    correction: FinitePopulation,
) -> Result<f64, Error> {
    check(
        "N",
        population,
        population >= 1.0,
        "a population of at least one",
    )?;
    Ok(match correction {
        FinitePopulation::Cochran => n / (1.0 + (n - 1.0) / population),
        FinitePopulation::Simple => n / (1.0 + n / population),
    })
}

/// The n whose Wilson interval, at an observed proportion p, is 2·half_width wide.
///
/// In u = z²/n the half-width's square is (p(1−p)u + u²/4)/(1 + u)², so u is the
/// positive root of (¼ − e²)u² + (p(1−p) − 2e²)u − e².
///
/// # Errors
/// [`Error::OutOfRange`] for p outside [0, 1] or a half-width outside (0, ½).
pub fn wilson_width(p: f64, half_width: f64, level: Level) -> Result<f64, Error> {
    let p = proportion_of("p", p)?;
    let holds = half_width > 0.0 && half_width < 0.5;
    check("half_width", half_width, holds, "between 0 and 1/2")?;
    let z = normal::critical(level, Sides::Two)?;
    let squared = half_width * half_width;
    let (a, b) = (0.25 - squared, p * (1.0 - p) - 2.0 * squared);
    let root = (b * b + 4.0 * a * squared).sqrt();
    let u = if b > 0.0 {
        2.0 * squared / (b + root)
    } else {
        (root - b) / (2.0 * a)
    };
    Ok(z * z / u)
}

/// The n from which the lower Wilson limit, at an observed proportion p, reaches the
/// threshold t: z²t(1−t)/(p−t)², since the limit is the t that the score test just
/// accepts.
///
/// # Errors
/// [`Error::OutOfRange`] for a threshold outside (0, 1) or not below p, for p above 1,
/// and for a level at which the limit is above the estimate.
pub fn wilson_lower_reaches(
    p: f64,
    threshold: f64,
    level: Level,
    sides: Sides,
) -> Result<f64, Error> {
    let p = proportion_of("p", p)?;
    let t = probability("threshold", threshold)?;
    check("threshold", t, t < p, "below the expected proportion p")?;
    let z = normal::critical(level, sides)?;
    check("level", level.get(), z > 0.0, "above 1/2 for one side")?;
    Ok(z * z * t * (1.0 - t) / ((p - t) * (p - t)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interval;
    use crate::proportion::{Sample, wilson};

    fn wilson_at(p: f64, n: f64, z: f64) -> Interval {
        wilson(Sample { x: n * p, n }, z)
    }

    #[test]
    fn the_planned_sizes_give_the_planned_intervals() {
        let z = normal::critical(Level::DEFAULT, Sides::Two).unwrap();
        for (p, half) in [
            (0.5, 0.03),
            (0.02, 0.05),
            (0.0, 0.4),
            (1.0, 0.01),
            (0.9, 0.49),
        ] {
            let n = wilson_width(p, half, Level::DEFAULT).unwrap();
            let found = wilson_at(p, n, z);
            assert!(
                (found.upper - found.lower - 2.0 * half).abs() < 1e-12,
                "{p} {half} {n}"
            );
        }
        for (p, threshold) in [(0.93, 0.9), (0.5, 0.1), (1.0, 0.9)] {
            let n = wilson_lower_reaches(p, threshold, Level::DEFAULT, Sides::Two).unwrap();
            assert!(
                (wilson_at(p, n, z).lower - threshold).abs() < 1e-12,
                "{p} {threshold} {n}"
            );
        }
    }

    #[test]
    fn a_census_is_the_most_that_can_be_asked() {
        let n = with_finite_population(1e9, 500.0, FinitePopulation::Cochran).unwrap();
        assert!(n < 500.5 && n > 499.0);
        assert!(with_finite_population(10.0, 0.0, FinitePopulation::Simple).is_err());
    }
}
