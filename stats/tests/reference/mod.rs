//! Reads the reference cases at the root of the repository.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(
    clippy::unwrap_used,
    reason = "a malformed reference file must fail the test"
)]

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

    /// A number among the inputs.
    pub fn input(&self, key: &str) -> f64 {
        self.0["inputs"][key].as_f64().unwrap()
    }

    /// A count among the inputs.
    pub fn count(&self, key: &str) -> u64 {
        self.0["inputs"][key].as_u64().unwrap()
    }

    /// The confidence level among the inputs.
    pub fn level(&self) -> stats::Level {
        stats::Level::new(self.input("conf_level")).unwrap()
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

/// What the cases' answers get wrong, at the cases' own tolerances; empty if nothing.
pub fn failures(
    cases: &[Case],
    answer: impl Fn(&Case) -> Result<Vec<(&'static str, f64)>, stats::Error>,
) -> String {
    let mut wrong = String::new();
    for case in cases {
        let absolute = case.0["tol_abs"].as_f64().unwrap_or(1e-12);
        let relative = case.0["tol_rel"].as_f64().unwrap_or(0.0);
        match answer(case) {
            Err(error) => wrong += &format!("{}: {error}\n", case.id()),
            Ok(values) => {
                for (key, got) in values {
                    let expected = case.0["expected"][key].as_f64().unwrap();
                    if !within(got, expected, absolute, relative) {
                        wrong += &format!("{}: {key} = {got}, not {expected}\n", case.id());
                    }
                }
            }
        }
    }
    wrong
}

impl Case {
    /// The expected numbers under `key`; one number is a list of one.
    pub fn expected(&self, key: &str) -> Vec<f64> {
        match &self.0["expected"][key] {
            Value::Array(list) => list.iter().map(|v| v.as_f64().unwrap()).collect(),
            value => vec![value.as_f64().unwrap()],
        }
    }
}

/// A comma-separated table without quotes.
pub struct Table {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// The column `name` as text.
    pub fn text(&self, name: &str) -> Vec<&str> {
        let column = self.names.iter().position(|n| n == name).unwrap();
        self.rows.iter().map(|row| row[column].as_str()).collect()
    }

    /// The column `name` as numbers.
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        let parse = |text: &str| text.parse().unwrap();
        self.text(name).into_iter().map(parse).collect()
    }
}

/// A data set of `tests/reference/`.
pub fn csv(file: &str) -> Table {
    let path = format!("{}/../tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let split = |line: &str| line.split(',').map(str::to_owned).collect();
    let mut lines = text.lines().map(split);
    Table {
        names: lines.next().unwrap(),
        rows: lines.collect(),
    }
}
