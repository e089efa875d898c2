//! What a person reads where a program reads problem details: a page, in the person's language.

use super::Server;
use super::arrival::language_of;
use super::page::Page;
use super::problem::Problem;
use app::problems::ProblemKind;
use app::resident::render_problem;
use axum::Router;
use axum::extract::{Path, Query, Request};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use std::sync::Arc;
use survey::Language;

/// More than a refusal of the framework ever says.
const MOST: usize = 4096;

/// What of a refusal stands, whoever reads it.
const KEPT: [header::HeaderName; 3] = [header::RETRY_AFTER, header::ALLOW, header::CONNECTION];

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/problems/{kind}", get(explain))
}

/// The address that problem details name as their type.
async fn explain(
    Path(kind): Path<String>,
    Query(visitor): Query<Visitor>,
    headers: HeaderMap,
) -> Response {
    let language = language_of(visitor.lang.as_deref(), &headers);
    match ProblemKind::of(&format!("/problems/{kind}")) {
        Some(kind) => page(kind, language, StatusCode::OK),
        None => page(ProblemKind::NotFound, language, StatusCode::NOT_FOUND),
    }
}

#[derive(Deserialize)]
struct Visitor {
    lang: Option<String>,
}

/// The page of a kind of problem.
pub fn page(kind: ProblemKind, language: Language, status: StatusCode) -> Response {
    let title = kind.title(language);
    let content = render_problem(language, title, kind.advice(language));
    Page::new(language, title, &content, status).respond()
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A program, which reads JSON.
    Program,
    /// A person, whose browser opens an address.
    Person(Language),
}

impl Asker {
    /// Who sent a request.
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Asker {
        let accepts = headers.get(header::ACCEPT);
        let accepts = accepts.and_then(|value| value.to_str().ok());
        if !accepts.is_some_and(|accepts| accepts.contains("text/html")) {
            return Asker::Program;
        }
        let asked = Query::<Visitor>::try_from_uri(uri).ok();
        let asked = asked.and_then(|Query(visitor)| visitor.lang);
        Asker::Person(language_of(asked.as_deref(), headers))
    }

    /// A refusal as the asker reads it: a page, or problem details, which the framework's own
    /// refusals become. What is neither refused nor told by a page of its own stays as it is.
    pub async fn told(self, response: Response) -> Response {
        let status = response.status();
        let known = response.extensions().get::<ProblemKind>().copied();
        let kind = response.headers().get(header::CONTENT_TYPE);
        let is_bare = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
        if !(status.is_client_error() || status.is_server_error()) || known.is_none() && !is_bare {
            return response;
        }
        let (parts, body) = response.into_parts();
        let mut told = match (self, known) {
            (Asker::Program, Some(_)) => return Response::from_parts(parts, body),
            (Asker::Person(language), known) => {
                page(known.unwrap_or_else(|| guessed(status)), language, status)
            }
            (Asker::Program, None) => {
                let said = axum::body::to_bytes(body, MOST).await.unwrap_or_default();
                let said = String::from_utf8_lossy(&said);
                let kind = guessed(status);
                let detail = match said.trim() {
                    "" => kind.advice(Language::English),
                    said => said,
                };
                Problem::new(status, kind, detail).into_response()
            }
        };
        for name in KEPT {
            if let Some(value) = parts.headers.get(&name) {
                told.headers_mut().insert(name, value.clone());
            }
        }
        told
    }
}

/// What the framework means by a status.
fn guessed(status: StatusCode) -> ProblemKind {
    match status {
        StatusCode::NOT_FOUND => ProblemKind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ProblemKind::Method,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemKind::TooLarge,
        StatusCode::REQUEST_TIMEOUT => ProblemKind::TooSlow,
        StatusCode::GATEWAY_TIMEOUT => ProblemKind::Timeout,
        status if status.is_server_error() => ProblemKind::Internal,
        _ => ProblemKind::InvalidRequest,
    }
}

/// Tells every refusal to whom it concerns.
pub async fn tell(request: Request, next: Next) -> Response {
    let asker = Asker::of(request.uri(), request.headers());
    asker.told(next.run(request).await).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn asker(uri: &'static str, accept: &'static str, language: &'static str) -> Asker {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(language));
        Asker::of(&Uri::from_static(uri), &headers)
    }

    #[test]
    fn who_opens_a_page_is_a_person_who_reads_one_language() {
        use Language::{Chinese, English};
        let html = "text/html,application/xhtml+xml,*/*;q=0.8";
        assert_eq!(asker("/x", html, "zh-CN"), Asker::Person(Chinese));
        assert_eq!(asker("/x", html, "en-GB,en"), Asker::Person(English));
        let chosen = asker("/x?size=a4&lang=en", html, "zh-CN");
        assert_eq!(chosen, Asker::Person(English));
        assert_eq!(asker("/x", "application/json", "zh-CN"), Asker::Program);
        assert_eq!(asker("/x", "*/*", "zh-CN"), Asker::Program);
    }

    #[tokio::test]
    async fn what_the_framework_refuses_is_told_like_everything_else() {
        let refused = || {
            let allow = [(header::ALLOW, "GET")];
            (StatusCode::METHOD_NOT_ALLOWED, allow, "no").into_response()
        };
        let json = Asker::Program.told(refused()).await;
        assert_eq!(json.headers()["content-type"], "application/problem+json");
        assert_eq!(json.headers()["allow"], "GET");
        let page = Asker::Person(Language::Chinese).told(refused()).await;
        assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
        let fine = Asker::Program.told("fine".into_response()).await;
        assert_eq!(fine.headers()["content-type"], "text/plain; charset=utf-8");
    }
}
