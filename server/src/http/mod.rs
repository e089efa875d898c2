//! The HTTP interface: one file per concern, merged here.

mod arrival;
mod assets;
mod campaign;
mod entrance;
mod estimates;
mod events;
mod framing;
mod health;
mod interview;
pub mod listen;
mod oembed;
mod office;
mod page;
mod posters;
mod preview;
mod problem;
mod resident;
mod responses;
mod security;
mod session;
mod short;
mod sources;
mod teaser;
mod told;
mod withdrawals;

pub use entrance::{Entrance, Options};

use crate::catalogue::Catalogue;
use crate::config::Config;
use crate::intake::Writer;
use crate::metrics::Metrics;
use crate::source_reports::SourceReports;
use crate::sources::Sources;
use crate::store::{Store, StoreError};
use crate::tallies::Tallies;
use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use report::CellTally;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tower::ServiceBuilder;
use tower::util::MapResponseLayer;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{
    MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
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
    /// The same with completions, where counting them took long.
    pub source_reports: SourceReports,
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
fn router(server: Arc<Server>, numbers: Numbers) -> Router {
    Router::new()
        .merge(withdrawals::api_routes())
        .merge(estimates::routes())
        .merge(campaign::routes())
        .merge(posters::routes())
        .merge(session::routes())
        .merge(short::routes())
        .merge(resident::routes())
        .merge(sources::routes())
        .merge(teaser::routes())
        .merge(oembed::routes())
        .merge(preview::routes())
        .merge(withdrawals::page_routes())
        .merge(interview::routes())
        .merge(office::routes())
        .merge(health::routes())
        .merge(told::routes())
        .layer(TimeoutLayer::with_status_code(
            axum::http::StatusCode::GATEWAY_TIMEOUT,
            PATIENCE,
        ))
        .layer(axum::middleware::from_fn(told::tell))
        // One step above the least: a tenth smaller pages for a tenth of a millisecond.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(5)))
        // Event streams stay open and must not be buffered by compression. An answer that is taken
        // is acknowledged in a few bytes, and its body and its commit have their own deadlines.
        .merge(events::routes())
        .merge(responses::routes())
        .fallback(assets::serve)
        .with_state(server)
        // One layer of many parts, the outermost first: as layers of their own, each would cost
        // every request a box and a clone.
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::x_request_id(numbers))
                .layer(
                    TraceLayer::new_for_http()
                        .make_span_with(span)
                        // What failed is logged where it failed, once, and not for everyone it
                        // concerns.
                        .on_failure(DefaultOnFailure::new().level(Level::DEBUG)),
                )
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(CatchPanicLayer::custom(problem::panicked))
                .layer(MapResponseLayer::new(security::headers))
                .layer(axum::middleware::from_fn(security::sandboxed)),
        )
}

/// Request ids: a number that the process drew when it started, and one that counts on.
#[derive(Clone)]
struct Numbers {
    process: u64,
    requests: Arc<AtomicU64>,
}

impl Numbers {
    fn new() -> Self {
        let mut process = [0; 8];
        // Without randomness the ids of several servers look alike; nothing depends on them.
        let _ = getrandom::fill(&mut process);
        Numbers {
            process: u64::from_le_bytes(process),
            requests: Arc::default(),
        }
    }
}

impl Numbers {
    fn next(&self) -> Option<HeaderValue> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        HeaderValue::try_from(format!("{:016x}-{number:x}", self.process)).ok()
    }
}

impl MakeRequestId for Numbers {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        self.next().map(RequestId::new)
    }
}

/// What the log says of a request: no query and no short link (a site or an origin may stand
/// there), no address, no body.
fn span(request: &Request) -> tracing::Span {
    let id = request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default();
    let path = match request.uri().path() {
        short if short.starts_with(short::PATH) => short::PATH,
        path => path,
    };
    tracing::info_span!("request", method = %request.method(), path, id)
}
