//! What the app asks of the browser: `app/js/page.js` and `app/js/queue.js`, where each of these is
//! described. They stand in front of the app's script, see `xtask/src/scripts.rs`.

use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen(js_namespace = wendu)]
extern "C" {
    /// Has the app hear what happens, first of all what stands in the server's form.
    pub fn begin(hear: JsValue);
    /// Moves the cursor once what is new has been drawn.
    pub fn focus(selector: &str);
    /// Takes the tick from an option.
    pub fn untick(id: &str);
    /// Gives the document its title and language.
    pub fn entitle(title: &str, language: &str);
    /// Begins anew.
    pub fn restart();
    /// Tells the page around this one that something happened.
    pub fn announce(what: &str);
    /// What the browser's history says of this place.
    pub fn place() -> Option<String>;
    /// Writes what the browser's history says, over the present place or as a new one.
    pub fn mark(state: &str, anew: bool);
    /// Goes back in the browser's history.
    pub fn back();
    /// What this device keeps under a name, as fields.
    pub fn kept(name: &str) -> Array;
    /// Keeps fields under a name, or with none forgets it; whether that was possible.
    pub fn keep(name: &str, fields: &Array) -> bool;
    /// Whether the browser has a voice.
    pub fn speaks() -> bool;
    /// Reads a text aloud, or falls silent.
    pub fn speak(text: &str, language: &str);
    /// The time, RFC 3339.
    pub fn now() -> String;
    /// Fills with random bytes.
    pub fn random(bytes: &mut [u8]);

    /// Takes a finished answer.
    pub fn put(id: &str, body: &str);
    /// Tries what was refused once more, or forgets it.
    pub fn refused(forget: bool);
}

/// Name and value of every field, in order.
pub type Pairs = Vec<(String, String)>;

/// Fields, as JavaScript hands them over.
pub fn pairs(fields: Array) -> Pairs {
    fields
        .iter()
        .filter_map(|entry| {
            let entry: Array = entry.unchecked_into();
            // A file would be no text; the form has none.
            Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
        })
        .collect()
}

/// Adds a field to those that JavaScript takes.
pub fn push(fields: &Array, name: &str, value: &str) {
    fields.push(&Array::of2(&name.into(), &value.into()));
}
