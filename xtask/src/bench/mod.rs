//! `cargo xtask bench …`: measurements, run in release, beside what this machine can do.

mod coverage;
mod embed;
mod load;
mod measure;
mod page;
mod postgres;
mod server;
mod stats;

use crate::process::{self, cargo, output};
use crate::{Result, target};
use std::collections::HashMap;

const USAGE: &str = "\
cargo xtask bench load [ANSWERS [PICTURE]]
            acknowledged answers a second over HTTP, on SQLite and on PostgreSQL, beside the store
            alone; latencies beside the file system's fsync; the picture at a thousand and at
            PICTURE answers (default ANSWERS = PICTURE = 200000; a PICTURE of 10000000 takes
            some minutes and 10 GB)
cargo xtask bench page [RUNS]
            how soon a resident can answer on a slow line, beside SurveyJS and a bare form (median
            of RUNS, default 5); what Lighthouse says
cargo xtask bench embed [RUNS]
            what a widget costs the news page around it: layout shift and the main thread's time,
            with and without it (median of RUNS, default 5)
cargo xtask bench stats
            time and memory of the estimates, beside R's survey where it is installed
cargo xtask bench coverage
            how often intervals hold the truth, into docs/COVERAGE.md";

/// Runs a bench by name.
pub fn run(args: &[String]) -> Result<()> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["load"] => load::run(load::Size {
            answers: 200_000,
            picture: 200_000,
        }),
        ["load", answers] => load::run(load::Size {
            answers: number(answers)?,
            picture: number(answers)?,
        }),
        ["load", answers, picture] => load::run(load::Size {
            answers: number(answers)?,
            picture: number(picture)?,
        }),
        ["page"] => page::run(5),
        ["page", runs] => page::run(runs.parse().map_err(|_| USAGE.to_owned())?),
        ["embed"] => embed::run(5),
        ["embed", runs] => embed::run(runs.parse().map_err(|_| USAGE.to_owned())?),
        ["stats"] => stats::measure(),
        ["coverage"] => coverage::write(),
        _ => Err(USAGE.to_owned()),
    }
}

fn number(text: &str) -> Result<u64> {
    text.parse().map_err(|_| USAGE.to_owned())
}

/// Builds an example in release and returns its path.
fn example(package: &str, name: &str) -> Result<String> {
    let mut build = cargo();
    build.args([
        "build",
        "--locked",
        "--release",
        "--package",
        package,
        "--example",
        name,
    ]);
    process::run(&format!("build {name}"), &mut build)?;
    let program = target().join("release/examples").join(name);
    Ok(program.to_string_lossy().into_owned())
}

/// What a program prints as NAME=VALUE.
fn figures(program: &str, args: &[&str]) -> Result<HashMap<String, f64>> {
    eprintln!("▸ {program} {}", args.join(" "));
    let printed = output(program, args).ok_or_else(|| format!("{program}: failed"))?;
    let pairs = printed.lines().filter_map(|line| line.split_once('='));
    pairs
        .map(|(name, value)| match value.trim().parse() {
            Ok(value) => Ok((name.to_owned(), value)),
            Err(error) => Err(format!("{program}: {name}={value}: {error}")),
        })
        .collect()
}
