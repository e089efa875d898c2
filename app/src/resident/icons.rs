//! The page's three signs, drawn as lines in the colour of the text.

use leptos::prelude::*;

fn icon(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path />
        </svg>
    }
}

pub fn speaker() -> impl IntoView {
    icon("M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11")
}

pub fn onward() -> impl IntoView {
    icon("M5 12h14M13 6l6 6-6 6")
}

pub fn attention() -> impl IntoView {
    icon("M12 4 2.5 20h19zM12 10v4.5M12 17v.5")
}
