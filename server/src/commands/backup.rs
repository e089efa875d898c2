//! `wendu backup` and `wendu restore`.

use super::{Ended, check};
use crate::config::DatabaseArgs;
use crate::store;
use std::path::PathBuf;
use std::process::ExitCode;

/// A database and its back-up.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The back-up's file
    file: PathBuf,
}

/// Copies the database to the file, which must not exist yet.
pub async fn backup(args: &Args) -> Ended {
    let (database, _) = args.database.resolve()?;
    store::backup(&database, &args.file).await?;
    println!("{database} is backed up to {}", args.file.display());
    Ok(ExitCode::SUCCESS)
}

/// Makes a database from the file where there is none yet, and verifies it.
pub async fn restore(args: &Args) -> Ended {
    let (database, _) = args.database.resolve()?;
    store::restore(&args.file, &database).await?;
    println!("{} is restored to {database}", args.file.display());
    let store = store::open_to_read(&database).await?;
    let sound = check::report(&*store).await?;
    store.close().await;
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
