//! The two marks and the whisker, the same in every picture: government a filled circle, society a
//! diamond, told apart by shape before colour.

use leptos::prelude::*;

/// Whose reading it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Government, a filled circle.
    Government,
    /// Society, a diamond.
    Society,
}

impl Side {
    /// The class that gives it its colour.
    pub fn class(self) -> &'static str {
        match self {
            Side::Government => "government",
            Side::Society => "society",
        }
    }
}

/// The mark of a side at a place, `half` its height above and below.
pub fn mark(side: Side, x: f64, y: f64, half: f64) -> AnyView {
    let class = format!("mark {}", side.class());
    match side {
        Side::Government => view! {
            <circle class=class cx=format!("{x:.1}") cy=format!("{y:.1}") r=format!("{half:.1}")></circle>
        }
        .into_any(),
        Side::Society => {
            // A diamond looks smaller than a circle of its height.
            let d = half * 1.25;
            let path = format!("M{x:.1} {:.1}L{:.1} {y:.1}L{x:.1} {:.1}L{:.1} {y:.1}Z", y - d, x + d, y + d, x - d);
            view! { <path class=class d=path></path> }.into_any()
        }
    }
}

/// An interval as a line with two ends.
pub fn whisker(side: Side, left: f64, right: f64, y: f64, half: f64) -> AnyView {
    let class = format!("whisker {}", side.class());
    let (top, bottom) = (y - half, y + half);
    let path = format!(
        "M{left:.1} {top:.1}V{bottom:.1}M{left:.1} {y:.1}H{right:.1}M{right:.1} {top:.1}V{bottom:.1}"
    );
    view! { <path class=class d=path></path> }.into_any()
}

/// The mark of a side in a line of text.
pub fn inline_mark(side: Side) -> AnyView {
    view! {
        <svg class="inline-mark" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            {mark(side, 8.0, 8.0, 6.0)}
        </svg>
    }
    .into_any()
}
