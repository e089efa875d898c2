//! The cells in which answers are tallied, and the variables that are tallied in them.

use stats::tally::Moments;
use survey::{Answers, Mode, Questionnaire, indicator};

/// Where in the table of results a response stands. Responses of one cell differ in their scores
/// only, so that a cell needs no more than its [`Moments`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The wave's id.
    pub wave: String,
    /// The township's or community's code; empty where it is not known.
    pub area: String,
    /// How the answers were collected.
    pub mode: Mode,
    /// The codes of the questionnaire's breakdown items, see [`group_key`].
    pub group: String,
}

/// A cell with what was tallied in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellTally {
    /// The questionnaire's version, which decides what the variables mean.
    pub version: u32,
    /// Which cell.
    pub cell: Cell,
    /// Over [`variables`].
    pub moments: Moments,
    /// When the last response arrived, in milliseconds since the Unix epoch.
    pub last_received_at: i64,
}

/// What is tallied of one response: for each indicator d (1 if it counts in the denominator, else
/// 0) and y (its score, 0 where d is 0). `counted` are the answers that count, see
/// [`survey::flow::counted`].
pub fn variables(questionnaire: &Questionnaire, counted: &Answers) -> Vec<i64> {
    indicator::scores(questionnaire, counted)
        .into_iter()
        .flat_map(|score| [i64::from(score.is_some()), i64::from(score == Some(true))])
        .collect()
}

/// The codes of the breakdown items in their order, separated by `|`; an item without an answer
/// leaves its place empty. (Codes hold no `|`, see `survey::check`.) `counted` as for
/// [`variables`].
pub fn group_key(questionnaire: &Questionnaire, counted: &Answers) -> String {
    let codes: Vec<&str> = questionnaire
        .breakdowns
        .iter()
        .map(|item| match counted.get(item) {
            Some(survey::Answer::One(code)) => code.as_str(),
            _ => "",
        })
        .collect();
    codes.join("|")
}

/// The code at place `index` of a [`group_key`].
pub fn group_value(key: &str, index: usize) -> &str {
    key.split('|').nth(index).unwrap_or("")
}
