//! `wendu check`.

use super::{Ended, recount};
use crate::config::DatabaseArgs;
use crate::store::{self, Store};
use std::error::Error;
use std::process::ExitCode;

/// Verifies a database without changing it, and while it may be in use.
pub async fn run(args: &DatabaseArgs) -> Ended {
    let (database, _) = args.resolve()?;
    let store = store::open_to_read(&database).await?;
    let sound = report(&*store).await?;
    store.close().await;
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Prints what was checked and what was found. Whether all is well.
pub async fn report(store: &dyn Store) -> Result<bool, Box<dyn Error>> {
    let faults = store.check().await?;
    for fault in &faults {
        println!("fault: {fault}");
    }
    if !faults.is_empty() {
        println!("the database is damaged; restore it from a back-up (`wendu restore`)");
        return Ok(false);
    }
    println!("integrity: the file and its rows are sound");
    let differences = store.recount(false).await?;
    for difference in &differences {
        println!("fault: {}", recount::line(difference));
    }
    if !differences.is_empty() {
        println!("the answers are sound; repair the tallies with `wendu recount --fix`");
        return Ok(false);
    }
    println!("recount: every tally equals the answers");
    Ok(true)
}
