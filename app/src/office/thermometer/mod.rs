//! The thermometer: for each indicator the government's and the society's reading on one shared
//! scale, with their intervals and the gap between them.

mod arrange;
mod beside;
mod draw;
mod labels;
mod layout;
mod line;
mod size;
mod stacked;
#[cfg(test)]
mod tests;

pub use line::{Line, has_temperature, headline, others, temperature};
pub use size::Size;

use super::numbers::{self, Unit};
use super::words;
use leptos::prelude::*;
use survey::Language;

/// What a thermometer needs to know beside its lines.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// How wide it is drawn, in CSS pixels.
    pub width: f64,
    /// The rate to be reached, of 100.
    pub threshold: f64,
    /// The level of the intervals, a proportion.
    pub level: f64,
    /// The language of its labels.
    pub language: Language,
}

/// The picture, and the same as a table for those who do not see it.
pub fn thermometer(title: String, lines: &[Line], size: Size, setting: Setting) -> AnyView {
    let Setting {
        width,
        threshold,
        level,
        language,
    } = setting;
    let layout = layout::layout(lines, width, threshold, level, size, language);
    let description = words::DESCRIPTION.get(language).to_owned();
    view! {
        <figure class="picture">
            {draw::draw(&layout, threshold, title.clone(), description, size)}
            {alternative(title, lines, level, language)}
        </figure>
    }
    .into_any()
}

fn alternative(title: String, lines: &[Line], level: f64, language: Language) -> AnyView {
    let interval = format!(
        "{} {}",
        numbers::level(level),
        words::INTERVAL.get(language)
    );
    let caption = format!("{title} ({interval})");
    let rows: Vec<AnyView> = lines
        .iter()
        .map(|line| {
            let absent = if line.one_sided {
                words::NOT_ASKED
            } else {
                words::NO_DATA
            };
            let cell = |reading: Option<numbers::Reading>, unit: Unit| {
                reading.map_or_else(
                    || absent.get(language).to_owned(),
                    |reading| reading.full(unit, language),
                )
            };
            let gap = match line.unit {
                Unit::Degrees => Unit::Degrees,
                Unit::Percent | Unit::Points => Unit::Points,
            };
            view! {
                <tr>
                    <th scope="row">{line.name.clone()}</th>
                    <td>{cell(line.government, line.unit)}</td>
                    <td>{cell(line.society, line.unit)}</td>
                    <td>{cell(line.gap, gap)}</td>
                    <td>{line.change.clone().unwrap_or_default()}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="visually-hidden"><table>
            <caption>{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">{words::COLUMN_INDICATOR.get(language)}</th>
                    <th scope="col">{words::GOVERNMENT.get(language)}</th>
                    <th scope="col">{words::SOCIETY.get(language)}</th>
                    <th scope="col">{words::COLUMN_GAP.get(language)}</th>
                    <th scope="col">{words::COLUMN_CHANGE.get(language)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table></div>
    }
    .into_any()
}
