//! `POST /api/v1/responses`: 201 only after the commit is on disk.

use super::problem::Problem;
use super::{Server, State};
use crate::clock;
use crate::intake::{Refusal, accept};
use crate::store::Outcome;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use std::sync::Arc;
use survey::{Language, Submission, identity::ResponseId};

/// The largest body that is read.
pub const MAX_BODY: usize = 64 * 1024;

/// How much of a body that is too large is read before the connection is closed.
const DRAINED: usize = 1024 * 1024;

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/api/v1/responses", post(create))
}

async fn create(state: State, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let bytes = read_body(&headers, body).await?;
    let submission: Submission = serde_json::from_slice(&bytes)
        .map_err(|error| invalid(format!("The body is no response as JSON: {error}")))?;
    let language = submission.language;
    let (outcome, id) = take(&state, &submission, language).await?;
    let status = match outcome {
        Outcome::Created => StatusCode::CREATED,
        Outcome::Replayed | Outcome::Conflict => StatusCode::OK,
    };
    let body = json!({ "id": id.to_string(), "withdrawal_code": id.withdrawal_code().to_string() });
    Ok((status, Json(body)).into_response())
}

/// Takes a submission to disk. What the client hears of its faults is in `language`.
///
/// # Errors
/// The problem to send.
pub async fn take(
    server: &Server,
    submission: &Submission,
    language: Language,
) -> Result<(Outcome, ResponseId), Problem> {
    let response = accept(
        &server.catalogue,
        &server.config.embed,
        submission,
        clock::now(),
    )
    .map_err(|refusal| refused(refusal, language))?;
    let id = response.id;
    let written = server.writer.write(response).await.map_err(|busy| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "/problems/busy",
            "Busy",
            busy.to_string(),
        )
        .retry_after(1)
    })?;
    match written {
        Ok(Outcome::Conflict) => Err(Problem::new(
            StatusCode::CONFLICT,
            "/problems/conflict",
            "Conflict",
            "Another response is stored under this id. Make a new id for a new response.",
        )),
        Ok(outcome) => Ok((outcome, id)),
        Err(error) => Err(Problem::store(&error)),
    }
}

/// Reads a body of at most [`MAX_BODY`] bytes.
///
/// # Errors
/// 413 for a larger one, 400 for one that breaks off.
pub async fn read_body(headers: &HeaderMap, body: Body) -> Result<axum::body::Bytes, Problem> {
    let too_large = || {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "/problems/too-large",
            "Too large",
            "A body may have 64 KiB at most.",
        )
        .closing()
    };
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY) {
        // Read on for a while: closing on a client that is still sending would reset the
        // connection, and it would never see why.
        let _ = to_bytes(body, DRAINED).await;
        return Err(too_large());
    }
    to_bytes(body, MAX_BODY).await.map_err(|error| {
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            if cause.to_string().contains("length limit") {
                return too_large();
            }
            source = cause.source();
        }
        Problem::new(
            StatusCode::BAD_REQUEST,
            "/problems/incomplete",
            "Incomplete",
            "The body broke off. Send it again.",
        )
    })
}

fn invalid(detail: String) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "/problems/invalid-response",
        "Invalid response",
        detail,
    )
}

fn refused(refusal: Refusal, language: Language) -> Problem {
    match refusal {
        Refusal::UnknownQuestionnaire {
            questionnaire,
            version,
        } => {
            let name: String = questionnaire.chars().take(64).collect();
            Problem::new(
                StatusCode::NOT_FOUND,
                "/problems/unknown-questionnaire",
                "Unknown questionnaire",
                format!("There is no questionnaire {name} version {version} here."),
            )
        }
        Refusal::Fields(problems) => {
            let names: Vec<&str> = problems.iter().map(|p| p.field).collect();
            invalid(format!("Not valid: {}.", names.join(", ")))
                .with_problems(problems.iter().map(|p| json!(p)).collect())
        }
        Refusal::Answers(problems) => {
            let listed = problems
                .iter()
                .map(|problem| {
                    json!({
                        "item": problem.item.chars().take(64).collect::<String>(),
                        "code": problem.fault.code(),
                        "message": problem.fault.message(language),
                    })
                })
                .collect();
            invalid(format!("{} answers are not valid.", problems.len())).with_problems(listed)
        }
    }
}
