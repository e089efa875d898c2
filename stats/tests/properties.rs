//! What must hold for every input, not only for the reference cases.

use proptest::prelude::*;
use stats::difference::paired::{self, Table};
use stats::distribution::{beta, chi_squared, fisher_f, student_t};
use stats::multiplicity::{self, Adjustment};
use stats::proportion::korn_graubard::DesignEstimate;
use stats::proportion::{multinomial, presentation};
use stats::{Error, Interval, Level, Sides, difference, mover, proportion};

/// Numbers that break careless code, and ordinary ones.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(0.0),
        Just(-1.0),
        Just(f64::MIN_POSITIVE),
        Just(1e300),
        0.0..1.0,
        0.0..1e4,
        any::<f64>(),
    ]
}

fn any_level() -> impl Strategy<Value = Level> {
    (1e-9..1.0 - 1e-9).prop_map(|level| Level::new(level).unwrap_or(Level::DEFAULT))
}

/// A sample of up to a million with any number of successes.
fn any_sample() -> impl Strategy<Value = (u64, u64)> {
    prop_oneof![1u64..30, 1u64..1_000_000].prop_flat_map(|n| (0..=n, Just(n)))
}

fn ordered(interval: Interval, low: f64, high: f64) -> bool {
    low <= interval.lower && interval.lower <= interval.upper && interval.upper <= high
}

