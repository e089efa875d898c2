//! The first thing seen: both temperatures, large, with the gap and what has changed.

use super::marks::{Side, inline_mark};
use super::numbers::{self, Reading};
use super::{sentences, thermometer, weighting, words};
use leptos::prelude::*;
use report::{Picture, Weighting};
use survey::Language;

/// The headline; nothing where the questionnaire has no temperature.
pub fn hero(picture: &Picture, language: Language) -> AnyView {
    let Some(line) = thermometer::has_temperature(picture)
        .then(|| thermometer::temperature(picture, language))
        .flatten()
    else {
        return ().into_any();
    };
    let change = picture
        .change
        .as_ref()
        .map(|change| sentences::change(change, language))
        // An interval is not broken between its limits.
        .map(|change| change.replace('–', "\u{2060}–\u{2060}"));
    let weighted = match &picture.weighting {
        // Why not is said here, where it cannot be missed.
        Weighting::Unweighted { .. } => weighting::told(picture, None, language).concat(),
        Weighting::Raked(_) => capital(&weighting::short(picture, language)),
    };
    view! {
        <section class="hero">
            <h2>{sentences::gap_headline(line.gap, language)}</h2>
            {change.map(|change| view! { <p class="change">{change} {weighting::of_change(picture, language)}</p> })}
            <dl class="figures">
                {figure(Some(Side::Society), words::SOCIETY_TEMPERATURE, line.society, language)}
                {figure(Some(Side::Government), words::GOVERNMENT_TEMPERATURE, line.government, language)}
                {figure(None, words::GAP, line.gap, language)}
            </dl>
            <p class="weighted">{weighted}</p>
        </section>
    }
    .into_any()
}

/// A sentence's first letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn figure(
    side: Option<Side>,
    name: words::Phrase,
    reading: Option<Reading>,
    language: Language,
) -> AnyView {
    let class = side.map_or("figure gap", |side| match side {
        Side::Government => "figure government",
        Side::Society => "figure society",
    });
    let written = match reading {
        Some(reading) => view! {
            <dd class="big">{numbers::decimal(reading.value)}<span class="degree">"°"</span></dd>
            <dd class="rests-on">
                {reading.interval(language)}
                {side.map(|_| format!(" · n = {}", numbers::count(reading.n)))}
            </dd>
        }
        .into_any(),
        None => view! { <dd class="nothing">{words::NO_DATA.get(language)}</dd> }.into_any(),
    };
    view! {
        <div class=class>
            <dt>{side.map(inline_mark)} {name.get(language)}</dt>
            {written}
        </div>
    }
    .into_any()
}
