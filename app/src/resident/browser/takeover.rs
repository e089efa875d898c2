//! From the server's form to the app's, in one moment.

use super::fields::{self, Kept, Pairs};
use super::{acts, document, draft, json, page, sending, speech, window};
use crate::resident::session::Session;
use crate::resident::visit::{Progress, Visit};
use js_sys::{Date, JSON};
use leptos::mount::mount_to;
use leptos::prelude::*;
use std::time::Duration;
use survey::identity::ResponseId;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement};

/// How long to wait for a finger to be lifted before looking again, and how often.
const PRESSED: Duration = Duration::from_millis(50);
const PATIENCE: u32 = 40;

/// Reads what the page is about, then takes over.
pub fn begin() -> Result<(), JsValue> {
    let Some(data) = document()?.get_element_by_id("visit") else {
        return Ok(());
    };
    let data = JSON::parse(&data.text_content().unwrap_or_default())?;
    let visit: Visit = json::read(data);
    when_released(visit, PATIENCE)
}

/// An option that is being pressed would lose the press if it were replaced under the finger.
fn when_released(visit: Visit, patience: u32) -> Result<(), JsValue> {
    if patience > 0 && document()?.query_selector("form :active")?.is_some() {
        set_timeout(
            move || {
                let _ = when_released(visit, patience - 1);
            },
            PRESSED,
        );
        return Ok(());
    }
    take_over(visit)
}

fn take_over(visit: Visit) -> Result<(), JsValue> {
    let app: HtmlElement = element("app")?;
    let form: HtmlFormElement = app
        .query_selector("form")?
        .ok_or(JsValue::UNDEFINED)?
        .unchecked_into();
    // From here to the mount nothing is awaited: no event can come in between.
    let session = session(visit, &fields::of_form(&form)?)?;
    let focus = Focus::now()?;
    app.set_text_content(None);
    let owner = Owner::new();
    let session = owner.with(|| RwSignal::new(session));
    // The page lives as long as its window.
    std::mem::forget(owner);
    mount_to(app.clone(), move || page(session)).forget();
    focus.restore();
    acts::listen(&app, session)?;
    sending::begin(session)
}

/// Puts together what stands in the form and what was kept on this device.
fn session(visit: Visit, pairs: &Pairs) -> Result<Session, JsValue> {
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
        progress.response_id = new_id()?;
    }
    if progress.started_at.is_empty() {
        progress.started_at = Date::new_0().to_iso_string().into();
    }
    let mut session = Session::new(visit, progress);
    session.restored = restored;
    session.speaks = speech::can_speak();
    Ok(session)
}

fn new_id() -> Result<String, JsValue> {
    let mut random = [0; 10];
    window()?
        .crypto()?
        .get_random_values_with_u8_array(&mut random)?;
    Ok(ResponseId::new(Date::now() as u64, random).to_string())
}

/// The element called `id`, unchecked: what a text field has, an input and a textarea have alike.
fn element<E: JsCast>(id: &str) -> Result<E, JsValue> {
    let found = document()?
        .get_element_by_id(id)
        .ok_or(JsValue::UNDEFINED)?;
    Ok(found.unchecked_into())
}

/// Where the cursor stands.
struct Focus {
    id: String,
    caret: Option<(u32, u32)>,
}

impl Focus {
    fn now() -> Result<Focus, JsValue> {
        let active = document()?.active_element();
        let caret = active.clone().and_then(|active| {
            let field: HtmlInputElement = active.unchecked_into();
            Some((field.selection_start().ok()??, field.selection_end().ok()??))
        });
        Ok(Focus {
            id: active.map(|active| active.id()).unwrap_or_default(),
            caret,
        })
    }

    fn restore(&self) {
        if let Ok(field) = element::<HtmlInputElement>(&self.id) {
            let _ = field.focus();
            if let Some((start, end)) = self.caret {
                let _ = field.set_selection_range(start, end);
            }
        }
    }
}
