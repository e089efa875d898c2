//! A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, gone when it is
//! dropped. It never touches a server that the machine runs already.

mod binaries;

pub use binaries::Binaries;

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What goes wrong, in words.
pub type Result<T> = std::result::Result<T, String>;

/// How long the server may take to start, recovery after a crash included.
const PATIENCE: Duration = Duration::from_secs(60);

/// The name of the superuser.
const USER: &str = "wendu";

/// A running server with its data.
pub struct Cluster {
    binaries: Binaries,
    folder: PathBuf,
    data: PathBuf,
    account: Option<Account>,
    process: Option<Child>,
}

/// The user and group as whom the server runs: PostgreSQL refuses to be root.
#[derive(Debug, Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

impl Cluster {
    /// Makes a cluster and starts it, with settings such as `max_connections=20`.
    ///
    /// # Errors
    /// What the programs say.
    pub fn start(binaries: &Binaries, settings: &[&str]) -> Result<Self> {
        Self::make(binaries, None, None, settings)
    }

    /// As [`Cluster::start`], with the data in an empty folder that is there already. The log of
    /// changes stays in the cluster's own.
    ///
    /// # Errors
    /// What the programs say.
    pub fn start_with_data_in(binaries: &Binaries, data: &Path, settings: &[&str]) -> Result<Self> {
        Self::make(binaries, Some(data), None, settings)
    }

    /// As [`Cluster::start`], with the log of changes in an empty folder that is there already.
    ///
    /// # Errors
    /// What the programs say.
    pub fn start_with_log_in(binaries: &Binaries, log: &Path, settings: &[&str]) -> Result<Self> {
        Self::make(binaries, None, Some(log), settings)
    }

    fn make(
        binaries: &Binaries,
        data: Option<&Path>,
        log: Option<&Path>,
        settings: &[&str],
    ) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // Short: the path of a socket may have 107 bytes.
        let name = format!("wendu-pg-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let mut cluster = Cluster {
            binaries: binaries.clone(),
            data: data.map_or_else(|| folder.join("data"), Path::to_owned),
            folder,
            account: unprivileged()?,
            process: None,
        };
        if let Some(Account { user, group }) = cluster.account {
            for folder in [Some(cluster.folder.as_path()), data, log]
                .into_iter()
                .flatten()
            {
                chown(folder, Some(user), Some(group))
                    .map_err(|e| format!("{}: {e}", folder.display()))?;
            }
        }
        let own = data.map(|_| cluster.folder.join("log-of-changes"));
        let log = log.or(own.as_deref());
        let output = cluster
            .command("initdb")
            .args([
                "--auth=trust",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
            ])
            .args(["--username", USER, "--pgdata"])
            .arg(&cluster.data)
            .args(log.iter().flat_map(|log| [Path::new("--waldir"), *log]))
            .output()
            .map_err(|e| format!("initdb: {e}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("initdb: {said}"));
        }
        cluster.restart(settings)?;
        Ok(cluster)
    }

    /// Starts the server again, stopping it first if it runs.
    ///
    /// # Errors
    /// What the server says.
    pub fn restart(&mut self, settings: &[&str]) -> Result<()> {
        self.stop();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut process = self.spawn(settings)?;
            loop {
                if self.sql("postgres", "SELECT 1").is_ok() {
                    self.process = Some(process);
                    return Ok(());
                }
                // After a kill the old server's children may still be there for a moment, and the
                // new one refuses to start beside them.
                if let Ok(Some(_)) = process.try_wait() {
                    break;
                }
                if Instant::now() > deadline {
                    let _ = process.kill();
                    return Err(format!("PostgreSQL does not start: {}", self.log()));
                }
                sleep(Duration::from_millis(50));
            }
            if Instant::now() > deadline {
                return Err(format!("PostgreSQL does not start: {}", self.log()));
            }
            sleep(Duration::from_millis(200));
        }
    }

    fn spawn(&self, settings: &[&str]) -> Result<Child> {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .map_err(|e| format!("log: {e}"))?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(&self.data);
        command.arg("-k").arg(&self.folder);
        for setting in ["listen_addresses=", "max_connections=300"]
            .iter()
            .chain(settings)
        {
            command.args(["-c", setting]);
        }
        command
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|e| format!("postgres: {e}"))
    }

    /// Kills the server without warning, as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It can be gone already; then there is nothing to do.
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Stops the server at once; what is under way is rolled back.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let id = process.id().to_string();
            let sent = Command::new("kill").args(["-QUIT", &id]).status();
            if !sent.is_ok_and(|status| status.success()) {
                let _ = process.kill();
            }
            let _ = process.wait();
        }
    }

    /// The address of a database, for `wendu` and for `psql`.
    pub fn address(&self, database: &str) -> String {
        address(&self.folder, database)
    }

    /// Where its socket is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs SQL; what it returns, unadorned.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String> {
        self.binaries.sql(&self.address(database), sql)
    }

    /// The end of the server's log.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let from = lines.len().saturating_sub(20);
        lines.get(from..).unwrap_or_default().join("\n")
    }

    /// A program of PostgreSQL's, to be run by the cluster's owner, that dies with its parent.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        if let Some(Account { user, group }) = self.account {
            command.arg(format!("--reuid={user}"));
            command.arg(format!("--regid={group}"));
            command.arg("--clear-groups");
        }
        command.args(["--pdeathsig", "QUIT"]);
        command.arg(self.binaries.program(program));
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Whom to be, if we are root.
fn unprivileged() -> Result<Option<Account>> {
    let number = |args: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(args).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        text.trim().parse().ok()
    };
    if number(&["-u"]) != Some(0) {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let (Some(user), Some(group)) = (number(&["-u", name]), number(&["-g", name])) {
            return Ok(Some(Account { user, group }));
        }
    }
    Err("PostgreSQL does not run as root, and there is no user postgres or nobody".to_owned())
}

/// The address of a database of a server whose socket is in a folder.
pub fn address(folder: &Path, database: &str) -> String {
    let folder = folder.display().to_string().replace('/', "%2F");
    format!("postgres:///{database}?host={folder}&user={USER}")
}

/// Creates an empty database beside the one at `address`; the new one's address.
///
/// # Errors
/// What PostgreSQL says.
pub fn create_database(address: &str, name: &str) -> Result<String> {
    let binaries = Binaries::find().ok_or("there are no programs of PostgreSQL 15 or newer")?;
    binaries.sql(address, &format!("CREATE DATABASE {name}"))?;
    let (before, after) = address
        .split_once("/postgres?")
        .ok_or_else(|| format!("{address} is not the address of the database postgres"))?;
    Ok(format!("{before}/{name}?{after}"))
}

/// Whether a folder holds a program.
fn holds(folder: &Path, program: &str) -> bool {
    folder.join(program).is_file()
}
