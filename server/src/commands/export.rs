//! `wendu export`: every answer, streamed.

use super::{Ended, open};
use crate::clock;
use crate::config::DatabaseArgs;
use crate::store::Response;
use futures_util::StreamExt;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use survey::{Answer, Campaign, Form, fields};

/// Writes the answers to one questionnaire as CSV (UTF-8): a row per response, a column per
/// question; of a multiple choice, a column per option with 1 or 0.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The questionnaire
    #[arg(long, value_name = "ID")]
    questionnaire: String,
    /// The file to write; standard output if left out
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub async fn run(args: &Args) -> Ended {
    let (store, catalogue) = open(&args.database).await?;
    let form = catalogue.newest(&args.questionnaire).ok_or_else(|| {
        let known: Vec<&str> = catalogue
            .all()
            .map(|f| f.questionnaire.id.as_str())
            .collect();
        format!(
            "there is no questionnaire {}; there are {}",
            args.questionnaire,
            known.join(", ")
        )
    })?;
    if catalogue.simulated {
        eprintln!("These answers are SIMULATED.");
    }
    let output: Box<dyn Write> = match &args.output {
        Some(path) => {
            Box::new(std::fs::File::create(path).map_err(|e| format!("{}: {e}", path.display()))?)
        }
        None => Box::new(std::io::stdout().lock()),
    };
    let mut csv = csv::Writer::from_writer(output);
    let columns = columns(
        catalogue
            .versions(&args.questionnaire)
            .iter()
            .map(AsRef::as_ref),
    );
    csv.write_record(
        FIXED
            .iter()
            .copied()
            .chain(columns.iter().map(|c| c.name.as_str())),
    )?;
    let mut responses = store.responses(&form.questionnaire.id);
    let mut number = 0u64;
    while let Some(response) = responses.next().await {
        number += 1;
        csv.write_record(record(number, &response?, &catalogue.campaign, &columns))?;
    }
    csv.flush()?;
    drop(responses);
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The columns before the answers. A response has a number and no id: with its id it could be
/// withdrawn.
const FIXED: [&str; 13] = [
    "response",
    "questionnaire",
    "version",
    "wave",
    "township",
    "area",
    "mode",
    "site",
    "origin",
    "language",
    "started_at",
    "received_at",
    "seconds",
];

/// A column of answers.
struct Column {
    name: String,
    item: String,
    /// The option, of a multiple choice.
    option: Option<String>,
}

/// The columns of all versions: those of the newest first, then what only older ones asked.
fn columns<'f>(versions: impl DoubleEndedIterator<Item = &'f Form>) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for form in versions.rev() {
        for item in &form.questionnaire.items {
            let options = form
                .choices(item)
                .iter()
                .map(|choice| Some(choice.code.clone()));
            let options: Vec<Option<String>> = if item.ask.is_multiple() {
                options.collect()
            } else {
                vec![None]
            };
            for option in options {
                let name = match &option {
                    Some(code) => format!("{}.{code}", item.id),
                    None => item.id.clone(),
                };
                if !columns.iter().any(|column| column.name == name) {
                    let item = item.id.clone();
                    columns.push(Column { name, item, option });
                }
            }
        }
    }
    columns
}

fn record(
    number: u64,
    response: &Response,
    campaign: &Campaign,
    columns: &[Column],
) -> Vec<String> {
    let cell = &response.cell;
    let township = campaign
        .township_of(&cell.area)
        .map(|area| area.code.clone());
    let seconds = (response.received_at - response.started_at) as f64 / 1000.0;
    let fixed = [
        number.to_string(),
        response.questionnaire.clone(),
        response.version.to_string(),
        cell.wave.clone(),
        township.unwrap_or_default(),
        cell.area.clone(),
        cell.mode.as_str().to_owned(),
        response.site.clone().unwrap_or_default(),
        response.origin.clone().unwrap_or_default(),
        response.language.tag().to_owned(),
        clock::format(response.started_at),
        clock::format(response.received_at),
        seconds.to_string(),
    ];
    let answers = &response.answers;
    fixed
        .into_iter()
        .chain(columns.iter().map(|column| {
            let answer = answers.get(&column.item);
            match (answer, &column.option) {
                // Not asked or skipped: empty, which is not 0.
                (None, _) => String::new(),
                (Some(answer), Some(code)) => u8::from(answer.has(code)).to_string(),
                (Some(Answer::One(one)), None) => one.clone(),
                (Some(Answer::Many(many)), None) => many.join(";"),
                (Some(Answer::Number(number)), None) => fields::plain(*number),
            }
        }))
        .collect()
}
