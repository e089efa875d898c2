//! Counting everything again from the raw responses: the part that no database has to know.

use super::rows::Row;
use super::tally::{self, Delta, Key, complete};
use super::{Difference, StoreError};
use stats::tally::Moments;
use std::collections::{BTreeMap, BTreeSet};
use survey::Questionnaire;

/// A count that is under way.
pub struct Count {
    published: BTreeMap<(String, u32), Questionnaire>,
    counted: Delta,
}

impl Count {
    /// Begins a count of responses to these questionnaires.
    pub fn new(questionnaires: impl IntoIterator<Item = Questionnaire>) -> Self {
        let published = questionnaires.into_iter();
        Count {
            published: published.map(|q| ((q.id.clone(), q.version), q)).collect(),
            counted: Delta::new(),
        }
    }

    /// Counts one row; a withdrawn response counts nowhere.
    pub fn add(&mut self, row: &Row) -> Result<(), StoreError> {
        if row.withdrawn_at.is_some() {
            return Ok(());
        }
        let mut response = row.response()?;
        let version = (response.questionnaire.clone(), response.version);
        let questionnaire = self
            .published
            .get(&version)
            .ok_or_else(|| StoreError::Damaged {
                what: "response",
                why: format!("{} version {} is not published", version.0, version.1),
            })?;
        complete(&mut response, questionnaire);
        tally::count(&mut self.counted, &response)
    }

    /// What the tallies should be.
    pub fn finish(self) -> Delta {
        self.counted
    }
}

/// The tallies as they are stored; `None` where one cannot be read.
pub type Tallied = BTreeMap<Key, Option<Moments>>;

/// Where the tallies are not what was counted.
pub fn differences(tallied: &Tallied, counted: &Delta) -> Vec<(Key, Difference)> {
    let keys: BTreeSet<&Key> = counted.keys().chain(tallied.keys()).collect();
    let mut differences = Vec::new();
    for key in keys {
        let (is, should) = (tallied.get(key), counted.get(key));
        let same = match (is, should) {
            (Some(Some(is)), Some(should)) => *is == should.moments,
            // A cell whose every response was withdrawn.
            (Some(Some(is)), None) => is.is_zero(),
            (Some(None) | None, _) => false,
        };
        if !same {
            let difference = Difference {
                questionnaire: key.questionnaire.clone(),
                version: key.version,
                cell: key.cell.clone(),
                tallied: is.and_then(Option::as_ref).map_or(0, Moments::count),
                counted: should.map_or(0, |tally| tally.moments.count()),
            };
            differences.push((key.clone(), difference));
        }
    }
    differences
}
