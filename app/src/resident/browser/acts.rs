//! What a press or a keystroke leads to. The buttons of the form mean here what they mean to the
//! server: [`Step`].

use super::page::{self, mark};
use super::{draft, fields, sending, speech};
use crate::resident::session::{self, Outcome, Session, Stage};
use crate::resident::visit::{Step, field};
use js_sys::Array;
use survey::{Answer, Assistance, Mode};
use wasm_bindgen::JsCast;

/// What `page.js` and `queue.js` tell; see there.
pub fn hear(session: &mut Session, news: &Array) -> Option<()> {
    let text = |at: u32| news.get(at).as_string();
    match text(0)?.as_str() {
        "press" => press(session, &text(1)?),
        "answer" => {
            let pairs = page::pairs(news.get(3).unchecked_into());
            answer(session, &text(1)?, &text(2)?, &pairs);
        }
        "back" => went_back(session, &text(1)?),
        // Whoever comes back to a shared device's page need not be who left it.
        "again" if session.visit.is_shared() => page::restart(),
        // Where the interviewer is now, as `interview.js` tells.
        "place" => {
            session.visit.site = text(1);
            session.visit.area = text(2);
        }
        kind => sending::hear(session, kind, news)?,
    }
    Some(())
}

/// The app has just been drawn.
pub fn begin(session: &Session) {
    if !is_marked() {
        mark_place(session, false);
    }
}

/// A button was pressed, by finger or by Enter.
fn press(session: &mut Session, word: &str) {
    match word {
        "listen" => speech::toggle(session),
        "requeue" => page::refused(false),
        "discard" => page::refused(true),
        "restart" => {
            draft::clear(&session.visit);
            page::restart();
        }
        word => {
            if let Some(to) = Step::parse(word) {
                step(session, to);
            }
        }
    }
}

fn step(session: &mut Session, step: Step) {
    if session.stage == Stage::Sending {
        return;
    }
    if step == Step::Back && is_marked() {
        // The browser's own "back" must lead to the same place as the page's.
        page::back();
        return;
    }
    let at = session.at.clone();
    match session.step(step) {
        Outcome::Moved => {
            let onward = step == Step::Next;
            if onward {
                page::announce("wendu:answered");
            }
            mark_place(session, onward);
            arrive(session);
        }
        Outcome::Stayed => {
            draft::keep_large(session.large);
            if session.visit.is_shared() {
                draft::clear(&session.visit);
            }
            let language = session.language();
            let title = session.visit.form.questionnaire.title(language);
            page::entitle(title, language.tag());
        }
        Outcome::Faulty => mend(session, session.at != at),
        Outcome::Complete => sending::send(session),
    }
}

/// Another question is shown.
fn arrive(session: &mut Session) {
    speech::stop();
    draft::keep(session);
    page::focus("#question");
}

/// An answer must be mended; perhaps that of another question, to which the page has `jumped`.
pub fn mend(session: &Session, jumped: bool) {
    if jumped {
        mark_place(session, false);
    }
    page::focus("#answer, .choice input");
}

/// The form has changed: `value` stands or is ticked in the field `name` now, among all `pairs`.
fn answer(session: &mut Session, name: &str, value: &str, pairs: &page::Pairs) {
    if name == field::ASSISTANCE {
        session.assistance = Assistance::parse(value);
        session.mended = true;
    } else {
        session.answer_with(answered(session, value, pairs));
    }
    draft::keep(session);
}

/// The answer that stands among `pairs`; of several options, those that go with the `latest`.
fn answered(session: &Session, latest: &str, pairs: &page::Pairs) -> Option<Answer> {
    let answers = fields::answers(&session.visit.form, pairs);
    let (_, mut answer) = answers.into_iter().next()?;
    if let Answer::Many(codes) = &mut answer {
        let choices = session.item().map(|item| session.visit.form.choices(item));
        for ended in session::settle(choices.unwrap_or_default(), codes, latest) {
            page::untick(&["answer-", &ended].concat());
        }
    }
    Some(answer)
}

/// Begins the state of a place in the browser's history before which stands the question before.
const MARK: &str = "+";

/// Writes the question that is shown into the browser's history: as a new place behind the one
/// before (`onward`), or over the present one. Inside another page the history belongs to that
/// page; at a shared device nobody goes back to what another has answered.
fn mark_place(session: &Session, onward: bool) {
    if session.visit.mode != Mode::Widget && !session.visit.is_shared() {
        let state = [if onward { MARK } else { "" }, &session.at].concat();
        mark(&state, onward);
    }
}

fn is_marked() -> bool {
    page::place().is_some_and(|state| state.starts_with(MARK))
}

/// The browser went back or forth to another place.
fn went_back(session: &mut Session, state: &str) {
    if matches!(session.stage, Stage::Sending | Stage::Done(_)) {
        return;
    }
    let at = state.strip_prefix(MARK).unwrap_or(state).to_owned();
    session.show(at);
    arrive(session);
}
