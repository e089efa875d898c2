//! What a press or a keystroke leads to. The buttons of the form mean here what they mean to the
//! server: [`Step`].

use super::{document, draft, embedding, fields, sending, speech, window};
use crate::resident::session::{self, Outcome, Session, Stage};
use crate::resident::visit::{Step, field};
use gloo_events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use survey::{Answer, Assistance, Mode};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

/// Listens for as long as the page lives.
pub fn listen(app: &HtmlElement, session: RwSignal<Session>) -> Result<(), JsValue> {
    let options = EventListenerOptions::enable_prevent_default();
    for kind in ["click", "submit", "input", "change"] {
        let act = match kind {
            "click" => press,
            "submit" => refuse,
            _ => answer,
        };
        EventListener::new_with_options(app, kind, options, move |event| {
            let _ = act(session, event);
        })
        .forget();
    }
    let window = window()?;
    EventListener::new(&window, "popstate", move |_| went_back(session)).forget();
    if !is_marked() {
        mark_place(session, "");
    }
    Ok(())
}

/// A button was pressed, by finger or by Enter.
fn press(session: RwSignal<Session>, event: &Event) -> Option<()> {
    let target: Element = event.target()?.unchecked_into();
    let button = target.closest("button").ok()??;
    event.prevent_default();
    match button.get_attribute("value")?.as_str() {
        "listen" => session.with_untracked(speech::toggle),
        "requeue" => sending::refused(false),
        "discard" => sending::refused(true),
        "restart" => {
            session.with_untracked(|s| draft::clear(&s.visit));
            // Not a reload: that would send again what led here.
            let location = window().ok()?.location();
            location.replace(&location.href().ok()?).ok()?;
        }
        word => step(session, Step::parse(word)?),
    }
    Some(())
}

/// What submits the form has been a press before.
fn refuse(_: RwSignal<Session>, event: &Event) -> Option<()> {
    event.prevent_default();
    None
}

fn step(session: RwSignal<Session>, step: Step) {
    if session.with_untracked(|s| s.stage == Stage::Sending) {
        return;
    }
    if step == Step::Back && is_marked() {
        // The browser's own "back" must lead to the same place as the page's.
        let _ = window().and_then(|window| window.history()?.back());
        return;
    }
    let at = session.with_untracked(|s| s.at.clone());
    let Some(outcome) = session.try_update(|s| s.step(step)) else {
        return;
    };
    match outcome {
        Outcome::Moved => {
            let onward = step == Step::Next;
            if onward {
                embedding::tell("wendu:answered");
            }
            mark_place(session, if onward { MARK } else { "" });
            arrive(session);
        }
        Outcome::Stayed => {
            session.with_untracked(|s| {
                draft::keep_large(s.large);
                if s.visit.is_shared() {
                    draft::clear(&s.visit);
                }
                if let Ok(document) = document() {
                    document.set_title(s.visit.form.questionnaire.title(s.language()));
                    if let Some(root) = document.document_element() {
                        let _ = root.set_attribute("lang", s.language().tag());
                    }
                }
            });
        }
        Outcome::Faulty => mend(session, session.with_untracked(|s| s.at != at)),
        Outcome::Complete => sending::send(session),
    }
}

/// Another question is shown.
fn arrive(session: RwSignal<Session>) {
    speech::stop();
    draft::keep(session);
    focus("#question");
}

/// An answer must be mended; perhaps that of another question, to which the page has `jumped`.
pub fn mend(session: RwSignal<Session>, jumped: bool) {
    if jumped {
        mark_place(session, "");
    }
    focus("#answer, .choice input");
}

/// The form has changed: takes the answer that now stands in it.
fn answer(session: RwSignal<Session>, event: &Event) -> Option<()> {
    // Or a textarea, which has the same.
    let input: HtmlInputElement = event.target()?.unchecked_into();
    let latest = input.value();
    let pairs = fields::of_form(&input.form()?).ok()?;
    session.update(|s| {
        if input.name() == field::ASSISTANCE {
            s.assistance = Assistance::parse(&latest);
            s.mended = true;
            return;
        }
        let answer = fields::answers(&s.visit.form, &pairs)
            .into_iter()
            .next()
            .map(|(_, answer)| answer);
        let answer = match answer {
            Some(Answer::Many(mut codes)) => {
                let choices = s.item().map(|item| s.visit.form.choices(item));
                for ended in session::settle(choices.unwrap_or_default(), &mut codes, &latest) {
                    untick(&ended);
                }
                Some(Answer::Many(codes))
            }
            other => other,
        };
        s.answer_with(answer);
    });
    draft::keep(session);
    Some(())
}

/// Takes the tick from an option. The person ticks, the session follows; only here it leads.
fn untick(code: &str) {
    let id = ["answer-", code].concat();
    if let Ok(Some(option)) = document().map(|document| document.get_element_by_id(&id)) {
        option
            .unchecked_into::<HtmlInputElement>()
            .set_checked(false);
    }
}

/// Moves the cursor once what is new has been drawn.
pub fn focus(selector: &'static str) {
    request_animation_frame(move || {
        let found = document().and_then(|document| document.query_selector(selector));
        if let Ok(Some(element)) = found {
            let _ = element.unchecked_into::<HtmlElement>().focus();
            if selector == "#question"
                && let Ok(window) = window()
            {
                window.scroll_to_with_x_and_y(0.0, 0.0);
            }
        }
    });
}

/// Begins the state of a place in the browser's history before which stands the question before.
const MARK: &str = "+";

/// Writes the question that is shown into the browser's history: with [`MARK`] as a new place,
/// without it over the present one. Inside another page the history belongs to that page; at a
/// shared device nobody goes back to what another has answered.
fn mark_place(session: RwSignal<Session>, mark: &str) {
    if session.with_untracked(|s| s.visit.mode == Mode::Widget || s.visit.is_shared()) {
        return;
    }
    let Ok(history) = window().and_then(|window| window.history()) else {
        return;
    };
    let at = session.with_untracked(|s| s.at.clone());
    let state = JsValue::from_str(&[mark, &at].concat());
    let _ = if mark.is_empty() {
        history.replace_state(&state, "")
    } else {
        history.push_state(&state, "")
    };
}

fn place_in_history() -> Option<String> {
    window().ok()?.history().ok()?.state().ok()?.as_string()
}

fn is_marked() -> bool {
    place_in_history().is_some_and(|state| state.starts_with(MARK))
}

/// The browser went back or forth to another place.
fn went_back(session: RwSignal<Session>) {
    let Some(state) = place_in_history() else {
        return;
    };
    if session.with_untracked(|s| matches!(s.stage, Stage::Sending | Stage::Done(_))) {
        return;
    }
    let at = state.strip_prefix(MARK).unwrap_or(&state).to_owned();
    session.update(|s| {
        s.show(at);
    });
    arrive(session);
}
