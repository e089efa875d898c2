//! `cargo xtask bench …`: what the system does a second here, beside what this machine can do.

mod load;
mod server;

use crate::Result;

const USAGE: &str = "\
cargo xtask bench load [ANSWERS]
            acknowledged answers a second over HTTP, beside the store alone; latencies beside
            the file system's fsync; the picture at a thousand and at ANSWERS (default 1000000)";

/// Runs a bench by name.
pub fn run(args: &[String]) -> Result<()> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["load"] => load::run(1_000_000),
        ["load", answers] => load::run(answers.parse().map_err(|_| USAGE.to_owned())?),
        _ => Err(USAGE.to_owned()),
    }
}
