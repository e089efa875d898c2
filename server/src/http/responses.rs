//! `POST /api/v1/responses`: 201 only after the commit is on disk.

use super::problem::Problem;
use super::{Server, State, interview};
use crate::clock;
use crate::intake::{Refusal, accept};
use crate::sources::{Source, Untold};
use crate::store::Outcome;
use app::problems::ProblemKind;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http_body_util::BodyExt;
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use survey::{Language, Submission, identity::ResponseId};

/// Where responses are sent.
pub const PATH: &str = "/api/v1/responses";

/// The largest body that is read.
pub const MAX_BODY: usize = 64 * 1024;

/// How long a client may take to send a body, from its first byte to its last.
pub const SENDING: Duration = Duration::from_secs(20);

/// How long a body that is too large is still read, and thrown away, after the refusal was sent.
/// Closing on a client that is still sending resets the connection, and many would never see why.
const LINGERING: Duration = Duration::from_secs(10);

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route(PATH, post(route))
}

/// What a client hears of a response that is on disk.
#[derive(Serialize)]
struct Taken {
    id: String,
    withdrawal_code: String,
}

async fn route(
    state: State,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    create(&state, Untold::read(query.as_deref()), &headers, body).await
}

/// Takes a response to disk; what had to be `untold` of its visit is counted with it, once.
pub async fn create<B>(
    server: &Server,
    untold: Option<Untold>,
    headers: &HeaderMap,
    body: B,
) -> Response
where
    B: HttpBody<Data = Bytes, Error: Send> + Unpin + Send + 'static,
{
    try_create(server, untold, headers, body)
        .await
        .into_response()
}

async fn try_create<B>(
    server: &Server,
    untold: Option<Untold>,
    headers: &HeaderMap,
    body: B,
) -> Result<Response, Problem>
where
    B: HttpBody<Data = Bytes, Error: Send> + Unpin + Send + 'static,
{
    let refuse = |problem: &Problem| count_refusal(server, problem);
    let bytes = read_body(headers, body).await.inspect_err(refuse)?;
    let submission: Submission = serde_json::from_slice(&bytes)
        .map_err(|error| invalid(format!("The body is no response as JSON: {error}")))
        .inspect_err(refuse)?;
    let language = submission.language;
    let late = untold.map(|untold| (Source::of_answers(&submission), untold));
    let device = interview::grant(server, headers, submission.mode)
        .await
        .inspect_err(refuse)?;
    let (outcome, id) = take(server, submission, device, language).await?;
    let status = match outcome {
        Outcome::Created => {
            // In memory: a replay counts nothing, and the writer has nothing more to write.
            if let Some((source, untold)) = late {
                server.sources.late(source, untold);
            }
            StatusCode::CREATED
        }
        Outcome::Replayed | Outcome::Conflict => StatusCode::OK,
    };
    let taken = Taken {
        id: id.to_string(),
        withdrawal_code: id.withdrawal_code().to_string(),
    };
    Ok((status, Json(taken)).into_response())
}

/// Takes a submission to disk, from a `device` of an interviewer if it is an interview. What the client hears of its faults is in `language`.
///
/// # Errors
/// The problem to send.
pub async fn take(
    server: &Server,
    submission: Submission,
    device: Option<i64>,
    language: Language,
) -> Result<(Outcome, ResponseId), Problem> {
    let taken = write(server, submission, device, language).await;
    match &taken {
        Ok((Outcome::Created, _)) => {
            server.metrics.accepted.inc();
        }
        Ok(_) => {
            server.metrics.replayed.inc();
        }
        Err(problem) => count_refusal(server, problem),
    }
    taken
}

fn count_refusal(server: &Server, problem: &Problem) {
    server
        .metrics
        .refuse(problem.kind().path(), problem.status().as_u16());
}

async fn write(
    server: &Server,
    submission: Submission,
    device: Option<i64>,
    language: Language,
) -> Result<(Outcome, ResponseId), Problem> {
    let mut response = accept(
        &server.catalogue,
        &server.config.widgets,
        submission,
        clock::now(),
    )
    .map_err(|refusal| refused(refusal, language))?;
    response.device = device;
    let id = response.id;
    let written = server.writer.write(response).await.map_err(|busy| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            ProblemKind::Busy,
            busy.to_string(),
        )
        .retry_after(1)
    })?;
    match written {
        Ok(Outcome::Conflict) => Err(Problem::new(
            StatusCode::CONFLICT,
            ProblemKind::Conflict,
            "Another response is stored under this id. Make a new id for a new response.",
        )),
        Ok(outcome) => Ok((outcome, id)),
        Err(error) => Err(Problem::store(&error)),
    }
}

/// Reads a body of at most [`MAX_BODY`] bytes.
///
/// # Errors
/// 413 for a larger one, 408 for one that takes longer than [`SENDING`], 400 for one that breaks
/// off.
pub async fn read_body<B>(headers: &HeaderMap, mut body: B) -> Result<Vec<u8>, Problem>
where
    B: HttpBody<Data = Bytes, Error: Send> + Unpin + Send + 'static,
{
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY) {
        // A client that asks before it sends hears no, and sends nothing.
        if !headers.contains_key(header::EXPECT) {
            linger(body);
        }
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(MAX_BODY));
    let reading = async {
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| broken_off())?;
            let data = frame.data_ref().map_or(&[][..], |data| data);
            if bytes.len() + data.len() > MAX_BODY {
                return Err(too_large());
            }
            bytes.extend_from_slice(data);
        }
        Ok(())
    };
    match tokio::time::timeout(SENDING, reading).await {
        Ok(Ok(())) => Ok(bytes),
        Ok(Err(problem)) => {
            linger(body);
            Err(problem)
        }
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            ProblemKind::TooSlow,
            "The body took too long. Send it again.",
        )
        .closing()),
    }
}

/// Reads on and throws away, while the refusal is on its way.
fn linger(mut body: impl HttpBody<Data = Bytes, Error: Send> + Unpin + Send + 'static) {
    tokio::spawn(tokio::time::timeout(LINGERING, async move {
        while let Some(Ok(_)) = body.frame().await {}
    }));
}

fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        ProblemKind::TooLarge,
        "A body may have 64 KiB at most.",
    )
    .closing()
}

fn broken_off() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        ProblemKind::Incomplete,
        "The body broke off. Send it again.",
    )
    .closing()
}

fn invalid(detail: String) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ProblemKind::InvalidResponse,
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
            Problem::unknown_questionnaire(format!(
                "There is no questionnaire {name} version {version} here."
            ))
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
