//! From the server's form to the app's, in one moment.

use super::fields::Kept;
use super::page::{self, Pairs};
use super::{App, acts, document, draft, json, view};
use crate::resident::live::build;
use crate::resident::session::Session;
use crate::resident::visit::{Progress, Visit};
use js_sys::{Array, Date};
use leptos::prelude::Mountable;
use survey::identity::ResponseId;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Draws the app in place of the server's form, whose fields and whose visit `page.js` hands over.
pub fn take_over(news: &Array) -> Option<App> {
    let visit: Visit = json::read(news.get(2));
    let app: HtmlElement = document()?.get_element_by_id("app")?.unchecked_into();
    let session = session(visit, &page::pairs(news.get(1).unchecked_into()));
    app.set_text_content(None);
    let (mut drawn, following) = build(view(&session));
    drawn.mount(&app, None);
    acts::begin(&session);
    Some(App { session, following })
}

/// Puts together what stands in the form and what was kept on this device.
fn session(visit: Visit, pairs: &Pairs) -> Session {
    let form = Kept::read(&visit.form, pairs);
    let draft = draft::load(&visit).filter(|_| !visit.is_shared());
    let mut progress = Progress {
        large: form.large || draft::is_large(),
        assistance: form.assistance,
        ..Progress::default()
    };
    let underway = form.answers.iter().any(|(id, _)| id != form.at);
    let mut restored = false;
    match draft {
        Some(draft) if !underway => {
            // What has just been ticked is newer than what was kept.
            let news = form
                .answers
                .iter()
                .any(|(id, answer)| draft.answers.get(id) != Some(answer));
            progress.at = Some(if news { form.at } else { draft.at });
            progress.answers = draft.answers;
            progress.answers.extend(form.answers);
            progress.response_id = draft.id;
            progress.started_at = draft.started_at;
            restored = true;
        }
        _ => {
            progress.at = Some(form.at);
            progress.answers = form.answers;
            if underway {
                progress.response_id = form.id;
                progress.started_at = form.started_at;
            }
        }
    }
    if ResponseId::parse(&progress.response_id).is_err() {
        progress.response_id = new_id();
    }
    if progress.started_at.is_empty() {
        progress.started_at = page::now();
    }
    let mut session = Session::new(visit, progress);
    session.restored = restored;
    session.speaks = page::speaks();
    session
}

fn new_id() -> String {
    let mut random = [0; 10];
    page::random(&mut random);
    ResponseId::new(Date::now() as u64, random).to_string()
}
