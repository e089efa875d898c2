//! The page in the browser.
//!
//! The server has already written the first screen as a form. The app reads what stands in it,
//! draws the same screen itself, and from then on carries out what the form's buttons ask for
//! without another page. If any of this fails, the form is still there and works.
//!
//! | module | holds |
//! |---|---|
//! | [`fields`](mod@fields) | reading forms and drafts: both are the same fields |
//! | [`json`] | reading what the server says |
//! | [`body`] | writing what is sent |
//! | [`takeover`] | from the server's form to the app's, in one moment |
//! | [`acts`] | what a press or a keystroke leads to |
//! | [`draft`] | answers kept on this device |
//! | [`sending`] | answers on their way, again if need be |
//! | [`embedding`] | talking to the page around this one |
//! | [`speech`] | reading aloud |

mod acts;
mod body;
mod draft;
mod embedding;
mod fields;
mod json;
mod sending;
mod speech;
mod takeover;

use super::ending::thanks;
use super::live::anew;
use super::screen::{is_embedded, screen, sheet, size};
use super::session::{Session, Stage};
use leptos::either::Either;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{Document, Window};

/// Takes the page over. On a page without a questionnaire (a thank-you that the server wrote, a
/// refusal) nothing happens.
pub fn start() {
    // An error leaves the server's form as it is, which works by itself.
    let _ = takeover::begin();
}

/// What the app draws: the form, and once the person is done the thank-you.
fn page(session: RwSignal<Session>) -> impl IntoView {
    let done = |s: &Session| match s.stage {
        Stage::Done(_) => s.id.clone(),
        _ => String::new(),
    };
    let content = anew(session, done, |session| {
        if session.with_untracked(|s| matches!(s.stage, Stage::Done(_))) {
            Either::Left(thanks(session))
        } else {
            Either::Right(view! { <form>{screen(session)}</form> })
        }
    });
    sheet(is_embedded(session), size(session), content)
}

fn window() -> Result<Window, JsValue> {
    web_sys::window().ok_or(JsValue::UNDEFINED)
}

fn document() -> Result<Document, JsValue> {
    window()?.document().ok_or(JsValue::UNDEFINED)
}
