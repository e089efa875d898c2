//! Confidence sequences and boundaries against confseq and mpmath.
#![allow(
    clippy::unwrap_used,
    reason = "a malformed reference file must fail the test"
)]

mod reference;

use proptest::prelude::*;
use reference::{Case, cases, within};
use serde_json::Value;
use stats::sequence::boundary::{
    GammaExponential, PolynomialStitching, normal_mixture_one_sided, normal_mixture_two_sided,
    rho_one_sided, rho_two_sided,
};
use stats::sequence::{
    BetaPrior, EmpiricalBernstein, GammaExponentialMean, Hedge, Observations, Running, Sampling,
    asymptotic, beta_binomial_mixture, empirical_bernstein, gamma_exponential_mean, hedged,
    hedged_running, hoeffding, logical_bounds, normal_mixture_mean, running_intersection,
};
use stats::{Interval, Level};

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap();
    list.iter().map(|v| v.as_f64().unwrap()).collect()
}

fn level(alpha: f64) -> Level {
    Level::new(1.0 - alpha).unwrap()
}

fn pointwise(case: &Case, observations: Observations) -> Vec<Interval> {
    let params = &case.0["params"];
    let number = |key: &str| params[key].as_f64().unwrap();
    let level = level(number("alpha"));
    let tuning = EmpiricalBernstein::default();
    match case.text("method") {
        "predmix_hoeffding" => hoeffding(observations, level),
        "predmix_empbern" => {
            empirical_bernstein(observations, Sampling::WithReplacement, tuning, level).unwrap()
        }
        "predmix_empbern_wor" => {
            let population = params["N"].as_u64().unwrap();
            let sampling = Sampling::WithoutReplacement { population };
            empirical_bernstein(observations, sampling, tuning, level).unwrap()
        }
        "hedged_betting" => hedged(observations, Hedge::default(), level).unwrap(),
        "normal_mixture_hoeffding" => {
            let mut sum = 0.0;
            let path = observations.values().iter().enumerate().map(|(i, x)| {
                sum += x;
                let n = (i + 1) as u64;
                normal_mixture_mean(n, sum / n as f64, number("t_opt"), level).unwrap()
            });
            path.collect()
        }
        "gamma_exponential_mixture_empirical_bernstein" => {
            let tuning = GammaExponentialMean {
                v_opt: number("v_opt"),
                alpha_opt: Some(number("alpha_opt")),
                scale: number("c"),
                first_prediction: number("muhat0"),
            };
            let times: Vec<usize> = (1..=observations.count()).collect();
            gamma_exponential_mean(observations, &times, tuning, level).unwrap()
        }
        other => panic!("no such method: {other}"),
    }
}

fn stable(path: Vec<Running>) -> Vec<Interval> {
    let limits = path.into_iter().map(|running| match running {
        Running::Stable(interval) => interval,
        Running::Drift(drift) => panic!("drift where the case has an interval: {drift:?}"),
    });
    limits.collect()
}

