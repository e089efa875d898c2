//! `wendu recount`.

use super::{Ended, open};
use crate::config::DatabaseArgs;
use crate::store::Difference;
use std::process::ExitCode;

/// Counts the answers again and compares the result with the tallies.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Replace the tallies that differ
    #[arg(long)]
    fix: bool,
}

pub async fn run(args: &Args) -> Ended {
    let (store, _) = open(&args.database).await?;
    let differences = store.recount(args.fix).await?;
    store.close().await;
    for difference in &differences {
        println!("{}", line(difference));
    }
    match (differences.len(), args.fix) {
        (0, _) => {
            println!("no difference: every tally equals the answers");
            Ok(ExitCode::SUCCESS)
        }
        (n, true) => {
            println!("{n} differences, repaired");
            Ok(ExitCode::SUCCESS)
        }
        (n, false) => {
            println!("{n} differences; repair them with `wendu recount --fix`");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// A difference as a line to read.
pub fn line(difference: &Difference) -> String {
    let cell = &difference.cell;
    format!(
        "{} version {}, wave {}, area {:?}, mode {}, group {:?}: tallied {}, counted {}",
        difference.questionnaire,
        difference.version,
        cell.wave,
        cell.area,
        cell.mode.as_str(),
        cell.group,
        difference.tallied,
        difference.counted
    )
}
