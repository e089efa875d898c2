//! The measurements that a load bench is made of; what they mean is said where they are printed.

use super::server::{Server, wendu};
use crate::process;
use crate::{Result, target};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Prints a number beside its goal.
pub fn line(what: &str, measured: impl std::fmt::Display, goal: impl std::fmt::Display) {
    println!("{what:<46}{measured:>14}   {goal}");
}

/// The median time in which four KiB at the end of a file are on disk.
pub fn fsync(folder: &Path) -> Result<Duration> {
    let path = folder.join("fsync");
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = File::create(&path).map_err(failed)?;
    let mut times = Vec::new();
    for _ in 0..200 {
        file.write_all(&[1; 4096]).map_err(failed)?;
        let begun = Instant::now();
        file.sync_data().map_err(failed)?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    times.get(100).copied().ok_or_else(|| "no times".to_owned())
}

/// The same answers as over HTTP, written by the server's own store in a loop, rows and tallies;
/// how many a second.
pub fn bare(folder: &Path, database: &str, answers: u64, batch: u64) -> Result<f64> {
    let path = folder.join("bodies");
    let bodies = File::create(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut print = Command::new(target().join("release/load"));
    print.args(["bodies", &answers.to_string()]).stdout(bodies);
    process::run(&format!("make {answers} answers"), &mut print)?;
    let bodies = File::open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut store = wendu();
    store
        .args(["bench-store", "--batch", &batch.to_string()])
        .args(["--database", database])
        .stdin(bodies);
    let [written, seconds] = numbers(&mut store)?;
    let _ = fs::remove_file(&path);
    Ok(written / seconds)
}

/// Fills a database with so many answers, as fast as they can be made.
pub fn fill(database: &str, answers: u64) -> Result<()> {
    eprintln!("▸ fill a database with {answers} answers");
    let failed = |error: std::io::Error| format!("load: {error}");
    let mut made = Command::new(target().join("release/load"))
        .args(["bodies", &answers.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let bodies = made.stdout.take().ok_or("load: no output")?;
    let mut store = wendu();
    store.args(["bench-store", "--database", database]);
    let filled = numbers::<2>(store.stdin(bodies));
    made.wait().map_err(failed)?;
    filled.map(|_| ())
}

/// What a load generator saw.
#[derive(Debug, Clone, Copy)]
pub struct Loaded {
    /// How many answers were acknowledged.
    pub answers: f64,
    /// In how long.
    pub seconds: f64,
    /// The median time of an answer in milliseconds.
    pub p50: f64,
    /// The time that one in a hundred exceeds.
    pub p99: f64,
    /// How many were refused.
    pub refused: f64,
    /// Seconds of processor time that the generator took.
    pub processor: f64,
}

impl Loaded {
    /// Acknowledged answers a second.
    pub fn rate(&self) -> f64 {
        self.answers / self.seconds
    }
}

/// Sends answers over so many connections.
pub fn load(server: &Server, connections: u32, options: &[&str]) -> Result<Loaded> {
    let mut load = Command::new(target().join("release/load"));
    load.args(["run", &server.host, &connections.to_string()])
        .args(options);
    let [answers, seconds, p50, p99, _, refused, processor] = numbers(&mut load)?;
    Ok(Loaded {
        answers,
        seconds,
        p50,
        p99,
        refused,
        processor,
    })
}

/// Loads several servers at once; answers a second of all together.
pub fn load_all(servers: &[Server], connections: u32, options: &[&str]) -> Result<f64> {
    let begun = Instant::now();
    let loaded: Result<Vec<Loaded>> = thread::scope(|scope| {
        let running: Vec<_> = servers
            .iter()
            .map(|server| scope.spawn(move || load(server, connections, options)))
            .collect();
        let ended = running.into_iter().map(|one| one.join());
        ended
            .map(|one| one.unwrap_or_else(|_| Err("a load panicked".to_owned())))
            .collect()
    });
    let answers: f64 = loaded?.iter().map(|one| one.answers).sum();
    Ok(answers / begun.elapsed().as_secs_f64())
}

/// What a program prints, as numbers.
pub fn numbers<const N: usize>(command: &mut Command) -> Result<[f64; N]> {
    let name = command.get_program().display().to_string();
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    numbers
        .try_into()
        .map_err(|_| format!("{name}: printed {text:?}"))
}

/// Milliseconds of server time for a full picture: after a change, and once more.
pub fn picture(database: &str) -> Result<(f64, f64)> {
    const PATH: &str = "/api/v1/estimates?questionnaire=resident&by=area";
    const ROUNDS: u32 = 30;
    let server = Server::start(database)?;
    let (mut changed, mut unchanged) = (0.0, 0.0);
    let timed = || -> Result<f64> {
        let before = server.metric("wendu_estimate_seconds_sum")?;
        server.get(PATH)?;
        Ok(1000.0 * (server.metric("wendu_estimate_seconds_sum")? - before))
    };
    timed()?;
    for _ in 0..ROUNDS {
        load(&server, 1, &["answers=1"])?;
        changed += timed()?;
        unchanged += timed()?;
    }
    Ok((changed / f64::from(ROUNDS), unchanged / f64::from(ROUNDS)))
}

/// The most memory that `wendu export` held while it wrote every answer of a database, in MiB.
pub fn export_memory(database: &str) -> Result<f64> {
    let mut export = wendu();
    export.args([
        "export",
        "--questionnaire",
        "resident",
        "--database",
        database,
    ]);
    let mut export = export
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| format!("wendu export: {error}"))?;
    let mut most: f64 = 0.0;
    loop {
        // The peak so far; gone with the process.
        if let Ok(now) = super::server::peak(export.id()) {
            most = most.max(now);
        }
        match export
            .try_wait()
            .map_err(|e| format!("wendu export: {e}"))?
        {
            Some(status) if status.success() => return Ok(most),
            Some(status) => return Err(format!("wendu export: {status}")),
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
}
