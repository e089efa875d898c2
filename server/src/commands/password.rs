//! `wendu password`.

use super::{Ended, open};
use crate::auth;
use crate::config::DatabaseArgs;
use std::process::ExitCode;

pub async fn run(args: &DatabaseArgs) -> Ended {
    let (store, _) = open(args).await?;
    let password = auth::new_password(&*store).await?;
    store.close().await;
    println!("{password}");
    Ok(ExitCode::SUCCESS)
}
