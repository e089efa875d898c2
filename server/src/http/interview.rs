//! Interviewers: `/interview`, where a device signs in once and is told where it is, and the
//! grant without which nothing is taken in mode `interviewer`.
//!
//! A device holds a random token in a cookie that scripts cannot read and other sites cannot send;
//! the store knows its hash. It outlives the connection, so that answers which were finished
//! without a network are taken days later, by page or service worker, and it can be revoked.

use super::arrival::{language_of, preferred_language};
use super::page::Page;
use super::problem::Problem;
use super::{Server, State, assets};
use crate::auth::{self, Admission};
use crate::clock;
use app::problems::ProblemKind;
use app::resident::{
    InterviewSetUp, SignInFault, render_interview_set_up, render_interview_sign_in,
};
use axum::Router;
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use std::sync::Arc;
use survey::{Language, Mode};

const COOKIE: &str = "wendu_device";

/// How long a device's cookie lasts, in seconds: longer than a campaign.
const LIFETIME: i64 = 180 * 24 * 3600;

/// The longest label of a device.
const LABEL: usize = 32;

pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/interview", get(show).post(sign_in))
        .route("/interview/start", get(start))
}

/// The number of the device that hands in a response: one that an interviewer has signed in, if
/// the mode needs it.
///
/// # Errors
/// 401 without a token, 403 with one that is unknown or was revoked.
pub async fn grant(
    server: &Server,
    headers: &HeaderMap,
    mode: Mode,
) -> Result<Option<i64>, Problem> {
    if mode != Mode::Interviewer {
        return Ok(None);
    }
    let Some(token) = token(headers) else {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            ProblemKind::Interviewer,
            "Mode interviewer is for interviewers. Sign in at /interview, then send the same again.",
        ));
    };
    match device(server, token).await? {
        Some(number) => Ok(Some(number)),
        None => Err(Problem::new(
            StatusCode::FORBIDDEN,
            ProblemKind::Interviewer,
            "This device may not hand in interviews any more. Sign in again at /interview, then \
             send the same again.",
        )),
    }
}

async fn device(server: &Server, token: &str) -> Result<Option<i64>, Problem> {
    let found = server.store.device(&auth::token_hash(token)).await;
    found.map_err(|error| Problem::store(&error))
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    bearer.or_else(|| {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
    })
}

#[derive(Deserialize)]
struct Visitor {
    lang: Option<String>,
}

impl Visitor {
    fn language(&self, headers: &HeaderMap) -> Language {
        language_of(self.lang.as_deref(), headers)
    }
}

async fn show(
    state: State,
    Query(visitor): Query<Visitor>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let language = visitor.language(&headers);
    let known = match token(&headers) {
        Some(token) => device(&state, token).await?,
        None => None,
    };
    let Some(number) = known else {
        return Ok(sign_in_page(language, None, StatusCode::OK));
    };
    let mut forms: Vec<_> = state
        .catalogue
        .all()
        .map(|form| &form.questionnaire)
        .collect();
    // Residents first: most interviews are theirs.
    forms.sort_by_key(|questionnaire| questionnaire.population);
    let page = render_interview_set_up(&InterviewSetUp {
        language,
        campaign: &state.catalogue.campaign,
        questionnaires: &forms,
        device: number,
    });
    Ok(Page {
        module: assets::path("interview"),
        ..Page::new(language, title(language), &page, StatusCode::OK)
    }
    .respond())
}

fn title(language: Language) -> &'static str {
    language.pick("访员入户", "Interviews")
}

fn sign_in_page(language: Language, fault: Option<SignInFault>, status: StatusCode) -> Response {
    let page = render_interview_sign_in(language, fault);
    Page::new(language, title(language), &page, status).respond()
}

#[derive(Deserialize)]
struct Credentials {
    password: String,
    #[serde(default)]
    device: String,
}

async fn sign_in(
    state: State,
    headers: HeaderMap,
    Form(credentials): Form<Credentials>,
) -> Result<Response, Problem> {
    let language = preferred_language(&headers);
    let now = clock::now();
    let admitted = auth::admit(&*state.store, auth::INTERVIEWER, credentials.password, now).await;
    match admitted.map_err(resident_problem)? {
        Admission::Admitted => {}
        Admission::WrongPassword => {
            return Ok(sign_in_page(
                language,
                Some(SignInFault::WrongPassword),
                StatusCode::UNAUTHORIZED,
            ));
        }
        Admission::LockedUntil(time) => {
            let seconds = u64::try_from((time - now) / 1000 + 1).unwrap_or(1);
            let fault = SignInFault::Locked { seconds };
            return Ok(sign_in_page(
                language,
                Some(fault),
                StatusCode::TOO_MANY_REQUESTS,
            ));
        }
    }
    let token = auth::new_token().map_err(resident_problem)?;
    let label: String = credentials.device.trim().chars().take(LABEL).collect();
    state
        .store
        .add_device(&label, &auth::token_hash(&token), now)
        .await
        .map_err(|error| Problem::store(&error))?;
    let mut response = Redirect::to("/interview").into_response();
    let secure = if state.config.is_secure() {
        "; Secure"
    } else {
        ""
    };
    let cookie =
        format!("{COOKIE}={token}; Path=/; Max-Age={LIFETIME}; HttpOnly; SameSite=Strict{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn resident_problem(error: auth::AuthError) -> Problem {
    match error {
        auth::AuthError::Store(error) => Problem::store(&error),
        other => Problem::internal(&other),
    }
}

#[derive(Deserialize)]
struct Place {
    questionnaire: String,
    #[serde(default)]
    site: String,
    #[serde(default)]
    area: String,
}

/// To the form, at the place that was chosen. From here on the place is the page's matter, see
/// `app/js/interview.js`.
async fn start(Query(place): Query<Place>) -> Redirect {
    let mut address = form_urlencoded::Serializer::new(String::new());
    address.append_pair("mode", "interviewer");
    for (name, value) in [("site", &place.site), ("area", &place.area)] {
        if !value.is_empty() {
            address.append_pair(name, value);
        }
    }
    let questionnaire: String =
        form_urlencoded::byte_serialize(place.questionnaire.as_bytes()).collect();
    Redirect::to(&format!("/s/{questionnaire}?{}", address.finish()))
}
