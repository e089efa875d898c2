//! The HTTP interface: one file per concern, merged here.

mod assets;
mod campaign;
mod estimates;
mod events;
mod framing;
mod health;
pub mod listen;
mod oembed;
mod office;
mod page;
mod preview;
mod problem;
mod resident;
mod responses;
mod security;
mod session;
mod sources;
mod teaser;
mod withdrawals;

use crate::catalogue::Catalogue;
use crate::config::Config;
use crate::intake::Writer;
use crate::metrics::Metrics;
use crate::sources::Sources;
use crate::store::{Store, StoreError};
use crate::tallies::Tallies;
use axum::Router;
use axum::extract::Request;
use report::CellTally;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{
    MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::{DefaultOnFailure, TraceLayer};
use tracing::Level;

/// What every handler can reach.
pub struct Server {
    /// Where the answers are.
    pub store: Arc<dyn Store>,
    /// What can be answered.
    pub catalogue: Catalogue,
    /// Where responses are handed in.
    pub writer: Writer,
    /// What has been counted, as it was last read.
    pub tallies: Tallies,
    /// How many came from where.
    pub sources: Arc<Sources>,
    /// What the server counts about itself.
    pub metrics: Metrics,
    /// How the server is reached and who may embed it.
    pub config: Config,
    /// Turns true when the server is going down.
    pub stopping: watch::Receiver<bool>,
}

impl Server {
    /// Every tally of a questionnaire, see [`Tallies::of`].
    async fn tallies(&self, questionnaire: &str) -> Result<Arc<[CellTally]>, StoreError> {
        self.tallies
            .of(&*self.store, &self.writer, questionnaire)
            .await
    }
}

/// The state as handlers receive it.
pub type State = axum::extract::State<Arc<Server>>;

/// How long a handler may take to answer. Longer than [`responses::SENDING`], so that a slow
/// client hears that it was slow.
const PATIENCE: Duration = Duration::from_secs(30);

/// Every route, with the layers around them.
pub fn router(server: Arc<Server>) -> Router {
    Router::new()
        .merge(responses::routes())
        .merge(withdrawals::api_routes())
        .merge(estimates::routes())
        .merge(campaign::routes())
        .merge(session::routes())
        .merge(resident::routes())
        .merge(sources::routes())
        .merge(teaser::routes())
        .merge(oembed::routes())
        .merge(preview::routes())
        .merge(withdrawals::page_routes())
        .merge(office::routes())
        .merge(health::routes())
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(
            axum::http::StatusCode::GATEWAY_TIMEOUT,
            PATIENCE,
        ))
        // Event streams stay open and must not be buffered by compression.
        .merge(events::routes())
        .fallback(assets::serve)
        .with_state(server)
        .layer(axum::middleware::from_fn(security::sandboxed))
        .layer(axum::middleware::from_fn(security::headers))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                // What failed is logged where it failed, once, and not for everyone it concerns.
                .on_failure(DefaultOnFailure::new().level(Level::DEBUG)),
        )
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}

/// What the log says of a request: no query (a site or an origin may stand there), no address, no
/// body.
fn span(request: &Request) -> tracing::Span {
    let id = request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}
