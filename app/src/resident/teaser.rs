//! The first question in another page, before anybody has asked for more: every option is a button
//! that sends itself and leads to the whole questionnaire, with that option ticked. No script.

use super::render::{action, html};
use super::visit::{Progress, Visit, field};
use super::{session::Session, words};
use leptos::prelude::*;
use survey::Choice;
use survey::fields::field_name;

/// The first question of a visit, as a form.
pub fn render_teaser(visit: &Visit) -> String {
    let session = Session::new(visit.clone(), Progress::default());
    let language = visit.language;
    let questionnaire = &visit.form.questionnaire;
    let (_, questions) = session.place();
    let Some(item) = session.item() else {
        return String::new();
    };
    let fixed = [
        (field::VERSION, questionnaire.version.to_string()),
        (field::AT, item.id.clone()),
        (field::LANGUAGE, language.tag().to_owned()),
        (field::MODE, visit.mode.as_str().to_owned()),
        // Neither on nor back: the same question, with its answer.
        (field::TO, language.tag().to_owned()),
    ];
    let origin = visit.origin.clone().map(|origin| (field::ORIGIN, origin));
    let hidden: Vec<_> = fixed
        .into_iter()
        .chain(origin)
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    let name = field_name(&item.id);
    let option = |choice: &Choice| {
        view! {
            <button class="choice" name=name.clone() value=choice.code.clone()>
                {choice.text.get(language).to_owned()}
            </button>
        }
        .into_any()
    };
    let mut options: Vec<_> = visit.form.choices(item).iter().map(option).collect();
    if options.is_empty() {
        // A text or a number is better typed where it can be corrected.
        let start = view! { <button class="start">{words::START.get(language)}</button> };
        options.push(start.into_any());
    }
    let class = if item.ask.is_multiple() {
        "choices several"
    } else {
        "choices"
    };
    let title = questionnaire.title(language).to_owned();
    let introduction = questionnaire.introduction.get(language).to_owned();
    let text = item.text.get(language).to_owned();
    let place = words::place(language, 1, questions);
    html(move || {
        view! {
            <form class="teaser" method="post" action=action(visit) autocomplete="off">
                {hidden}
                <h1>{title}</h1>
                <h2 id="question">{text}</h2>
                <div class=class role="group" aria-labelledby="question">{options}</div>
                <p>{place} " · " {introduction}</p>
            </form>
        }
    })
}
