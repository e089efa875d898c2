//! Durable answers a second, and what bounds them: ratios in one run, on one file system.

use super::server::{Server, wendu};
use crate::process::{self, cargo};
use crate::{Result, target};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CONNECTIONS: u32 = 256;

/// Builds what is needed, measures, and prints each number beside its goal.
pub fn run(answers: u64) -> Result<()> {
    // One after the other, so that the server gets the features that it is shipped with.
    for (package, binary) in [("server", "wendu"), ("system", "load")] {
        let mut build = cargo();
        build.args(["build", "--locked", "--release", "--package", package]);
        build.args(["--bin", binary]);
        build.env("WENDU_SITE", target().join("site"));
        process::run(&format!("build {binary}"), &mut build)?;
    }
    let folder = target().join("bench");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let measured = measure(&folder, answers);
    let _ = fs::remove_dir_all(&folder);
    measured
}

fn measure(folder: &Path, answers: u64) -> Result<()> {
    let sync = fsync(folder)?;
    println!("\nfsync of this file system: {}", ms(sync));
    println!("answers in the long runs: {answers}\n");
    let (small, large) = (folder.join("small.sqlite"), folder.join("large.sqlite"));
    let single = bare(folder, &folder.join("single.sqlite"), 300, 1)?;
    bare(folder, &small, 1000, 1000)?;
    let batches = bare(folder, &large, answers, 1024)?;

    let server = Server::start(&folder.join("http.sqlite"))?;
    let before = server.processor()?;
    let flood = load(&server, CONNECTIONS, &[&format!("answers={answers}")])?;
    let after = server.processor()?;
    let memory = server.memory()?;
    let commits = server.metric("wendu_commit_seconds_count")?;
    let committing = server.metric("wendu_commit_seconds_sum")?;
    let http = flood.answers / flood.seconds;
    line("durable answers/s over HTTP", format!("{http:.0}"), "");
    line("  the store alone, in batches", format!("{batches:.0}"), "");
    line("  ratio", format!("{:.2}", http / batches), ">= 0.5");
    line("  one commit per answer", format!("{single:.0}"), "");
    line("  ratio", format!("{:.1}", http / single), ">= 25");
    line(
        "  answers per transaction",
        format!("{:.0}", flood.answers / commits),
        "",
    );
    line("  refused", flood.refused, "0");
    let share = |seconds: f64| format!("{:.0} %", 100.0 * seconds / flood.seconds);
    line("  a transaction is under way", share(committing), "");
    for (thread, seconds) in after {
        let used = seconds - before.get(&thread).copied().unwrap_or(0.0);
        if used > 0.02 * flood.seconds {
            line(&format!("  processor, {thread}"), share(used), "");
        }
    }
    line("memory at its peak", format!("{memory:.0} MiB"), "<= 150");

    let rate = format!("rate={:.0}", http / 2.0);
    let half = load(&server, CONNECTIONS, &[&rate, "seconds=10"])?;
    line("p99 at half that rate", format!("{:.1} ms", half.p99), "");
    let above = half.p99 - 1000.0 * sync.as_secs_f64();
    line("  above fsync", format!("{above:.1} ms"), "<= 50");
    let lone = load(&server, 1, &["answers=300"])?;
    let goal = 2.0 * 1000.0 * sync.as_secs_f64() + 2.0;
    line(
        "lone answer, median",
        format!("{:.1} ms", lone.p50),
        format!("<= {goal:.1}"),
    );
    drop(server);

    let few = picture(&small)?;
    let many = picture(&large)?;
    line(
        "picture after a change, 1000",
        format!("{:.2} ms", few.0),
        "",
    );
    line(
        &format!("picture after a change, {answers}"),
        format!("{:.2} ms", many.0),
        "<= 10",
    );
    line("  ratio", format!("{:.2}", many.0 / few.0), "<= 3");
    line("picture unchanged, 1000", format!("{:.2} ms", few.1), "");
    line(
        &format!("picture unchanged, {answers}"),
        format!("{:.2} ms", many.1),
        "<= 10",
    );
    line("  ratio", format!("{:.2}", many.1 / few.1), "<= 3");
    Ok(())
}

fn line(what: &str, measured: impl std::fmt::Display, goal: impl std::fmt::Display) {
    println!("{what:<40}{measured:>14}   {goal}");
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", 1000.0 * time.as_secs_f64())
}

/// The median time in which four KiB at the end of a file are on disk.
fn fsync(folder: &Path) -> Result<Duration> {
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

/// The same answers, written by the server's own store in a loop; how many a second.
fn bare(folder: &Path, database: &Path, answers: u64, batch: u64) -> Result<f64> {
    let path = folder.join("bodies");
    let bodies = File::create(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut print = Command::new(target().join("release/load"));
    print.args(["bodies", &answers.to_string()]).stdout(bodies);
    process::run(&format!("make {answers} answers"), &mut print)?;
    let bodies = File::open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut store = wendu();
    store
        .args(["bench-store", "--batch", &batch.to_string(), "--database"])
        .arg(format!("sqlite:{}", database.display()))
        .stdin(bodies);
    let [written, seconds] = numbers(&mut store)?;
    let _ = fs::remove_file(&path);
    Ok(written / seconds)
}

struct Loaded {
    answers: f64,
    seconds: f64,
    p50: f64,
    p99: f64,
    refused: f64,
}

fn load(server: &Server, connections: u32, options: &[&str]) -> Result<Loaded> {
    let mut load = Command::new(target().join("release/load"));
    load.args(["run", &server.host, &connections.to_string()])
        .args(options);
    let [answers, seconds, p50, p99, _, refused] = numbers(&mut load)?;
    Ok(Loaded {
        answers,
        seconds,
        p50,
        p99,
        refused,
    })
}

/// What a program prints, as numbers.
fn numbers<const N: usize>(command: &mut Command) -> Result<[f64; N]> {
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
fn picture(database: &Path) -> Result<(f64, f64)> {
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
