//! Answers and progress as form fields, which is how they stand in the server's form, in the
//! app's form and in the draft.

use super::page::{Pairs, push};
use crate::resident::session::Session;
use crate::resident::visit::field;
use js_sys::Array;
use survey::{Answers, Assistance, Form, fields};

/// How far a person had come, as a form or a draft tells it.
pub struct Kept {
    pub id: String,
    pub at: String,
    pub started_at: String,
    pub large: bool,
    pub assistance: Option<Assistance>,
    pub answers: Answers,
}

/// The fields in which a session is kept.
pub fn encode(session: &Session) -> Array {
    let encoded = Array::new();
    push(&encoded, field::ID, &session.id);
    push(&encoded, field::AT, &session.at);
    push(&encoded, field::STARTED, &session.started_at);
    for (name, value) in fields::write(&session.answers) {
        push(&encoded, &name, &value);
    }
    encoded
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
