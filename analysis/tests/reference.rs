//! Every reference case through the door that the commands use.

use analysis::{Kind, batch};
use serde_json::Value;

fn cases(file: &str, key: &str) -> Vec<Value> {
    let path = format!("{}/../tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut file: Value = serde_json::from_str(&text).unwrap_or_default();
    match file[key].take() {
        Value::Array(cases) => cases,
        other => panic!("{path}: {key} is {other}"),
    }
}

/// Where `got` differs from `expected` by more than both tolerances.
fn difference(path: &str, got: &Value, expected: &Value, tolerances: (f64, f64)) -> Option<String> {
    let same = match (got, expected) {
        (Value::Number(got), Value::Number(expected)) => {
            let (got, expected) = (got.as_f64()?, expected.as_f64()?);
            let error = (got - expected).abs();
            error <= tolerances.0 || error <= tolerances.1 * expected.abs()
        }
        (Value::Array(got), Value::Array(expected)) if got.len() == expected.len() => {
            let pairs = got.iter().zip(expected);
            return pairs.enumerate().find_map(|(index, (got, expected))| {
                difference(&format!("{path}[{index}]"), got, expected, tolerances)
            });
        }
        (Value::Object(got), Value::Object(expected)) => {
            return expected.iter().find_map(|(key, expected)| {
                let got = got.get(key).unwrap_or(&Value::Null);
                difference(&format!("{path}.{key}"), got, expected, tolerances)
            });
        }
        _ => got == expected,
    };
    (!same).then(|| format!("{path} = {got}, not {expected}"))
}

/// Holds the cases at their own tolerances, or at `relative` where they have none.
fn hold(kind: &str, cases: &[Value], count: usize, relative: f64) {
    assert_eq!(cases.len(), count);
    let kind: Kind = kind.parse().unwrap_or_else(|error| panic!("{error}"));
    let mut wrong = Vec::new();
    for case in cases {
        let line = batch(kind, &case.to_string());
        let got: Value = serde_json::from_str(&line).unwrap_or_default();
        assert_eq!(got["id"], case["id"]);
        let tolerances = (
            case["tol_abs"].as_f64().unwrap_or(1e-12),
            case["tol_rel"].as_f64().unwrap_or(relative),
        );
        let expected = &case["expected"];
        let compared = if expected.is_object() {
            &got
        } else {
            &got["value"]
        };
        if let Some(found) = difference("", compared, expected, tolerances) {
            wrong.push(format!("{}: {found} in {line}", case["id"]));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn proportions() {
    hold(
        "proportion",
        &cases("a_proportion_ci.json", "cases"),
        1702,
        0.0,
    );
}

#[test]
fn multinomial_proportions() {
    hold(
        "multinomial",
        &cases("a_proportion_ci.json", "multinomial"),
        15,
        0.0,
    );
}

#[test]
fn differences() {
    hold(
        "difference",
        &cases("b_difference_ci.json", "cases"),
        279,
        0.0,
    );
}

#[test]
fn paired_differences() {
    hold("paired", &cases("b_difference_ci.json", "paired"), 75, 0.0);
}

#[test]
fn korn_graubard() {
    hold(
        "proportion",
        &cases("c2b_korn_graubard_nchs.json", "cases"),
        72,
        0.0,
    );
}

#[test]
fn mover() {
    let mut cases = cases("c8_gap_index.json", "cases");
    cases.retain(|case| {
        case["id"]
            .as_str()
            .is_some_and(|id| id.starts_with("mover/"))
    });
    hold("mover", &cases, 3, 0.0);
}

#[test]
fn planning() {
    hold("plan", &cases("g_sample_size.json", "cases"), 169, 0.0);
}

#[test]
fn tests_and_multiplicity() {
    hold(
        "test",
        &cases("h_multiplicity_trend.json", "cases"),
        78,
        0.0,
    );
}

#[test]
fn tails_and_quantiles() {
    hold(
        "quantile",
        &cases("j_special_functions.json", "cases"),
        998,
        1e-12,
    );
}
