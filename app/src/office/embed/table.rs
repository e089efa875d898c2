//! Views → starts → completions by source, each rate with its interval.

use crate::office::numbers::{self, Reading, Unit};
use crate::office::words;
use leptos::prelude::*;
use report::{Estimate, SourceReport, SourceRow};
use survey::{Language, Mode};

/// The table, or what to do to get one.
pub fn table(report: &SourceReport, language: Language) -> AnyView {
    let Some(since) = &report.since else {
        return view! { <p class="note">{words::SOURCES_NONE.get(language)}</p> }.into_any();
    };
    let rows: Vec<_> = report.rows.iter().map(|row| draw(row, language)).collect();
    let csv = format!(
        "/api/v1/sources?questionnaire={}&format=csv",
        report.questionnaire
    );
    let mut note = format!(
        "{}{since}{}",
        words::SOURCES_SINCE.get(language),
        words::SOURCES_RULE.get(language)
    );
    // Hours and minutes by the campaign's clock.
    if let Some(time) = report.as_of.as_deref().and_then(|as_of| as_of.get(11..16)) {
        let as_of = words::SOURCES_AS_OF.get(language);
        let end = language.pick("。", ".");
        note.push_str(&format!("{as_of}{time}{end}"));
    }
    let head = |phrase: words::Phrase| phrase.get(language);
    view! {
        <table class="source-table">
            <caption class="visually-hidden">{head(words::SOURCES_TITLE)}</caption>
            <thead>
                <tr>
                    <th scope="col">{head(words::SOURCE)}</th>
                    <th scope="col" class="n">{head(words::VIEWS)}</th>
                    <th scope="col" class="n">{head(words::STARTS)}</th>
                    <th scope="col" class="n">{head(words::COMPLETIONS)}</th>
                    <th scope="col" class="n">{head(words::START_RATE)}</th>
                    <th scope="col" class="n">{head(words::COMPLETION_RATE)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <p class="note">{note} " " <a href=csv>"CSV"</a></p>
    }
    .into_any()
}

fn draw(row: &SourceRow, language: Language) -> AnyView {
    let count = |phrase: words::Phrase, n: u64| {
        view! {
            <td class="n"><span class="phone-label" aria-hidden="true">{phrase.get(language)} " "</span>{numbers::count(n)}</td>
        }
    };
    let rate = |phrase: words::Phrase, rate: &Option<Estimate>| {
        view! {
            <td class="n"><span class="phone-label" aria-hidden="true">{phrase.get(language)} " "</span>{written(rate, language)}</td>
        }
    };
    view! {
        <tr>
            <th scope="row">{name(row, language)}</th>
            {count(words::VIEWS, row.views)}
            {count(words::STARTS, row.starts)}
            {count(words::COMPLETIONS, row.completions)}
            {rate(words::START_RATE, &row.start_rate)}
            {rate(words::COMPLETION_RATE, &row.completion_rate)}
        </tr>
    }
    .into_any()
}

fn written(rate: &Option<Estimate>, language: Language) -> AnyView {
    let Some(estimate) = rate else {
        return view! { <span class="nothing">{words::NO_RATE.get(language)}</span> }.into_any();
    };
    let reading = Reading::of_rate(estimate);
    view! {
        <span class="value">{reading.written(Unit::Percent)}</span>
        " "
        <span class="interval">{reading.interval(language)} " n = " {numbers::count(estimate.n)}</span>
    }
    .into_any()
}

fn name(row: &SourceRow, language: Language) -> String {
    let mode = row.mode.name().get(language).to_owned();
    let place = match row.place.as_str() {
        "" => return mode,
        "unknown" if row.mode == Mode::Widget => words::PLACE_UNKNOWN.get(language),
        "other" => words::PLACE_OTHER.get(language),
        place => place,
    };
    format!("{mode} · {place}")
}
