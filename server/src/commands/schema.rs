//! `wendu schema`.

use super::Ended;
use std::process::ExitCode;

/// Prints a JSON Schema.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which kind of file
    #[arg(value_enum)]
    kind: Kind,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    Questionnaire,
    Campaign,
}

pub fn run(args: &Args) -> Ended {
    let schema = match args.kind {
        Kind::Questionnaire => schemars::schema_for!(survey::Questionnaire),
        Kind::Campaign => schemars::schema_for!(survey::Campaign),
    };
    println!("{}", serde_json::to_string_pretty(&schema)?);
    Ok(ExitCode::SUCCESS)
}
