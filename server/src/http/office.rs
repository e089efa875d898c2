//! `/office`: the shell of the office's page. What it shows comes through the API.

use super::{Server, assets, security};
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use std::sync::Arc;

const NOT_BUILT: &str = "<!doctype html><html lang=\"zh-CN\"><title>温度</title>\
    <p>这个服务里没有编入文明办页面。请用 <code>cargo xtask serve</code> 构建并启动。</p>\
    <p lang=\"en\">The office's page was not built into this server. Build and start it with \
    <code>cargo xtask serve</code>.</p></html>";

pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/", get(async || Redirect::to("/office")))
        .route("/office", get(show))
}

async fn show() -> Response {
    let nonce = security::nonce();
    let shell = assets::text("/assets/office/index.html").unwrap_or(NOT_BUILT);
    let page = shell.replace("{{__TRUNK NONCE__}}", &nonce);
    let mut response = Html(page).into_response();
    security::page_policy(response.headers_mut(), &nonce, &[]);
    // A preview of the widgets.
    security::allow_own_frames(response.headers_mut());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
