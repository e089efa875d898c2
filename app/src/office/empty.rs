//! What stands where there is nothing yet: what will be here, and what to do to get it.

use super::state::{Office, Overview};
use super::{sentences, words};
use leptos::prelude::*;
use report::Picture;
use survey::Language;

/// Instead of the pictures while there are no answers.
pub fn empty(
    office: Office,
    overview: &Overview,
    picture: &Picture,
    language: Language,
) -> AnyView {
    let elsewhere = overview
        .questionnaires
        .iter()
        .any(|listed| listed.id == picture.questionnaire && listed.n > 0);
    let origin = office.origin.get();
    let addresses: Vec<AnyView> = overview
        .questionnaires
        .iter()
        .map(|listed| {
            let path = format!("/s/{}", listed.id);
            let shown = format!("{origin}{path}");
            view! {
                <dt>{sentences::population(listed.population).get(language)}</dt>
                <dd><a href=path>{shown}</a></dd>
            }
            .into_any()
        })
        .collect();
    let all_waves = (elsewhere && picture.wave.is_some()).then(|| {
        view! {
            <p>
                {words::EMPTY_WAVE.get(language)}
                " "
                <button type="button" class="link" on:click=move |_| office.selection.update(|s| s.wave = None)>
                    {words::SEE_ALL_WAVES.get(language)}
                </button>
            </p>
        }
    });
    view! {
        <section class="empty">
            <h2>{words::EMPTY_TITLE.get(language)}</h2>
            {all_waves}
            <p>{words::EMPTY_LEAD.get(language)}</p>
            <ul>
                <li>{words::EMPTY_THERMOMETER.get(language)}</li>
                <li>{words::EMPTY_TABLE.get(language)}</li>
            </ul>
            <h3>{words::EMPTY_DO.get(language)}</h3>
            <dl class="addresses">{addresses}</dl>
        </section>
    }
    .into_any()
}
