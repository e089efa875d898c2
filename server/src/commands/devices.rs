//! `wendu devices`.

use super::{Ended, open};
use crate::clock;
use crate::config::DatabaseArgs;
use std::process::ExitCode;

/// Lists the devices on which interviewers have signed in, or revokes one.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Let this device hand in nothing more
    #[arg(long, value_name = "NUMBER")]
    revoke: Option<i64>,
}

pub async fn run(args: &Args) -> Ended {
    let (store, _) = open(&args.database).await?;
    if let Some(number) = args.revoke
        && !store.revoke_device(number, clock::now()).await?
    {
        store.close().await;
        return Err(format!("there is no device {number} to revoke").into());
    }
    for device in store.devices().await? {
        let state = match device.revoked_at {
            Some(time) => format!("revoked {}", clock::format(time)),
            None => "may hand in".to_owned(),
        };
        println!(
            "{}\t{}\tsince {}\t{state}",
            device.id,
            device.label,
            clock::format(device.issued_at)
        );
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
