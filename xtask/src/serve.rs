//! `cargo xtask serve`: from a fresh checkout to a page in the browser.

use crate::process::{self, cargo};
use crate::{Result, site, target};
use std::process::Command;

pub fn run(args: &[String]) -> Result<()> {
    site::build(None)?;
    let mut build = cargo();
    build
        .args(["build", "--locked", "--release", "--package", "server"])
        .env("WENDU_SITE", target().join("site"));
    process::run("build the server", &mut build)?;
    start(args)
}

fn start(args: &[String]) -> Result<()> {
    let mut wendu = Command::new(target().join("release/wendu"));
    wendu.arg("serve").args(args);
    let demo = args.iter().any(|arg| arg == "--demo");
    let named = args.iter().any(|arg| arg.starts_with("--database"));
    if demo && !named {
        // Simulated answers never share a file with real ones.
        wendu.args(["--database", "sqlite:demo.sqlite"]);
    }
    // The server takes this program's place, so that signals reach it directly.
    let error = std::os::unix::process::CommandExt::exec(&mut wendu);
    Err(format!("{}: {error}", wendu.get_program().display()))
}
