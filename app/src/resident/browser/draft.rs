//! Answers kept on this device until they are sent, so that a reload, a call or an empty battery
//! loses nothing. Not at a shared device, where the next person would see them.

use super::fields::{self, Kept};
use super::window;
use crate::resident::session::{Draft, Session};
use crate::resident::visit::Visit;
use leptos::prelude::*;
use web_sys::Storage;

const LARGE: &str = "wendu:large";

/// `None` where the browser refuses.
fn storage() -> Option<Storage> {
    window().ok()?.local_storage().ok()?
}

fn key(visit: &Visit) -> String {
    let questionnaire = &visit.form.questionnaire;
    let version = questionnaire.version.to_string();
    ["wendu:", &questionnaire.id, ":", &version].concat()
}

/// What was kept at an earlier visit.
pub fn load(visit: &Visit) -> Option<Kept> {
    let text = storage()?.get_item(&key(visit)).ok()??;
    Some(Kept::read(&visit.form, &fields::decode(&text).ok()?))
}

/// Keeps the answers, and says whether that was possible.
pub fn keep(session: RwSignal<Session>) {
    let (before, now) = session.with_untracked(|s| {
        if s.visit.is_shared() {
            return (s.draft, Draft::None);
        }
        let kept = fields::encode(s)
            .ok()
            .and_then(|text| storage()?.set_item(&key(&s.visit), &text).ok());
        (
            s.draft,
            if kept.is_some() {
                Draft::Kept
            } else {
                Draft::Refused
            },
        )
    });
    if before != now {
        session.update(|s| s.draft = now);
    }
}

/// Forgets the answers.
pub fn clear(visit: &Visit) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key(visit));
    }
}

/// Whether large type was chosen at an earlier visit.
pub fn is_large() -> bool {
    storage().is_some_and(|storage| matches!(storage.get_item(LARGE), Ok(Some(_))))
}

/// Remembers the choice of type size.
pub fn keep_large(large: bool) {
    if let Some(storage) = storage() {
        let _ = if large {
            storage.set_item(LARGE, "1")
        } else {
            storage.remove_item(LARGE)
        };
    }
}
