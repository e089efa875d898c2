//! `/api/v1/sources`: how many saw, began and finished a questionnaire, by where they came from.
//! `/api/v1/starts`: somebody has begun to answer; a few bytes that a page sends by itself.

use super::problem::Problem;
use super::session::Reader;
use super::{Server, State};
use crate::clock::{self, DAY_MS};
use crate::sources::Source;
use crate::store::StoreError;
use app::problems::ProblemKind;
use axum::extract::{DefaultBodyLimit, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use report::{Estimate, SourceReport, SourceRow, WidgetKey};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use survey::Mode;

/// More than any source has.
const MAX_BODY: usize = 512;

pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/api/v1/starts", post(begun))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .route("/api/v1/sources", get(show))
}

async fn begun(state: State, body: String) -> StatusCode {
    match Source::read(&body, &state.catalogue, &state.config.widgets) {
        Some(source) => {
            state.sources.start(source);
            StatusCode::NO_CONTENT
        }
        None => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    questionnaire: String,
    format: Option<String>,
}

async fn show(
    state: State,
    _reader: Reader,
    Query(parameters): Query<Parameters>,
) -> Result<Response, Problem> {
    let id = parameters.questionnaire;
    if state.catalogue.newest(&id).is_none() {
        return Err(Problem::unknown_questionnaire(
            "There is no such questionnaire; GET /api/v1/campaign lists them.",
        ));
    }
    let counting = count(&state, id.clone());
    let report = state.source_reports.of(&id, counting).await;
    let report = report.map_err(|error| Problem::store(&error))?;
    match parameters.format.as_deref() {
        None | Some("json") => Ok(Json(&*report).into_response()),
        Some("csv") => {
            let kind = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
            let csv = csv(&report).map_err(|error| Problem::internal(&error))?;
            Ok((kind, csv).into_response())
        }
        Some(other) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            ProblemKind::InvalidQuery,
            format!("format: {other} is unknown; write json or csv"),
        )),
    }
}

async fn count(server: &Server, questionnaire: String) -> Result<SourceReport, StoreError> {
    let now = clock::now();
    // What was counted up to now, not up to a few seconds ago.
    server.sources.write(&*server.store).await?;
    let visits = server.store.visits(&questionnaire).await?;
    let first = visits.iter().map(|row| row.day).min();
    let mut sums: BTreeMap<(Mode, String), (i64, i64, i64)> = BTreeMap::new();
    for row in visits {
        if let Some(mode) = Mode::parse(&row.mode) {
            let sum = sums.entry((mode, row.place)).or_default();
            sum.0 += row.views;
            sum.1 += row.starts;
        }
    }
    let offset = server.sources.utc_offset_ms();
    let completions = match first {
        Some(_) => server.store.completions(&questionnaire, offset).await?,
        None => Vec::new(),
    };
    for row in completions {
        if let Some(mode) = Mode::parse(&row.mode)
            && first.is_some_and(|first| row.day >= first)
        {
            sums.entry((mode, row.place)).or_default().2 += row.n;
        }
    }
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let mut rows: Vec<SourceRow> = sums
        .into_iter()
        .map(|((mode, place), (views, starts, done))| {
            SourceRow::new(mode, &place, count(views), count(starts), count(done))
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.views));
    let widgets = server.config.widgets.of(&questionnaire);
    Ok(SourceReport {
        // The date alone: days are those of the campaign's time zone.
        since: first.map(|day| clock::format(day * DAY_MS).chars().take(10).collect()),
        as_of: Some(clock::format_at(now, offset)),
        simulated: server.catalogue.simulated,
        widgets: widgets
            .map(|(key, origins)| WidgetKey {
                key: key.to_owned(),
                origins: origins.to_vec(),
            })
            .collect(),
        questionnaire,
        rows,
    })
}

fn csv(report: &SourceReport) -> Result<Vec<u8>, csv::Error> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let rate = ["", "_lower", "_upper"];
    let heads = [
        "questionnaire",
        "since",
        "mode",
        "place",
        "views",
        "starts",
        "completions",
    ];
    let heads = heads.map(str::to_owned).into_iter();
    let rates = ["start_rate", "completion_rate"];
    let rates = rates
        .iter()
        .flat_map(|name| rate.map(|end| format!("{name}{end}")));
    let as_of = "as_of".to_owned();
    csv.write_record(heads.chain(rates).chain([as_of]))?;
    for row in &report.rows {
        let fixed = [
            report.questionnaire.clone(),
            report.since.clone().unwrap_or_default(),
            row.mode.as_str().to_owned(),
            row.place.clone(),
            row.views.to_string(),
            row.starts.to_string(),
            row.completions.to_string(),
        ];
        let rates = [&row.start_rate, &row.completion_rate];
        let as_of = report.as_of.clone().unwrap_or_default();
        let rates = rates.into_iter().flat_map(cells);
        csv.write_record(fixed.into_iter().chain(rates).chain([as_of]))?;
    }
    csv.into_inner().map_err(|error| error.into_error().into())
}

/// A rate with its interval; empty where there is none, which is not 0.
fn cells(rate: &Option<Estimate>) -> [String; 3] {
    let Some(rate) = rate else {
        return Default::default();
    };
    [rate.value, rate.lower, rate.upper].map(|number| format!("{number:.4}"))
}
