//! The command line: one file per command.

pub mod analyze;
pub mod backup;
pub mod bench;
pub mod check;
pub mod demo;
pub mod devices;
pub mod export;
pub mod import;
pub mod interval;
pub mod migrate;
pub mod password;
pub mod posters;
pub mod recount;
pub mod schema;
pub mod serve;

use crate::catalogue::Catalogue;
use crate::clock;
use crate::config::DatabaseArgs;
use crate::store::{self, Store};
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

/// How a command ends: an exit code, or an error to print.
pub type Ended = Result<ExitCode, Box<dyn Error>>;

/// Opens the store and the catalogue that the options name.
pub async fn open(args: &DatabaseArgs) -> Result<(Arc<dyn Store>, Catalogue), Box<dyn Error>> {
    let (database, files) = args.resolve()?;
    let store = store::open(&database).await?;
    let catalogue = Catalogue::open(&files, &*store, clock::now()).await?;
    Ok((store, catalogue))
}
