//! How fast estimates are, beside R's `survey`.

use super::{example, figures};
use crate::process::{is_there, output};
use crate::{Result, root, target};
use std::collections::HashMap;
use std::fs;

const ROWS: &str = "1000000";
/// The goals: the picture in milliseconds, and R's share of time and memory.
const PICTURE_MS: f64 = 50.0;
const TIMES_FASTER: f64 = 20.0;
const TIMES_SMALLER: f64 = 5.0;

/// Prints the tally path's time, then the microdata path's time and memory beside R's. Times are
/// processor times, so that a busy machine does not count.
pub fn measure() -> Result<()> {
    let speed = example("analysis", "speed")?;
    let picture = figures(&speed, &["tallies"])?;
    let ms = of(&picture, "ms")?;
    println!(
        "{} estimates with raking and Taylor variance from {} tally cells: {ms} ms (by the clock {}); goal {PICTURE_MS} ms: {}",
        of(&picture, "estimates")?,
        of(&picture, "cells")?,
        of(&picture, "elapsed_ms")?,
        verdict(ms <= PICTURE_MS),
    );
    live()?;
    let folder = target().join("bench");
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let file = folder.join("survey.csv").to_string_lossy().into_owned();
    figures(&speed, &["generate", &file, ROWS])?;
    let ours = figures(&speed, &["microdata", &file])?;
    println!("microdata, {ROWS} rows:");
    cost("wendu", &ours)?;
    compare(&file, &ours)
}

/// The office's picture, weighted and not, with few answers behind the cells and with many.
fn live() -> Result<()> {
    let found = figures(&example("report", "picture")?, &["speed"])?;
    println!(
        "full picture ({} indicators, {} townships, {} cells), raked: {} ms; unweighted: {} ms",
        of(&found, "indicators")?,
        of(&found, "areas")?,
        of(&found, "cells")?,
        of(&found, "few_raked_ms")?,
        of(&found, "few_unweighted_ms")?,
    );
    println!(
        "  with {} answers in these cells instead of {}, raked: {} ms",
        of(&found, "many_answers")?,
        of(&found, "few_answers")?,
        of(&found, "many_raked_ms")?,
    );
    Ok(())
}

/// Asks R the same of the same file, where R and its `survey` are there.
fn compare(file: &str, ours: &HashMap<String, f64>) -> Result<()> {
    // Calibration needs MASS, which survey only suggests.
    let version = "invisible(loadNamespace('MASS')); cat(as.character(packageVersion('survey')))";
    let installed = is_there("Rscript").then(|| output("Rscript", &["-e", version]));
    let Some(version) = installed.flatten() else {
        println!(
            "R not installed: not compared (Debian: apt-get install r-cran-survey r-cran-mass)"
        );
        return Ok(());
    };
    let script = root().join("analysis/examples/speed/survey.R");
    let r = figures("Rscript", &[&script.to_string_lossy(), file])?;
    cost(&format!("R survey {version}"), &r)?;
    for (what, name, goal) in [
        ("time", "seconds", TIMES_FASTER),
        ("memory", "peak_kb", TIMES_SMALLER),
    ] {
        let ratio = of(&r, name)? / of(ours, name)?;
        println!(
            "  {what}: R takes {ratio:.1} times ours; goal {goal}: {}",
            verdict(ratio >= goal)
        );
    }
    let mut worst: f64 = 0.0;
    for (name, theirs) in r.iter().filter(|(name, _)| !is_cost(name)) {
        worst = worst.max((of(ours, name)? - theirs).abs() / theirs.abs());
    }
    println!("  estimates and standard errors differ by at most {worst:.1e}, relatively");
    Ok(())
}

/// Prints what a program took.
fn cost(who: &str, figures: &HashMap<String, f64>) -> Result<()> {
    println!(
        "  {who}: {} s (by the clock {}), peak memory {:.0} MB",
        of(figures, "seconds")?,
        of(figures, "elapsed")?,
        of(figures, "peak_kb")? / 1024.0
    );
    Ok(())
}

fn is_cost(name: &str) -> bool {
    matches!(name, "seconds" | "elapsed" | "peak_kb")
}

fn of(figures: &HashMap<String, f64>, name: &str) -> Result<f64> {
    let value = figures.get(name).copied();
    value.ok_or_else(|| format!("the bench printed no {name}"))
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "missed" }
}
