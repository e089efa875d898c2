//! One question: its text, what is wrong with the answer, and the controls that take it.
//!
//! The controls are plain form fields. The browser reads them as a form (see
//! [`survey::fields`]), exactly as the server does when no script runs.

use super::session::{self, Session};
use super::{icons, words};
use leptos::prelude::*;
use survey::fields::{field_name, plain};
use survey::{Answer, Ask, Item, Language};

/// The question that is shown. Drawn anew when another is shown or the language changes, not when
/// an answer changes: what is being typed stays untouched.
pub fn question(session: RwSignal<Session>) -> impl IntoView {
    let shown =
        Memo::new(move |_| session.with(|s| (s.item().map(|item| item.id.clone()), s.language())));
    move || {
        let (id, language) = shown.get();
        let item = session.with_untracked(|s| s.visit.form.item(&id?).cloned())?;
        Some(draw(session, &item, language))
    }
}

fn draw(session: RwSignal<Session>, item: &Item, language: Language) -> impl IntoView + use<> {
    let text = item.text.get(language).to_owned();
    let heading = if session::is_typed(&item.ask) {
        view! { <label for="answer">{text}</label> }.into_any()
    } else {
        text.into_any()
    };
    let help = item.help.as_ref().map(|help| help.get(language).to_owned());
    let described = if help.is_some() {
        "help fault"
    } else {
        "fault"
    };
    let controls = match &item.ask {
        Ask::Text { max_length } => text_field(session, item, *max_length).into_any(),
        Ask::Number {
            unit,
            decimals,
            min,
            ..
        } => {
            let whole = *decimals == 0 && *min >= 0.0;
            let unit = unit.as_ref().map(|unit| unit.get(language).to_owned());
            number_field(session, item, whole, unit).into_any()
        }
        _ => options(session, item, language).into_any(),
    };
    view! {
        <fieldset class="question" aria-describedby=described>
            <legend id="question" tabindex="-1"><h2>{heading}</h2></legend>
            {help.map(|help| view! { <p class="help" id="help">{help}</p> })}
            <div class="fault" id="fault" role="alert">
                {move || session.with(Session::complaint_text).map(|text| complaint(text, language))}
            </div>
            {controls}
        </fieldset>
    }
}

fn complaint(text: String, language: Language) -> impl IntoView {
    view! {
        <p>
            {icons::attention()}
            <span class="unseen">{words::ERROR.get(language)}</span>
            {text}
        </p>
    }
}

fn options(session: RwSignal<Session>, item: &Item, language: Language) -> impl IntoView + use<> {
    let kind = if item.ask.is_multiple() {
        "checkbox"
    } else {
        "radio"
    };
    let name = field_name(&item.id);
    let choices = session.with_untracked(|s| s.visit.form.choices(item).to_vec());
    let rows: Vec<_> = choices
        .into_iter()
        .map(|choice| {
            let text = choice.text.get(language).to_owned();
            let value = choice.code.clone();
            let id = ["answer-", &choice.code].concat();
            let ticked =
                move || session.with(|s| s.answer().is_some_and(|answer| answer.has(&choice.code)));
            view! {
                <label class=if choice.apart { "choice apart" } else { "choice" }>
                    <input
                        type=kind
                        id=id
                        name=name.clone()
                        value=value
                        checked=untrack(&ticked)
                        prop:checked=ticked
                    />
                    <span>{text}</span>
                </label>
            }
        })
        .collect();
    view! { <div class="choices">{rows}</div> }
}

/// What has been typed, as it was typed.
fn typed(session: RwSignal<Session>) -> String {
    session.with_untracked(|s| match s.answer() {
        Some(Answer::One(text)) => text.clone(),
        Some(Answer::Number(number)) => plain(*number),
        _ => String::new(),
    })
}

fn text_field(session: RwSignal<Session>, item: &Item, max: u32) -> impl IntoView + use<> {
    let length = move || session.with(session::length);
    view! {
        <textarea
            class="field"
            id="answer"
            name=field_name(&item.id)
            rows="4"
            aria-describedby="help fault count"
        >
            {typed(session)}
        </textarea>
        <p class="count" id="count" class:over={move || length() > max as usize}>
            {move || words::length(session.with(Session::language), length(), max)}
        </p>
    }
}

fn number_field(
    session: RwSignal<Session>,
    item: &Item,
    whole: bool,
    unit: Option<String>,
) -> impl IntoView + use<> {
    view! {
        <div class="measure">
            <input
                class="field"
                id="answer"
                name=field_name(&item.id)
                inputmode=if whole { "numeric" } else { "decimal" }
                autocomplete="off"
                value=typed(session)
                aria-describedby="unit help fault"
            />
            <span id="unit">{unit}</span>
        </div>
    }
}
