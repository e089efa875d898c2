//! Talking to the page around this one: how high this page is, and that something happened; never
//! what was answered. Only the origin that the server has allowed hears it.

use super::window;
use crate::resident::session::Session;
use js_sys::{Object, Reflect};
use leptos::prelude::*;
use survey::Mode;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ResizeObserver};

/// The origin of the page around this one, if there is one that may hear.
pub fn origin(session: &Session) -> Option<String> {
    let window = window().ok()?;
    let inside = window.parent().ok()?? != window;
    (inside && session.visit.mode == Mode::Widget).then(|| session.visit.origin.clone())?
}

/// Tells the height now and whenever it changes.
pub fn begin(app: &HtmlElement, session: RwSignal<Session>, origin: String) {
    tell(session, "ready");
    let measured = app.clone();
    let tell_height = Closure::<dyn FnMut()>::new(move || {
        let height = measured.get_bounding_client_rect().height();
        let _ = post(&origin, "height", Some(height.ceil()));
    });
    if let Ok(observer) = ResizeObserver::new(tell_height.as_ref().unchecked_ref()) {
        observer.observe(app);
    }
    tell_height.forget();
}

/// Tells that something happened.
pub fn tell(session: RwSignal<Session>, what: &str) {
    if let Some(origin) = session.with_untracked(origin) {
        let _ = post(&origin, what, None);
    }
}

fn post(origin: &str, what: &str, height: Option<f64>) -> Result<(), JsValue> {
    let message = Object::new();
    Reflect::set(&message, &"wendu".into(), &what.into())?;
    if let Some(height) = height {
        Reflect::set(&message, &"height".into(), &height.into())?;
    }
    match window()?.parent()? {
        Some(parent) => parent.post_message(&message, origin),
        None => Ok(()),
    }
}
