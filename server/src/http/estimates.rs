//! `GET /api/v1/estimates`: rates, temperatures and gaps with their intervals, from tallies alone.

use super::problem::Problem;
use super::session::Reader;
use super::{Server, State};
use app::problems::ProblemKind;
use axum::Router;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use report::{Breakdown, CellTally, Picture, Request, Source, Weigh};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use stats::{Level, proportion};
use std::sync::Arc;
use std::time::Instant;
use survey::{Form, Population, Questionnaire};

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/api/v1/estimates", get(show))
}

/// The query; every value but the questionnaire has a default.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    questionnaire: String,
    #[serde(default)]
    wave: Option<String>,
    #[serde(default)]
    by: Option<String>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    level: Option<String>,
    #[serde(default)]
    weighting: Option<String>,
}

async fn show(
    state: State,
    _reader: Reader,
    headers: HeaderMap,
    parameters: Result<Query<Parameters>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let begun = Instant::now();
    let Query(parameters) = parameters.map_err(|error| invalid(error.body_text()))?;
    let request = request(&parameters)?;
    let catalogue = &state.catalogue;
    let form = catalogue.newest(&parameters.questionnaire).ok_or_else(|| {
        let known: Vec<&str> = catalogue
            .all()
            .map(|f| f.questionnaire.id.as_str())
            .collect();
        Problem::unknown_questionnaire(format!(
            "There is no such questionnaire; there are {}.",
            known.join(", ")
        ))
    })?;
    let asked = Loaded::load(&state, form).await?;
    let government = match catalogue.government() {
        Some(government) if form.questionnaire.population != Population::Cadre => {
            Some(Loaded::load(&state, government).await?)
        }
        _ => None,
    };
    let government = government.as_ref().map(Loaded::source);
    // Milliseconds, in which the others on this thread go on elsewhere.
    let mut picture = tokio::task::block_in_place(|| {
        report::picture(
            &catalogue.campaign,
            &asked.source(),
            government.as_ref(),
            &request,
        )
    })
    .map_err(|error| match error {
        report::Error::Tally { .. } => Problem::internal(&error),
        _ => invalid(error.to_string()),
    })?;
    picture.simulated = catalogue.simulated;
    let response = tagged(&picture, &headers)?;
    let took = begun.elapsed().as_secs_f64();
    state.metrics.estimate.observe(took);
    Ok(response)
}

/// A picture with a tag of its content, or 304 for a client that has it already. The tag is weak
/// because the body may be compressed on its way.
fn tagged(picture: &Picture, headers: &HeaderMap) -> Result<Response, Problem> {
    let body = serde_json::to_vec(picture).map_err(|error| Problem::internal(&error))?;
    let digest = Sha256::digest(&body);
    let digest = digest.iter().take(16).map(|byte| format!("{byte:02x}"));
    let tag = format!("W/\"{}\"", digest.collect::<String>());
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == "*" || known == tag.trim_start_matches("W/"));
    let caching = [
        (header::ETAG, tag.as_str()),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    Ok(if known {
        (StatusCode::NOT_MODIFIED, caching).into_response()
    } else {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        (caching, kind, body).into_response()
    })
}

fn request(parameters: &Parameters) -> Result<Request, Problem> {
    let method = match parameters.method.as_deref() {
        None | Some("") => proportion::Method::Wilson,
        Some(name) => name
            .parse()
            .map_err(|error: stats::Error| invalid(error.to_string()))?,
    };
    let level = match parameters.level.as_deref() {
        None | Some("") => Level::DEFAULT,
        Some(text) => {
            let number: f64 = text.parse().map_err(|_| {
                invalid(format!("level: {text} is no number; give for example 0.95"))
            })?;
            Level::new(number).map_err(|error| invalid(error.to_string()))?
        }
    };
    let weighting = parameters.weighting.as_deref().unwrap_or_default();
    let weigh = Weigh::parse(weighting).ok_or_else(|| {
        invalid(format!(
            "weighting: there is no {weighting}; there are raked, unweighted"
        ))
    })?;
    let wave = parameters
        .wave
        .clone()
        .filter(|wave| !wave.is_empty() && wave != "all");
    Ok(Request {
        wave,
        by: Breakdown::parse(parameters.by.as_deref().unwrap_or_default()),
        method,
        level,
        weigh,
    })
}

fn invalid(detail: String) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ProblemKind::InvalidQuery,
        detail,
    )
}

/// A questionnaire with its tallies, loaded.
struct Loaded {
    versions: Vec<Questionnaire>,
    newest: Arc<Form>,
    tallies: Arc<[CellTally]>,
}

impl Loaded {
    async fn load(server: &Server, form: &Arc<Form>) -> Result<Self, Problem> {
        let id = &form.questionnaire.id;
        let tallies = server
            .tallies(id)
            .await
            .map_err(|error| Problem::store(&error))?;
        let versions = server
            .catalogue
            .versions(id)
            .iter()
            .map(|f| f.questionnaire.clone());
        Ok(Loaded {
            versions: versions.collect(),
            newest: form.clone(),
            tallies,
        })
    }

    fn source(&self) -> Source<'_> {
        Source {
            questionnaire: &self.newest.questionnaire,
            versions: &self.versions,
            tallies: &self.tallies,
        }
    }
}
