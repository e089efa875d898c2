//! `wendu import`: answers collected elsewhere, all of them or none.

use super::{Ended, open};
use crate::clock;
use crate::config::DatabaseArgs;
use crate::intake::{Refusal, accept};
use crate::store::{OnConflict, Outcome, Response};
use crate::widgets::Widgets;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use survey::{
    Answer, Answers, Ask, Form, Language, Mode, Submission, fields, identity::ResponseId,
};

/// Loads answers from a CSV file: the whole file or nothing. The same file again adds nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The CSV file (UTF-8, with a header)
    file: PathBuf,
    /// The questionnaire that was answered
    #[arg(long, value_name = "ID")]
    questionnaire: String,
    /// Which column holds which answer (docs/IMPORT.md)
    #[arg(long, value_name = "MAP.json")]
    map: PathBuf,
}

/// How the columns of a file become responses.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Map {
    /// The column that names the row; with the questionnaire it makes the response's id.
    row_id: String,
    /// The answer columns: column name to item.
    columns: BTreeMap<String, Column>,
    /// How the answers were collected.
    mode: Mode,
    /// The language in which they were given.
    #[serde(default)]
    language: Language,
    /// When they were collected: a column, or one time for all.
    collected_at: Time,
    /// The column with the area's code.
    #[serde(default)]
    area: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    /// The item that it answers.
    item: String,
    /// For a multiple choice in a column per option: the option's code; the cell holds 1 or 0.
    #[serde(default)]
    option: Option<String>,
    /// The codes of the values. Left out, the values are the codes.
    #[serde(default)]
    codes: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Time {
    Column(String),
    Constant(String),
}

/// How many faults are shown.
const SHOWN: usize = 20;

pub async fn run(args: &Args) -> Ended {
    let (store, catalogue) = open(&args.database).await?;
    let form = catalogue
        .newest(&args.questionnaire)
        .ok_or_else(|| format!("there is no questionnaire {}", args.questionnaire))?;
    let path = args.map.display();
    let text = std::fs::read_to_string(&args.map).map_err(|e| format!("{path}: {e}"))?;
    let map: Map = serde_json::from_str(&text).map_err(|e| format!("{path}: {e}"))?;
    let path = args.file.display();
    let text = std::fs::read_to_string(&args.file).map_err(|e| format!("{path}: {e}"))?;
    let submissions = submissions(&text, &map, form).map_err(|faults| listed(&faults))?;

    let progress = ProgressBar::new(submissions.len() as u64).with_style(
        ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}")?,
    );
    progress.set_message("checking");
    let now = clock::now();
    let mut responses: Vec<Response> = Vec::with_capacity(submissions.len());
    let mut faults = Vec::new();
    let lines: Vec<u64> = submissions.iter().map(|(line, _)| *line).collect();
    for (line, submission) in submissions {
        // Collected long ago: its own time says to which wave it belongs.
        let collected = clock::parse(&submission.started_at).unwrap_or(now);
        match accept(&catalogue, &Widgets::default(), submission, collected) {
            Ok(response) => responses.push(Response {
                received_at: now,
                ..response
            }),
            Err(refusal) => faults.extend(described(line, &map, refusal)),
        }
        progress.inc(1);
    }
    if !faults.is_empty() {
        progress.abandon();
        return Err(listed(&faults).into());
    }
    progress.set_message("writing");
    let outcomes = store.write(&responses, OnConflict::WriteNothing).await?;
    progress.finish_and_clear();
    store.close().await;
    let count = |outcome| outcomes.iter().filter(|o| **o == outcome).count();
    if count(Outcome::Conflict) > 0 {
        let faults: Vec<String> = outcomes
            .iter()
            .zip(&lines)
            .filter(|(outcome, _)| **outcome == Outcome::Conflict)
            .map(|(_, line)| {
                format!(
                    "line {line}, column {}: other answers are stored for this row",
                    map.row_id
                )
            })
            .collect();
        return Err(listed(&faults).into());
    }
    println!(
        "{} imported, {} there already",
        count(Outcome::Created),
        count(Outcome::Replayed)
    );
    Ok(ExitCode::SUCCESS)
}

fn listed(faults: &[String]) -> String {
    let mut text = format!("nothing was imported; {} faults:", faults.len());
    for fault in faults.iter().take(SHOWN) {
        text.push_str("\n  ");
        text.push_str(fault);
    }
    if faults.len() > SHOWN {
        text.push_str("\n  …");
    }
    text
}

