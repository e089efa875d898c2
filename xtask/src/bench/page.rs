//! How soon a resident can answer, beside SurveyJS and a bare form; and what Lighthouse says.

use super::server::Server;
use crate::process::{self, cargo};
use crate::tools::npm;
use crate::{Result, browser, root, site, target};
use serde_json::Value;
use std::fs;
use std::process::Command;

/// The two packages of SurveyJS must be of one version.
const SURVEYJS: &str = "2.5.38";
/// The newest that runs on Node.js 20.
const LIGHTHOUSE: &str = "12.8.2";

/// Lighthouse's categories and the least that each must reach.
const CATEGORIES: [(&str, f64); 3] = [
    ("accessibility", 1.0),
    ("best-practices", 1.0),
    ("performance", 0.98),
];

/// Builds what is needed and measures.
pub fn run(runs: u32) -> Result<()> {
    site::build(None)?;
    browser::install()?;
    build("page")?;
    let folder = target().join("bench-page");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let server = Server::start(&format!("sqlite:{}", folder.join("page.sqlite").display()))?;
    // Beside one another in one folder, as npm puts a package and what it stands on.
    let ui = npm("survey-js-ui", SURVEYJS, "survey-js-ui/survey-js-ui.min.js")?;
    let modules = ui.ancestors().nth(2).ok_or("survey-js-ui has no folder")?;
    let ours = format!("http://{}/s/resident", server.host);
    let mut page = Command::new(target().join("release/page"));
    page.arg(&ours)
        .arg(root().join("survey/data/questionnaires/resident.json"))
        .arg(modules)
        .arg(runs.to_string());
    process::run("measure the pages", &mut page)?;
    lighthouse(&ours, &folder.join("lighthouse.json"))
}

/// Builds the server and the program that measures it.
pub fn build(program: &str) -> Result<()> {
    for (package, binary) in [("server", "wendu"), ("system", program)] {
        let mut build = cargo();
        build.args(["build", "--locked", "--release", "--package", package]);
        build.args(["--bin", binary]);
        build.env("WENDU_SITE", target().join("site"));
        process::run(&format!("build {binary}"), &mut build)?;
    }
    Ok(())
}

fn lighthouse(url: &str, report: &std::path::Path) -> Result<()> {
    let program = npm("lighthouse", LIGHTHOUSE, "lighthouse/cli/index.js")?;
    let mut node = Command::new("node");
    node.arg(program).arg(url);
    node.args(["--quiet", "--output=json"]);
    node.arg(format!("--output-path={}", report.display()));
    node.arg("--only-categories=accessibility,best-practices,performance");
    node.arg("--chrome-flags=--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync");
    node.env("CHROME_PATH", "/usr/bin/chromium");
    process::run("Lighthouse, mobile", &mut node)?;
    let text = fs::read_to_string(report).map_err(|e| format!("{}: {e}", report.display()))?;
    let report: Value = serde_json::from_str(&text).map_err(|e| format!("Lighthouse: {e}"))?;
    let mut low = Vec::new();
    for (category, least) in CATEGORIES {
        let score = report.pointer(&format!("/categories/{category}/score"));
        let score = score.and_then(Value::as_f64).unwrap_or(f64::NAN);
        println!(
            "Lighthouse, {category:<15}{:>5.0}   goal >= {:.0}",
            score * 100.0,
            least * 100.0
        );
        if score.is_nan() || score < least {
            low.push(category);
        }
    }
    let audits = report.get("audits").and_then(Value::as_object);
    for (id, audit) in audits.into_iter().flatten() {
        if audit
            .get("score")
            .and_then(Value::as_f64)
            .is_some_and(|score| score < 0.9)
        {
            println!(
                "  {id}: {}",
                audit
                    .get("displayValue")
                    .and_then(Value::as_str)
                    .unwrap_or("fails")
            );
        }
    }
    if low.is_empty() {
        Ok(())
    } else {
        Err(format!("Lighthouse: below the goal in {}", low.join(", ")))
    }
}
