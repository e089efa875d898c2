//! What the window knows: its width, its address, the language chosen last.

use leptos::prelude::*;
use survey::Language;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::HtmlElement;

const LANGUAGE_KEY: &str = "wendu-office-language";

/// `https://host` of this page.
pub fn origin() -> String {
    web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

/// The language that was chosen here last.
pub fn language() -> Option<Language> {
    let storage = web_sys::window()?.local_storage().ok()??;
    Language::from_tag(&storage.get_item(LANGUAGE_KEY).ok()??)
}

/// Puts a text where it can be pasted from. Without a secure connection browsers refuse; then it
/// is selected, to be copied by hand.
pub fn copy(text: &str) {
    let Some(window) = web_sys::window() else {
        return;
    };
    if window.is_secure_context() {
        // Whether it worked is seen when it is pasted.
        let _ = window.navigator().clipboard().write_text(text);
    }
    let snippet = window
        .document()
        .and_then(|page| page.get_element_by_id("snippet"));
    if let (Some(snippet), Ok(Some(selection))) = (snippet, window.get_selection()) {
        let _ = selection.select_all_children(&snippet);
    }
}

/// Marks the page's language, and remembers it (a browser that keeps nothing may refuse).
pub fn set_language(language: Language) {
    let Some(window) = web_sys::window() else {
        return;
    };
    if let Some(page) = window.document() {
        page.set_title(language.pick("温度 · 文明办", "Wendu · Office"));
        if let Some(root) = page.document_element() {
            let _ = root.set_attribute("lang", language.tag());
        }
    }
    if let Ok(Some(storage)) = window.local_storage() {
        let _ = storage.set_item(LANGUAGE_KEY, language.tag());
    }
}

/// Takes away what stood in the page before the office came.
pub fn clear() {
    let opening = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|page| page.get_element_by_id("opening"));
    if let Some(opening) = opening {
        opening.remove();
    }
}

/// Watches how wide an element is. It is watched as long as the page lives.
pub fn watch_width(element: &HtmlElement, width: RwSignal<f64>) {
    let measured = {
        let element = element.clone();
        move || f64::from(element.client_width())
    };
    let tell = move || {
        let now = measured();
        // A hidden page measures nothing.
        if now > 0.0
            && width
                .try_get_untracked()
                .is_some_and(|old| (old - now).abs() >= 1.0)
        {
            let _ = width.try_set(now);
        }
    };
    tell();
    let callback = Closure::<dyn FnMut()>::new(tell);
    if let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        observer.observe(element);
        callback.forget();
    }
}

/// Calls `what` every `ms` milliseconds as long as the page lives.
pub fn every(ms: i32, what: impl FnMut() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(what);
    if let Some(window) = web_sys::window()
        && window
            .set_interval_with_callback_and_timeout_and_arguments_0(
                callback.as_ref().unchecked_ref(),
                ms,
            )
            .is_ok()
    {
        callback.forget();
    }
}
