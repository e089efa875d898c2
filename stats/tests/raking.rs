//! Raking against fixpoints, and every refusal by its own name.
#![allow(
    clippy::unwrap_used,
    reason = "a malformed reference file must fail the test"
)]

mod reference;

use reference::{Case, cases, within};
use stats::weights::{
    Bounds, Distance, Margin, Method, WeightingError, adjust, kish_design_effect,
};
use std::collections::BTreeMap;

/// A sample in weighting cells: one margin per JSON margin, its levels in JSON order.
struct Sample {
    base: Vec<f64>,
    cell_of_row: Vec<usize>,
    base_of_row: Vec<f64>,
    margins: Vec<Margin>,
}

fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let path = format!("{}/../tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn sample(case: &Case) -> Sample {
    let margins = case.0["margins"].as_object().unwrap();
    let rows = rows(case.text("data"));
    let level = |row: &BTreeMap<String, String>, name: &str| match row.get(name) {
        Some(level) => level.clone(),
        None => {
            let (first, second) = name.split_once('_').unwrap();
            format!("{}:{}", row[first], row[second])
        }
    };
    let mut cells: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut sample = Sample {
        base: Vec::new(),
        cell_of_row: Vec::new(),
        base_of_row: Vec::new(),
        margins: Vec::new(),
    };
    for row in &rows {
        let key: Vec<String> = margins.keys().map(|name| level(row, name)).collect();
        let next = cells.len();
        let cell = *cells.entry(key).or_insert(next);
        sample.base.resize(cells.len(), 0.0);
        let base: f64 = row[case.text("base_weight")].parse().unwrap();
        sample.base[cell] += base;
        sample.cell_of_row.push(cell);
        sample.base_of_row.push(base);
    }
    for (m, (_, totals)) in margins.iter().enumerate() {
        let totals = totals.as_object().unwrap();
        let mut level_of_cell = vec![0; cells.len()];
        for (key, &cell) in &cells {
            let level = totals.keys().position(|level| *level == key[m]);
            level_of_cell[cell] = level.unwrap_or(totals.len()) as u32;
        }
        sample.margins.push(Margin {
            level_of_cell,
            totals: totals
                .values()
                .map(|total| total.as_f64().unwrap())
                .collect(),
        });
    }
    sample
}

fn raked(sample: &Sample, method: Method) -> Result<Vec<f64>, WeightingError> {
    let factors = adjust(method, &sample.base, &sample.margins)?.factors;
    let weights = sample.base_of_row.iter().zip(&sample.cell_of_row);
    Ok(weights.map(|(base, &cell)| base * factors[cell]).collect())
}

#[test]
fn raking_reaches_the_fixpoint_or_says_why_not() {
    let cases = cases("d_raking.json", "cases");
    assert_eq!(cases.len(), 8);
    for case in &cases {
        let sample = sample(case);
        let raking = Method::Calibrate(Distance::Raking(Bounds::NONE));
        for method in [Method::Rake, raking] {
            let result = raked(&sample, method);
            let refusal = match case.text("expected_status") {
                "converges" => {
                    let weights = result.unwrap();
                    let expected = &case.0["expected"];
                    let file = expected["weights_csv"].as_str().unwrap();
                    for (row, got) in rows(file).iter().zip(&weights) {
                        let expected: f64 = row.values().next_back().unwrap().parse().unwrap();
                        assert!(within(*got, expected, 0.0, 1e-9), "{}: {got}", case.id());
                    }
                    let deff = kish_design_effect(&weights).unwrap();
                    assert!(within(
                        deff,
                        expected["kish_deff"].as_f64().unwrap(),
                        0.0,
                        1e-9
                    ));
                    continue;
                }
                _ => result.unwrap_err(),
            };
            match case.id() {
                "structural_zero_infeasible" => {
                    assert!(
                        matches!(refusal, WeightingError::Infeasible { .. }),
                        "{refusal}"
                    );
                }
                "margins_disagree_totals" => {
                    assert!(
                        matches!(refusal, WeightingError::MarginsDisagree { .. }),
                        "{refusal}"
                    );
                }
                "sample_level_absent_in_targets" => {
                    assert!(
                        matches!(refusal, WeightingError::LevelWithoutTotal { .. }),
                        "{refusal}"
                    );
                }
                other => panic!("{other}: {refusal}"),
            }
        }
    }
}

