//! Every request of `analyze.json` against R's `survey`.
#![allow(
    clippy::unwrap_used,
    reason = "a malformed reference file must fail the test"
)]

use analysis::analyze;
use serde_json::Value;

fn reference(file: &str) -> String {
    let path = format!("{}/../tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// The tolerances of one case.
#[derive(Clone, Copy)]
struct Tolerance {
    absolute: f64,
    relative: f64,
    /// A share of upper − lower within which interval limits may lie.
    width: Option<f64>,
}

/// Where `got` departs from what is asserted of it; keys that are not asserted are skipped.
fn compare(
    path: &str,
    got: &Value,
    expected: &Value,
    tolerance: Tolerance,
    faults: &mut Vec<String>,
) {
    match expected {
        Value::Object(keys) => {
            let width = tolerance.width.and_then(|share| {
                Some(share * (keys.get("upper")?.as_f64()? - keys.get("lower")?.as_f64()?))
            });
            for (key, expected) in keys {
                let limit = matches!(key.as_str(), "lower" | "upper");
                let absolute = width.filter(|_| limit).unwrap_or(tolerance.absolute);
                let tolerance = Tolerance {
                    absolute,
                    ..tolerance
                };
                if !matches!(key.as_str(), "info" | "kind") {
                    compare(
                        &format!("{path}.{key}"),
                        &got[key],
                        expected,
                        tolerance,
                        faults,
                    );
                }
            }
        }
        Value::Array(expected) => {
            for (i, expected) in expected.iter().enumerate() {
                let got = matching(got, i, expected);
                compare(&format!("{path}[{i}]"), got, expected, tolerance, faults);
            }
        }
        Value::Number(number) => {
            let expected = number.as_f64().unwrap();
            let error = got.as_f64().map(|got| (got - expected).abs());
            let near = |e: f64| e <= tolerance.absolute || e <= tolerance.relative * expected.abs();
            if !error.is_some_and(near) {
                faults.push(format!("{path} = {got}, not {expected}"));
            }
        }
        other => {
            if got != other {
                faults.push(format!("{path} = {got}, not {other}"));
            }
        }
    }
}

/// The entry of a list that belongs to the i-th expected one: rows by their domain.
fn matching<'a>(got: &'a Value, i: usize, expected: &Value) -> &'a Value {
    match expected.get("by") {
        Some(by) => {
            let rows = got.as_array().unwrap();
            let found = rows.iter().find(|row| row["by"] == *by);
            found.unwrap_or(&Value::Null)
        }
        None => &got[i],
    }
}

fn faults(case: &Value) -> Vec<String> {
    let csv = reference(case["data"].as_str().unwrap());
    let answer = analyze::run(&case["request"].to_string(), &csv);
    let expected = &case["expected"];
    let output = match answer {
        Err(_) if expected["error"] == true => return Vec::new(),
        Err(refusal) => return vec![refusal.to_string()],
        Ok(_) if expected["error"] == true => return vec!["was not refused".to_owned()],
        Ok(output) => serde_json::to_value(output).unwrap(),
    };
    let tolerance = Tolerance {
        absolute: case["tol_abs"].as_f64().unwrap_or(1e-12),
        relative: case["tol_rel"].as_f64().unwrap_or(0.0),
        width: case["tol_width"].as_f64(),
    };
    let mut best: Option<Vec<String>> = None;
    for expected in [Some(expected), case.get("expected_alt")]
        .into_iter()
        .flatten()
    {
        let mut faults = Vec::new();
        compare("", &output, expected, tolerance, &mut faults);
        if best.as_ref().is_none_or(|best| faults.len() < best.len()) {
            best = Some(faults);
        }
    }
    best.unwrap()
}

#[test]
fn all_requests_agree_with_r() {
    let file: Value = serde_json::from_str(&reference("analyze.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 310);
    let mut wrong = Vec::new();
    for case in cases {
        let faults = faults(case);
        if !faults.is_empty() {
            wrong.push(format!("{}: {}", case["id"], faults.join("\n    ")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases fail\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
