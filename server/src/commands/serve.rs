//! `wendu serve`.

use super::{Ended, demo};
use crate::catalogue::Catalogue;
use crate::config::{Config, ServeArgs};
use crate::http::listen::{self, Tls};
use crate::http::{self, Server};
use crate::intake::Writer;
use crate::metrics::{self, Metrics};
use crate::source_reports::SourceReports;
use crate::sources::{self, Sources};
use crate::store::{self, Store};
use crate::tallies::Tallies;
use crate::{auth, clock, traces};
use futures_util::StreamExt;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

/// How long requests that are under way may take to finish once the server is told to stop.
const GRACE: Duration = Duration::from_secs(20);

pub async fn run(args: &ServeArgs) -> Ended {
    let mut config = args.resolve()?;
    log();
    survive_limits();
    let traces = config
        .otlp_endpoint
        .as_deref()
        .map(traces::start)
        .transpose()?;
    let tls = config.tls.clone().map(Tls::open).transpose()?;
    let store = store::open(&config.database).await?;
    if args.demo {
        demo::load(&config.files, &store).await?;
    }
    let catalogue = Catalogue::open(&config.files, &*store, clock::now()).await?;
    config.widgets = config.widgets.with(&catalogue.campaign.widgets, |id| {
        catalogue.newest(id).is_some()
    })?;
    let first_password = auth::first_password(&*store).await?;
    let listener = bind(config.listen, "listen").await?;
    let metrics_listener = match config.metrics {
        Some(address) => Some(bind(address, "metrics").await?),
        None => None,
    };
    config.listen = listener.local_addr()?;
    // Before anyone knows of the server: whoever does may ask it to stop.
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    announce(&config, first_password, catalogue.simulated);

    let metrics = Metrics::new();
    let (writer, writing) = Writer::start(store.clone(), config.queue, metrics.clone())?;
    let listening = tokio::spawn({
        let (mut changes, writer) = (store.changes(), writer.clone());
        async move {
            while let Some(questionnaire) = changes.next().await {
                writer.announce(questionnaire);
            }
        }
    });
    let (stop, stopping) = watch::channel(false);
    if let Some(listener) = metrics_listener {
        let router = metrics::router(metrics.clone(), writer.waiting());
        let stopping = stopping.clone();
        tokio::spawn(listen::serve(listener, None, router, 16, stopping, GRACE));
    }
    // A proxy that speaks TLS says so itself; of a trial browsers must not remember anything.
    let https_only = config.tls.is_some() && !config.is_trial();
    let connections = listen::affordable(config.connections);
    let sources = Arc::new(Sources::new(&catalogue));
    let server = Arc::new(Server {
        store: store.clone(),
        catalogue,
        writer,
        tallies: Tallies::default(),
        sources: sources.clone(),
        source_reports: SourceReports::default(),
        metrics,
        config,
        stopping: stopping.clone(),
    });
    tokio::spawn(count(sources.clone(), store.clone(), stopping.clone()));
    let handshakes = tls.as_ref().map(Tls::handshakes);
    if let Some(tls) = tls {
        tokio::spawn(tls.renew(stopping.clone()));
    }
    let options = http::Options {
        https_only,
        traced: traces.is_some(),
    };
    let entrance = http::Entrance::new(server, options);
    let serving = listen::serve(listener, handshakes, entrance, connections, stopping, GRACE);
    let serving = tokio::spawn(serving);
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
    tracing::info!("stopping: no new requests, finishing those under way");
    let _ = stop.send(true);
    if let Err(error) = serving.await {
        tracing::error!(%error, "serving ended badly");
    }
    listening.abort();
    write_counts(&sources, &*store).await;
    // The last handle on the writer is gone with the router; what waited is written before it ends.
    if tokio::time::timeout(GRACE, writing).await.is_err() {
        tracing::warn!("the writer did not finish in time");
    }
    store.close().await;
    if let Some(traces) = traces {
        traces.finish().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes every few seconds how many came from where, until the server stops.
async fn count(sources: Arc<Sources>, store: Arc<dyn Store>, mut stopping: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            () = tokio::time::sleep(sources::PACE) => {}
        }
        write_counts(&sources, &*store).await;
    }
}

async fn write_counts(sources: &Sources, store: &dyn Store) {
    if let Err(error) = sources.write(store).await {
        tracing::warn!(%error, "visits were not counted yet");
    }
}

async fn bind(address: SocketAddr, option: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        format!("cannot listen on {address}: {error}; choose another address with --{option}")
    })
}

fn log() {
    let filter = EnvFilter::try_from_env("WENDU_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        subscriber.compact().init();
    } else {
        subscriber.json().init();
    }
}

/// What a person at the terminal needs to know; the only time the password is shown.
fn announce(config: &Config, first_password: Option<String>, simulated: bool) {
    let local = config.local_url();
    let address = config.public_url.as_ref().unwrap_or(&local);
    println!("Wendu 温度 listens on {local}");
    println!("  residents  {address}/s/resident");
    println!("  office     {address}/office");
    if let Some(password) = first_password {
        println!("  password   {password}   (shown this once; `wendu password` makes a new one)");
    }
    if simulated {
        println!("  The data are SIMULATED.");
    }
}

/// Beyond a limit on the size of files (`ulimit -f`, `LimitFSIZE=`) a write fails, as on a full
/// disk; it must not end the process, as it would if nobody listened for the signal.
fn survive_limits() {
    const SIGXFSZ: i32 = 25;
    let listened = signal(SignalKind::from_raw(SIGXFSZ));
    if let Err(error) = listened {
        tracing::warn!(%error, "a limit on the size of files would end the server");
    }
}
