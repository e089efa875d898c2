//! Reference cases, and holding them.
#![allow(dead_code, reason = "each test file uses its own part")]

use analysis::{Kind, batch};
use serde_json::Value;

/// The text of a reference file.
pub fn text(file: &str) -> String {
    let path = format!("{}/../tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A reference file that is JSON.
pub fn file(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap_or_default()
}

/// The cases under `key` of a reference file.
pub fn cases(name: &str, key: &str) -> Vec<Value> {
    match file(name)[key].take() {
        Value::Array(cases) => cases,
        other => panic!("{name}: {key} is {other}"),
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
pub fn hold(kind: &str, cases: &[Value], count: usize, relative: f64) {
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
