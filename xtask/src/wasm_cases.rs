//! The reference cases in WebAssembly, under Node.

use crate::process::{apt, cargo, is_there, run, watch};
use crate::{Result, root, target, tools};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

/// Builds `tests/wasm` and puts every reference case to it; `see` gets what it prints.
pub fn check(see: impl FnMut(&str)) -> Result<()> {
    node()?;
    // Unoptimised but for the numerical crates, with overflow checks: it runs for seconds.
    let mut build = cargo();
    build.args([
        "build",
        "--locked",
        "--package",
        "wasm-cases",
        "--target",
        TARGET,
    ]);
    run("build the statistics for WebAssembly", &mut build)?;
    let bound = target().join("wasm-cases");
    let mut bind = tools::install()?.command("wasm-bindgen");
    bind.args(["--target", "nodejs", "--no-typescript", "--out-dir"])
        .arg(&bound)
        .arg(target().join(TARGET).join("debug/wasm_cases.wasm"));
    run("bind the statistics to Node", &mut bind)?;
    let mut cases = Command::new("node");
    cases.arg(root().join("tests/wasm/run.mjs")).arg(&bound);
    watch("reference cases in WebAssembly", &mut cases, see)
}

fn node() -> Result<()> {
    if is_there("node") {
        return Ok(());
    }
    apt(&["nodejs"])
        .map_err(|how| format!("the reference cases in WebAssembly need node on the PATH: {how}"))
}
