//! Stands in for the crate `wasm-streams`, by `[patch.crates-io]` in the workspace.
//!
//! Leptos brings it along for server functions that stream, which this project has none of. The
//! real crate exports classes to JavaScript, and what is exported no linker may drop: every
//! resident would download a tenth more. This is as much of its interface as Leptos compiles
//! against; none of it runs.

use futures_util::stream::{Empty, Stream, empty};
use wasm_bindgen::{JsCast, JsValue};

/// A stream that gives nothing.
pub struct ReadableStream;

impl ReadableStream {
    /// Takes the stream and forgets it.
    pub fn from_stream<S>(_: S) -> Self
    where
        S: Stream<Item = Result<JsValue, JsValue>> + 'static,
    {
        ReadableStream
    }

    /// Takes the browser's stream and forgets it.
    pub fn from_raw(_: web_sys::ReadableStream) -> Self {
        ReadableStream
    }

    /// No stream of the browser's.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        JsValue::UNDEFINED.unchecked_into()
    }

    /// An empty stream.
    pub fn into_stream(self) -> Empty<Result<JsValue, JsValue>> {
        empty()
    }
}
