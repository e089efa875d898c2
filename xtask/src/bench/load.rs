//! Durable answers a second, and what bounds them: ratios in one run, on one file system.

use super::measure::{Loaded, bare, export_memory, fill, fsync, line, load, picture};
use super::postgres;
use super::server::{Machine, Server};
use crate::process::{self, cargo};
use crate::{Result, target};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// The connections of a flood.
pub const CONNECTIONS: u32 = 256;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Answers in the long runs.
    pub answers: u64,
    /// Answers in the database of which the large picture is taken.
    pub picture: u64,
}

/// Builds what is needed, measures, and prints each number beside its goal.
pub fn run(size: Size) -> Result<()> {
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
    let measured = measure(&folder, size);
    let _ = fs::remove_dir_all(&folder);
    measured
}

fn measure(folder: &Path, size: Size) -> Result<()> {
    let sync = fsync(folder)?;
    println!("\nfsync of this file system: {}", ms(sync));
    println!("answers in the long runs: {}\n\nSQLite", size.answers);
    let at = |name: &str| format!("sqlite:{}", folder.join(name).display());
    let single = bare(folder, &at("single.sqlite"), 300, 1)?;
    let batches = bare(folder, &at("batches.sqlite"), size.answers, 1024)?;
    let server = Server::start(&at("http.sqlite"))?;
    let flood = flood(&server, size.answers, batches, single, 25.0)?;
    half(&server, &flood, sync)?;
    let memory = server.peak()?;
    line("memory at its peak", format!("{memory:.0} MiB"), "<= 150");
    let exporting = export_memory(&at("http.sqlite"))?;
    line(
        "  of an export meanwhile",
        format!("{exporting:.0} MiB"),
        "<= 150",
    );
    drop(server);

    println!("\nPostgreSQL");
    postgres::measure(folder, size, sync)?;

    // Last, because the system goes on writing a large database to disk for minutes.
    println!("\nA full picture, SQLite");
    fill(&at("small.sqlite"), 1000)?;
    if size.picture != size.answers {
        let _ = fs::remove_file(folder.join("batches.sqlite"));
        fill(&at("batches.sqlite"), size.picture)?;
    }
    pictures(&at("small.sqlite"), &at("batches.sqlite"), size.picture)
}

/// Sends answers over many connections, and says where the processors' time went.
pub fn flood(
    server: &Server,
    answers: u64,
    batches: f64,
    single: f64,
    over_single: f64,
) -> Result<Loaded> {
    let (before, machine) = (server.processor()?, Machine::now()?);
    let loaded = load(server, CONNECTIONS, &[&format!("answers={answers}")])?;
    let machine = Machine::now()?.since(machine);
    let after = server.processor()?;
    let commits = server.metric("wendu_commit_seconds_count")?;
    let committing = server.metric("wendu_commit_seconds_sum")?;
    let http = loaded.rate();
    line("durable answers/s over HTTP", format!("{http:.0}"), "");
    line("  the store alone, in batches", format!("{batches:.0}"), "");
    line("  ratio", format!("{:.2}", http / batches), ">= 0.5");
    line("  one commit per answer", format!("{single:.0}"), "");
    let goal = format!(">= {over_single}");
    line("  ratio", format!("{:.1}", http / single), goal);
    let together = loaded.answers / commits;
    line("  answers per transaction", format!("{together:.0}"), "");
    line("  refused", loaded.refused, "0");
    let under_way = 100.0 * committing / loaded.seconds;
    line(
        "  a transaction is under way",
        format!("{under_way:.0} %"),
        "",
    );
    let each = |seconds: f64| format!("{:.1} µs", 1e6 * seconds / loaded.answers);
    let mut rest = machine.busy - loaded.processor;
    for (thread, seconds) in spent(&before, &after, 0.02 * loaded.seconds) {
        rest -= seconds;
        line(
            &format!("  processor per answer, {thread}"),
            each(seconds),
            "",
        );
    }
    let generator = each(loaded.processor);
    line("  processor per answer, load generator", generator, "");
    line("  processor per answer, all others", each(rest), "");
    let all = machine.busy + machine.disk + machine.idle;
    for (what, seconds) in [
        ("for want of the disk", machine.disk),
        ("otherwise", machine.idle),
    ] {
        let share = format!("{:.0} %", 100.0 * seconds / all);
        line(&format!("  processors idle {what}"), share, "");
    }
    Ok(loaded)
}

/// The processor time of each thread between two moments, where it is more than a little.
fn spent(
    before: &BTreeMap<String, f64>,
    after: &BTreeMap<String, f64>,
    little: f64,
) -> Vec<(String, f64)> {
    let used = after.iter().map(|(thread, seconds)| {
        let used = seconds - before.get(thread).copied().unwrap_or(0.0);
        (thread.clone(), used)
    });
    used.filter(|(_, seconds)| *seconds > little).collect()
}

/// Latencies when the server is not pressed.
pub fn half(server: &Server, flood: &Loaded, sync: Duration) -> Result<()> {
    let rate = format!("rate={:.0}", flood.rate() / 2.0);
    let half = load(server, CONNECTIONS, &[&rate, "seconds=10"])?;
    line("p99 at half that rate", format!("{:.1} ms", half.p99), "");
    let above = half.p99 - 1000.0 * sync.as_secs_f64();
    line("  above fsync", format!("{above:.1} ms"), "<= 50");
    let lone = load(server, 1, &["answers=300"])?;
    let goal = 2.0 * 1000.0 * sync.as_secs_f64() + 2.0;
    let median = format!("{:.1} ms", lone.p50);
    line("lone answer, median", median, format!("<= {goal:.1}"));
    Ok(())
}

/// The time of a full picture of few answers and of many.
pub fn pictures(small: &str, large: &str, answers: u64) -> Result<()> {
    let (few, many) = (picture(small)?, picture(large)?);
    for (what, few, many) in [
        ("after a change", few.0, many.0),
        ("unchanged", few.1, many.1),
    ] {
        line(&format!("{what}, 1000 answers"), format!("{few:.2} ms"), "");
        let named = format!("{what}, {answers} answers");
        line(&named, format!("{many:.2} ms"), "<= 10");
        line("  ratio", format!("{:.2}", many / few), "<= 3");
    }
    Ok(())
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", 1000.0 * time.as_secs_f64())
}
