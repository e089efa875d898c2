//! What a widget costs a large news page.

use super::page::build;
use super::server::Server;
use crate::{Result, browser, process, site, target};
use std::fs;
use std::net::TcpListener;
use std::process::Command;

/// Builds what is needed and measures.
pub fn run(runs: u32) -> Result<()> {
    site::build(None)?;
    browser::install()?;
    build("embed")?;
    let folder = target().join("bench-embed");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let free = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    let port = free.local_addr().map_err(|e| e.to_string())?.port();
    drop(free);
    let database = format!("sqlite:{}", folder.join("embed.sqlite").display());
    let allowed = format!("resident=http://localhost:{port}");
    let server = Server::start_with(&database, &["--embed", &allowed])?;
    let mut embed = Command::new(target().join("release/embed"));
    embed.arg(format!("http://{}", server.host));
    embed.args([port.to_string(), runs.to_string()]);
    process::run("measure news pages", &mut embed)
}
