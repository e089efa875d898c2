//! Intervals for proportions and their differences against 40-digit values.

mod reference;

use reference::{cases, failures};
use stats::{Interval, Sides, difference, mover, proportion};

fn both(interval: Interval) -> Vec<(&'static str, f64)> {
    vec![("lower", interval.lower), ("upper", interval.upper)]
}

#[test]
fn every_proportion_interval_holds() {
    let cases = cases("a_proportion_ci.json", "cases");
    assert_eq!(cases.len(), 1702);
    let wrong = failures(&cases, |case| {
        let sides = match case.0["inputs"]["sides"].as_str().unwrap() {
            "two-sided" => Sides::Two,
            "lower-bound" => Sides::Lower,
            _ => Sides::Upper,
        };
        let method = case.text("method").parse()?;
        let (x, n) = (case.count("x"), case.count("n"));
        proportion::interval(x, n, case.level(), sides, method).map(both)
    });
    assert_eq!(wrong, "");
}

#[test]
fn every_difference_interval_holds() {
    let cases = cases("b_difference_ci.json", "cases");
    assert_eq!(cases.len(), 279);
    let wrong = failures(&cases, |case| {
        let [x1, n1, x2, n2] = ["x1", "n1", "x2", "n2"].map(|key| case.count(key));
        difference::interval(x1, n1, x2, n2, case.level(), case.text("method").parse()?).map(both)
    });
    assert_eq!(wrong, "");
}

#[test]
fn mover_holds() {
    let mut cases = cases("c8_gap_index.json", "cases");
    cases.retain(|case| case.id().starts_with("mover/"));
    assert_eq!(cases.len(), 3);
    let wrong = failures(&cases, |case| {
        let inputs = case.0["expected"]["inputs"].as_array().unwrap();
        let at = |i: usize| inputs[i].as_f64().unwrap();
        let limits = |i: usize| Interval {
            lower: at(i),
            upper: at(i + 1),
        };
        mover::difference(at(0), limits(1), at(3), limits(4)).map(both)
    });
    assert_eq!(wrong, "");
}
