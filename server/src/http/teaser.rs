//! `/s/{key}/teaser`: the first question for another page. A few kilobytes without the app; the
//! rest is loaded when somebody has chosen an answer, which is sent as a form.

use super::arrival::{Arrival, opened, refusal};
use super::framing::{Framing, INSIDE, Parameters};
use super::{Server, State, page, security};
use app::resident::render_teaser;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use survey::Language;

const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/teaser.css"));

/// A browser keeps it while a reader goes from article to article and back.
const CACHING: &str = "private, max-age=300";

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/s/{key}/teaser", get(show))
}

async fn show(
    state: State,
    Path(key): Path<String>,
    Query(arrival): Query<Arrival>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    let language = arrival.language(&headers);
    let (visit, framing) = match opened(&state, &key, arrival, language, &parameters, &headers) {
        Ok(opened) => opened,
        Err(refused) => return refusal(language, refused),
    };
    let title = visit.form.questionnaire.title(language).to_owned();
    respond(language, &title, &render_teaser(&visit), framing.as_ref())
}

/// The page. It is kept by browsers, so its policy names what may run by digests instead of a
/// number used once.
fn respond(language: Language, title: &str, content: &str, framing: Option<&Framing>) -> Response {
    let style = framing.map_or_else(|| STYLE.to_owned(), |framing| framing.style(STYLE));
    let schemes = framing.map_or("light dark", |framing| framing.theme().schemes());
    let script = framing
        .and_then(|framing| framing.script_attributes(""))
        .map(|attributes| format!("<script{attributes}>{INSIDE}</script>"))
        .unwrap_or_default();
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"{schemes}\"><title>{}</title>\
         <style>{style}</style></head><body><main id=\"app\">{content}</main>{script}</body></html>",
        language.tag(),
        page::escaped(title),
    );
    let mut response = (StatusCode::OK, Html(html)).into_response();
    let headers = response.headers_mut();
    security::still_policy(
        headers,
        &digest(&style),
        &digest(INSIDE),
        framing.map_or(&[], Framing::ancestors),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHING));
    let vary = "accept-encoding, accept-language, referer, sec-fetch-dest";
    headers.insert(header::VARY, HeaderValue::from_static(vary));
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// A text's digest as a policy names it.
fn digest(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}
