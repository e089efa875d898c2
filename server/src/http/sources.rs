//! `/api/v1/starts`: somebody has begun to answer. A few bytes that a page sends by itself.

use super::{Server, State};
use crate::sources::Source;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::post;
use std::sync::Arc;

/// More than any source has.
const MAX_BODY: usize = 512;

pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/api/v1/starts", post(begun))
        .layer(DefaultBodyLimit::max(MAX_BODY))
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
