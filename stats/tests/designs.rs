//! Estimates under a design: the composite index against R, and methods that must agree
//! with each other.
#![allow(
    clippy::unwrap_used,
    reason = "what cannot be built must fail the test"
)]

mod reference;

use proptest::prelude::*;
use reference::{Case, cases, within};
use stats::design::{
    Design, Estimator, Layout, Linearised, LonelyPsu, Quantity, Recalibration, ReplicateWeights,
    Replicates, logistic,
};
use stats::weights::Weighting;

/// The panel of four waves: columns of `csv/panel_waves.csv`.
struct Panel {
    person: Vec<u32>,
    wave: Vec<f64>,
    weight: Vec<f64>,
    aware: Vec<f64>,
    satisfied: Vec<f64>,
}

fn panel() -> Panel {
    let path = format!(
        "{}/../tests/reference/csv/panel_waves.csv",
        env!("CARGO_MANIFEST_DIR")
    );
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows: Vec<(u32, String, f64, f64, f64, f64)> =
        reader.deserialize().map(Result::unwrap).collect();
    Panel {
        person: rows.iter().map(|row| row.0).collect(),
        wave: rows.iter().map(|row| row.2).collect(),
        weight: rows.iter().map(|row| row.3).collect(),
        satisfied: rows.iter().map(|row| row.4).collect(),
        aware: rows.iter().map(|row| row.5).collect(),
    }
}

impl Panel {
    fn design(&self) -> (Design, Weighting) {
        let design = Design::new(&Layout {
            rows: self.person.len(),
            clusters: &[&self.person],
            ..Layout::default()
        });
        (
            design.unwrap(),
            Weighting::new(self.weight.clone()).unwrap(),
        )
    }

    fn rows(&self, wave: f64) -> Vec<u32> {
        (0..self.wave.len() as u32)
            .filter(|&row| self.wave[row as usize] == wave)
            .collect()
    }
}

fn matrix(case: &Case) -> Vec<f64> {
    let rows = case.0["expected"]["vcov"].as_array().unwrap();
    rows.iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|value| value.as_f64().unwrap())
        .collect()
}

#[test]
fn composite_index_and_its_change_agree_with_r() {
    let panel = panel();
    let (design, weighting) = panel.design();
    let mut estimator = Estimator::new(&design, &weighting).unwrap();
    let mut of = |values: &[f64]| -> Vec<Linearised> {
        [1.0, 2.0, 3.0, 4.0]
            .map(|wave| estimator.estimate(Quantity::Mean(values), &panel.rows(wave)))
            .into()
    };
    let (aware, satisfied) = (of(&panel.aware), of(&panel.satisfied));
    let cases = cases("c8_gap_index.json", "cases");
    let near = |got: f64, expected: f64| within(got, expected, 1e-12, 1e-9);

    let composite = &cases[0];
    assert_eq!(composite.id(), "composite/0.3aware+0.7sat");
    let index = design.contrast(&[(0.3, &aware[3]), (0.7, &satisfied[3])]);
    let expected = |key: &str| composite.0["expected"][key].as_f64().unwrap();
    assert!(near(index.value, expected("index")));
    assert!(near(index.standard_error(), expected("se")));
    let both = design.covariance_of(&[&aware[3], &satisfied[3]]);
    for (got, expected) in both.iter().zip(matrix(composite)) {
        assert!(near(*got, expected), "{got} {expected}");
    }
    assert_eq!(aware[3].estimate.df, expected("degf"));

    let change = &cases[1];
    assert_eq!(change.id(), "gap_change/wave4_minus_wave1_index");
    let gap = design.contrast(&[
        (0.3, &aware[3]),
        (0.7, &satisfied[3]),
        (-0.3, &aware[0]),
        (-0.7, &satisfied[0]),
    ]);
    let expected = |key: &str| change.0["expected"][key].as_f64().unwrap();
    assert!(near(gap.value, expected("change")));
    assert!(near(gap.standard_error(), expected("se")));
    assert_eq!(gap.df, expected("df"));
    let all: Vec<&Linearised> = aware.iter().chain(&satisfied).collect();
    for (got, expected) in design.covariance_of(&all).iter().zip(matrix(change)) {
        assert!(near(*got, expected), "{got} {expected}");
    }
    assert!(gap.t_test().unwrap().p < 1e-9);
}

