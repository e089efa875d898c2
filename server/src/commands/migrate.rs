//! `wendu migrate`: from one database to another, with proof that nothing changed on the way.

use super::Ended;
use crate::store::{self, Database, Row, Store, StoreError};
use futures_util::TryStreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};
use std::process::ExitCode;
use std::sync::Arc;

/// Copies questionnaires, settings, accounts and every answer, withdrawn ones too, into an empty
/// database, and compares both sides. Stop the servers first: what arrives meanwhile stays behind.
/// Sessions are not copied; people sign in again.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The database to read: sqlite:PATH or postgres://USER@HOST/NAME
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    from: Database,
    /// The database to fill; it must be empty
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    to: Database,
}

fn address(text: &str) -> Result<Database, std::convert::Infallible> {
    Ok(Database::at(text))
}

pub async fn run(args: &Args) -> Ended {
    if let Some(("sqlite", path)) = args.from.address.split_once(':')
        && !std::path::Path::new(path).exists()
    {
        return Err(format!("there is no file {path}").into());
    }
    let from = store::open(&args.from).await?;
    let to = store::open(&args.to).await?;
    let progress = ProgressBar::new_spinner()
        .with_style(ProgressStyle::with_template("{spinner} {msg} {pos}")?);
    progress.set_message("copying");
    let contents = from.contents().await?;
    let rows = from.rows().inspect_ok(|_| progress.inc(1));
    to.take_over(&contents, Box::pin(rows)).await?;
    progress.set_message("comparing");
    progress.set_position(0);
    let read = Digested::of(&from, &progress).await?;
    let written = Digested::of(&to, &progress).await?;
    progress.finish_and_clear();
    let same_contents = to.contents().await? == contents;
    let differences = to.recount(false).await?;
    from.close().await;
    to.close().await;
    println!("from  {read}");
    println!("to    {written}");
    if read != written || !same_contents {
        return Err(
            "the two databases are not the same: did answers arrive meanwhile? Stop the \
                    servers, empty the target and start again"
                .into(),
        );
    }
    if !differences.is_empty() {
        return Err(format!("{} tallies differ from the answers", differences.len()).into());
    }
    println!("the same, and every tally equals the answers");
    Ok(ExitCode::SUCCESS)
}

/// What a store's responses come to.
#[derive(Debug, PartialEq, Eq)]
struct Digested {
    answered: u64,
    withdrawn: u64,
    sha256: String,
}

impl Digested {
    async fn of(store: &Arc<dyn Store>, progress: &ProgressBar) -> Result<Self, StoreError> {
        let mut rows = store.rows();
        let (mut answered, mut withdrawn, mut all) = (0, 0, [0; 32]);
        while let Some(row) = rows.try_next().await? {
            match row.withdrawn_at {
                None => answered += 1,
                Some(_) => withdrawn += 1,
            }
            // Each database has an order of its own, and no row stands in it twice.
            let digest = Sha256::digest(canonical(&row));
            all.iter_mut()
                .zip(digest)
                .for_each(|(all, one)| *all ^= one);
            progress.inc(1);
        }
        Ok(Digested {
            answered,
            withdrawn,
            sha256: all.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }
}

/// A row as bytes in which every column counts and none runs into the next.
fn canonical(row: &Row) -> Vec<u8> {
    // Strings and integers always serialise; were it to fail, both sides would still have to agree
    // on every other row.
    serde_json::to_vec(row).unwrap_or_default()
}

impl std::fmt::Display for Digested {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Digested {
            answered,
            withdrawn,
            sha256,
        } = self;
        write!(
            f,
            "{answered} answers, {withdrawn} withdrawn, sha256 {sha256}"
        )
    }
}
