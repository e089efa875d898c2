//! Taking answers back by the code that the respondent kept.

use super::page::Page;
use super::problem::Problem;
use super::{Server, State};
use crate::clock;
use app::problems::ProblemKind;
use app::resident::{Withdrawal as Shown, render_withdraw};
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
    /// The language of the page from which it comes.
    #[serde(default, rename = "_lang")]
    language: Option<String>,
    /// Whether its type was large.
    #[serde(default, rename = "_large")]
    large: Option<String>,
}

async fn withdraw(state: State, Json(body): Json<Withdrawal>) -> Result<StatusCode, Problem> {
    if take_back(&state, &body.code).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::new(
            StatusCode::NOT_FOUND,
            ProblemKind::UnknownCode,
            "No answers belong to this code, or they have been withdrawn already.",
        ))
    }
}

#[derive(Deserialize)]
struct Visitor {
    lang: Option<String>,
}

impl Visitor {
    fn language(&self) -> Language {
        self.lang
            .as_deref()
            .and_then(Language::from_tag)
            .unwrap_or_default()
    }
}

async fn ask(Query(visitor): Query<Visitor>) -> Response {
    page(visitor.language(), false, Shown::Ask, StatusCode::OK)
}

async fn answer(
    state: State,
    Query(visitor): Query<Visitor>,
    Form(body): Form<Withdrawal>,
) -> Result<Response, Problem> {
    let (shown, status) = if take_back(&state, &body.code).await? {
        (Shown::Done, StatusCode::OK)
    } else {
        (Shown::Unknown(&body.code), StatusCode::NOT_FOUND)
    };
    let language = body.language.as_deref().and_then(Language::from_tag);
    let language = language.unwrap_or_else(|| visitor.language());
    Ok(page(language, body.large.is_some(), shown, status))
}

/// The page for taking answers back.
fn page(language: Language, large: bool, shown: Shown<'_>, status: StatusCode) -> Response {
    let title = language.pick("撤回我的回答", "Withdraw my answers");
    let page = render_withdraw(language, large, shown);
    Page::new(language, title, &page, status).respond()
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
