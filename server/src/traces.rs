//! OpenTelemetry traces: a span for each request and one for each batch, sent to a collector. Routes,
//! statuses and numbers only: nothing about the people who answered. Off unless asked for, and then
//! nothing is measured.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry::KeyValue;
use opentelemetry::trace::{Span, SpanKind, Status, Tracer, TracerProvider};
use opentelemetry_http::{Bytes, HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};
use tokio::runtime::Handle;

/// Who writes spans, once [`start`] was called.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// How long the collector may take for one parcel of spans.
const PATIENCE: Duration = Duration::from_secs(10);

/// Spans on their way to the collector.
pub struct Traces(SdkTracerProvider);

/// Sends spans from now on to a collector that takes OTLP over HTTP, such as
/// `http://127.0.0.1:4318`. It has a thread of its own; what it cannot send in time it drops.
///
/// # Errors
/// A text that names the option and what is wrong with it.
pub fn start(endpoint: &str) -> Result<Traces, String> {
    if !endpoint.starts_with("http://") {
        return Err(format!(
            "otlp-endpoint: {endpoint} does not begin with http://; run a collector on this \
             machine, which carries traces on by https"
        ));
    }
    let sender = Sender {
        client: Client::builder(TokioExecutor::new()).build_http(),
        runtime: Handle::current(),
        failing: AtomicBool::new(false),
    };
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_http_client(sender)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .with_timeout(PATIENCE)
        .build()
        .map_err(|error| format!("otlp-endpoint: {error}"))?;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder().with_service_name("wendu").build())
        .build();
    // Asked for once in a process.
    let _ = TRACER.set(provider.tracer("wendu"));
    Ok(Traces(provider))
}

impl Traces {
    /// Sends what is left.
    pub async fn finish(self) {
        let finishing = tokio::task::spawn_blocking(move || self.0.shutdown());
        if let Ok(Err(error)) = finishing.await {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

/// Makes a span of a request.
pub async fn request(request: Request, next: Next) -> Response {
    let Some(tracer) = TRACER.get() else {
        return next.run(request).await;
    };
    let method = request.method().to_string();
    // Never the path itself: a site or a questionnaire's key may stand there.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", MatchedPath::as_str).to_owned();
    let mut span = tracer
        .span_builder(format!("{method} {route}"))
        .with_kind(SpanKind::Server)
        .with_attributes([
            KeyValue::new("http.request.method", method),
            KeyValue::new("http.route", route),
        ])
        .start(tracer);
    let response = next.run(request).await;
    let status = response.status();
    span.set_attribute(KeyValue::new(
        "http.response.status_code",
        i64::from(status.as_u16()),
    ));
    let id = response.headers().get("x-request-id");
    if let Some(id) = id.and_then(|id| id.to_str().ok()) {
        span.set_attribute(KeyValue::new("wendu.request_id", id.to_owned()));
    }
    if status.is_server_error() {
        span.set_status(Status::error(""));
    }
    span.end();
    response
}

/// Makes a span of a batch that has just been written, or not.
pub fn batch(responses: usize, took: Duration, failure: Option<&dyn std::error::Error>) {
    let Some(tracer) = TRACER.get() else {
        return;
    };
    let ended = SystemTime::now();
    let count = i64::try_from(responses).unwrap_or(i64::MAX);
    let mut span = tracer
        .span_builder("write batch")
        .with_start_time(ended.checked_sub(took).unwrap_or(ended))
        .with_attributes([KeyValue::new("wendu.batch.responses", count)])
        .start(tracer);
    if let Some(failure) = failure {
        span.set_status(Status::error(failure.to_string()));
    }
    span.end_with_timestamp(ended);
}

/// Brings parcels of spans to the collector.
#[derive(Debug)]
struct Sender {
    client: Client<HttpConnector, Full<Bytes>>,
    /// The thread that sends is none of the runtime's.
    runtime: Handle,
    /// Whether it was said that the collector is away.
    failing: AtomicBool,
}

#[async_trait::async_trait]
impl HttpClient for Sender {
    async fn send_bytes(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let request = async move {
            let (head, body) = client.request(request.map(Full::new)).await?.into_parts();
            let body = body.collect().await?.to_bytes();
            Ok::<_, HttpError>(http::Response::from_parts(head, body))
        };
        // Its clocks, too, run on the runtime only.
        let sending = async move { tokio::time::timeout(PATIENCE, request).await };
        let sent = match self.runtime.spawn(sending).await {
            Ok(Ok(sent)) => sent,
            Ok(Err(elapsed)) => Err(elapsed.into()),
            Err(error) => Err(error.into()),
        };
        let failure = match &sent {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(answer.status().to_string()),
            Err(error) => Some(error.to_string()),
        };
        let failing = failure.is_some();
        if let (Some(error), false) = (failure, self.failing.load(Ordering::Relaxed)) {
            tracing::warn!(
                error,
                "the collector takes no traces; they are lost until it does"
            );
        }
        self.failing.store(failing, Ordering::Relaxed);
        sent
    }
}
