//! `wendu password`.

use super::{Ended, open};
use crate::auth;
use crate::config::DatabaseArgs;
use clap::ValueEnum;
use std::process::ExitCode;

/// Gives an account a new password and ends its sessions.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Whose password
    #[arg(value_enum, default_value_t = Who::Office)]
    who: Who,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Who {
    Office,
    Interviewer,
}

pub async fn run(args: &Args) -> Ended {
    let (store, _) = open(&args.database).await?;
    let name = match args.who {
        Who::Office => auth::OFFICE,
        Who::Interviewer => auth::INTERVIEWER,
    };
    let password = auth::new_password(&*store, name).await?;
    store.close().await;
    println!("{password}");
    Ok(ExitCode::SUCCESS)
}