#[test]
fn a_logistic_slope_is_the_difference_of_two_logits() {
    let panel = panel();
    let (design, weighting) = panel.design();
    let mut estimator = Estimator::new(&design, &weighting).unwrap();
    let logit = |p: f64| (p / (1.0 - p)).ln();
    let mut rows = panel.rows(1.0);
    rows.extend(panel.rows(4.0));
    let fit = logistic(&design, &weighting, &panel.aware, &[&panel.wave], &rows).unwrap();
    let waves =
        [1.0, 4.0].map(|wave| estimator.estimate(Quantity::Mean(&panel.aware), &panel.rows(wave)));
    let [first, last] = waves.each_ref().map(|wave| wave.estimate.value);
    let slope = (logit(last) - logit(first)) / 3.0;
    assert!((fit.coefficients[1] - slope).abs() < 1e-10);
    let factor = |p: f64| 1.0 / (3.0 * p * (1.0 - p));
    let change = design.contrast(&[(-factor(first), &waves[0]), (factor(last), &waves[1])]);
    assert!(within(fit.covariance[3], change.variance, 0.0, 1e-9));
    assert!(fit.t_test(1).unwrap().p < 1e-6);
    let constant = vec![2.0; panel.wave.len()];
    assert!(logistic(&design, &weighting, &panel.aware, &[&constant], &rows).is_err());
}

/// Strata of two units each: (stratum, unit, weight, value) by row.
fn paired() -> impl Strategy<Value = Vec<(u32, u32, f64, f64)>> {
    let row = (1.0_f64..20.0, -5.0_f64..5.0);
    proptest::collection::vec((row.clone(), row), 2..12).prop_map(|strata| {
        let mut rows = Vec::new();
        for (stratum, (first, second)) in strata.into_iter().enumerate() {
            rows.push((stratum as u32, 0, first.0, first.1));
            rows.push((stratum as u32, 1, second.0, second.1));
        }
        rows
    })
}

proptest! {
    #[test]
    fn of_a_total_all_variances_are_the_same(rows in paired(), rho in 0.0_f64..0.9) {
        let strata: Vec<u32> = rows.iter().map(|row| row.0).collect();
        let units: Vec<u32> = rows.iter().map(|row| row.1).collect();
        let weights: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let y: Vec<f64> = rows.iter().map(|row| row.3).collect();
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        let design = Design::new(&Layout {
            rows: rows.len(),
            strata: Some(&strata),
            clusters: &[&units],
            ..Layout::default()
        }).unwrap();
        let weighting = Weighting::new(weights.clone()).unwrap();
        let mut estimator = Estimator::new(&design, &weighting).unwrap();
        let linearised = estimator.estimate(Quantity::Total(&y), &all).estimate;
        let recalibration = Recalibration::default();
        for replicates in [
            Replicates::jackknife(&design),
            Replicates::balanced(&design, 0.0).unwrap(),
            Replicates::balanced(&design, rho).unwrap(),
        ] {
            let weights = ReplicateWeights::new(&design, replicates, &weights, &recalibration).unwrap();
            let totals = weights.estimate(Quantity::Total(&y), &all);
            let variance = weights.covariance(&totals, &totals);
            prop_assert!(within(variance, linearised.variance, 1e-9, 1e-9),
                "{}: {variance} {}", weights.scheme().name(), linearised.variance);
        }
    }
}

