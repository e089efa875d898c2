//! The office's page: header, headline, thermometer, table.

use super::breakdown;
use super::controls::{group_name, main_controls, table_controls};
use super::definitions::footnote;
use super::embed::embed;
use super::empty::empty;
use super::hero::hero;
use super::sites::sites;
use super::state::{Live, Office, Overview, Results, Selection, View};
use super::thermometer::{self, Setting, Size, thermometer};
use super::{sentences, time, words};
use leptos::prelude::*;
use std::sync::Arc;
use survey::Language;

/// The whole page of someone who is signed in. What was read stays until newer is there.
pub fn dashboard(office: Office) -> AnyView {
    view! {
        {move || simulated(office)}
        <div class="page">
            {move || header(office, office.overview.get(), office.language.get())}
            <main aria-busy=move || office.loading.get().to_string()>
                {move || problem(office, office.language.get())}
                {move || match office.view.get() {
                    View::Results => results(office),
                    View::Embed => embed(office),
                }}
                {move || (office.view.get() == View::Results).then(|| sites(office))}
            </main>
        </div>
    }
    .into_any()
}

/// Made-up data say so on top of everything.
fn simulated(office: Office) -> AnyView {
    let language = office.language.get();
    let simulated = office
        .overview
        .with(|overview| overview.as_ref().is_some_and(|o| o.simulated));
    simulated
        .then(|| view! { <aside class="simulated">{words::SIMULATED.get(language)}</aside> })
        .into_any()
}

fn header(office: Office, overview: Option<Arc<Overview>>, language: Language) -> AnyView {
    let Some(overview) = overview else {
        return view! { <header class="masthead"><p class="office-name">{words::PRODUCT.get(language)}</p></header> }
            .into_any();
    };
    let campaign = &overview.campaign;
    let progress = overview.day.clamp(0, i64::from(campaign.days)).to_string();
    let controls = {
        let overview = Arc::clone(&overview);
        move || main_controls(office, &overview, &office.selection.get(), language)
    };
    view! {
        <header class="masthead">
            <div class="top">
                <p class="office-name">{campaign.office.get(language).to_owned()} " · " {words::PRODUCT.get(language)}</p>
                <div class="session">
                    <button type="button" class="link" lang=language.other().tag()
                        on:click=move |_| office.language.update(|l| *l = l.other())>
                        {words::OTHER_LANGUAGE.get(language)}
                    </button>
                    <button type="button" class="link" on:click=move |_| office.leave.update(|n| *n += 1)>
                        {words::SIGN_OUT.get(language)}
                    </button>
                </div>
            </div>
            <h1>{campaign.name.get(language).to_owned()}</h1>
            <div class="status">
                <p class="day">
                    {sentences::day(overview.day, campaign.days, language)}
                    <progress max=campaign.days.to_string() value=progress aria-hidden="true"></progress>
                </p>
                {move || live(office.live.get(), language)}
                {move || answers(office, language)}
            </div>
            {controls}
            {views(office, language)}
        </header>
    }
    .into_any()
}

/// The way from one page to another.
fn views(office: Office, language: Language) -> AnyView {
    let button = |view: View, name: words::Phrase| {
        let current = move || (office.view.get() == view).then_some("page");
        view! {
            <button type="button" class="tab" aria-current=current on:click=move |_| office.view.set(view)>
                {name.get(language)}
            </button>
        }
    };
    view! {
        <nav class="tabs" aria-label=words::VIEWS_LABEL.get(language)>
            {button(View::Results, words::VIEW_RESULTS)}
            {button(View::Embed, words::VIEW_EMBED)}
        </nav>
    }
    .into_any()
}

