//! `cargo xtask bench …`: measurements, run in release.

mod coverage;
mod stats;

use crate::process::{cargo, output, run};
use crate::{Result, target};
use std::collections::HashMap;

const USAGE: &str = "cargo xtask bench stats | coverage";

/// Runs the named bench.
pub fn start(args: &[String]) -> Result<()> {
    match args.first().map(String::as_str) {
        Some("stats") => stats::measure(),
        Some("coverage") => coverage::write(),
        _ => Err(USAGE.to_owned()),
    }
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
    run(&format!("build {name}"), &mut build)?;
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
