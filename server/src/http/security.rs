//! Security headers: strict for everything, and a content security policy for each kind of page.

use super::responses;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Headers of every response; a page's own policy stands.
pub fn headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ),
    ] {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        ));
    response
}

/// Has browsers come by https only, for a year.
pub fn https_only(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=31536000"),
    );
    response
}

/// Lets a page in a sandbox, which has the origin `null`, send answers as it could by a form. No
/// page can read anything by it, nor say who signed in.
pub async fn sandboxed(request: Request, next: Next) -> Response {
    if request.uri().path() != responses::PATH || !is_sandboxed(request.headers()) {
        return next.run(request).await;
    }
    let mut response = match *request.method() {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => next.run(request).await,
    };
    allow_sandbox(response.headers_mut());
    response
}

/// Whether a request comes from a page in a sandbox.
pub fn is_sandboxed(headers: &HeaderMap) -> bool {
    headers
        .get(header::ORIGIN)
        .is_some_and(|origin| origin == "null")
}

/// Lets such a page hear the answer.
pub fn allow_sandbox(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "null"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Lets a page with this nonce run its own scripts and styles and WebAssembly, and be framed by
/// `ancestors` only.
pub fn page_policy(headers: &mut HeaderMap, nonce: &str, ancestors: &[String]) {
    let framed_by = if ancestors.is_empty() {
        "'none'".to_owned()
    } else {
        ancestors.join(" ")
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'nonce-{nonce}'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self'; connect-src 'self'; \
         manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {framed_by}"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Lets a page run what has these digests and nothing else.
pub fn still_policy(headers: &mut HeaderMap, style: &str, script: &str, ancestors: &[String]) {
    let framed_by = match ancestors {
        [] => "'none'".to_owned(),
        _ => ancestors.join(" "),
    };
    let policy = format!(
        "default-src 'none'; script-src {script}; style-src {style}; form-action 'self'; \
         base-uri 'none'; frame-ancestors {framed_by}"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Lets a made-up page with this nonce embed our own, inside the office.
pub fn host_policy(headers: &mut HeaderMap, nonce: &str) {
    let policy = format!(
        "default-src 'none'; script-src 'self'; frame-src 'self'; style-src 'nonce-{nonce}'; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Lets a page frame our own, too.
pub fn allow_own_frames(headers: &mut HeaderMap) {
    let policy = headers
        .get(header::CONTENT_SECURITY_POLICY)
        .and_then(|policy| policy.to_str().ok());
    if let Some(Ok(policy)) = policy.map(|policy| format!("{policy}; frame-src 'self'").parse()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Lets the office try a page with this nonce, in a frame: its app runs and its form leads on, but
/// of `server` (name and port) a script reaches the pages' own files and nothing else.
pub fn preview_policy(headers: &mut HeaderMap, nonce: &str, server: Option<&str>) {
    let files = server.map_or("'none'".to_owned(), |server| format!("{server}/assets/"));
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'nonce-{nonce}'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self'; connect-src {files}; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// A number used once: 128 random bits in hexadecimal. Without randomness, none: then the page's
/// scripts do not run and its form still works.
pub fn nonce() -> String {
    let mut random = [0u8; 16];
    match getrandom::fill(&mut random) {
        Ok(()) => random.iter().map(|byte| format!("{byte:02x}")).collect(),
        Err(_) => "none".to_owned(),
    }
}
