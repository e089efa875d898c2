//! `wendu`: takes answers, keeps them, and says how warm the public really is.

mod auth;
mod catalogue;
mod clock;
mod commands;
mod config;
mod fonts;
mod http;
mod intake;
mod metrics;
mod posters;
mod source_reports;
mod sources;
mod store;
mod tallies;
mod traces;
mod widgets;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

// A quarter of the processor time of an answer went into the system's own allocator, which is slow
// where one thread frees what another has asked for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Wendu 温度: an instrument for measuring how warm the public really is.
#[derive(Debug, Parser)]
#[command(name = "wendu", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the questionnaires and the office
    Serve(config::ServeArgs),
    /// Load a simulated campaign with a known truth into an empty database
    Demo(config::DatabaseArgs),
    /// Load answers that were collected elsewhere, from a CSV file: all of it or nothing
    Import(commands::import::Args),
    /// Write the answers to a questionnaire as CSV
    Export(commands::export::Args),
    /// Draw posters with the QR codes of sites, as PDF or SVG
    Posters(commands::posters::Args),
    /// Copy everything from one database into another, empty one
    Migrate(commands::migrate::Args),
    /// Count everything again from the answers and report any difference
    Recount(commands::recount::Args),
    /// Verify a database: its integrity, its rows and its tallies
    Check(config::DatabaseArgs),
    /// Copy the database to a new file, while it may be in use
    Backup(commands::backup::Args),
    /// Make a new database from a back-up
    Restore(commands::backup::Args),
    /// Measure the store alone, for `cargo xtask bench load`
    #[command(hide = true)]
    BenchStore(commands::bench::Args),
    /// Give the office or the interviewers a new password
    Password(commands::password::Args),
    /// List the interviewers' devices, or revoke one
    Devices(commands::devices::Args),
    /// Compute confidence intervals from counts
    Interval(commands::interval::IntervalArgs),
    /// Plan samples: how many answers are needed
    Plan(commands::interval::BatchArgs),
    /// Quantiles and tails of distributions
    Quantile(commands::interval::QuantileArgs),
    /// Estimate from any survey's CSV file under its sampling design
    Analyze(commands::analyze::Args),
    /// Print the JSON Schema of questionnaire or campaign files
    Schema(commands::schema::Args),
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
        runtime.worker_threads(workers(&command));
    }
    match runtime.enable_all().build() {
        Ok(runtime) => runtime.block_on(run(command)),
        Err(error) => {
            eprintln!("wendu: no threads to run on: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A thread for each processor; but where this process writes the database itself, one less: that
/// is for the thread that writes, for which all others wait. With as many as there are processors
/// they would take turns with it.
fn workers(command: &Command) -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let Command::Serve(args) = command else {
        return processors;
    };
    // An address that cannot be read is refused later.
    match args.database.resolve() {
        Ok((database, _)) if database.is_embedded() => processors.saturating_sub(1).max(1),
        _ => processors,
    }
}

async fn run(command: Command) -> ExitCode {
    let result = match command {
        Command::Serve(args) => commands::serve::run(&args).await,
        Command::Demo(args) => commands::demo::run(&args).await,
        Command::Import(args) => commands::import::run(&args).await,
        Command::Export(args) => commands::export::run(&args).await,
        Command::Posters(args) => commands::posters::run(&args).await,
        Command::Migrate(args) => commands::migrate::run(&args).await,
        Command::Recount(args) => commands::recount::run(&args).await,
        Command::Check(args) => commands::check::run(&args).await,
        Command::Backup(args) => commands::backup::backup(&args).await,
        Command::Restore(args) => commands::backup::restore(&args).await,
        Command::BenchStore(args) => commands::bench::run(&args).await,
        Command::Devices(args) => commands::devices::run(&args).await,
        Command::Password(args) => commands::password::run(&args).await,
        Command::Interval(args) => commands::interval::interval(&args),
        Command::Plan(args) => commands::interval::plan(&args),
        Command::Quantile(args) => commands::interval::quantile(&args),
        Command::Analyze(args) => commands::analyze::run(&args),
        Command::Schema(args) => commands::schema::run(&args),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("wendu: {error}");
            ExitCode::FAILURE
        }
    }
}
