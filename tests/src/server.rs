//! A real server in a process of its own, with a database in a temporary folder.

use crate::{PATIENCE, eventually, postgres, target};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long a server may take to stop: less than it waits for what does not end.
const STOPPING: Duration = Duration::from_secs(15);

/// The built `wendu`.
pub fn wendu() -> PathBuf {
    target().join("debug/wendu")
}

/// A folder for one test, and its database.
pub struct Place {
    folder: TempDir,
    database: String,
    roots: Vec<reqwest::Certificate>,
    variables: Vec<(&'static str, PathBuf)>,
}

impl Place {
    /// With a SQLite database in the folder.
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let database = format!("sqlite:{}", folder.path().join("wendu.sqlite").display());
        Place {
            folder,
            database,
            roots: Vec::new(),
            variables: Vec::new(),
        }
    }

    /// Its servers get these variables of the environment.
    pub fn with(mut self, variables: &[(&'static str, &Path)]) -> Self {
        let owned = variables
            .iter()
            .map(|(name, path)| (*name, path.to_path_buf()));
        self.variables.extend(owned);
        self
    }

    /// Its servers' clients believe in certificates of this authority.
    pub fn trusting(mut self, root: reqwest::Certificate) -> Self {
        self.roots.push(root);
        self
    }

    /// With a new database on the tests' PostgreSQL server.
    pub fn on_postgres() -> Self {
        Place::at(&postgres::database())
    }

    /// With the database at an address.
    pub fn at(database: &str) -> Self {
        Place {
            database: database.to_owned(),
            ..Place::new()
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn database(&self) -> &str {
        &self.database
    }

    /// Runs a command of `wendu` on this place's database to its end.
    pub async fn run(&self, args: &[&str]) -> (bool, String) {
        let output = self.command(args).output().await.expect("wendu runs");
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        )
    }

    /// A command of `wendu` on the database of this place, yet to be run.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(wendu());
        command
            .args(args)
            .env("WENDU_DATABASE", self.database())
            .current_dir(self.path());
        command
    }

    /// Columns of the exported answers to the residents' questionnaire, a row for each response.
    pub async fn exported(&self, columns: &[&str]) -> Vec<Vec<String>> {
        let (_, csv) = self.run(&["export", "--questionnaire", "resident"]).await;
        let mut rows = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let head = rows.next().expect("a head");
        let at = |name: &&str| head.iter().position(|column| column == name);
        let at: Vec<usize> = columns.iter().filter_map(at).collect();
        rows.map(|row| at.iter().map(|at| row[*at].to_owned()).collect())
            .collect()
    }

    /// Asserts that every tally equals a count of the answers.
    pub async fn assert_recount(&self) {
        let (success, said) = self.run(&["recount"]).await;
        assert!(success && said.contains("no difference"), "recount: {said}");
    }

    /// Asserts that the database is sound and every tally equals a count of the answers.
    pub async fn assert_sound(&self) {
        let (success, said) = self.run(&["check"]).await;
        assert!(success && said.contains("every tally equals"), "{said}");
    }

    /// Starts the server on a database that was made elsewhere and has its password.
    pub async fn serve_with_password(&self) -> Server {
        self.mark_started();
        self.serve(&[]).await
    }

    /// From now on the server tells no password.
    fn mark_started(&self) {
        std::fs::write(self.path().join("started"), "").expect("a mark");
    }

    /// Starts the server on this place's database.
    pub async fn serve(&self, args: &[&str]) -> Server {
        self.serve_at("127.0.0.1:0", args).await
    }

    /// A client with connections of its own.
    pub fn client(&self) -> reqwest::Client {
        let new = reqwest::Client::builder().tls_info(true);
        let trusting = |builder: reqwest::ClientBuilder, root: &reqwest::Certificate| {
            builder.add_root_certificate(root.clone())
        };
        let builder = self.roots.iter().fold(new, trusting);
        builder.build().expect("a client")
    }

    /// Starts it at an address at which pages know it already.
    pub async fn serve_at(&self, address: &str, args: &[&str]) -> Server {
        let mut process = Command::new(wendu())
            .args(["serve", "--listen", address])
            .args(args)
            .env("WENDU_DATABASE", self.database())
            .env("WENDU_LOG", "warn")
            .envs(self.variables.iter().map(|(name, path)| (name, path)))
            .current_dir(self.path())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("wendu starts; build it with `cargo xtask test`");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let started = self.path().join("started");
        let first = !started.exists();
        let (mut address, mut password) = (None, None);
        let reading = async {
            while let Ok(Some(line)) = lines.next_line().await {
                let words: Vec<&str> = line.split_whitespace().collect();
                match words.as_slice() {
                    ["Wendu", _, "listens", "on", url] => address = Some((*url).to_owned()),
                    ["password", word, ..] => password = Some((*word).to_owned()),
                    _ => {}
                }
                // The password comes after the addresses, on a first start only.
                let is_last = if first {
                    password.is_some()
                } else {
                    words.first() == Some(&"office")
                };
                if is_last {
                    break;
                }
            }
        };
        tokio::time::timeout(PATIENCE, reading)
            .await
            .expect("the server says where it is");
        self.mark_started();
        let server = Server {
            process,
            address: address.expect("an address"),
            password: password.unwrap_or_default(),
            client: self.client(),
        };
        eventually("the server is ready", async || {
            let answer = server.client.get(server.url("/readyz")).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        server
    }
}

impl Default for Place {
    fn default() -> Self {
        Place::new()
    }
}

/// A running server.
pub struct Server {
    process: Child,
    address: String,
    /// The office's password, on a first start.
    pub password: String,
    pub client: reqwest::Client,
}

impl Server {
    /// Its process.
    pub fn id(&self) -> u32 {
        self.process.id().expect("a process")
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Where it listens: `127.0.0.1:PORT`.
    pub fn host(&self) -> &str {
        let (_, host) = self.address.split_once("://").expect("a scheme");
        host
    }

    /// Sends a body to the responses; returns status and body.
    pub async fn post(&self, body: impl Into<reqwest::Body>) -> (u16, Value) {
        let answer = self
            .client
            .post(self.url("/api/v1/responses"))
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let answer = self
            .client
            .get(self.url(path))
            .send()
            .await
            .expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// How much memory it holds, in bytes.
    pub fn resident_memory(&self) -> u64 {
        let id = self.process.id().expect("a process");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kib.expect("its resident memory") * 1024
    }

    /// Kills it without warning, as a power cut would.
    pub async fn kill(mut self) {
        self.process.kill().await.expect("it dies");
    }

    /// Sends it a signal, such as `-HUP`.
    pub async fn signal(&self, signal: &str) {
        let id = self.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().await;
        assert!(sent.expect("kill runs").success());
    }

    /// Asks it to stop and waits until it has.
    pub async fn terminate(mut self) -> ExitStatus {
        self.signal("-TERM").await;
        tokio::time::timeout(STOPPING, self.process.wait())
            .await
            .expect("it stops in time, before it gives up waiting for something")
            .expect("an exit status")
    }
}
