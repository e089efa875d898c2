//! What can be chosen: selectors, each with its label.

use super::breakdown::{Measure, Sort};
use super::state::{Office, Overview, Results, Selection};
use super::{breakdown, numbers, sentences, words};
use leptos::prelude::*;
use survey::{Form, Language};

/// An option of a selector: its word and its text.
type Choice = (String, String);

/// Whose answers, of which wave, at which level.
pub fn main_controls(
    office: Office,
    overview: &Overview,
    selection: &Selection,
    language: Language,
) -> AnyView {
    let mut waves = vec![(String::new(), words::ALL_WAVES.get(language).to_owned())];
    waves.extend(
        overview
            .campaign
            .waves
            .iter()
            .map(|wave| (wave.id.clone(), wave.name.get(language).to_owned())),
    );
    let people: Vec<Choice> = overview
        .society()
        .into_iter()
        .map(|listed| (listed.id.clone(), who(overview, listed, language)))
        .collect();
    let levels: Vec<Choice> = [0.90, 0.95, 0.99]
        .iter()
        .map(|level| (level.to_string(), numbers::level(*level)))
        .collect();
    let methods: Vec<Choice> = words::METHODS
        .iter()
        .map(|name| ((*name).to_owned(), words::method(name, language)))
        .collect();
    let weightings: Vec<Choice> = [("raked", words::RAKED), ("unweighted", words::UNWEIGHTED)]
        .map(|(word, text)| (word.to_owned(), text.get(language).to_owned()))
        .into();
    let asked = overview
        .questionnaires
        .iter()
        .find(|listed| listed.id == selection.questionnaire);
    let can_weight =
        asked.is_some_and(|listed| overview.campaign.totals_of(listed.population).is_some());
    let wave = selection.wave.clone().unwrap_or_default();
    let choose = move |set: fn(&mut Selection, String)| {
        move |word: String| office.selection.update(|selection| set(selection, word))
    };
    view! {
        <form class="controls" aria-label=words::CHOOSE.get(language)>
            {selector("wave", words::WAVE, waves, &wave, language, choose(|s, word| {
                s.wave = (!word.is_empty()).then_some(word);
            }))}
            {(people.len() > 1).then(|| selector("people", words::POPULATION, people, &selection.questionnaire, language,
                choose(|s, word| {
                    s.questionnaire = word;
                    // The other form may not have the same groups.
                    if !matches!(s.by.as_str(), "area" | "wave" | "mode") {
                        s.by = "area".to_owned();
                    }
                })))}
            {selector("level", words::LEVEL, levels, &selection.level.to_string(), language, choose(|s, word| {
                if let Ok(level) = word.parse() {
                    s.level = level;
                }
            }))}
            <details class="more">
                <summary>{words::MORE_SETTINGS.get(language)}</summary>
                {can_weight.then(|| selector("weighting", words::WEIGHTING, weightings, &selection.weighting, language, choose(|s, word| s.weighting = word)))}
                {selector("method", words::METHOD, methods, &selection.method, language, choose(|s, word| s.method = word))}
            </details>
        </form>
    }
    .into_any()
}

/// Two forms for the same people are told apart by their titles.
fn who(overview: &Overview, listed: &super::state::Listed, language: Language) -> String {
    let same = overview
        .society()
        .iter()
        .filter(|other| other.population == listed.population)
        .count();
    if same > 1 {
        listed.title.get(language).to_owned()
    } else {
        sentences::population(listed.population)
            .get(language)
            .to_owned()
    }
}

