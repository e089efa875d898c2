//! `/office/preview`: a made-up article with a widget in it, as the office would see it on a news
//! site. The real embed.js and the real pages, of which nothing is counted or stored.

use super::Server;
use super::page::escaped;
use super::security;
use axum::Router;
use axum::extract::Query;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use std::collections::BTreeMap;
use std::sync::Arc;
use survey::Language;

/// What a snippet may say; the rest is left out.
const ATTRIBUTES: [&str; 7] = [
    "wendu",
    "variant",
    "theme",
    "color",
    "font-size",
    "lang",
    "label",
];

const STYLE: &str = "body{font:16px/1.7 system-ui,sans-serif;margin:12px;color:#444}h1{font-size:20px;margin:0}\
    i{display:block;height:10px;margin:10px 0;border-radius:5px;background:#ddd}i:last-of-type{width:60%}";

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/office/preview", get(show))
}

async fn show(Query(asked): Query<BTreeMap<String, String>>) -> Response {
    let attributes: String = ATTRIBUTES
        .iter()
        .filter_map(|name| Some((name, asked.get(*name).filter(|value| !value.is_empty())?)))
        .map(|(name, value)| format!(" data-{name}=\"{}\"", escaped(value)))
        .collect();
    let nonce = security::nonce();
    let lines = "<i></i>".repeat(4);
    let asked = asked.get("lang").and_then(|tag| Language::from_tag(tag));
    let language = asked.unwrap_or_default();
    let title = language.pick("预览", "Preview");
    let headline = language.pick("文章标题", "The article's headline");
    let page = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <style nonce=\"{nonce}\">{STYLE}</style></head><body><main><h1>{headline}</h1>{lines}\
         <script async src=\"/embed.js\" data-preview=\"1\"{attributes}></script>{lines}</main></body></html>",
        language.tag()
    );
    let mut response = Html(page).into_response();
    let headers = response.headers_mut();
    security::host_policy(headers, &nonce);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
