//! Whether the process lives, and whether it can take answers.

use super::State;
use super::problem::Problem;
use crate::http::Server;
use app::problems::ProblemKind;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use std::sync::Arc;

pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
}

async fn ready(state: State) -> Result<&'static str, Problem> {
    if *state.stopping.borrow() {
        return Err(not_ready("the server is going down"));
    }
    state
        .store
        .setting("day_zero")
        .await
        .map_err(|_| not_ready("the database does not answer"))?;
    Ok("ready\n")
}

fn not_ready(why: &str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, ProblemKind::NotReady, why).retry_after(1)
}
