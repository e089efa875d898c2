//! The office's session: a cookie that scripts cannot read and other sites cannot send.

use super::problem::Problem;
use super::{Server, State};
use crate::auth::{self, Attempt};
use crate::clock;
use app::problems::ProblemKind;
use axum::Router;
use axum::extract::{FromRequestParts, Json};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

const COOKIE: &str = "wendu_session";

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/api/v1/session", get(show).post(open).delete(close))
}

#[derive(Deserialize)]
struct Credentials {
    password: String,
}

async fn open(state: State, Json(credentials): Json<Credentials>) -> Result<Response, Problem> {
    let now = clock::now();
    let attempt = auth::sign_in(&*state.store, credentials.password, now)
        .await
        .map_err(|error| match error {
            auth::AuthError::Store(error) => Problem::store(&error),
            other => Problem::internal(&other),
        })?;
    match attempt {
        Attempt::SignedIn(token) => {
            let mut response = Json(described(&state)).into_response();
            set_cookie(&state, &mut response, &token, auth::SESSION_MS / 1000);
            Ok(response)
        }
        Attempt::WrongPassword => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            ProblemKind::WrongPassword,
            "The password is not right. `wendu password` on the server makes a new one.",
        )),
        Attempt::LockedUntil(time) => {
            let seconds = u64::try_from((time - now) / 1000 + 1).unwrap_or(1);
            Err(Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                ProblemKind::Locked,
                format!("Too many wrong passwords. Try again in {seconds} seconds."),
            )
            .retry_after(seconds))
        }
    }
}

async fn show(state: State, _office: Office) -> Response {
    Json(described(&state)).into_response()
}

async fn close(state: State, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = token(&headers) {
        state
            .store
            .close_session(&auth::token_hash(token))
            .await
            .map_err(|error| Problem::store(&error))?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&state, &mut response, "", 0);
    Ok(response)
}

fn described(server: &Server) -> serde_json::Value {
    json!({ "role": auth::OFFICE, "name": auth::OFFICE, "simulated": server.catalogue.simulated })
}

fn set_cookie(server: &Server, response: &mut Response, token: &str, seconds: i64) {
    let secure = if server.config.is_secure() {
        "; Secure"
    } else {
        ""
    };
    let cookie =
        format!("{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}

fn token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// Proof that the request comes from someone who has signed in.
pub struct Office;

impl FromRequestParts<Arc<Server>> for Office {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<Server>) -> Result<Self, Problem> {
        let account = match token(&parts.headers) {
            Some(token) => state
                .store
                .session(&auth::token_hash(token), clock::now())
                .await
                .map_err(|error| Problem::store(&error))?,
            None => None,
        };
        account.map(|_| Office).ok_or_else(|| {
            Problem::new(
                StatusCode::UNAUTHORIZED,
                ProblemKind::SignIn,
                "This is for the office. Sign in by POST /api/v1/session with the password.",
            )
        })
    }
}

/// Proof that the request may read results: someone who has signed in, or, as long as the server
/// is only being tried out (bound to this machine and given no public address), anyone on this
/// machine.
pub struct Reader;

impl FromRequestParts<Arc<Server>> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<Server>) -> Result<Self, Problem> {
        if state.config.is_trial() && is_local(&parts.headers) {
            return Ok(Reader);
        }
        Office::from_request_parts(parts, state)
            .await
            .map(|_| Reader)
    }
}

/// Whether a request was addressed to this machine by a local name and by no proxy; a page
/// elsewhere that points its own name at this machine is not.
fn is_local(headers: &HeaderMap) -> bool {
    let proxied = ["forwarded", "x-forwarded-for", "x-real-ip", "via"]
        .iter()
        .any(|name| headers.contains_key(*name));
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    !proxied && matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