fn answers(office: Office, language: Language) -> AnyView {
    let Some(results) = office.results.get() else {
        return ().into_any();
    };
    let picture = &results.picture;
    let wave = office.overview.with(|overview| {
        let waves = overview.as_ref().map_or(&[][..], |o| &o.campaign.waves);
        waves
            .iter()
            .find(|wave| picture.wave.as_ref() == Some(&wave.id))
            .map_or_else(
                || words::ALL_WAVES.get(language).to_owned(),
                |wave| wave.name.get(language).to_owned(),
            )
    });
    let mut told = sentences::answers(&wave, picture.n, picture.last_received_at, language);
    if picture.last_received_at.is_some() {
        told = format!("{told} {}", time::zone(language));
    }
    view! { <p class="answers">{told}</p> }.into_any()
}

fn live(live: Live, language: Language) -> AnyView {
    let (class, text) = match live {
        Live::Connecting => ("live", words::CONNECTING),
        Live::Connected => ("live connected", words::LIVE),
        Live::Lost => ("live lost", words::LOST),
    };
    view! { <p class=class role="status">{text.get(language)}</p> }.into_any()
}

fn problem(office: Office, language: Language) -> AnyView {
    let Some(problem) = office.problem.get() else {
        return ().into_any();
    };
    let old = office.results.get().is_some();
    view! {
        <div class="problem" role="alert">
            <p>{problem.told(language)} {old.then(|| format!(" {}", words::STILL_OLD.get(language)))}</p>
            <button type="button" on:click=move |_| office.refresh.update(|n| *n += 1)>{words::RETRY.get(language)}</button>
        </div>
    }
    .into_any()
}

fn results(office: Office) -> AnyView {
    let language = office.language.get();
    let (Some(overview), Some(results)) = (office.overview.get(), office.results.get()) else {
        let waiting = office.problem.get().is_none();
        return view! { <p class="loading" role="status">{waiting.then(|| words::LOADING.get(language))}</p> }
            .into_any();
    };
    if results.picture.n == 0 && results.table_picture().n == 0 {
        return empty(office, &overview, &results.picture, language);
    }
    let threshold = 100.0 * overview.campaign.threshold;
    let setting = move || Setting {
        width: office.width.get(),
        threshold,
        level: office
            .results
            .with(|r| r.as_ref().map_or(0.95, |r| r.picture.level)),
        language,
    };
    let table = {
        let results = Arc::clone(&results);
        move || {
            table(
                office,
                &results,
                &office.selection.get(),
                threshold,
                language,
            )
        }
    };
    view! {
        {hero(&results.picture, language)}
        {pictures(&results, setting())}
        {table}
    }
    .into_any()
}

/// The thermometer, the indicators that make up the temperature first.
pub fn pictures(results: &Results, setting: Setting) -> AnyView {
    let language = setting.language;
    let picture = &results.picture;
    let lines = thermometer::headline(picture, language);
    let others = thermometer::others(picture, language);
    let title = words::THERMOMETER_LEAD.get(language);
    let others = (!others.is_empty()).then(|| {
        let title = words::OTHERS_TITLE.get(language);
        view! {
            <h3>{title}</h3>
            {thermometer(title.to_owned(), &others, Size::OTHERS, setting)}
        }
    });
    view! {
        <section class="thermometers">
            <h2>{title}</h2>
            {thermometer(title.to_owned(), &lines, Size::HEADLINE, setting)}
            {others}
            {footnote(picture, results.form.as_deref(), language)}
        </section>
    }
    .into_any()
}

fn table(
    office: Office,
    results: &Results,
    selection: &Selection,
    threshold: f64,
    language: Language,
) -> AnyView {
    let picture = results.table_picture();
    let group = group_name(&picture.by, results.form.as_deref(), language);
    view! {
        <section class="broken-down">
            <h2>{words::BREAKDOWN_TITLE.get(language)}</h2>
            {table_controls(office, results, selection, language)}
            {breakdown::table(picture, &selection.measure, selection.sort, group, threshold, language)}
            {footnote(picture, results.form.as_deref(), language)}
        </section>
    }
    .into_any()
}