fn two_by_two(totals: [Vec<f64>; 2]) -> Vec<Margin> {
    let [rows, columns] = totals;
    vec![
        Margin {
            level_of_cell: vec![0, 0, 1, 1],
            totals: rows,
        },
        Margin {
            level_of_cell: vec![0, 1, 0, 1],
            totals: columns,
        },
    ]
}

#[test]
fn each_fault_has_its_own_refusal() {
    let rake = |base: &[f64], totals| adjust(Method::Rake, base, &two_by_two(totals)).unwrap_err();
    let even = [1.0; 4];
    assert!(matches!(
        rake(&[0.0, 0.0, 1.0, 1.0], [vec![5.0, 5.0], vec![5.0, 5.0]]),
        WeightingError::ZeroBaseWeight {
            margin: 0,
            level: 0
        }
    ));
    assert!(matches!(
        rake(&even, [vec![5.0, 4.0, 1.0], vec![5.0, 5.0]]),
        WeightingError::LevelAbsentInSample {
            margin: 0,
            level: 2
        }
    ));
    assert!(matches!(
        rake(&even, [vec![-5.0, 15.0], vec![5.0, 5.0]]),
        WeightingError::Total {
            margin: 0,
            level: 0,
            ..
        }
    ));
    assert!(matches!(
        rake(&[1.0, f64::NAN, 1.0, 1.0], [vec![5.0, 5.0], vec![5.0, 5.0]]),
        WeightingError::BaseWeight { cell: 1, .. }
    ));
    assert!(matches!(
        adjust(Method::Rake, &even, &[]),
        Err(WeightingError::NoMargin)
    ));
    let two = two_by_two([vec![5.0, 5.0], vec![5.0, 5.0]]);
    assert!(matches!(
        adjust(Method::PostStratify, &even, &two),
        Err(WeightingError::OneMargin(2))
    ));
}

#[test]
fn infeasible_bounds_end_in_a_refusal() {
    let margins = two_by_two([vec![30.0, 10.0], vec![20.0, 20.0]]);
    let narrow = Bounds::new(0.9, 1.1).unwrap();
    for distance in [
        Distance::Linear(narrow),
        Distance::Raking(narrow),
        Distance::Logit(narrow),
    ] {
        let refusal = adjust(Method::Calibrate(distance), &[10.0; 4], &margins).unwrap_err();
        assert!(
            matches!(refusal, WeightingError::Infeasible { .. }),
            "{distance:?}: {refusal}"
        );
    }
}

#[test]
fn a_total_of_zero_takes_its_level_out() {
    let margins = two_by_two([vec![0.0, 10.0], vec![4.0, 6.0]]);
    for method in [
        Method::Rake,
        Method::Calibrate(Distance::Raking(Bounds::NONE)),
    ] {
        let factors = adjust(method, &[1.0; 4], &margins).unwrap().factors;
        assert_eq!(&factors[..2], [0.0, 0.0]);
        assert!((factors[2] - 4.0).abs() < 1e-9 && (factors[3] - 6.0).abs() < 1e-9);
    }
}

#[test]
fn a_level_nobody_has_and_a_level_without_weight_are_told_apart() {
    let case = |data: &str, towns: &[&str]| {
        let totals: serde_json::Map<String, serde_json::Value> = towns
            .iter()
            .map(|town| ((*town).to_owned(), 1000.0.into()))
            .collect();
        Case(serde_json::json!({
            "data": data,
            "base_weight": "base_w",
            "margins": {"town": totals},
        }))
    };
    let absent = case(
        "csv/d_target_level_absent_in_sample.csv",
        &["A", "B", "C", "D", "E", "F"],
    );
    assert!(matches!(
        raked(&sample(&absent), Method::Rake).unwrap_err(),
        WeightingError::LevelAbsentInSample {
            margin: 0,
            level: 5
        }
    ));
    let weightless = case(
        "csv/d_zero_base_weight_level.csv",
        &["A", "B", "C", "D", "E"],
    );
    assert!(matches!(
        raked(&sample(&weightless), Method::Rake).unwrap_err(),
        WeightingError::ZeroBaseWeight {
            margin: 0,
            level: 4
        }
    ));
}