fn described(line: u64, map: &Map, refusal: Refusal) -> Vec<String> {
    let column = |item: &str| {
        let found = map.columns.iter().find(|(_, column)| column.item == item);
        found.map_or_else(
            || format!("(no column for item {item})"),
            |(name, _)| name.clone(),
        )
    };
    match refusal {
        Refusal::UnknownQuestionnaire {
            questionnaire,
            version,
        } => {
            vec![format!(
                "there is no questionnaire {questionnaire} version {version}"
            )]
        }
        Refusal::Fields(problems) => problems
            .iter()
            .map(|p| format!("line {line}, {}: {}", p.field, p.message))
            .collect(),
        Refusal::Answers(problems) => problems
            .iter()
            .map(|problem| {
                let message = problem.fault.message(Language::English);
                format!("line {line}, column {}: {message}", column(&problem.item))
            })
            .collect(),
    }
}

/// Every row as a submission with its line number; or every fault in reading them.
fn submissions(text: &str, map: &Map, form: &Form) -> Result<Vec<(u64, Submission)>, Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|error| vec![error.to_string()])?
        .clone();
    let place = |name: &str| {
        header
            .iter()
            .position(|known| known == name)
            .ok_or_else(|| {
                let known: Vec<&str> = header.iter().collect();
                vec![format!(
                    "there is no column {name}; the file has {}",
                    known.join(", ")
                )]
            })
    };
    let row_id = place(&map.row_id)?;
    let area = map.area.as_deref().map(&place).transpose()?;
    let time = match &map.collected_at {
        Time::Column(name) => Some(place(name)?),
        Time::Constant(_) => None,
    };
    let mut columns = Vec::new();
    for (name, column) in &map.columns {
        if form.item(&column.item).is_none() {
            return Err(vec![format!(
                "map: column {name}: there is no item {}",
                column.item
            )]);
        }
        columns.push((place(name)?, name, column));
    }
    let mut submissions = Vec::new();
    let mut faults = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(error.to_string());
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |index: usize| record.get(index).unwrap_or("").trim();
        let mut answers = Answers::new();
        for (index, name, column) in &columns {
            if let Err(fault) = answer(form, column, cell(*index), &mut answers) {
                faults.push(format!("line {line}, column {name}: {fault}"));
            }
        }
        let started_at = match (&map.collected_at, time) {
            (Time::Constant(constant), _) => constant.clone(),
            (Time::Column(_), index) => index.map(cell).unwrap_or("").to_owned(),
        };
        submissions.push((
            line,
            Submission {
                id: row_response_id(form, cell(row_id), clock::parse(&started_at)).to_string(),
                questionnaire: form.questionnaire.id.clone(),
                version: form.questionnaire.version,
                answers,
                area: area
                    .map(cell)
                    .filter(|code| !code.is_empty())
                    .map(str::to_owned),
                site: None,
                mode: map.mode,
                origin: None,
                started_at,
                finished_at: None,
                assistance: None,
                language: map.language,
            },
        ));
    }
    if faults.is_empty() {
        Ok(submissions)
    } else {
        Err(faults)
    }
}

/// Reads one cell into the answers. An empty cell is no answer.
fn answer(form: &Form, column: &Column, cell: &str, answers: &mut Answers) -> Result<(), String> {
    if cell.is_empty() {
        return Ok(());
    }
    let code = match &column.codes {
        Some(codes) => codes.get(cell).cloned().ok_or_else(|| {
            let known: Vec<&str> = codes.keys().map(String::as_str).collect();
            format!("{cell:?} is not in the map; it has {}", known.join(", "))
        })?,
        None => cell.to_owned(),
    };
    let item = column.item.clone();
    match form.item(&item).map(|item| &item.ask) {
        Some(Ask::Multiple { .. }) => {
            let mut chosen = match answers.remove(&item) {
                None => Vec::new(),
                Some(Answer::Many(chosen)) => chosen,
                Some(_) => return Err("another column gives this item one answer".to_owned()),
            };
            match (&column.option, code.as_str()) {
                (Some(option), "1") => chosen.push(option.clone()),
                (Some(_), "0") => {}
                (Some(_), other) => return Err(format!("{other:?} is neither 1 nor 0")),
                (None, list) => chosen.extend(list.split(';').map(str::to_owned)),
            }
            answers.insert(item, Answer::Many(chosen));
        }
        Some(Ask::Number { .. }) => {
            let number = fields::decimal(&code).ok_or_else(|| format!("{code:?} is no number"))?;
            answers.insert(item, Answer::Number(number));
        }
        _ => {
            answers.insert(item, Answer::One(code));
        }
    }
    Ok(())
}

/// An id that the same row gets every time: its time, and a digest of questionnaire and row name
/// in place of chance.
fn row_response_id(form: &Form, row: &str, time: Option<i64>) -> ResponseId {
    let mut digest = Sha256::new();
    digest.update(form.questionnaire.id.as_bytes());
    digest.update([0]);
    digest.update(row.as_bytes());
    let digest = digest.finalize();
    let mut random = [0u8; 10];
    random
        .iter_mut()
        .zip(digest.iter())
        .for_each(|(to, from)| *to = *from);
    let time = time.and_then(|time| u64::try_from(time).ok()).unwrap_or(0);
    ResponseId::new(time & ((1 << 48) - 1), random)
}
