//! The page in the browser.
//!
//! The server has already written the first screen as a form. The app reads what stands in it,
//! draws the same screen itself, and from then on carries out what the form's buttons ask for
//! without another page. If any of this fails, the form is still there and works.
//!
//! | module | holds |
//! |---|---|
//! | [`page`] | what the app asks of the browser |
//! | [`fields`](mod@fields) | reading forms and drafts: both are the same fields |
//! | [`json`] | reading what the server says |
//! | [`body`] | writing what is sent |
//! | [`takeover`] | from the server's form to the app's, in one moment |
//! | [`acts`] | what a press or a keystroke leads to |
//! | [`draft`] | answers kept on this device |
//! | [`sending`] | answers on their way, again if need be |
//! | [`speech`] | reading aloud |

mod acts;
mod body;
mod draft;
mod fields;
mod json;
mod page;
mod sending;
mod speech;
mod takeover;

use super::ending::thanks;
use super::live::{Following, anew};
use super::screen::{is_embedded, screen, sheet, size};
use super::session::{Session, Stage};
use js_sys::Array;
use leptos::either::Either;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use web_sys::Document;

/// Takes the page over. An error leaves the server's form as it is, which works by itself.
pub fn start() {
    let mut app = None;
    let hear = Closure::<dyn FnMut(Array)>::new(move |news: Array| match &mut app {
        None => app = takeover::take_over(&news),
        Some(App { session, following }) => {
            acts::hear(session, &news);
            following.refresh(session);
        }
    });
    page::begin(hear.into_js_value());
}

/// Where the person stands, and what on the page follows it.
struct App {
    session: Session,
    following: Following,
}

/// What the app draws: the form, and once the person is done the thank-you.
fn view(session: &Session) -> impl IntoView + use<> {
    let done = |s: &Session| match s.stage {
        Stage::Done(_) => s.id.clone(),
        _ => String::new(),
    };
    anew(session, done, |session| {
        let (embedded, size) = (is_embedded(session), size(session));
        if matches!(session.stage, Stage::Done(_)) {
            Either::Left(sheet(embedded, size, thanks(session)))
        } else {
            let form = view! { <form>{screen(session)}</form> };
            Either::Right(sheet(embedded, size, form))
        }
    })
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}