#[test]
fn the_bootstrap_repeats_itself_and_comes_near_linearisation() {
    let rows = 400_u32;
    let strata: Vec<u32> = (0..rows).map(|row| row % 4).collect();
    let y: Vec<f64> = (0..rows).map(|row| f64::from(row * 7919 % 101)).collect();
    let design = Design::new(&Layout {
        rows: rows as usize,
        strata: Some(&strata),
        ..Layout::default()
    })
    .unwrap();
    let base = vec![3.0; rows as usize];
    let weighting = Weighting::new(base.clone()).unwrap();
    let all: Vec<u32> = (0..rows).collect();
    let mut estimator = Estimator::new(&design, &weighting).unwrap();
    let linearised = estimator.estimate(Quantity::Mean(&y), &all).estimate;
    let recalibration = Recalibration::default();
    let values = |seed| {
        let replicates = Replicates::bootstrap(&design, 1000, seed).unwrap();
        let weights = ReplicateWeights::new(&design, replicates, &base, &recalibration).unwrap();
        let values = weights.estimate(Quantity::Mean(&y), &all);
        let variance = weights.covariance(&values, &values);
        (values, variance)
    };
    let ((first, variance), (again, _), (other, _)) = (values(7), values(7), values(8));
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert!(within(variance, linearised.variance, 0.0, 0.15));
    assert!(Replicates::bootstrap(&design, 1, 7).is_err());
    assert!(Replicates::balanced(&design, 0.0).is_err());
}

/// One row of a three-stage sample: codes of three stages, and a value.
#[derive(Debug, Clone)]
struct Nested {
    stratum: u32,
    units: [u32; 3],
    value: f64,
}

/// The variance by its recursive definition: the units of a group, each with the rows it
/// holds, then the same within each unit times the fraction drawn.
fn recursive(rows: &[Nested], stage: usize, fractions: [f64; 3]) -> f64 {
    let mut codes: Vec<u32> = rows.iter().map(|row| row.units[stage]).collect();
    codes.sort_unstable();
    codes.dedup();
    let n = codes.len() as f64;
    let members = |code: u32| -> Vec<Nested> {
        rows.iter()
            .filter(|row| row.units[stage] == code)
            .cloned()
            .collect()
    };
    let total = |code: u32| members(code).iter().map(|row| row.value).sum::<f64>();
    let mean = codes.iter().map(|&code| total(code)).sum::<f64>() / n;
    let spread: f64 = codes.iter().map(|&code| (total(code) - mean).powi(2)).sum();
    let here = if n > 1.0 {
        (1.0 - fractions[stage]) * n / (n - 1.0) * spread
    } else {
        0.0
    };
    if stage == 2 {
        return here;
    }
    let within: f64 = codes
        .iter()
        .map(|&code| recursive(&members(code), stage + 1, fractions))
        .sum();
    here + fractions[stage] * within
}

proptest! {
    #[test]
    fn three_stages_follow_the_recursive_definition(
        rows in proptest::collection::vec((0_u32..3, 0_u32..3, 0_u32..3, 0_u32..4, -9.0_f64..9.0), 1..80),
        fractions in [0.1_f64..1.0, 0.1..1.0, 0.1..1.0],
    ) {
        let rows: Vec<Nested> = rows
            .into_iter()
            .map(|(stratum, a, b, c, value)| Nested { stratum, units: [a, b, c], value })
            .collect();
        let column = |stage: usize| -> Vec<u32> { rows.iter().map(|row| row.units[stage]).collect() };
        let (first, second, third) = (column(0), column(1), column(2));
        let corrections = fractions.map(|fraction| vec![fraction; rows.len()]);
        let strata: Vec<u32> = rows.iter().map(|row| row.stratum).collect();
        let design = Design::new(&Layout {
            rows: rows.len(),
            strata: Some(&strata),
            clusters: &[&first, &second, &third],
            corrections: &[&corrections[0], &corrections[1], &corrections[2]],
            lonely_psu: LonelyPsu::Remove,
        }).unwrap();
        let weighting = Weighting::new(vec![1.0; rows.len()]).unwrap();
        let y: Vec<f64> = rows.iter().map(|row| row.value).collect();
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        let total = Estimator::new(&design, &weighting).unwrap().estimate(Quantity::Total(&y), &all);
        let expected: f64 = (0..3)
            .map(|stratum| {
                let members: Vec<Nested> =
                    rows.iter().filter(|row| row.stratum == stratum).cloned().collect();
                if members.is_empty() { 0.0 } else { recursive(&members, 0, fractions) }
            })
            .sum();
        prop_assert!(within(total.estimate.variance, expected, 1e-9, 1e-10),
            "{} {expected}", total.estimate.variance);
    }
}
