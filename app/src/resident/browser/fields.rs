//! Answers and progress as form fields, which is how they stand in the server's form, in the
//! app's form and in the draft.

use crate::resident::session::Session;
use crate::resident::visit::field;
use js_sys::Array;
use survey::{Answers, Assistance, Form, fields};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

/// Name and value of every field, in order.
pub type Pairs = Vec<(String, String)>;

/// How far a person had come, as a form or a draft tells it.
pub struct Kept {
    pub id: String,
    pub at: String,
    pub started_at: String,
    pub large: bool,
    pub assistance: Option<Assistance>,
    pub answers: Answers,
}

/// The fields of a form in the page.
pub fn of_form(form: &HtmlFormElement) -> Result<Pairs, JsValue> {
    Ok(pairs(FormData::new_with_form(form)?.as_ref()))
}

/// The fields of a text such as [`encode`] writes.
pub fn decode(text: &str) -> Result<Pairs, JsValue> {
    Ok(pairs(UrlSearchParams::new_with_str(text)?.as_ref()))
}

/// The fields in which a session is kept.
pub fn encode(session: &Session) -> Result<String, JsValue> {
    let params = UrlSearchParams::new()?;
    params.append(field::ID, &session.id);
    params.append(field::AT, &session.at);
    params.append(field::STARTED, &session.started_at);
    for (name, value) in fields::write(&session.answers) {
        params.append(&name, &value);
    }
    Ok(params.to_string().into())
}

/// The answers among some fields.
pub fn answers(form: &Form, pairs: &Pairs) -> Answers {
    let borrowed = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    fields::read(form, borrowed)
}

impl Kept {
    /// What some fields tell.
    pub fn read(form: &Form, pairs: &Pairs) -> Kept {
        let value = |name: &str| {
            let found = pairs.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        Kept {
            id: value(field::ID),
            at: value(field::AT),
            started_at: value(field::STARTED),
            large: !value(field::LARGE).is_empty(),
            assistance: Assistance::parse(&value(field::ASSISTANCE)),
            answers: answers(form, pairs),
        }
    }
}

fn pairs(iterable: &JsValue) -> Pairs {
    Array::from(iterable)
        .iter()
        .filter_map(|entry| {
            let entry: Array = entry.unchecked_into();
            // A file would be no text; the form has none.
            Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
        })
        .collect()
}
