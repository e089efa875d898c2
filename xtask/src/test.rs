//! `cargo xtask test`: everything, in the order in which it fails soonest.

use crate::process::{self, cargo, watch};
use crate::{Result, browser, postgres, site, size, target, wasm_cases};

/// The views are drawn natively too, for tests.
const VIEWS: &str = "app/ssr,app/office-views";

const DENY: [&str; 3] = ["--", "-D", "warnings"];

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
    site::build(None)?;
    browser::install()?;
    let axe = browser::axe()?;
    let postgres = postgres::start()?;
    let site = target().join("site");
    let run =
        |what: &str, args: &[&str]| process::run(what, cargo().args(args).env("WENDU_SITE", &site));
    let workspace = [
        "--locked",
        "--workspace",
        "--all-targets",
        "--features",
        VIEWS,
    ];
    run("clippy", &[&["clippy"], &workspace[..], &DENY].concat())?;
    for page in ["resident", "office"] {
        let args = ["clippy", "--locked", "--package", "app", "--features", page];
        let wasm = ["--target", "wasm32-unknown-unknown"];
        run(
            &format!("clippy, the {page} page"),
            &[&args[..], &wasm, &DENY].concat(),
        )?;
    }
    // Everything in one build, the server that the system tests start included: another choice of
    // packages would choose other features, and compile the dependencies again.
    run("build", &[&["build"], &workspace[..]].concat())?;
    let mut tests = cargo();
    tests
        .args([
            "test",
            "--locked",
            "--workspace",
            "--no-fail-fast",
            "--features",
            VIEWS,
        ])
        .env("WENDU_SITE", &site)
        .env("WENDU_AXE", axe)
        .env(postgres::ADDRESS, postgres.address("postgres"));
    let native = watch("tests", &mut tests, |line| count.see(line));
    let wasm = wasm_cases::check(|line| count.see(line));
    native.and(wasm)?;
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
