//! Parts of the page that follow the session.
//!
//! Each takes a plain function instead of a closure: all of a kind are then one type, compiled
//! once, and that is what a phone downloads.

use super::fresh::Fresh;
use super::session::Session;
use leptos::prelude::*;

/// A text.
pub fn text(
    session: RwSignal<Session>,
    say: fn(&Session) -> String,
) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    move || session.with(say)
}

/// An attribute; absent where `None`.
pub fn attribute(
    session: RwSignal<Session>,
    of: fn(&Session) -> Option<String>,
) -> impl Fn() -> Option<String> + Copy + Send + Sync + 'static {
    move || session.with(of)
}

/// An attribute that is there or not, such as `hidden`.
pub fn on(present: bool) -> Option<String> {
    present.then(String::new)
}

/// A part that is drawn anew whenever its key changes, and only then.
pub fn anew<V: IntoView + 'static>(
    session: RwSignal<Session>,
    key: fn(&Session) -> String,
    draw: fn(RwSignal<Session>) -> V,
) -> impl IntoView {
    move || Fresh {
        key: session.with(key),
        draw: move || draw(session),
    }
}
