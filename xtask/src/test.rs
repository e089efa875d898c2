//! `cargo xtask test`: everything, in the order in which it fails soonest.

use crate::process::{self, cargo, watch};
use crate::{Result, browser, site, size, target, wasm_cases};
use std::process::Command;

#[derive(Default)]
struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    /// Adds what a test runner's closing line counts.
    fn see(&mut self, line: &str) {
        let Some((_, counts)) = line.split_once("test result: ") else {
            return;
        };
        for part in counts.split([';', '.']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(n)), Some(what)) = (words.next().map(str::parse::<u64>), words.next())
            else {
                continue;
            };
            match what {
                "passed" => self.passed += n,
                "failed" => self.failed += n,
                _ => {}
            }
        }
    }
}

fn run_all(count: &mut Count) -> Result<()> {
    process::run("formatting", cargo().args(["fmt", "--all", "--check"]))?;
    site::build()?;
    browser::install()?;
    let site = target().join("site");
    let clippy = |args: &[&str]| {
        let mut command = cargo();
        command
            .args(["clippy", "--locked"])
            .args(args)
            .env("WENDU_SITE", &site);
        command.args(["--", "-D", "warnings"]);
        command
    };
    process::run("clippy", &mut clippy(&["--workspace", "--all-targets"]))?;
    for page in ["resident", "office"] {
        let args = [
            "--package",
            "app",
            "--features",
            page,
            "--target",
            "wasm32-unknown-unknown",
        ];
        process::run(&format!("clippy, the {page} page"), &mut clippy(&args))?;
    }
    let test = |what: &str, args: &[&str], count: &mut Count| {
        let mut command: Command = cargo();
        command
            .args(["test", "--locked", "--no-fail-fast"])
            .args(args)
            .env("WENDU_SITE", &site);
        watch(what, &mut command, |line| count.see(line))
    };
    let units = test(
        "unit, property and contract tests",
        &["--workspace", "--exclude", "system"],
        count,
    );
    let wasm = wasm_cases::check(|line| count.see(line));
    let mut build = cargo();
    build
        .args(["build", "--locked", "--package", "server"])
        .env("WENDU_SITE", &site);
    process::run("build the server", &mut build)?;
    let system = test("system tests", &["--package", "system"], count);
    units.and(wasm).and(system)?;
    size::check()
}

/// Runs everything; ends with a line that counts tests.
pub fn run() -> Result<()> {
    let mut count = Count::default();
    let done = run_all(&mut count);
    if let Err(error) = &done {
        eprintln!("{error}");
    }
    println!("{} passed, {} failed", count.passed, count.failed);
    done
}
