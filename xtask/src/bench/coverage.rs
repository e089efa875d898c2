//! How often intervals hold the truth.

use crate::process::run;
use crate::{Result, root};
use std::process::Command;

/// Computes all coverages and writes them into the documentation.
pub fn write() -> Result<()> {
    let program = super::example("stats", "coverage")?;
    let page = root().join("docs/COVERAGE.md");
    run("coverage", Command::new(program).arg(&page))?;
    println!("{}", page.display());
    Ok(())
}
