//! Robbins' beta-binomial mixture: exact any-time-valid limits for a proportion, from counts.

use crate::special::deviance::{deviance, stirling_error};
use crate::special::edge::edge;
use crate::{Error, Interval, Level};
use statrs::function::beta::ln_beta;
use std::f64::consts::PI;

/// The beta weights over which the likelihood is averaged. Any choice is valid; it decides
/// where the sequence is tightest. The uniform (1, 1) is the default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaPrior {
    a: f64,
    b: f64,
}

impl Default for BetaPrior {
    fn default() -> Self {
        Self { a: 1.0, b: 1.0 }
    }
}

impl BetaPrior {
    /// A Beta(a, b) mixture.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] unless both parameters are positive and finite.
    pub fn new(a: f64, b: f64) -> Result<Self, Error> {
        for (name, value) in [("prior_a", a), ("prior_b", b)] {
            if !(value.is_finite() && value > 0.0) {
                return Err(Error::OutOfRange {
                    name,
                    value,
                    expected: "a positive number",
                });
            }
        }
        Ok(Self { a, b })
    }
}

/// The confidence sequence for a proportion after `successes` of `n` independent answers:
/// all p for which B(k+a, n−k+b) / B(a, b) ≤ p^k (1−p)^(n−k) / α.
///
/// Valid at every n at once, so it may be looked at after each answer. It needs the counts
/// only, not their order, hence works on tallies that were merged or subtracted. With no
/// answers yet it is \[0, 1\].
///
/// Source: Robbins 1970 (Ann. Math. Statist. 41, 1397–1409); Howard, Ramdas, McAuliffe and
/// Sekhon 2021 (Ann. Statist. 49, 1055–1080), section 3 (conjugate mixtures).
///
/// # Errors
/// [`Error::OutOfRange`] if `successes` exceeds `n`.
pub fn beta_binomial_mixture(
    successes: u64,
    n: u64,
    prior: BetaPrior,
    level: Level,
) -> Result<Interval, Error> {
    if successes > n {
        return Err(Error::OutOfRange {
            name: "successes",
            value: successes as f64,
            expected: "at most n",
        });
    }
    if n == 0 {
        return Ok(Interval {
            lower: 0.0,
            upper: 1.0,
        });
    }
    let (k, failures, n) = (successes as f64, (n - successes) as f64, n as f64);
    let most = mixture_deviance(k, failures, prior) - level.alpha().ln();
    let part = |count: f64, expected: f64| match count {
        0.0 => expected,
        _ => deviance(count, expected),
    };
    let kept = |p: f64| part(k, n * p) + part(failures, n * (1.0 - p)) <= most;
    let estimate = k / n;
    Ok(Interval {
        lower: edge(estimate, 0.0, kept),
        upper: edge(estimate, 1.0, kept),
    })
}

/// The confidence sequence for the difference p₁ − p₂ of two independent proportions, each
/// given as (successes, n): the extreme differences of their two mixtures, which share α.
///
/// Exact at all pairs of sample sizes at once, whichever side grows when; the union bound
/// makes it wider than [`super::asymptotic::difference`], which needs some thirty answers.
///
/// # Errors
/// [`Error::OutOfRange`] if successes exceed their n.
pub fn beta_binomial_difference(
    first: (u64, u64),
    second: (u64, u64),
    prior: BetaPrior,
    level: Level,
) -> Result<Interval, Error> {
    let each = Level::new(1.0 - level.alpha() / 2.0)?;
    let first = beta_binomial_mixture(first.0, first.1, prior, each)?;
    let second = beta_binomial_mixture(second.0, second.1, prior, each)?;
    Ok(Interval {
        lower: first.lower - second.upper,
        upper: first.upper - second.lower,
    })
}

/// ln of the greatest likelihood less that of the mixture: k ln(k/n) + m ln(m/n) − ln B(k+a, m+b)
/// + ln B(a, b), in Stirling's form so that nothing large cancels, however large n is.
fn mixture_deviance(k: f64, m: f64, prior: BetaPrior) -> f64 {
    let BetaPrior { a, b } = prior;
    // (count + shift − ½) ln(count + shift) − count ln(count)
    let excess = |count: f64, shift: f64| {
        let shifted = (shift - 0.5) * (count + shift).ln();
        if count == 0.0 {
            shifted
        } else {
            count * (shift / count).ln_1p() + shifted
        }
    };
    excess(k + m, a + b) - excess(k, a) - excess(m, b) - 0.5 * (2.0 * PI).ln()
        + stirling_error(k + m + a + b)
        - stirling_error(k + a)
        - stirling_error(m + b)
        + ln_beta(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn holds_the_estimate_and_mirrors(n in 0u64..2_000_000, share in 0.0f64..=1.0) {
            let k = (share * n as f64) as u64;
            let prior = BetaPrior::default();
            let yes = beta_binomial_mixture(k, n, prior, Level::DEFAULT).unwrap();
            let no = beta_binomial_mixture(n - k, n, prior, Level::DEFAULT).unwrap();
            prop_assert!(0.0 <= yes.lower && yes.upper <= 1.0);
            prop_assert!(n == 0 || yes.contains(k as f64 / n as f64));
            prop_assert!((yes.lower - (1.0 - no.upper)).abs() < 1e-9);
        }
    }

    #[test]
    fn refuses_more_successes_than_answers() {
        let got = beta_binomial_mixture(5, 4, BetaPrior::default(), Level::DEFAULT);
        assert!(matches!(
            got,
            Err(Error::OutOfRange {
                name: "successes",
                ..
            })
        ));
        assert!(BetaPrior::new(0.0, 1.0).is_err() && BetaPrior::new(1.0, f64::NAN).is_err());
    }

    #[test]
    fn a_huge_count_gives_a_narrow_interval() {
        for n in [1_000_000_000_000, u64::MAX - 1] {
            let half = beta_binomial_mixture(n / 2, n, BetaPrior::default(), Level::DEFAULT);
            let half = half.unwrap();
            let standard_errors = (half.upper - 0.5) / (0.25 / n as f64).sqrt();
            assert!((5.0..8.0).contains(&standard_errors), "{standard_errors}");
            assert!((0.5 - half.lower - (half.upper - 0.5)).abs() < 1e-12);
        }
    }

    #[test]
    fn covers_at_all_times_at_once() {
        let mut random = crate::random::Random::seeded(1970);
        let (p, paths, answers) = (0.3, 300, 300);
        let mut missed = 0;
        for _ in 0..paths {
            let mut k = 0;
            let ever = (1..=answers).any(|n| {
                k += u64::from(random.uniform() < p);
                let prior = BetaPrior::default();
                !beta_binomial_mixture(k, n, prior, Level::DEFAULT)
                    .unwrap()
                    .contains(p)
            });
            missed += u32::from(ever);
        }
        assert!(missed <= paths / 20, "{missed} of {paths} paths missed");
    }
}
