//! Embedding and sources: the snippet to paste, how it will look, and who comes by it.

mod snippet;
mod table;

pub use snippet::Wish;

use super::state::Office;
use super::words;
use leptos::prelude::*;
use report::SourceReport;
use survey::Language;

/// The whole view.
pub fn embed(office: Office) -> AnyView {
    let language = office.language.get();
    let Some(report) = office.sources.get() else {
        return view! { <p class="loading" role="status">{words::LOADING.get(language)}</p> }
            .into_any();
    };
    let origins = origins(&report, language);
    let table = table::table(&report, language);
    view! {
        <section class="embedding">
            <h2>{words::EMBED_TITLE.get(language)}</h2>
            {origins}
            {snippet::controls(office, &report, language)}
            {move || snippet::shown(office, &office.wish.get(), language)}
        </section>
        <section class="sources">
            <h2>{words::SOURCES_TITLE.get(language)}</h2>
            {table}
        </section>
    }
    .into_any()
}

/// Whose pages may embed it; a snippet elsewhere shows nothing.
fn origins(report: &SourceReport, language: Language) -> AnyView {
    let all: Vec<&str> = report
        .widgets
        .iter()
        .flat_map(|widget| widget.origins.iter().map(String::as_str))
        .collect();
    if all.is_empty() {
        return view! { <p class="note">{words::EMBED_NOWHERE.get(language)}</p> }.into_any();
    }
    let told = format!("{}{}", words::EMBED_WHERE.get(language), all.join(" · "));
    view! { <p class="note">{told}</p> }.into_any()
}
