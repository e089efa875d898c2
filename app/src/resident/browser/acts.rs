//! What a press or a keystroke leads to. The buttons of the form mean here what they mean to the
//! server: [`Step`].

use super::page::{self, mark};
use super::{draft, fields, sending, speech};
use crate::resident::session::{self, Outcome, Session, Stage};
use crate::resident::visit::{Step, field};
use js_sys::Array;
use leptos::prelude::*;
use survey::{Answer, Assistance, Mode};
use wasm_bindgen::JsCast;

/// What `page.js` and `queue.js` tell; see there.
pub fn hear(session: RwSignal<Session>, news: &Array) -> Option<()> {
    let text = |at: u32| news.get(at).as_string();
    match text(0)?.as_str() {
        "press" => press(session, &text(1)?),
        "answer" => {
            let pairs = page::pairs(news.get(3).unchecked_into());
            answer(session, &text(1)?, &text(2)?, &pairs);
        }
        "back" => went_back(session, &text(1)?),
        // Whoever comes back to a shared device's page need not be who left it.
        "again" if session.with_untracked(|s| s.visit.is_shared()) => page::restart(),
        // Where the interviewer is now, as `interview.js` tells.
        "place" => session.update(|s| {
            s.visit.site = text(1);
            s.visit.area = text(2);
        }),
        kind => sending::hear(session, kind, news)?,
    }
    Some(())
}

/// The app has just been drawn.
pub fn begin(session: RwSignal<Session>) {
    if !is_marked() {
        mark_place(session, false);
    }
}

/// A button was pressed, by finger or by Enter.
fn press(session: RwSignal<Session>, word: &str) {
    match word {
        "listen" => session.with_untracked(speech::toggle),
        "requeue" => page::refused(false),
        "discard" => page::refused(true),
        "restart" => {
            session.with_untracked(|s| draft::clear(&s.visit));
            page::restart();
        }
        word => {
            if let Some(to) = Step::parse(word) {
                step(session, to);
            }
        }
    }
}

fn step(session: RwSignal<Session>, step: Step) {
    if session.with_untracked(|s| s.stage == Stage::Sending) {
        return;
    }
    if step == Step::Back && is_marked() {
        // The browser's own "back" must lead to the same place as the page's.
        page::back();
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
                page::announce("wendu:answered");
            }
            mark_place(session, onward);
            arrive(session);
        }
        Outcome::Stayed => {
            session.with_untracked(|s| {
                draft::keep_large(s.large);
                if s.visit.is_shared() {
                    draft::clear(&s.visit);
                }
                let language = s.language();
                page::entitle(s.visit.form.questionnaire.title(language), language.tag());
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
    page::focus("#question");
}

/// An answer must be mended; perhaps that of another question, to which the page has `jumped`.
pub fn mend(session: RwSignal<Session>, jumped: bool) {
    if jumped {
        mark_place(session, false);
    }
    page::focus("#answer, .choice input");
}

/// The form has changed: `value` stands or is ticked in the field `name` now, among all `pairs`.
fn answer(session: RwSignal<Session>, name: &str, value: &str, pairs: &page::Pairs) {
    session.update(|s| {
        if name == field::ASSISTANCE {
            s.assistance = Assistance::parse(value);
            s.mended = true;
            return;
        }
        let answer = fields::answers(&s.visit.form, pairs)
            .into_iter()
            .next()
            .map(|(_, answer)| answer);
        let answer = match answer {
            Some(Answer::Many(mut codes)) => {
                let choices = s.item().map(|item| s.visit.form.choices(item));
                for ended in session::settle(choices.unwrap_or_default(), &mut codes, value) {
                    page::untick(&["answer-", &ended].concat());
                }
                Some(Answer::Many(codes))
            }
            other => other,
        };
        s.answer_with(answer);
    });
    draft::keep(session);
}

/// Begins the state of a place in the browser's history before which stands the question before.
const MARK: &str = "+";

/// Writes the question that is shown into the browser's history: as a new place behind the one
/// before (`onward`), or over the present one. Inside another page the history belongs to that
/// page; at a shared device nobody goes back to what another has answered.
fn mark_place(session: RwSignal<Session>, onward: bool) {
    session.with_untracked(|s| {
        if s.visit.mode != Mode::Widget && !s.visit.is_shared() {
            let state = [if onward { MARK } else { "" }, &s.at].concat();
            mark(&state, onward);
        }
    });
}

fn is_marked() -> bool {
    page::place().is_some_and(|state| state.starts_with(MARK))
}

/// The browser went back or forth to another place.
fn went_back(session: RwSignal<Session>, state: &str) {
    if session.with_untracked(|s| matches!(s.stage, Stage::Sending | Stage::Done(_))) {
        return;
    }
    let at = state.strip_prefix(MARK).unwrap_or(state).to_owned();
    session.update(|s| {
        s.show(at);
    });
    arrive(session);
}
