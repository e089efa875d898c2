//! One question: its text, what is wrong with the answer, and the controls that take it.
//!
//! The controls are plain form fields. The browser reads them as a form (see
//! [`survey::fields`]), exactly as the server does when no script runs.

use super::live::{anew, attribute, on, text};
use super::session::{self, Session};
use super::{icons, words};
use leptos::either::EitherOf3;
use leptos::prelude::*;
use survey::fields::{field_name, plain};
use survey::{Answer, Ask, Choice, Item, Language};

/// The question that is shown. Drawn anew when another is shown or the language changes, not when
/// an answer changes: what is being typed stays untouched.
pub fn question(session: &Session) -> impl IntoView + use<> {
    let key = |s: &Session| [s.item_id(), s.language().tag()].concat();
    anew(session, key, |session| {
        session
            .item()
            .map(|item| draw(session, item, session.language()))
    })
}

fn draw(session: &Session, item: &Item, language: Language) -> impl IntoView + use<> {
    let help = item.help.as_ref().map(|help| help.get(language).to_owned());
    let (described, no_help) = match help {
        Some(_) => ("help fault", false),
        None => ("fault", true),
    };
    let controls = match &item.ask {
        Ask::Text { .. } => EitherOf3::A(text_field(session, item)),
        Ask::Number { .. } => EitherOf3::B(number_field(session, item, language)),
        _ => EitherOf3::C(options(session, item, language)),
    };
    let label_for = session::is_typed(&item.ask).then_some("answer");
    let has_fault = |s: &Session| on(s.complaint.is_none());
    view! {
        <fieldset class="question" aria-describedby=described>
            <legend id="question" tabindex="-1">
                <h2>
                    <label for=label_for>{item.text.get(language).to_owned()}</label>
                </h2>
            </legend>
            <p class="help" id="help" hidden=no_help>
                {help}
            </p>
            <div class="fault" id="fault" role="alert">
                <p hidden=attribute(session, has_fault) data-mended=attribute(session, |s| on(s.mended))>
                    {icons::attention()}
                    <span class="unseen">{words::ERROR.get(language)}</span>
                    {text(session, Session::complaint_text)}
                </p>
            </div>
            {controls}
        </fieldset>
    }
}

/// The options, those that are no level of the scale in a box of their own.
fn options(session: &Session, item: &Item, language: Language) -> impl IntoView + use<> {
    let kind = if item.ask.is_multiple() {
        "checkbox"
    } else {
        "radio"
    };
    let name = field_name(&item.id);
    let is_read_out = session.visit.is_read_out();
    let row = |choice: &Choice| {
        // Whoever reads the options out keeps those that are no level of the scale to himself.
        let mut text = choice.text.get(language).to_owned();
        if is_read_out && choice.apart {
            text = [&text, "（", words::UNREAD.get(language), "）"].concat();
        }
        let code = choice.code.clone();
        let ticked = session.answer().is_some_and(|answer| answer.has(&code));
        view! {
            <label class="choice">
                <input
                    type=kind
                    id=["answer-", &choice.code].concat()
                    name=name.clone()
                    value=code
                    checked=ticked
                />
                <span>{text}</span>
            </label>
        }
    };
    let choices = session.visit.form.choices(item);
    choices
        .chunk_by(|one, next| one.apart == next.apart)
        .map(|group| {
            let rows: Vec<_> = group.iter().map(row).collect();
            view! { <div class="choices">{rows}</div> }
        })
        .collect::<Vec<_>>()
}

/// What has been typed, as it was typed.
fn typed(session: &Session) -> String {
    match session.answer() {
        Some(Answer::One(text)) => text.clone(),
        Some(Answer::Number(number)) => plain(*number),
        _ => String::new(),
    }
}

/// Leptos writes what stands in a `textarea` into HTML as it is, like in a `script`; so what a
/// person has typed is escaped here. (A browser takes one line break at the start away.)
fn textarea_content(typed: String) -> String {
    if cfg!(target_arch = "wasm32") {
        return typed;
    }
    let escaped = typed.replace('&', "&amp;").replace('<', "&lt;");
    ["\n", &escaped].concat()
}

fn text_field(session: &Session, item: &Item) -> impl IntoView + use<> {
    let is_over = |s: &Session| {
        let (length, max) = s.length();
        on(length > max)
    };
    let count = |s: &Session| {
        let (length, max) = s.length();
        words::length(s.language(), length, max)
    };
    view! {
        <textarea
            class="field"
            id="answer"
            name=field_name(&item.id)
            rows="4"
            aria-describedby="help fault count"
        >
            {textarea_content(typed(session))}
        </textarea>
        <p class="count" id="count" data-over=attribute(session, is_over)>
            {text(session, count)}
        </p>
    }
}

fn number_field(session: &Session, item: &Item, language: Language) -> impl IntoView + use<> {
    let (keys, unit) = match &item.ask {
        Ask::Number {
            unit,
            decimals: 0,
            min: 0.0..,
            ..
        } => ("numeric", unit),
        Ask::Number { unit, .. } => ("decimal", unit),
        _ => ("text", &None),
    };
    view! {
        <div class="measure">
            <input
                class="field"
                id="answer"
                name=field_name(&item.id)
                inputmode=keys
                autocomplete="off"
                value=typed(session)
                aria-describedby="unit help fault"
            />
            <span id="unit">{unit.as_ref().map(|unit| unit.get(language).to_owned())}</span>
        </div>
    }
}
