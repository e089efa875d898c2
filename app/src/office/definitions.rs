//! Under each picture: what it rests on, and how it is computed.

use super::{numbers, sentences, weighting, words};
use leptos::prelude::*;
use report::{Definition, Picture};
use survey::indicator::Missing;
use survey::{Form, Language};

/// The line of n, level, method and cut-off, and the definitions behind a disclosure.
pub fn footnote(picture: &Picture, form: Option<&Form>, language: Language) -> AnyView {
    let government = picture
        .gap
        .as_ref()
        .and_then(|gap| gap.rows.first())
        .map(|row| row.government.n);
    let weighted = picture.weighting.is_raked();
    let gap_rule = match &picture.gap {
        Some(gap) if weighted || gap.weighting.is_raked() => words::GAP_RULE_WEIGHTED,
        _ => words::GAP_RULE,
    };
    let weighting = weighting::told(picture, form, language).join(language.pick("", " "));
    let definitions: Vec<AnyView> = picture
        .indicators
        .iter()
        .map(|indicator| definition(indicator, form, language))
        .collect();
    view! {
        <div class="footnote">
            <p>{sentences::footnote(picture, government, language)}</p>
            <p class="weighting">{weighting}</p>
            <details>
                <summary>{words::HOW.get(language)}</summary>
                <p>{words::RATE_RULE.get(language)}</p>
                {weighted.then(|| view! { <p>{words::WEIGHTED_RULE.get(language)}</p> })}
                <p>{words::TEMPERATURE_RULE.get(language)}</p>
                <p>{gap_rule.get(language)}</p>
                <p>{words::LEVEL_RULE.get(language)}</p>
                <div class="definitions">{definitions}</div>
            </details>
        </div>
    }
    .into_any()
}

fn definition(definition: &Definition, form: Option<&Form>, language: Language) -> AnyView {
    let rule = &definition.indicator;
    let mut no = listed(&rule.negative, &rule.item, form, language);
    let mut out = listed(&rule.excluded, &rule.item, form, language);
    match rule.missing {
        Missing::Negative => no.push(words::UNANSWERED.get(language).to_owned()),
        Missing::Excluded => out.push(words::UNANSWERED.get(language).to_owned()),
    }
    let comma = words::LIST_COMMA.get(language);
    let yes = listed(&rule.positive, &rule.item, form, language).join(comma);
    let line = |name: words::Phrase, text: String| {
        view! { <dt>{name.get(language)}</dt><dd>{text}</dd> }
    };
    let weight = definition
        .weight
        .map(|weight| line(words::WEIGHT, numbers::decimal(weight)));
    view! {
        <section>
            <h3>{rule.name.get(language).to_owned()}</h3>
            <dl>
                {line(words::QUESTION, definition.question.get(language).to_owned())}
                {line(words::COUNTS_YES, yes)}
                {line(words::COUNTS_NO, no.join(comma))}
                {line(words::LEFT_OUT, out.join(comma))}
                {weight}
            </dl>
        </section>
    }
    .into_any()
}

/// The options behind the codes in words, where the questionnaire is at hand.
fn listed(codes: &[String], item: &str, form: Option<&Form>, language: Language) -> Vec<String> {
    let choices = form
        .and_then(|form| form.item(item).map(|item| form.choices(item)))
        .unwrap_or_default();
    codes
        .iter()
        .map(|code| {
            choices
                .iter()
                .find(|choice| choice.code == *code)
                .map_or_else(
                    || code.clone(),
                    |choice| quoted(choice.text.get(language), language),
                )
        })
        .collect()
}

fn quoted(text: &str, language: Language) -> String {
    language.pick(format!("“{text}”"), format!("“{text}”"))
}
