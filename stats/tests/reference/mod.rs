//! Reads the reference cases at the root of the repository.
#![allow(dead_code, reason = "each test file uses its own part")]

use serde_json::Value;

/// One case of a reference file, as given.
pub struct Case(pub Value);

impl Case {
    pub fn id(&self) -> &str {
        self.text("id")
    }

    pub fn text(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap()
    }

    pub fn number(&self, key: &str) -> f64 {
        self.0[key].as_f64().unwrap()
    }

    pub fn args(&self) -> Vec<f64> {
        let args = self.0["args"].as_array().unwrap();
        args.iter().map(|v| v.as_f64().unwrap()).collect()
    }
}

/// The cases under `key` of a file in `tests/reference/`.
pub fn cases(file: &str, key: &str) -> Vec<Case> {
    let path = format!("{}/../tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    let Value::Array(cases) = file[key].take() else {
        panic!("{path} has no list {key}");
    };
    cases.into_iter().map(Case).collect()
}

/// Whether `got` is within either tolerance of `expected`.
pub fn within(got: f64, expected: f64, absolute: f64, relative: f64) -> bool {
    let error = (got - expected).abs();
    error <= absolute || error <= relative * expected.abs()
}
