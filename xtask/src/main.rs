//! `cargo xtask …`: every developer habit in one place, no scripts beside it.

mod bench;
mod browser;
mod postgres;
mod process;
mod scripts;
mod serve;
mod site;
mod size;
mod test;
mod tools;
mod wasm_cases;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  serve [--demo] [options of `wendu serve`]
              set up what is missing, build the pages and the server, and serve
  test        set up what the tests need and run everything: formatting, clippy, unit,
              property, contract and browser tests, reference cases in WebAssembly, sizes
  site [resident | office]
              build the two pages only, or one of them
  size        print what a phone downloads, and fail where a budget is passed
  bench load [ANSWERS [PICTURE]]
              durable answers a second, latencies and memory, beside what this machine can do
  bench page      time until a phone shows, answers and runs the page, beside SurveyJS
                  and a bare form
  bench embed     what a widget costs the news page around it
  bench stats     time and memory of the estimates, beside R's survey where it is installed
  bench coverage  how often intervals hold the truth, into docs/COVERAGE.md
  setup       install the tools only
  postgres COMMAND
              run a command beside a private PostgreSQL server, as the tests find it:
              cargo xtask postgres cargo test -p server
";

/// What a command of this program ends with.
pub type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    let done = match args.first().map(String::as_str) {
        Some("serve") => serve::run(rest),
        Some("test") => test::run(),
        Some("site") => site::build(rest.first().map(String::as_str)),
        Some("size") => site::build(Some("resident")).and_then(|()| size::check()),
        Some("bench") => bench::run(rest),
        Some("postgres") => postgres::beside(rest),
        Some("setup") => tools::install()
            .map(|_| ())
            .and_then(|()| browser::install())
            .and_then(|()| browser::axe().map(drop))
            .and_then(|()| postgres::install().map(|_| ())),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), PathBuf::from)
}

/// The folder of build results.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
