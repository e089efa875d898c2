//! The PostgreSQL server that the tests use: a private one, never the machine's own.

use crate::Result;
use crate::process::{self, apt};
use private_postgres::{Binaries, Cluster};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Where the tests look for the server's address.
pub const ADDRESS: &str = "WENDU_TEST_POSTGRES";

/// Debian starts a server as soon as the package is there, unless this file says otherwise.
const CLUSTERS: &str = "/etc/postgresql-common/createcluster.conf";

/// Finds the programs of PostgreSQL, or installs them where the system is Debian-like and we are
/// root.
pub fn install() -> Result<Binaries> {
    if let Some(binaries) = Binaries::find() {
        return Ok(binaries);
    }
    without_a_server(|| apt(&["postgresql"]))
        .map_err(|how| format!("the tests need the programs of PostgreSQL 15 or newer: {how}"))?;
    Binaries::find()
        .ok_or_else(|| "the package postgresql is not of version 15 or newer".to_owned())
}

/// Starts a server for the tests.
pub fn start() -> Result<Cluster> {
    let binaries = install()?;
    eprintln!("▸ a private PostgreSQL server");
    Cluster::start(&binaries, &[])
}

/// Runs a command that finds the server as the tests do.
pub fn beside(command: &[String]) -> Result<()> {
    let (program, args) = command
        .split_first()
        .ok_or("which command? For example: cargo xtask postgres cargo test -p server")?;
    let cluster = start()?;
    let mut command = Command::new(program);
    command.args(args).env(ADDRESS, cluster.address("postgres"));
    process::run(program, &mut command)
}

/// Does something while installing the package makes no cluster.
fn without_a_server(install: impl FnOnce() -> Result<()>) -> Result<()> {
    let file = Path::new(CLUSTERS);
    if file.exists() {
        return install();
    }
    // Where this cannot be written, nothing can be installed either, and that says why.
    let folder = file.parent().map(fs::create_dir_all);
    let written = folder.is_some_and(|made| made.is_ok())
        && fs::write(file, "create_main_cluster = false\n").is_ok();
    let installed = install();
    if written {
        // A server that somebody wants later is made as usual.
        let _ = fs::remove_file(file);
    }
    installed
}
