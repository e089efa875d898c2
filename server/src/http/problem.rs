//! Errors as RFC 9457 problem details. What went wrong inside stays inside.

use crate::store::StoreError;
use app::problems::ProblemKind;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::any::Any;
use survey::Language;

/// A problem as a client reads it.
#[derive(Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type", serialize_with = "path")]
    kind: ProblemKind,
    title: &'static str,
    status: u16,
    detail: String,
    /// Every part of the request at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<serde_json::Value>,
    #[serde(skip)]
    retry_after: Option<u64>,
    #[serde(skip)]
    closing: bool,
}

fn path<S: serde::Serializer>(kind: &ProblemKind, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(kind.path())
}

/// How many single problems are listed.
const LISTED: usize = 50;

impl Problem {
    /// A problem of a kind, with what a program's author should know in `detail`. People read the
    /// kind's own words.
    pub fn new(status: StatusCode, kind: ProblemKind, detail: impl Into<String>) -> Self {
        Problem {
            kind,
            title: kind.title(Language::English),
            status: status.as_u16(),
            detail: detail.into(),
            problems: Vec::new(),
            retry_after: None,
            closing: false,
        }
    }

    /// Lists what is wrong, one by one; of very many, the first ones and a count.
    pub fn with_problems(mut self, problems: Vec<serde_json::Value>) -> Self {
        let more = problems.len().saturating_sub(LISTED);
        self.problems = problems;
        self.problems.truncate(LISTED);
        if more > 0 {
            self.detail
                .push_str(&format!(" ({more} more problems are not listed)"));
        }
        self
    }

    /// Says in how many seconds to try again.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Closes the connection after this answer: the rest of the request was not read.
    pub fn closing(mut self) -> Self {
        self.closing = true;
        self
    }

    /// What was asked for is no questionnaire of this server.
    pub fn unknown_questionnaire(detail: impl Into<String>) -> Self {
        Problem::new(
            StatusCode::NOT_FOUND,
            ProblemKind::UnknownQuestionnaire,
            detail,
        )
    }

    /// The store failed: whether it will be back, and what to do.
    pub fn store(error: &StoreError) -> Self {
        match error {
            StoreError::Full => Problem::new(
                StatusCode::INSUFFICIENT_STORAGE,
                ProblemKind::Full,
                "The server has no room left; nothing was stored. Send the same again later.",
            )
            .retry_after(60),
            StoreError::Unavailable(why) => {
                // The writer and the pool warn; a line for each request would fill the log.
                tracing::debug!(why, "the database is not available");
                Problem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    ProblemKind::Unavailable,
                    "The database is not available at present. Send the same again in a moment.",
                )
                .retry_after(2)
            }
            _ => Problem::internal(error),
        }
    }

    /// Something failed on our side. The cause goes to the log, not to the client.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ProblemKind::Internal,
            "The server failed; nothing was stored. Send the same request again later.",
        )
    }

    /// Which kind it is.
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// What a program's author should know.
    #[cfg(test)]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let (kind, retry_after, closing) = (self.kind, self.retry_after, self.closing);
        let mut response = (status, Json(self)).into_response();
        response.extensions_mut().insert(kind);
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if closing {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The last line of defence: a panic becomes a problem, and a line in the log.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let cause = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic");
    Problem::internal(&cause).into_response()
}
