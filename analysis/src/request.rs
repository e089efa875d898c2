//! A request as it is written, and the number formats its inputs may use.

use crate::Error;
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stats::{Level, Sides};

/// A JSON object with a `method`, its `inputs`, and perhaps an `id`.
#[derive(Debug, Clone, PartialEq)]
pub struct Request(Map<String, Value>);

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// [`Error::NotJson`] or [`Error::NotAnObject`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        match serde_json::from_str(text) {
            Ok(Value::Object(body)) => Ok(Self(body)),
            Ok(_) => Err(Error::NotAnObject),
            Err(error) => Err(Error::NotJson(error.to_string())),
        }
    }

    /// A request put together from a command line.
    pub fn new(method: &str, inputs: Map<String, Value>) -> Self {
        Self(Map::from_iter([
            ("method".to_owned(), method.into()),
            ("inputs".to_owned(), inputs.into()),
        ]))
    }

    /// The request's `id`, if it has one.
    pub fn id(&self) -> Option<Value> {
        self.0.get("id").cloned()
    }

    /// Any key of the request.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The method's name.
    pub(crate) fn method(&self) -> Result<&str, Error> {
        let method = self.get("method").and_then(Value::as_str);
        method.ok_or(Error::Missing("method"))
    }

    /// The method's name; without one, what stands before the slash in the `id`, as in
    /// `composite/0.3aware+0.7sat`.
    pub(crate) fn method_or_family(&self) -> Result<&str, Error> {
        let family = || self.get("id")?.as_str()?.split_once('/');
        match self.method() {
            Ok(method) => Ok(method),
            Err(missing) => family().map(|(family, _)| family).ok_or(missing),
        }
    }

    /// Whether a key stands in the request, in its `params` or in its `inputs`.
    pub(crate) fn has(&self, key: &str) -> bool {
        let within = |outer: &str| {
            self.get(outer)
                .is_some_and(|inner| inner.get(key).is_some())
        };
        self.0.contains_key(key) || within("params") || within("inputs")
    }

    /// The inputs as the method needs them.
    pub(crate) fn inputs<T: DeserializeOwned>(&self) -> Result<T, Error> {
        read(self.get("inputs").ok_or(Error::Missing("inputs"))?)
    }

    /// The inputs together with what stands beside them: the request's other keys, then
    /// `params`, then `inputs`, the later ones winning. For methods whose reference cases
    /// keep tuning and data apart.
    pub(crate) fn settings<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let mut all = self.0.clone();
        for key in ["params", "inputs"] {
            if let Some(Value::Object(more)) = self.get(key) {
                all.extend(more.clone());
            }
        }
        read(&Value::Object(all))
    }
}

/// Reads a JSON value as the method needs it.
pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    serde_path_to_error::deserialize(value).map_err(|error| match error.path().to_string() {
        nowhere if nowhere == "." => Error::Inputs(error.into_inner().to_string()),
        path => Error::Inputs(format!("{path}: {}", error.into_inner())),
    })
}

/// Turns an answer with named fields into the reply's keys.
pub(crate) fn reply(answer: impl Serialize) -> Result<Map<String, Value>, Error> {
    match serde_json::to_value(answer) {
        Ok(Value::Object(fields)) => Ok(fields),
        other => Err(Error::Inputs(format!(
            "the answer is not an object: {other:?}"
        ))),
    }
}

/// A count, also when it is written as 8.0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count(pub u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let number = serde_json::Number::deserialize(deserializer)?;
        let whole = number.as_u64().or_else(|| {
            let value = number.as_f64()?;
            (value.fract() == 0.0 && (0.0..=EXACT).contains(&value)).then_some(value as u64)
        });
        whole
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("{number} is not a count")))
    }
}

/// A number that may be infinite, which JSON can only say as "Inf".
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extended(pub f64);

impl<'de> Deserialize<'de> for Extended {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a number or \"Inf\"")]
        enum Written {
            Number(f64),
            Word(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(value) => Ok(Self(value)),
            Written::Word(word) => match word.as_str() {
                "Inf" | "inf" | "Infinity" | "∞" => Ok(Self(f64::INFINITY)),
                "-Inf" | "-inf" | "-Infinity" => Ok(Self(f64::NEG_INFINITY)),
                _ => Err(D::Error::custom(format!("\"{word}\" is not a number"))),
            },
        }
    }
}

/// The level where none is given.
pub(crate) fn default_level() -> Level {
    Level::DEFAULT
}

/// Reads "two-sided", "lower-bound" and "upper-bound" (also in short).
pub(crate) fn sides<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sides, D::Error> {
    let written = String::deserialize(deserializer)?;
    match written.as_str() {
        "two-sided" | "two" => Ok(Sides::Two),
        "lower-bound" | "lower" => Ok(Sides::Lower),
        "upper-bound" | "upper" => Ok(Sides::Upper),
        _ => Err(D::Error::custom(format!(
            "sides \"{written}\" is not two-sided, lower-bound or upper-bound"
        ))),
    }
}