#[test]
fn sequences_agree_with_confseq() {
    let series = series();
    let cases = cases("e_confidence_sequences.json", "cases");
    let mut wrong = Vec::new();
    for case in &cases {
        let series = numbers(&series[case.text("sequence")]);
        let observations = Observations::new(&series).unwrap();
        let mut path = pointwise(case, observations);
        if case.0["params"]["running_intersection"] == Value::Bool(true) {
            path = stable(running_intersection(&path));
            if case.text("method") == "hedged_betting" {
                let alpha = case.0["params"]["alpha"].as_f64().unwrap();
                let fast =
                    stable(hedged_running(observations, Hedge::default(), level(alpha)).unwrap());
                for (fast, slow) in fast.iter().zip(&path) {
                    assert!((fast.lower - slow.lower).abs() < 1e-12);
                    assert!((fast.upper - slow.upper).abs() < 1e-12);
                }
            }
        }
        let mut expected = vec![(
            path,
            &case.0["expected"]["lower"],
            &case.0["expected"]["upper"],
        )];
        if let Some(population) = case.0["params"]["N"].as_u64() {
            let logical = logical_bounds(observations, population).unwrap();
            expected.push((logical, &case.0["logical_lower"], &case.0["logical_upper"]));
        }
        for (path, lower, upper) in expected {
            let limits = numbers(lower).into_iter().zip(numbers(upper));
            for (time, (lower, upper)) in numbers(&case.0["times"]).into_iter().zip(limits) {
                let got = path[time as usize - 1];
                let tolerance = case.number("tol_abs");
                if !within(got.lower, lower, tolerance, 0.0)
                    || !within(got.upper, upper, tolerance, 0.0)
                {
                    wrong.push(format!(
                        "{} at {time}: {got:?}, not {lower} {upper}",
                        case.id()
                    ));
                }
            }
        }
    }
    assert_eq!(cases.len(), 82);
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn series() -> Value {
    let path = format!(
        "{}/../tests/reference/e_sequences.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let mut file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    file["sequences"].take()
}

#[test]
fn boundaries_agree_with_forty_digits() {
    let path = format!(
        "{}/../tests/reference/e_confidence_sequences.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let rows = file["boundaries"]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 54);
    for row in rows {
        let number = |key: &str| row[key].as_f64().unwrap();
        let (v, alpha, v_opt) = (number("v"), number("alpha"), number("v_opt"));
        let two = rho_two_sided(v_opt, alpha).unwrap();
        let one = rho_one_sided(v_opt, alpha).unwrap();
        let gamma = GammaExponential::tuned(v_opt, alpha, 1.0).unwrap();
        let stitched = |c| PolynomialStitching::new(1.0, c).unwrap().boundary(v, alpha);
        for (key, got) in [
            ("rho_two_sided", Ok(two)),
            ("rho_one_sided", Ok(one)),
            (
                "normal_mixture_two_sided",
                normal_mixture_two_sided(v, two, alpha),
            ),
            (
                "normal_mixture_one_sided",
                normal_mixture_one_sided(v, one, alpha),
            ),
            ("gamma_exponential_c1", gamma.boundary(v, alpha)),
            ("poly_stitching_c0", stitched(0.0)),
            ("poly_stitching_c1", stitched(1.0)),
        ] {
            let (got, expected) = (got.unwrap(), number(key));
            // Ten times stricter than the file, whose gamma-exponential values are up to 1.2e-10
            // off at v = 1e6 (by a continued fraction at 40 digits, which confirms ours).
            assert!(
                within(got, expected, 0.0, 1e-9),
                "{key}: {got} not {expected} in {row}"
            );
        }
    }
}

#[test]
fn the_bernoulli_mixture_is_exact() {
    let path = format!(
        "{}/../tests/reference/e_confidence_sequences.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = file["bernoulli_mixture"]["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 7);
    for case in cases {
        let number = |key: &str| case["inputs"][key].as_f64().unwrap();
        let prior = BetaPrior::new(number("prior_a"), number("prior_b")).unwrap();
        let got = beta_binomial_mixture(
            number("successes") as u64,
            number("n") as u64,
            prior,
            level(number("alpha")),
        );
        let (got, expected) = (got.unwrap(), &case["expected"]);
        assert!(
            within(got.lower, expected["lower"].as_f64().unwrap(), 1e-12, 0.0),
            "{case}"
        );
        assert!(
            within(got.upper, expected["upper"].as_f64().unwrap(), 1e-12, 0.0),
            "{case}"
        );
    }
}

#[test]
fn asymptotic_multipliers_agree_with_the_paper() {
    let cases = cases("l_selection_bias.json", "cases");
    let cases = cases
        .iter()
        .filter(|case| case.text("method") == "asymptotic_cs_multiplier");
    let mut count = 0;
    for case in cases {
        let number = |key: &str| case.0["inputs"][key].as_f64().unwrap();
        let (t, t_opt, level) = (number("t"), number("t_opt"), level(number("alpha")));
        for (key, got) in [
            ("rho2", asymptotic::rho_squared(t_opt, level)),
            (
                "multiplier_on_standard_error",
                asymptotic::multiplier(t, t_opt, level),
            ),
            (
                "ratio_to_fixed_z",
                asymptotic::ratio_to_fixed(t, t_opt, level),
            ),
        ] {
            let expected = case.0["expected"][key].as_f64().unwrap();
            assert!(
                within(got.unwrap(), expected, 0.0, 1e-12),
                "{} {key}",
                case.id()
            );
        }
        count += 1;
    }
    assert_eq!(count, 15);
}

#[test]
fn no_data_bad_data_and_mad_settings_are_errors() {
    let level = Level::DEFAULT;
    assert!(Observations::new(&[]).is_err());
    assert!(Observations::new(&[0.2, f64::NAN]).is_err());
    assert!(Observations::new(&[1.0 + 1e-9]).is_err());
    let series = [0.0, 1.0, 1.0];
    let observations = Observations::new(&series).unwrap();
    let two = Sampling::WithoutReplacement { population: 2 };
    let tuning = EmpiricalBernstein::default();
    assert!(empirical_bernstein(observations, two, tuning, level).is_err());
    assert!(logical_bounds(observations, 2).is_err());
    for theta in [0.0, 1.0, f64::NAN] {
        let hedge = Hedge {
            theta,
            ..Hedge::default()
        };
        assert!(hedged(observations, hedge, level).is_err());
    }
    assert!(normal_mixture_mean(0, 0.5, 50.0, level).is_err());
    assert!(normal_mixture_mean(5, 0.5, -1.0, level).is_err());
    assert!(asymptotic::multiplier(0.0, 100.0, level).is_err());
    assert!(asymptotic::Monitored::mean(10.0, f64::INFINITY, 1.0).is_err());
    assert!(GammaExponential::tuned(10.0, 0.7, 1.0).is_err());
}

#[test]
fn a_full_count_without_replacement_is_certain() {
    let series: Vec<f64> = (0..40).map(|i| f64::from(i % 3 == 0)).collect();
    let observations = Observations::new(&series).unwrap();
    let sampling = Sampling::WithoutReplacement { population: 40 };
    let hedge = Hedge {
        sampling,
        ..Hedge::default()
    };
    let last = hedged(observations, hedge, Level::DEFAULT).unwrap()[39];
    assert!(last.contains(14.0 / 40.0), "{last:?}");
    assert!(last.upper - last.lower < 0.06, "{last:?}");
}

#[test]
fn drift_is_reported_and_not_shown_as_an_interval() {
    let series: Vec<f64> = (0..2_000).map(|i| f64::from(i >= 1_000)).collect();
    let observations = Observations::new(&series).unwrap();
    let path = hoeffding(observations, Level::DEFAULT);
    let Running::Drift(drift) = running_intersection(&path)[1_999] else {
        panic!("the mean went from 0 to 1 and nobody noticed");
    };
    assert!(drift.since > 1_000 && drift.latest.lower > drift.before.upper);
    let fast = hedged_running(observations, Hedge::default(), Level::DEFAULT).unwrap();
    assert!(matches!(fast[1_999], Running::Drift(_)));
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.0f64..=1.0, 1 => any::<f64>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_interval_lies_in_order_on_the_scale(
        series in prop::collection::vec(0.0f64..=1.0, 1..60),
        level in 0.01f64..0.999,
        spare in 0u64..50,
    ) {
        let observations = Observations::new(&series).unwrap();
        let level = Level::new(level).unwrap();
        let population = series.len() as u64 + spare;
        let sampling = Sampling::WithoutReplacement { population };
        let tuning = EmpiricalBernstein::default();
        let times: Vec<usize> = (1..=series.len()).collect();
        let mut paths = vec![
            hoeffding(observations, level),
            empirical_bernstein(observations, sampling, tuning, level).unwrap(),
            gamma_exponential_mean(observations, &times, GammaExponentialMean::default(), level).unwrap(),
        ];
        // Betting may find that no mean is left, but never gives limits in the wrong order.
        paths.extend(hedged(observations, Hedge::default(), level));
        paths.extend(hedged(observations, Hedge { sampling, ..Hedge::default() }, level));
        for interval in paths.into_iter().flatten() {
            prop_assert!(0.0 <= interval.lower && interval.lower <= interval.upper);
            prop_assert!(interval.upper <= 1.0);
        }
    }

    #[test]
    fn no_number_makes_a_sequence_panic(
        series in prop::collection::vec(any_number(), 0..20),
        a in any_number(),
        b in any_number(),
        alpha in any_number(),
    ) {
        let level = Level::new(alpha).unwrap_or(Level::DEFAULT);
        if let Ok(observations) = Observations::new(&series) {
            let tuning = EmpiricalBernstein { truncation: a, prior_variance: b, ..EmpiricalBernstein::default() };
            let _ = empirical_bernstein(observations, Sampling::WithReplacement, tuning, level);
            let _ = hedged_running(observations, Hedge { theta: a, boldness: b, ..Hedge::default() }, level);
        }
        let _ = normal_mixture_mean(3, a, b, level);
        let _ = normal_mixture_one_sided(a, b, alpha);
        let _ = GammaExponential::tuned(a, alpha, b).and_then(|mixture| mixture.boundary(a, alpha));
        let _ = PolynomialStitching::tuned(a, b, a, b).and_then(|stitching| stitching.boundary(a, alpha));
        let _ = BetaPrior::new(a, b).and_then(|prior| beta_binomial_mixture(3, 7, prior, level));
        let _ = asymptotic::Monitored::mean(a, b, alpha).and_then(|of| asymptotic::interval(of, b, level));
    }
}
