//! The questions of `analysis`, callable from JavaScript.
//!
//! `cargo xtask test` builds this for wasm32 and `run.mjs` puts every reference case to it.

use analysis::Kind;
use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;

/// Answers one line of a batch of this kind, as [`analysis::batch`]; never fails.
#[wasm_bindgen]
pub fn batch(kind: &str, line: &str) -> String {
    match kind.parse::<Kind>() {
        Ok(kind) => analysis::batch(kind, line),
        Err(error) => json!({ "id": null, "error": error.to_string() }).to_string(),
    }
}

/// Answers a request of `wendu analyze` about the text of a CSV file: the output, or
/// `{"error"}` with the refusal.
#[wasm_bindgen]
pub fn analyze(design: &str, csv: &str) -> String {
    let output = analysis::analyze::run(design, csv).map_err(|refusal| refusal.to_string());
    let text = output.and_then(|output| serde_json::to_string(&output).map_err(|e| e.to_string()));
    text.unwrap_or_else(|error| json!({ "error": error }).to_string())
}
