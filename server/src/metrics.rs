//! What the server counts about itself, for Prometheus. Numbers of requests and seconds only:
//! nothing about the people who answered.

use axum::Router;
use axum::http::header;
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::sync::Arc;

/// The counters. Clones count into the same ones.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// Responses that were stored.
    pub accepted: Counter,
    /// Responses that were stored before.
    pub replayed: Counter,
    /// Responses that were taken back.
    pub withdrawn: Counter,
    /// Seconds from the start of a transaction to its end on disk.
    pub commit: Histogram,
    /// Responses per transaction.
    pub batch: Histogram,
    /// Seconds that an answer with estimates took, tallies included.
    pub estimate: Histogram,
    refused: Family<Refused, Counter>,
    waiting: Gauge,
    registry: Arc<Registry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    reason: &'static str,
    status: u16,
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let seconds = || Histogram::new(exponential_buckets(0.000_25, 2.0, 16));
        let mut registry = Registry::with_prefix("wendu");
        let (accepted, replayed, withdrawn) =
            (Counter::default(), Counter::default(), Counter::default());
        let (commit, estimate) = (seconds(), seconds());
        let batch = Histogram::new(exponential_buckets(1.0, 2.0, 11));
        let (refused, waiting) = (Family::default(), Gauge::default());
        registry.register("responses_accepted", "Responses stored", accepted.clone());
        registry.register(
            "responses_replayed",
            "Responses that came again and were there already",
            replayed.clone(),
        );
        registry.register(
            "responses_refused",
            "Responses refused, by the last part of the problem's type and by status",
            Family::clone(&refused),
        );
        registry.register(
            "responses_withdrawn",
            "Responses taken back by their respondents",
            withdrawn.clone(),
        );
        registry.register(
            "queue_responses",
            "Responses that wait to be written",
            Gauge::clone(&waiting),
        );
        registry.register(
            "commit_seconds",
            "From the start of a transaction to its end on disk",
            commit.clone(),
        );
        registry.register(
            "batch_responses",
            "Responses per transaction",
            batch.clone(),
        );
        registry.register(
            "estimate_seconds",
            "Time to answer with estimates",
            estimate.clone(),
        );
        Metrics {
            accepted,
            replayed,
            withdrawn,
            commit,
            batch,
            estimate,
            refused,
            waiting,
            registry: Arc::new(registry),
        }
    }

    /// A response was refused with a problem of this type.
    pub fn refuse(&self, kind: &'static str, status: u16) {
        let reason = kind.rsplit('/').next().unwrap_or(kind);
        self.refused
            .get_or_create(&Refused { reason, status })
            .inc();
    }

    /// Everything as text, with how many responses wait.
    fn text(&self, waiting: usize) -> String {
        self.waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
        let mut written = String::new();
        // Writing to a string does not fail.
        let _ = text::encode(&mut written, &self.registry);
        written
    }
}

/// `GET /metrics`, for a listener of its own: numbers are for operators, not for the public.
pub fn router(
    metrics: Metrics,
    waiting: impl Fn() -> usize + Clone + Send + Sync + 'static,
) -> Router {
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let show = async move || {
        (
            [(header::CONTENT_TYPE, OPEN_METRICS)],
            metrics.text(waiting()),
        )
    };
    Router::new().route("/metrics", get(show))
}
