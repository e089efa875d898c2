//! How soon a page can be answered, beside the same questionnaire in SurveyJS and in a bare HTML
//! form, in one run, in headless Chromium on a slow line and a slow processor.
//!
//! `page URL QUESTIONNAIRE.json SURVEYJS RUNS`: our page's address, the questionnaire that it
//! shows, the `node_modules` with survey-core and survey-js-ui, and how often each is opened.

mod forms;
mod measure;
mod serve;

use measure::{Line, Seen, median};
use std::path::Path;
use std::process::ExitCode;

/// A bare form's share in our time, at most; and so on: see issue and docs.
const LINES: [Line; 2] = [
    Line {
        name: "1.6 Mbit/s, 150 ms, CPU / 4",
        bits: 1_600_000,
        latency: 150,
        slower: 4,
    },
    Line {
        name: "400 kbit/s, 400 ms, CPU / 6",
        bits: 400_000,
        latency: 400,
        slower: 6,
    },
];

#[tokio::main]
async fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [ours, questionnaire, surveyjs, runs] = args.as_slice() else {
        eprintln!("page URL QUESTIONNAIRE.json SURVEYJS RUNS");
        return ExitCode::FAILURE;
    };
    let text = std::fs::read_to_string(questionnaire).expect("the questionnaire");
    let form = forms::Form::read(&text);
    let runs: usize = runs.parse().expect("a number of runs");
    let site = serve::Site::start(&form, Path::new(surveyjs)).await;
    let pages = [
        ("bare HTML form", site.url("/bare.html")),
        ("Wendu", ours.clone()),
        ("SurveyJS 2.5.38", site.url("/surveyjs.html")),
    ];
    println!(
        "{} questions; medians of {runs} runs; brotli 11 for all\n",
        form.questions.len()
    );
    for line in &LINES {
        println!("{}", line.name);
        println!(
            "{:<18}{:>12}{:>14}{:>14}{:>10}{:>8}",
            "", "first paint", "answerable", "in charge", "bytes", "CLS"
        );
        let mut rows = Vec::new();
        for (name, url) in &pages {
            let seen = measure::open(url, line, runs).await;
            println!(
                "{name:<18}{:>9.0} ms{:>11.0} ms{:>11.0} ms{:>10.0}{:>8.3}",
                median(&seen, |s| s.painted),
                median(&seen, |s| s.answerable),
                median(&seen, |s| s.in_charge),
                median(&seen, |s| s.bytes),
                median(&seen, |s| s.shift),
            );
            rows.push(seen);
        }
        if let [bare, ours, theirs] = rows.as_slice() {
            ratios(bare, ours, theirs);
        }
    }
    ExitCode::SUCCESS
}

fn ratios(bare: &[Seen], ours: &[Seen], theirs: &[Seen]) {
    let ratio = |what: &str, of: f64, to: f64, goal: &str| {
        println!("  {what:<44}{:>8.2}   goal {goal}", of / to);
    };
    let answerable = |seen: &[Seen]| median(seen, |s| s.answerable);
    ratio(
        "answerable: ours / bare form",
        answerable(ours),
        answerable(bare),
        "<= 1.15",
    );
    ratio(
        "answerable: ours / SurveyJS",
        answerable(ours),
        answerable(theirs),
        "<= 0.20",
    );
    let bytes = |seen: &[Seen]| median(seen, |s| s.bytes);
    ratio(
        "bytes: ours / SurveyJS",
        bytes(ours),
        bytes(theirs),
        "<= 0.20",
    );
    let in_charge = |seen: &[Seen]| median(seen, |s| s.in_charge);
    ratio(
        "app in charge: ours / SurveyJS",
        in_charge(ours),
        in_charge(theirs),
        "<= 0.33",
    );
    println!();
}
