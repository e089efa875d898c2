//! Answers on their way. The id makes a repeated sending harmless: the same id is the same
//! response, so whatever went wrong may simply be tried again. Keeping and sending is done by
//! `app/js/queue.js`, which the service worker shares; here is what it means for the page.

use super::{acts, body, draft, embedding, window};
use crate::resident::session::{Arrival, Complaint, Left, Session, Stage, Trouble};
use gloo_events::EventListener;
use js_sys::{Array, Date, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Event;

// `queue.js` stands in front of the app's script (see `xtask/src/scripts.rs`).
#[wasm_bindgen(js_namespace = wendu)]
extern "C" {
    /// Sends what is left of earlier visits, now and whenever it may help.
    fn start();
    /// Takes a finished answer.
    fn put(id: &str, body: &str);
    /// Tries what was refused once more, or forgets it.
    pub fn refused(forget: bool);
}

/// Listens to what becomes of answers, of this visit and of earlier ones.
pub fn begin(session: RwSignal<Session>) -> Result<(), JsValue> {
    let window = window()?;
    EventListener::new(&window, "wendu", move |event| {
        let _ = hear(session, event);
    })
    .forget();
    start();
    Ok(())
}

/// Sends the answers, and again for as long as that can help.
pub fn send(session: RwSignal<Session>) {
    session.update(|s| {
        s.stage = Stage::Sending;
        s.finished_at = Date::new_0().to_iso_string().into();
    });
    let _ = session.with_untracked(|s| body::write(&s.submission()).map(|body| put(&s.id, &body)));
}

/// What `queue.js` tells; see there.
fn hear(session: RwSignal<Session>, event: &Event) -> Option<()> {
    let news: Array = Reflect::get(event, &"detail".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let number = |at: u32| news.get(at).as_f64().unwrap_or_default() as u32;
    let kind = news.get(0).as_string()?;
    if kind == "left" {
        session.update(|s| {
            s.left = Left {
                waiting: number(1),
                refused: number(2),
                sign_in: number(3) == 401,
            };
        });
        return None;
    }
    let (stage, kept) = session.with_untracked(|s| (s.stage.clone(), s.kept));
    if !session.with_untracked(|s| news.get(1).as_string().as_ref() == Some(&s.id)) {
        return None;
    }
    let status = number(2);
    let (trouble, arrival) = match (kind.as_str(), status) {
        ("kept", _) => {
            session.update(|s| {
                s.kept = true;
                draft::clear(&s.visit);
            });
            return None;
        }
        // A line that is neither up nor down must not hold the next person up.
        ("slow", _) if stage == Stage::Sending && kept => (None, Arrival::Waits),
        ("sent", _) => (None, Arrival::Arrived),
        ("waits", 401 | 403) => (Some(Trouble::SignIn), Arrival::SignIn),
        ("waits", 0) => (Some(Trouble::Offline), Arrival::Waits),
        ("waits", _) => (Some(Trouble::Busy), Arrival::Waits),
        ("refused", 409) => (Some(Trouble::Conflict), Arrival::Refused),
        ("refused", 413) => (Some(Trouble::TooLarge), Arrival::Refused),
        ("refused", _) => (Some(Trouble::Refused), Arrival::Refused),
        _ => return None,
    };
    match (stage, trouble) {
        (Stage::Asking, _) => {}
        // Still before the person's eyes: what can be mended is shown.
        (Stage::Sending | Stage::Unsent(_), Some(trouble))
            if !kept || arrival == Arrival::Refused =>
        {
            let item = news.get(3).as_string();
            match item.zip(news.get(4).as_string()) {
                Some((item, message)) => {
                    session.update(|s| {
                        s.show(item);
                        s.complain(Complaint::Said(message));
                    });
                    acts::mend(session, true);
                }
                None => session.update(|s| s.stage = Stage::Unsent(trouble)),
            }
        }
        (Stage::Done(Arrival::Arrived), _) => {}
        (before, _) => {
            session.update(|s| {
                draft::clear(&s.visit);
                s.stage = Stage::Done(arrival);
            });
            if !matches!(before, Stage::Done(_)) {
                acts::focus("#question");
            }
            if arrival == Arrival::Arrived {
                embedding::tell("wendu:completed");
            }
        }
    }
    Some(())
}
