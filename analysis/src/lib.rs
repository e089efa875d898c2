//! Questions to the statistics as JSON and CSV text, and their answers as JSON.
//!
//! This is the black-box contract of `wendu interval`, `wendu plan`, `wendu quantile`
//! and `wendu analyze`, kept free of files and processes so that the same code, and the
//! same reference cases, run natively and in WebAssembly.
//!
//! A request is an object with a `method` and its `inputs`; an `id` is echoed and other
//! keys are ignored. [`batch`] never fails: what goes wrong is in the answer.

pub mod analyze;
mod error;
mod kind;
mod request;

pub use error::Error;
pub use kind::Kind;
pub use kind::proportion::{Estimate, estimate_proportion};
pub use request::Request;

use serde_json::{Map, Value};

/// Answers one request of this kind: JSON object in, JSON object out.
///
/// # Errors
/// [`Error`] for text that is not such an object, an unknown method, inputs that are
/// missing or of the wrong type, and whatever the statistics refuse.
pub fn answer(kind: Kind, request: &str) -> Result<String, Error> {
    let request = Request::parse(request)?;
    Ok(Value::Object(kind.answer(&request)?).to_string())
}

/// Answers one line of a batch: the answer's keys with the request's `id`, or `id` and
/// `error`. Numbers have as many digits as it takes to read the same number again;
/// what is not a number or infinite is `null`.
pub fn batch(kind: Kind, line: &str) -> String {
    let parsed = Request::parse(line);
    let id = parsed.as_ref().ok().and_then(Request::id);
    let mut reply = Map::new();
    match parsed.and_then(|request| kind.answer(&request)) {
        Ok(answer) => {
            reply.extend(id.map(|id| ("id".to_owned(), id)));
            reply.extend(answer);
        }
        Err(error) => {
            reply.insert("id".to_owned(), id.unwrap_or(Value::Null));
            reply.insert("error".to_owned(), error.to_string().into());
        }
    }
    Value::Object(reply).to_string()
}

/// Answers every line of a batch that is not blank, in order.
pub fn batch_lines(kind: Kind, text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(move |line| batch(kind, line))
}
