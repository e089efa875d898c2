//! The files that the pages need, embedded and compressed when the server was built.

use super::told::Asker;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// An embedded file.
pub struct File {
    /// The path under which it is served.
    pub path: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

const SERVICE_WORKER: &str = "/sw.js";

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The text of an embedded file.
pub fn text(path: &str) -> Option<&'static str> {
    let file = FILES.iter().find(|file| file.path == path)?;
    std::str::from_utf8(file.plain).ok()
}

/// The path of the embedded file whose name, up to its digest, is `stem`.
pub fn path(stem: &str) -> Option<&'static str> {
    let is_it = |path: &&str| {
        let rest = path.strip_prefix("/assets/resident/");
        rest.and_then(|rest| rest.strip_prefix(stem))
            .is_some_and(|rest| rest.starts_with('-'))
    };
    FILES.iter().map(|file| file.path).find(is_it)
}

/// Serves an embedded file, or says that there is nothing.
pub async fn serve(request: Request) -> Response {
    let path = request.uri().path();
    // Shells are templates, not pages.
    let found = FILES
        .iter()
        .find(|file| file.path == path && !path.ends_with(".html"));
    match (found, request.method()) {
        (Some(file), &Method::GET | &Method::HEAD) => respond(file, request.headers()),
        (found, _) => {
            let status = match found {
                Some(_) => StatusCode::METHOD_NOT_ALLOWED,
                None => StatusCode::NOT_FOUND,
            };
            let asker = Asker::of(request.uri(), request.headers());
            asker.told(status.into_response()).await
        }
    }
}

fn respond(file: &'static File, request: &HeaderMap) -> Response {
    let accepts = |encoding: &str| {
        request
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|offer| {
                let mut parts = offer.split(';').map(str::trim);
                parts.next() == Some(encoding) && parts.all(|p| p != "q=0" && p != "q=0.0")
            })
    };
    let (body, encoding) = if accepts("br") {
        (file.brotli, Some("br"))
    } else if accepts("gzip") {
        (file.gzip, Some("gzip"))
    } else {
        (file.plain, None)
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(file.path)),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // Built files carry a digest in their names; public ones keep theirs.
    let caching = if file.path.starts_with("/assets/") {
        "public, max-age=31536000, immutable"
    } else if file.path == SERVICE_WORKER {
        // Asked for anew each time, so that a new build is noticed.
        "no-cache"
    } else {
        "public, max-age=3600"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if file.path.starts_with("/assets/resident/") {
        // Inside a sandbox the page has no origin, not even this one.
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
    }
    if file.path == SERVICE_WORKER {
        // What a worker may do, its own policy says, not that of the page.
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; connect-src 'self'"),
        );
    }
    if file.path == "/embed.js" {
        // News sites load it from their own pages.
        headers.insert(
            "cross-origin-resource-policy",
            HeaderValue::from_static("cross-origin"),
        );
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
