//! The pictures inside the table: one scale from row to row. Places are percentages, so that they
//! stretch with their cell and their type and marks do not.

use super::rows::BreakdownRow;
use crate::office::marks::{Side, mark};
use crate::office::numbers::Reading;
use crate::office::scale::{GRID, percent_x};
use leptos::prelude::*;

const HEIGHT: f64 = 44.0;
const MARK: f64 = 5.0;
const CAP: f64 = 3.5;

/// The scale's numbers, in the table's head.
pub fn axis() -> AnyView {
    let labels: Vec<AnyView> = GRID
        .iter()
        .map(|reading| {
            view! {
                <text class="axis" x=percent_x(*reading) y="14" text-anchor="middle">{format!("{reading:.0}")}</text>
            }
            .into_any()
        })
        .collect();
    view! {
        <svg class="cell" width="100%" height="20" overflow="visible" aria-hidden="true">
            {labels}
        </svg>
    }
    .into_any()
}

/// One row's readings.
pub fn readings(row: &BreakdownRow, own: Side, threshold: Option<f64>) -> AnyView {
    let both = row.government.is_some() && row.own.is_some();
    let (upper, lower) = if both { (15.0, 29.0) } else { (22.0, 22.0) };
    let grid: Vec<AnyView> = GRID
        .iter()
        .map(|reading| {
            let x = percent_x(*reading);
            view! { <line class="grid" x1=x.clone() x2=x y1="0" y2="100%"></line> }.into_any()
        })
        .collect();
    view! {
        <svg class="cell" width="100%" height=HEIGHT.to_string() overflow="visible" aria-hidden="true">
            {grid}
            {threshold.map(|at| view! {
                <line class="threshold" x1=percent_x(at) x2=percent_x(at) y1="0" y2="100%"></line>
            })}
            {row.government.map(|reading| drawn(reading, Side::Government, upper))}
            {row.own.map(|reading| drawn(reading, own, lower))}
        </svg>
    }
    .into_any()
}

fn drawn(reading: Reading, side: Side, y: f64) -> AnyView {
    let class = format!("whisker {}", side.class());
    let (low, high) = (percent_x(reading.lower), percent_x(reading.upper));
    let at = |y: f64| format!("{y:.1}");
    let cap = |x: String| {
        view! { <line class=class.clone() x1=x.clone() x2=x y1=at(y - CAP) y2=at(y + CAP)></line> }
    };
    view! {
        <line class=class.clone() x1=low.clone() x2=high.clone() y1=at(y) y2=at(y)></line>
        {cap(low)}
        {cap(high)}
        <svg x=percent_x(reading.value) y=at(y) overflow="visible">{mark(side, 0.0, 0.0, MARK)}</svg>
    }
    .into_any()
}
