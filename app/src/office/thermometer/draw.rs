//! The thermometer as SVG. Colours and weights of line stand in `style/office.css`.

use super::layout::{Bracket, Label, Lane, Layout, Row};
use super::size::Size;
use crate::office::marks::{Side, mark, whisker};
use crate::office::scale::GRID;
use leptos::prelude::*;

/// Draws a layout. `title` and `description` are what is read aloud in its place.
pub fn draw(
    layout: &Layout,
    threshold: f64,
    title: String,
    description: String,
    size: Size,
) -> AnyView {
    let class = if size.headline {
        "thermometer headline"
    } else {
        "thermometer"
    };
    let view_box = format!("0 0 {:.1} {:.1}", layout.width, layout.height);
    let rows: Vec<AnyView> = layout
        .rows
        .iter()
        .map(|line| row(line, layout, size))
        .collect();
    view! {
        <svg class=class viewBox=view_box role="img" preserveAspectRatio="xMinYMin meet">
            <title>{title}</title>
            <desc>{description}</desc>
            {grid(layout, threshold)}
            {rows}
        </svg>
    }
    .into_any()
}

fn grid(layout: &Layout, threshold: f64) -> AnyView {
    let numbers: Vec<AnyView> = GRID
        .iter()
        .map(|reading| {
            let x = number(layout.scale.x(*reading));
            view! {
                <text class="axis" x=x y=number(layout.axis) text-anchor="middle">{format!("{reading:.0}")}</text>
            }
            .into_any()
        })
        .collect();
    let quarters: String = GRID
        .iter()
        .map(|reading| columns(layout, *reading))
        .collect();
    let label = &layout.threshold;
    view! {
        <g aria-hidden="true">
            <path class="grid" d=quarters></path>
            <path class="threshold" d=columns(layout, threshold)></path>
            {numbers}
            <text class="threshold-name" x=number(label.x) y=number(label.y)>{label.parts.join(" ")}</text>
        </g>
    }
    .into_any()
}

/// A reading's line through every band of the grid.
fn columns(layout: &Layout, reading: f64) -> String {
    let x = layout.scale.x(reading);
    layout
        .bands
        .iter()
        .map(|(top, bottom)| format!("M{x:.1} {top:.1}V{bottom:.1}"))
        .collect()
}

fn row(row: &Row, layout: &Layout, size: Size) -> AnyView {
    let names = texts(&row.name, "name");
    let changes = texts(&row.change, "change");
    let class = if row.tube.is_some() {
        "line whole"
    } else {
        "line"
    };
    let half = if row.tube.is_some() { 8.5 } else { size.mark };
    view! {
        <g class=class aria-hidden="true">
            {names}
            {changes}
            {row.tube.map(|y| tube(y, row, layout))}
            {row.gap.as_ref().map(bracket)}
            {lane(&row.government, Side::Government, layout, half, row.stacked)}
            {lane(&row.society, Side::Society, layout, half, row.stacked)}
        </g>
    }
    .into_any()
}

fn texts(labels: &[Label], class: &'static str) -> Vec<AnyView> {
    labels
        .iter()
        .map(|label| {
            view! { <text class=class x=number(label.x) y=number(label.y)>{label.parts.join(" ")}</text> }
                .into_any()
        })
        .collect()
}

/// The temperature's glass tube: filled as far as society's warmth has risen.
fn tube(y: f64, row: &Row, layout: &Layout) -> AnyView {
    const HALF: f64 = 6.0;
    const BULB: f64 = 11.0;
    let (left, right) = (layout.scale.left, layout.scale.right);
    let glass = number(right - left + HALF);
    let x = |reading: f64| layout.scale.x(reading);
    let column = |from: f64, to: f64, class: &'static str| {
        let (y, height) = (number(y - HALF + 2.0), number(2.0 * HALF - 4.0));
        view! { <rect class=class x=number(from) y=y width=number(to - from) height=height></rect> }
    };
    // Solid as far as the interval is sure of it, hazy over the interval.
    let filled = row.society.reading.map(|reading| {
        view! {
            {column(left, x(reading.lower), "mercury")}
            {column(x(reading.lower), x(reading.upper), "mercury haze")}
            <circle class="bulb" cx=number(left) cy=number(y) r=number(BULB)></circle>
        }
    });
    view! {
        <rect class="glass" x=number(left) y=number(y - HALF) width=glass height=number(2.0 * HALF) rx=number(HALF)></rect>
        {filled}
    }
    .into_any()
}

fn lane(lane: &Lane, side: Side, layout: &Layout, half: f64, stacked: bool) -> AnyView {
    let label = &lane.label;
    let class = format!("reading {}", side.class());
    let drawn = lane.reading.map(|reading| {
        let x = |value: f64| layout.scale.x(value);
        view! {
            {whisker(side, x(reading.lower), x(reading.upper), lane.y, 0.8 * half)}
            {mark(side, x(reading.value), lane.y, half)}
        }
    });
    // Where the words stand away from the mark, the mark is repeated before them.
    let repeated = stacked.then(|| mark(side, 7.0, label.y - 5.0, 5.5));
    view! {
        {drawn}
        {repeated}
        <text class=class x=number(label.x) y=number(label.y)>{parts(&label.parts)}</text>
    }
    .into_any()
}

fn bracket(bracket: &Bracket) -> AnyView {
    let (high, high_y) = bracket.government;
    let (low, low_y) = bracket.society;
    let y = bracket.y;
    let label = &bracket.label;
    let path = if bracket.inside {
        // The base line opens for its number.
        let (before, after) = (label.x - 8.0, label.x + label.width + 8.0);
        let ((left, left_y), (right, right_y)) = if low < high {
            ((low, low_y), (high, high_y))
        } else {
            ((high, high_y), (low, low_y))
        };
        format!(
            "M{left:.1} {left_y:.1}V{y:.1}H{before:.1}M{after:.1} {y:.1}H{right:.1}V{right_y:.1}"
        )
    } else {
        format!("M{low:.1} {low_y:.1}V{y:.1}H{high:.1}V{high_y:.1}")
    };
    let middle = number(label.x + label.width / 2.0);
    view! {
        <path class="bracket" d=path></path>
        <text class="gap" x=middle y=number(label.y) text-anchor="middle">{parts(&label.parts)}</text>
    }
    .into_any()
}

/// Whose it is, the value, the interval: each with its own weight of type.
fn parts(parts: &[String]) -> Vec<AnyView> {
    let classes = match parts.len() {
        // Whose it is, and that there is nothing.
        2 => ["who", "absent", ""],
        _ => ["who", "value", "interval"],
    };
    parts
        .iter()
        .zip(classes)
        .enumerate()
        .map(|(index, (part, class))| {
            let text = if index == 0 {
                part.clone()
            } else {
                format!(" {part}")
            };
            view! { <tspan class=class>{text}</tspan> }.into_any()
        })
        .collect()
}

/// A coordinate, a tenth of a pixel exact.
fn number(value: f64) -> String {
    format!("{value:.1}")
}
