//! Answers kept on this device until they are sent, so that a reload, a call or an empty battery
//! loses nothing. Not at a shared device, where the next person would see them.

use super::fields::{self, Kept};
use super::page;
use crate::resident::session::{Draft, Session};
use crate::resident::visit::Visit;
use js_sys::Array;

const LARGE: &str = "wendu:large";

/// What was kept at an earlier visit.
pub fn load(visit: &Visit) -> Option<Kept> {
    let kept = page::pairs(page::kept(&visit.draft()));
    (!kept.is_empty()).then(|| Kept::read(&visit.form, &kept))
}

/// Keeps the answers, and says whether that was possible.
pub fn keep(session: &mut Session) {
    session.draft = if session.visit.is_shared() {
        Draft::None
    } else if page::keep(&session.visit.draft(), &fields::encode(session)) {
        Draft::Kept
    } else {
        Draft::Refused
    };
}

/// Forgets the answers.
pub fn clear(visit: &Visit) {
    page::keep(&visit.draft(), &Array::new());
}

/// Whether large type was chosen at an earlier visit.
pub fn is_large() -> bool {
    page::kept(LARGE).length() > 0
}

/// Remembers the choice of type size.
pub fn keep_large(large: bool) {
    let fields = Array::new();
    if large {
        page::push(&fields, "1", "");
    }
    page::keep(LARGE, &fields);
}
