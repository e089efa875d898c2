//! PostgreSQL for tests: a database on the server that `cargo xtask test` started, a server to be
//! mistreated, and a line to one that can be cut.

use private_postgres::{Binaries, Cluster, create_database};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

/// The address of a new, empty database.
pub fn database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let address = std::env::var("WENDU_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("these tests need a PostgreSQL server: run `cargo xtask test`, which starts one")
    });
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("system_{}_{number}", std::process::id());
    create_database(&address, &name).expect("a database")
}

/// A server of this test's own, which it may kill.
pub fn server(settings: &[&str]) -> Cluster {
    let binaries = Binaries::find().expect("PostgreSQL; `cargo xtask test` installs it");
    Cluster::start(&binaries, settings).expect("a PostgreSQL server")
}

/// As [`server`], with its data in a folder that is there already, and its log of changes (for want
/// of which it would stop altogether) elsewhere.
pub fn server_with_data_in(data: &Path, settings: &[&str]) -> Cluster {
    let binaries = Binaries::find().expect("PostgreSQL; `cargo xtask test` installs it");
    Cluster::start_with_data_in(&binaries, data, settings).expect("a PostgreSQL server")
}

/// As [`server`], with its log of changes alone in a folder that is there already.
pub fn server_with_log_in(log: &Path, settings: &[&str]) -> Cluster {
    let binaries = Binaries::find().expect("PostgreSQL; `cargo xtask test` installs it");
    Cluster::start_with_log_in(&binaries, log, settings).expect("a PostgreSQL server")
}

/// A line to a PostgreSQL server that can be cut: what is sent meanwhile is neither lost nor
/// delivered, as on a network that is down for a while.
pub struct Line {
    folder: TempDir,
    connected: watch::Sender<bool>,
}

impl Line {
    /// A line to the server.
    pub fn to(cluster: &Cluster) -> Line {
        let folder = TempDir::new().expect("a temporary folder");
        let socket = |folder: &Path| folder.join(".s.PGSQL.5432");
        let listener = UnixListener::bind(socket(folder.path())).expect("a socket");
        let (connected, state) = watch::channel(true);
        let server = socket(cluster.folder());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(forward(client, server.clone(), state.clone()));
            }
        });
        Line { folder, connected }
    }

    /// The address of a database by way of this line.
    pub fn address(&self, database: &str) -> String {
        private_postgres::address(self.folder.path(), database)
    }

    /// Cuts the line.
    pub fn cut(&self) {
        self.connected.send_replace(false);
    }

    /// Mends it.
    pub fn mend(&self) {
        self.connected.send_replace(true);
    }
}

async fn forward(client: UnixStream, server: PathBuf, state: watch::Receiver<bool>) {
    let mut connected = state.clone();
    if connected.wait_for(|up| *up).await.is_err() {
        return;
    }
    let Ok(server) = UnixStream::connect(server).await else {
        return;
    };
    tokio::select! {
        () = pass(&client, &server, state.clone()) => {}
        () = pass(&server, &client, state) => {}
    }
}

/// Passes bytes on while the line is there.
async fn pass(from: &UnixStream, to: &UnixStream, mut state: watch::Receiver<bool>) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        if from.readable().await.is_err() || state.wait_for(|up| *up).await.is_err() {
            return;
        }
        let n = match from.try_read(&mut buffer) {
            Ok(0) => return,
            Ok(n) => n,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
            Err(_) => return,
        };
        let mut rest = &buffer[..n];
        while !rest.is_empty() {
            if to.writable().await.is_err() || state.wait_for(|up| *up).await.is_err() {
                return;
            }
            match to.try_write(rest) {
                Ok(n) => rest = &rest[n..],
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }
}
