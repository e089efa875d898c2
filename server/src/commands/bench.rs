//! `wendu bench-store`: how fast the store alone takes answers. For `cargo xtask bench load`.

use super::{Ended, open};
use crate::clock;
use crate::config::DatabaseArgs;
use crate::intake::accept;
use crate::store::{OnConflict, Outcome, Response};
use crate::widgets::Widgets;
use std::io::BufRead;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use survey::Submission;

/// Writes submissions from standard input, one JSON object a line, and prints how many a second.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// How many go into one transaction
    #[arg(long, default_value_t = 1024)]
    batch: usize,
}

/// Checks each batch first and counts only the time in which it is written.
pub async fn run(args: &Args) -> Ended {
    let (store, catalogue) = open(&args.database).await?;
    let mut lines = std::io::stdin().lock().lines();
    let (mut written, mut took) = (0, Duration::ZERO);
    loop {
        let mut batch: Vec<Response> = Vec::with_capacity(args.batch);
        for line in lines.by_ref().take(args.batch.max(1)) {
            let submission: Submission = serde_json::from_str(&line?)?;
            let none = Widgets::default();
            let response = accept(&catalogue, &none, submission, clock::now())
                .map_err(|refusal| format!("a submission is not valid: {refusal:?}"))?;
            batch.push(response);
        }
        if batch.is_empty() {
            break;
        }
        let begun = Instant::now();
        let outcomes = store.write(&batch, OnConflict::WriteOthers).await?;
        took += begun.elapsed();
        written += outcomes
            .iter()
            .filter(|outcome| **outcome == Outcome::Created)
            .count();
    }
    store.close().await;
    println!("{written} {}", took.as_secs_f64());
    Ok(ExitCode::SUCCESS)
}
