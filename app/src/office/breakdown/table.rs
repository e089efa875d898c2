//! The table itself: every interval drawn and typed.

use super::drawn;
use super::order::{self, Sort};
use super::rows::{self, BreakdownRow, Measure};
use crate::office::marks::{Side, inline_mark};
use crate::office::numbers::{self, Unit};
use crate::office::{sentences, words};
use leptos::prelude::*;
use report::Picture;
use survey::Language;

/// Below this many answers a row is marked: its 95 % interval is wider than ± 18 points about one half.
const FEW: u64 = 30;

/// The table of `picture` for one measure. `group` is what the rows are called. `threshold` is the rate to be reached, of 100.
pub fn table(
    picture: &Picture,
    measure: &Measure,
    sort: Sort,
    group: String,
    threshold: f64,
    language: Language,
) -> AnyView {
    let measure = measure.in_picture(picture);
    let mut parts = rows::rows(picture, &measure, language);
    if parts.is_empty() {
        return ().into_any();
    }
    let mut whole = parts.remove(0);
    whole.name = format!("{} · {}", whole.name, words::WHOLE.get(language));
    order::sort(&mut parts, sort);
    let note = match sort {
        Sort::Given => None,
        Sort::Estimate => {
            let (neighbours, overlapping) = order::overlaps(&parts);
            Some(sentences::order_note(neighbours, overlapping, language))
        }
        Sort::Gap | Sort::Name | Sort::Size => Some(sentences::order_note(0, 0, language)),
    };
    let group_gap = picture.gap.as_ref().is_some_and(|gap| gap.rows.len() > 1);
    let gap_only_whole = whole.gap.is_some() && !parts.is_empty() && !group_gap;

    let own = if rows::is_government(picture) {
        Side::Government
    } else {
        Side::Society
    };
    // The threshold is one for rates.
    let threshold = (measure.unit() == Unit::Percent).then_some(threshold);
    let draw = Drawing {
        own,
        unit: measure.unit(),
        threshold,
        gap: picture.gap.is_some(),
        gap_by_group: group_gap,
        language,
    };
    let name = name(picture, &measure, language);
    let body: Vec<AnyView> = parts.iter().map(|part| draw.row(part, "part")).collect();
    let side = sentences::population(picture.population).get(language);
    let keys = draw.gap.then(|| {
        view! {
            <span class="keys">
                {inline_mark(Side::Government)} " " {words::CADRES.get(language)}
                " " {inline_mark(own)} " " {side}
            </span>
        }
    });
    view! {
        <table class="breakdown">
            <caption class="visually-hidden">{name.clone()}</caption>
            <thead>
                <tr>
                    <th scope="col" class="name">{group}</th>
                    <th scope="col" class="n">{words::COLUMN_N.get(language)}</th>
                    <th scope="col" class="estimate">
                        {inline_mark(own)} " " {format!("{side} · {name}{}", words::COLUMN_INTERVAL.get(language))}
                    </th>
                    <th scope="col" class="drawn">{keys} {drawn::axis()}</th>
                    {draw.gap.then(|| view! { <th scope="col" class="gap">{words::COLUMN_GAP.get(language)}</th> })}
                </tr>
            </thead>
            <tbody>
                {draw.row(&whole, "whole")}
                {body}
            </tbody>
        </table>
        {note.map(|note| view! { <p class="note">{note}</p> })}
        {gap_only_whole.then(|| view! { <p class="note">{words::NO_GROUP_GAP.get(language)}</p> })}
    }
    .into_any()
}

/// The name of a measure.
pub fn name(picture: &Picture, measure: &Measure, language: Language) -> String {
    match measure {
        Measure::Temperature => words::TEMPERATURE.get(language).to_owned(),
        Measure::Indicator(key) => picture
            .indicators
            .iter()
            .find(|d| d.indicator.key == *key)
            .map_or_else(
                || key.clone(),
                |d| d.indicator.name.get(language).to_owned(),
            ),
    }
}

/// What is the same for every row.
struct Drawing {
    own: Side,
    unit: Unit,
    threshold: Option<f64>,
    gap: bool,
    /// Whether the gap is known for groups too, not for the whole only.
    gap_by_group: bool,
    language: Language,
}

impl Drawing {
    fn row(&self, row: &BreakdownRow, class: &'static str) -> AnyView {
        let language = self.language;
        let nothing =
            || view! { <span class="nothing">{words::NO_DATA.get(language)}</span> }.into_any();
        let estimate = row.own.map_or_else(nothing, |reading| {
            view! {
                <span class="value">{reading.written(self.unit)}</span>
                " "
                <span class="interval">{reading.interval(language)}</span>
            }
            .into_any()
        });
        // What was never asked is not "no data yet".
        let absent = || match self.gap_by_group {
            true => nothing(),
            false => view! { <span class="nothing">"—"</span> }.into_any(),
        };
        let gap = self.gap.then(|| {
            let written = row.gap.map(|gap| {
                let unit = if self.unit == Unit::Degrees { Unit::Degrees } else { Unit::Points };
                view! {
                    <span class="value">{gap.written(unit)}</span>
                    " "
                    <span class="interval">{gap.interval(language)}</span>
                }
            });
            view! {
                <td class="gap">
                    <span class="phone-label" aria-hidden="true">{words::GAP.get(language)} " "</span>
                    {written.map_or_else(absent, IntoAny::into_any)}
                </td>
            }
        });
        let few = (row.n > 0 && row.n < FEW)
            .then(|| view! { <span class="few">{words::FEW.get(language)}</span> });
        view! {
            <tr class=class>
                <th scope="row" class="name">{row.name.clone()}</th>
                <td class="n"><span class="phone-label" aria-hidden="true">"n = "</span>{numbers::count(row.n)} {few}</td>
                <td class="estimate">{estimate}</td>
                <td class="drawn">{drawn::readings(row, self.own, self.threshold)}</td>
                {gap}
            </tr>
        }
        .into_any()
    }
}
