//! `GET /api/v1/campaign`: what the office needs to know before it asks for results.

use super::problem::Problem;
use super::session::Reader;
use super::{Server, State};
use crate::clock;
use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::Arc;

pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/api/v1/campaign", get(show))
        .route("/api/v1/questionnaires/{id}", get(form))
        .route(
            "/api/v1/schema/questionnaire",
            get(async || Json(schema::<survey::Questionnaire>())),
        )
        .route(
            "/api/v1/schema/campaign",
            get(async || Json(schema::<survey::Campaign>())),
        )
}

/// The JSON Schema of a data file.
pub fn schema<T: schemars::JsonSchema>() -> schemars::Schema {
    schemars::schema_for!(T)
}

async fn show(state: State, _reader: Reader) -> Result<Json<Value>, Problem> {
    let catalogue = &state.catalogue;
    let mut questionnaires = Vec::new();
    for form in catalogue.all() {
        let questionnaire = &form.questionnaire;
        questionnaires.push(json!({
            "id": questionnaire.id,
            "version": questionnaire.version,
            "population": questionnaire.population,
            "title": questionnaire.title,
            "n": answers(&state, &questionnaire.id).await?,
        }));
    }
    let day = catalogue.day(clock::now());
    Ok(Json(json!({
        "campaign": catalogue.campaign,
        "day": day,
        "current_wave": catalogue.campaign.wave_on(day).map(|wave| &wave.id),
        "simulated": catalogue.simulated,
        "posters": state.config.poster_url().is_some(),
        "questionnaires": questionnaires,
    })))
}

async fn form(
    state: State,
    _reader: Reader,
    Path(id): Path<String>,
) -> Result<Json<survey::Form>, Problem> {
    let form = state.catalogue.newest(&id).ok_or_else(|| {
        Problem::unknown_questionnaire(
            "There is no such questionnaire; GET /api/v1/campaign lists them.",
        )
    })?;
    Ok(Json(survey::Form::clone(form)))
}

/// How many responses there are, from the tallies.
pub async fn answers(server: &Server, questionnaire: &str) -> Result<i64, Problem> {
    let tallies = server
        .tallies(questionnaire)
        .await
        .map_err(|error| Problem::store(&error))?;
    Ok(tallies.iter().map(|tally| tally.moments.count()).sum())
}