proptest! {
    #[test]
    fn proportions_are_ordered_mirrored_and_on_the_scale(
        (x, n) in any_sample(), level in any_level(),
    ) {
        for &method in proportion::Method::ALL {
            let interval = |x| proportion::interval(x, n, level, Sides::Two, method);
            match (interval(x), interval(n - x)) {
                (Ok(here), Ok(there)) => {
                    prop_assert!(ordered(here, 0.0, 1.0), "{method}: {here:?}");
                    let (mirrored, tolerance) = (1.0 - there.upper, 1e-11);
                    prop_assert!((here.lower - mirrored).abs() < tolerance, "{method}: {here:?} {there:?}");
                }
                (Err(Error::Undefined { .. }), Err(_)) => {
                    prop_assert!(method == proportion::Method::Logit && (x == 0 || x == n));
                }
                other => prop_assert!(false, "{method}: {other:?}"),
            }
        }
    }

    #[test]
    fn one_side_at_half_the_error_is_a_side_of_two((x, n) in any_sample(), level in 0.5f64..0.999) {
        let two = Level::new(level).unwrap_or(Level::DEFAULT);
        let one = Level::new(0.5 * (1.0 + level)).unwrap_or(Level::DEFAULT);
        for &method in proportion::Method::ALL {
            let (Ok(both), Ok(lower), Ok(upper)) = (
                proportion::interval(x, n, two, Sides::Two, method),
                proportion::interval(x, n, one, Sides::Lower, method),
                proportion::interval(x, n, one, Sides::Upper, method),
            ) else { continue };
            prop_assert!((both.lower - lower.lower).abs() < 1e-10 && lower.upper == 1.0);
            prop_assert!((both.upper - upper.upper).abs() < 1e-10 && upper.lower == 0.0);
        }
    }

    #[test]
    fn differences_change_sign_with_their_samples(
        (x1, n1) in any_sample(), (x2, n2) in any_sample(), level in any_level(),
    ) {
        for &method in difference::Method::ALL {
            let here = difference::interval(x1, n1, x2, n2, level, method);
            let there = difference::interval(x2, n2, x1, n1, level, method);
            let (Ok(here), Ok(there)) = (here, there) else {
                return Err(TestCaseError::fail(format!("{method} refuses")));
            };
            prop_assert!(ordered(here, f64::NEG_INFINITY, f64::INFINITY), "{method}: {here:?}");
            prop_assert!((here.lower + there.upper).abs() < 1e-9, "{method}: {here:?} {there:?}");
        }
    }

    #[test]
    fn paired_differences_change_sign_with_the_occasions(
        [a, b, c, d] in prop::array::uniform4(0u64..400), level in any_level(),
    ) {
        prop_assume!(a + b + c + d > 0);
        for &method in paired::Method::ALL {
            let here = paired::interval(Table { a, b, c, d }, level, method);
            let there = paired::interval(Table { a, b: c, c: b, d }, level, method);
            let (Ok(here), Ok(there)) = (here, there) else {
                return Err(TestCaseError::fail(format!("{method} refuses")));
            };
            prop_assert!(here.lower <= here.upper);
            prop_assert!((here.lower + there.upper).abs() < 1e-9, "{method}: {here:?} {there:?}");
        }
    }

    #[test]
    fn multinomial_intervals_hold_their_proportions(
        counts in prop::collection::vec(0u64..2000, 2..9), level in 0.5f64..0.999,
    ) {
        let total: u64 = counts.iter().sum();
        prop_assume!(total > 0);
        let level = Level::new(level).unwrap_or(Level::DEFAULT);
        for &method in multinomial::Method::ALL {
            let intervals = multinomial::intervals(&counts, level, method);
            let Ok(intervals) = intervals else {
                return Err(TestCaseError::fail(format!("{method}: {intervals:?}")));
            };
            for (interval, &count) in intervals.iter().zip(&counts) {
                prop_assert!(interval.contains(count as f64 / total as f64), "{method} {intervals:?}");
                prop_assert!(ordered(*interval, 0.0, 1.0));
            }
        }
    }

    #[test]
    fn quantiles_invert_their_distributions(
        p in 1e-12..1.0 - 1e-12, a in 0.3f64..5e3, b in 0.3f64..5e3,
    ) {
        let back = [
            beta::quantile(p, a, b).and_then(|x| beta::cdf(x, a, b)),
            student_t::quantile(p, a).and_then(|t| student_t::cdf(t, a)),
            fisher_f::quantile(p, a, b).and_then(|f| fisher_f::cdf(f, a, b)),
            chi_squared::quantile(p, a).and_then(|x| chi_squared::cdf(x, a)),
        ];
        for (index, back) in back.into_iter().enumerate() {
            let Ok(back) = back else {
                return Err(TestCaseError::fail(format!("{index}: {back:?}")));
            };
            prop_assert!((back - p).abs() <= 1e-10 * p.max(1e-3), "{index}: {p} {back}");
        }
    }

    #[test]
    fn no_number_makes_a_distribution_panic(x in any_number(), a in any_number(), b in any_number()) {
        for probability in [beta::cdf(x, a, b), beta::sf(x, a, b), fisher_f::cdf(x, a, b), fisher_f::sf(x, a, b),
            student_t::cdf(x, a), chi_squared::cdf(x, a), chi_squared::sf(x, a)].into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&probability), "{probability}");
        }
        for quantile in [beta::quantile(x, a, b), fisher_f::quantile(x, a, b), student_t::quantile(x, a),
            chi_squared::quantile(x, a)].into_iter().flatten() {
            prop_assert!(!quantile.is_nan());
        }
    }

    #[test]
    fn no_number_makes_an_estimate_panic(
        p in any_number(), se in any_number(), n in any::<u64>(), df in any_number(),
    ) {
        if let Ok(found) = presentation::standard(DesignEstimate { p, se, n, df }) {
            prop_assert!(ordered(found.interval.interval, 0.0, 1.0));
        }
        let interval = Interval { lower: se, upper: df };
        if let Ok(found) = mover::difference(p, interval, 0.0, interval) {
            prop_assert!(found.lower <= found.upper);
        }
    }

    #[test]
    fn huge_counts_are_answered_or_refused(x in any::<u64>(), n in any::<u64>()) {
        for &method in proportion::Method::ALL {
            if let Ok(found) = proportion::interval(x, n, Level::DEFAULT, Sides::Two, method) {
                prop_assert!(x <= n && ordered(found, 0.0, 1.0), "{method}: {found:?}");
            }
        }
    }

    #[test]
    fn adjusted_p_values_keep_the_order_and_never_fall(p in prop::collection::vec(0.0f64..=1.0, 1..40)) {
        for &adjustment in Adjustment::ALL {
            let Ok(adjusted) = multiplicity::adjust(&p, adjustment) else {
                return Err(TestCaseError::fail(adjustment.name()));
            };
            for (i, (&before, &after)) in p.iter().zip(&adjusted).enumerate() {
                prop_assert!(before <= after * (1.0 + 1e-12) && after <= 1.0);
                for (&other, &after_other) in p.iter().zip(&adjusted).skip(i) {
                    prop_assert!(before > other || after <= after_other);
                    prop_assert!(before < other || after >= after_other);
                }
            }
        }
    }
}
