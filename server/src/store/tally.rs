//! What the stores have in common about tallies: their keys, and adding to them in memory before
//! the database is asked once.

use super::{Response, StoreError};
use report::{Cell, CellTally, group_key, variables};
use stats::tally::Moments;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use survey::Questionnaire;

/// Which tally: questionnaire, version, cell. Sorted, so that every writer takes them in one order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The questionnaire's id.
    pub questionnaire: String,
    /// Its version.
    pub version: u32,
    /// The cell.
    pub cell: Cell,
}

impl Key {
    /// Where a response is tallied.
    pub fn of(response: &Response) -> Self {
        Key {
            questionnaire: response.questionnaire.clone(),
            version: response.version,
            cell: response.cell.clone(),
        }
    }
}

/// What is added to the tallies, by key.
pub type Delta = BTreeMap<Key, CellTally>;

/// Adds one response to a delta.
pub fn count(delta: &mut Delta, response: &Response) -> Result<(), StoreError> {
    let tally = entry(delta, response);
    tally.last_received_at = tally.last_received_at.max(response.received_at);
    tally.moments.add(&response.variables).map_err(unfit)
}

/// Takes one response out, in a delta.
pub fn discount(delta: &mut Delta, response: &Response) -> Result<(), StoreError> {
    let tally = entry(delta, response);
    tally.moments.remove(&response.variables).map_err(unfit)
}

/// Adds a tally of a questionnaire to a delta.
pub fn merge(delta: &mut Delta, questionnaire: &str, tally: CellTally) -> Result<(), StoreError> {
    let key = Key {
        questionnaire: questionnaire.to_owned(),
        version: tally.version,
        cell: tally.cell.clone(),
    };
    match delta.entry(key) {
        Entry::Vacant(place) => {
            place.insert(tally);
        }
        Entry::Occupied(mut place) => {
            let sum = place.get_mut();
            sum.last_received_at = sum.last_received_at.max(tally.last_received_at);
            sum.moments.merge(&tally.moments).map_err(unfit)?;
        }
    }
    Ok(())
}

fn entry<'d>(delta: &'d mut Delta, response: &Response) -> &'d mut CellTally {
    delta
        .entry(Key::of(response))
        .or_insert_with(|| empty(response))
}

/// The tally of a response's cell while nothing is counted in it.
pub fn empty(response: &Response) -> CellTally {
    CellTally {
        version: response.version,
        cell: response.cell.clone(),
        moments: Moments::new(response.variables.len()),
        last_received_at: 0,
    }
}

/// Fills in what a stored response leaves empty, because it follows from the questionnaire: the
/// cell's group and the variables.
pub fn complete(response: &mut Response, questionnaire: &Questionnaire) {
    response.cell.group = group_key(questionnaire, &response.answers);
    response.variables = variables(questionnaire, &response.answers);
}

/// Reads moments back from their packed integers.
pub fn moments(packed: Vec<i64>) -> Result<Moments, StoreError> {
    // (k + 1)(k + 2) / 2 integers belong to k variables.
    let variables = (0..packed.len())
        .find(|k| Moments::packed_len(*k) >= packed.len())
        .unwrap_or_default();
    Moments::from_packed(variables, packed).map_err(unfit)
}

/// A tally whose variables are not those of its questionnaire.
pub fn unfit(error: stats::Error) -> StoreError {
    StoreError::Damaged {
        what: "tally",
        why: format!("{error}; run `wendu recount --fix`"),
    }
}
