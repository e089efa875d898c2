//! Taking answers back by the code that the respondent kept.

use super::problem::Problem;
use super::{Server, State, resident};
use crate::clock;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde::Deserialize;
use std::sync::Arc;
use survey::{Language, identity::WithdrawalCode};

pub fn api_routes() -> Router<Arc<Server>> {
    Router::new().route("/api/v1/withdrawals", post(withdraw))
}

pub fn page_routes() -> Router<Arc<Server>> {
    Router::new().route("/withdraw", get(ask).post(answer))
}

#[derive(Deserialize)]
struct Withdrawal {
    code: String,
}

async fn withdraw(state: State, Json(body): Json<Withdrawal>) -> Result<StatusCode, Problem> {
    if take_back(&state, &body.code).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::new(
            StatusCode::NOT_FOUND,
            "/problems/unknown-code",
            "Unknown code",
            "No answers belong to this code, or they have been withdrawn already.",
        ))
    }
}

#[derive(Deserialize)]
struct Page {
    lang: Option<String>,
}

impl Page {
    fn language(&self) -> Language {
        self.lang
            .as_deref()
            .and_then(Language::from_tag)
            .unwrap_or_default()
    }
}

async fn ask(Query(page): Query<Page>) -> Response {
    resident::withdrawal_page(
        page.language(),
        app::resident::Withdrawal::Ask,
        StatusCode::OK,
    )
}

async fn answer(
    state: State,
    Query(page): Query<Page>,
    Form(body): Form<Withdrawal>,
) -> Result<Response, Problem> {
    let (shown, status) = if take_back(&state, &body.code).await? {
        (app::resident::Withdrawal::Done, StatusCode::OK)
    } else {
        (
            app::resident::Withdrawal::Unknown(&body.code),
            StatusCode::NOT_FOUND,
        )
    };
    Ok(resident::withdrawal_page(page.language(), shown, status))
}

async fn take_back(server: &Server, code: &str) -> Result<bool, Problem> {
    let Some(code) = WithdrawalCode::parse(code) else {
        return Ok(false);
    };
    let withdrawn = server
        .store
        .withdraw(code.id_range(), clock::now())
        .await
        .map_err(|error| Problem::store(&error))?;
    if let Some(questionnaire) = &withdrawn {
        server.metrics.withdrawn.inc();
        server.writer.announce(questionnaire.clone());
    }
    Ok(withdrawn.is_some())
}
