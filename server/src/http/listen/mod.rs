//! Taking connections: no client can hold the server by being slow, idle or many.

mod tls;
mod write_deadline;

pub use tls::{Files, Handshakes, Tls, TlsArgs};

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::Service;
use write_deadline::WriteDeadline;

/// How long a client may take to shake hands, to send a request's head, and how long a kept-open
/// connection may be idle.
const HEAD: Duration = Duration::from_secs(10);

/// The largest head of a request, and how much of a body is buffered.
const BUFFER: usize = 32 * 1024;

/// How long to wait when the system gives no more connections.
const EXHAUSTED: Duration = Duration::from_millis(200);

/// Files that the process needs beside its connections: database, log, libraries.
const OTHER_FILES: u64 = 128;

/// How many connections can be open at once: as many as `wanted`, if the system allows the process
/// so many open files. Raises the soft limit as far as the hard limit goes.
pub fn affordable(wanted: usize) -> usize {
    let needed = (wanted as u64).saturating_add(OTHER_FILES);
    let allowed = match rlimit::increase_nofile_limit(needed) {
        Ok(allowed) => allowed,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files is not known");
            return wanted;
        }
    };
    if allowed >= needed {
        return wanted;
    }
    let affordable = allowed.saturating_sub(OTHER_FILES).max(16);
    tracing::warn!(
        wanted,
        affordable,
        "the system allows {allowed} open files; for more connections raise the hard limit \
         (LimitNOFILE= in systemd, ulimit -Hn in a shell)"
    );
    usize::try_from(affordable).unwrap_or(wanted)
}

/// What answers requests.
pub trait Answers:
    Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + 'static
{
}

impl<S> Answers for S where
    S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static
{
}

/// Serves until `stopping` turns true, then takes no new connection, lets requests under way
/// finish for at most `grace`, and closes what is still open. With `tls` clients are spoken to by
/// TLS only.
///
/// Beyond `connections` open ones, new ones wait in the system's queue. Each idle one is closed
/// after some seconds, so that the queue moves.
pub async fn serve<S: Answers>(
    listener: TcpListener,
    tls: Option<Handshakes>,
    service: S,
    connections: usize,
    mut stopping: watch::Receiver<bool>,
    grace: Duration,
) {
    let room = Arc::new(Semaphore::new(connections));
    let graceful = GracefulShutdown::new();
    let mut open = JoinSet::new();
    let next = async || {
        let permit = room.clone().acquire_owned().await.ok()?;
        Some((accept(&listener).await, permit))
    };
    loop {
        let (stream, permit) = tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => break,
            Some(_) = open.join_next() => continue,
            Some(accepted) = next() => accepted,
        };
        let stream = WriteDeadline::on(stream);
        let (service, watcher) = (service.clone(), graceful.watcher());
        match tls.clone() {
            None => open.spawn(async move {
                converse(stream, service, watcher).await;
                drop(permit);
            }),
            Some(tls) => {
                let mut stopping = stopping.clone();
                open.spawn(async move {
                    let shaken = tokio::select! {
                        _ = stopping.wait_for(|stopping| *stopping) => return,
                        shaken = tokio::time::timeout(HEAD, tls.shake(stream)) => shaken,
                    };
                    match shaken {
                        Ok(Ok(stream)) => converse(stream, service, watcher).await,
                        Ok(Err(error)) => tracing::debug!(%error, "a handshake failed"),
                        Err(_) => tracing::debug!("a handshake was too slow"),
                    }
                    drop(permit);
                })
            }
        };
    }
    drop(listener);
    if tokio::time::timeout(grace, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests were still under way and are broken off now");
    }
    open.shutdown().await;
}

/// Answers a client's requests, until it goes or the server stops.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    service: impl Answers,
    watcher: Watcher,
) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    // A client that breaks off, is too slow or speaks no HTTP is no fault of ours.
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended");
    }
}

/// The next connection, however long it takes.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small and must not wait for more to send.
                let _ = stream.set_nodelay(true);
                return stream;
            }
            // The client was gone before we came to it.
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken for the moment");
                tokio::time::sleep(EXHAUSTED).await;
            }
        }
    }
}

fn is_the_clients(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionRefused | ConnectionAborted | ConnectionReset
    )
}
