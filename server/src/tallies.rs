//! Tallies held in memory, so that a picture costs no query as long as nothing has changed.

use crate::intake::Writer;
use crate::store::{Store, StoreError};
use report::CellTally;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Mutex as AsyncMutex;

/// The tallies of every questionnaire as they were last read.
#[derive(Default)]
pub struct Tallies {
    held: Mutex<BTreeMap<String, Arc<AsyncMutex<Option<Held>>>>>,
}

struct Held {
    as_of: Moment,
    tallies: Arc<[CellTally]>,
}

/// When tallies were read: what this server had written by then, and what anyone had.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Moment {
    written: u64,
    stamp: i64,
}

impl Tallies {
    /// Every tally of a questionnaire, all versions, never older than what was acknowledged before
    /// the call. Of many who ask at once, one reads and the others wait for it.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn of(
        &self,
        store: &dyn Store,
        writer: &Writer,
        questionnaire: &str,
    ) -> Result<Arc<[CellTally]>, StoreError> {
        let place = self.place(questionnaire);
        let mut held = place.lock().await;
        // Before reading: what is committed meanwhile makes the next call read again.
        let now = Moment {
            written: writer.written(),
            stamp: store.stamp().await?,
        };
        if let Some(held) = held.as_ref()
            && held.as_of == now
        {
            return Ok(held.tallies.clone());
        }
        let mut tallies = store.tallies(questionnaire).await?;
        // In one order, whatever the database: floating-point sums depend on it, and the same
        // answers must give the same picture to the last bit.
        tallies.sort_by(|a, b| (a.version, &a.cell).cmp(&(b.version, &b.cell)));
        let tallies: Arc<[CellTally]> = tallies.into();
        *held = Some(Held {
            as_of: now,
            tallies: tallies.clone(),
        });
        Ok(tallies)
    }

    fn place(&self, questionnaire: &str) -> Arc<AsyncMutex<Option<Held>>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = held.get(questionnaire) {
            return place.clone();
        }
        held.entry(questionnaire.to_owned()).or_default().clone()
    }
}