/// What the table shows, by what, in which order.
pub fn table_controls(
    office: Office,
    results: &Results,
    selection: &Selection,
    language: Language,
) -> AnyView {
    let picture = results.table_picture();
    let measure = selection.measure.in_picture(picture);
    let mut measures: Vec<Choice> = picture
        .indicators
        .iter()
        .map(|d| {
            (
                d.indicator.key.clone(),
                d.indicator.name.get(language).to_owned(),
            )
        })
        .collect();
    if picture.indicators.iter().any(|d| d.weight.is_some()) {
        let temperature = breakdown::Measure::Temperature;
        measures.insert(
            0,
            (
                temperature.as_str().to_owned(),
                words::TEMPERATURE.get(language).to_owned(),
            ),
        );
    }
    let sorts: Vec<Choice> = Sort::ALL
        .iter()
        .filter(|(sort, _)| *sort != Sort::Gap || picture.gap.is_some())
        .map(|(sort, word)| {
            (
                (*word).to_owned(),
                sort_name(*sort).get(language).to_owned(),
            )
        })
        .collect();
    let sort = Sort::ALL
        .iter()
        .find_map(|(sort, word)| (*sort == selection.sort).then_some(*word))
        .unwrap_or_default();
    let choose = move |set: fn(&mut Selection, String)| {
        move |word: String| office.selection.update(|selection| set(selection, word))
    };
    view! {
        <form class="controls" aria-label=words::ARRANGE.get(language)>
            {selector("by", words::BREAK_DOWN, groups(results.form.as_deref(), selection, language), &selection.by, language,
                choose(|s, word| {
                    s.sort = Selection::usual_sort(&word);
                    s.by = word;
                }))}
            {selector("measure", words::SHOW, measures, measure.as_str(), language, choose(|s, word| {
                s.measure = Measure::parse(&word);
            }))}
            {selector("sort", words::SORT, sorts, sort, language, choose(|s, word| {
                if let Some(sort) = Sort::parse(&word) {
                    s.sort = sort;
                }
            }))}
        </form>
    }
    .into_any()
}

/// What results can be broken down by: area, wave and mode always, and the form's own groups.
fn groups(form: Option<&Form>, selection: &Selection, language: Language) -> Vec<Choice> {
    let items = form.map_or(&[][..], |form| &form.questionnaire.breakdowns);
    let mut words: Vec<&str> = ["area", "wave", "mode"]
        .into_iter()
        .chain(items.iter().map(String::as_str))
        .collect();
    if !words.contains(&selection.by.as_str()) {
        words.push(&selection.by);
    }
    words
        .into_iter()
        .map(|word| (word.to_owned(), group_name(word, form, language)))
        .collect()
}

/// What a breakdown is called, by the API's word.
pub fn group_name(by: &str, form: Option<&Form>, language: Language) -> String {
    let known = match by {
        "area" => words::BY_AREA,
        "wave" => words::BY_WAVE,
        "mode" => words::BY_MODE,
        "age" => words::BY_AGE,
        "sex" => words::BY_SEX,
        "business" => words::BY_BUSINESS,
        item => {
            let item = form.and_then(|form| form.item(item));
            return item.map_or_else(|| by.to_owned(), |item| item.text.get(language).to_owned());
        }
    };
    known.get(language).to_owned()
}

fn sort_name(sort: Sort) -> words::Phrase {
    match sort {
        Sort::Estimate => words::SORT_ESTIMATE,
        Sort::Gap => words::SORT_GAP,
        Sort::Name => words::SORT_NAME,
        Sort::Size => words::SORT_N,
        Sort::Given => words::SORT_GIVEN,
    }
}

fn selector(
    id: &'static str,
    label: words::Phrase,
    choices: Vec<Choice>,
    chosen: &str,
    language: Language,
    on_choice: impl Fn(String) + 'static,
) -> AnyView {
    let options: Vec<AnyView> = choices
        .into_iter()
        .map(|(word, text)| {
            let selected = word == chosen;
            // The property too: an attribute does not move a selector that was touched before.
            view! { <option value=word selected=selected prop:selected=selected>{text}</option> }
                .into_any()
        })
        .collect();
    view! {
        <label class="selector">
            <span>{label.get(language)}</span>
            <select name=id on:change=move |event| on_choice(event_target_value(&event))>{options}</select>
        </label>
    }
    .into_any()
}
