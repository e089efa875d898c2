//! The batching writer: many requests, one transaction, each acknowledged after the commit.
//!
//! It never waits for a batch to fill. While one transaction is being flushed to disk, the next
//! requests queue up, and all of them make the next batch: a lone request is written at once, and
//! under load the batches grow by themselves.

use crate::store::{OnConflict, Outcome, Response, Store, StoreError, bucket};
use futures_util::StreamExt;
use futures_util::stream;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::JoinHandle;

/// How many responses may wait. Beyond it clients are told to come back, so that memory is bounded.
const QUEUE: usize = 4096;

/// How many responses go into one transaction.
const BATCH: usize = 1024;

/// How many batches of one bucket each are written at the same time.
const SIDE_BY_SIDE: usize = 8;

/// What may go into one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batching {
    /// Whatever is waiting.
    Mixed,
    /// Responses of one bucket, because the database is distributed by bucket: a transaction on
    /// one node costs a tenth of one that spans several.
    OneBucket,
}

/// The end of the queue where responses are handed in.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
    changes: broadcast::Sender<Changed>,
}

/// Responses of this questionnaire have been written or taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Which questionnaire.
    pub questionnaire: String,
}

/// The queue is full, or the server is going down. Nothing was written; the same response can be
/// sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many answers are waiting to be written; send it again in a moment")]
pub struct Busy;

struct Job {
    response: Response,
    done: oneshot::Sender<Result<Outcome, Arc<StoreError>>>,
}

impl Writer {
    /// Starts the writer. The task ends when every `Writer` is gone and all that waited is written.
    pub fn start(store: Arc<dyn Store>, batching: Batching) -> (Writer, JoinHandle<()>) {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (changes, _) = broadcast::channel(64);
        let task = tokio::spawn(run(store, batching, jobs, changes.clone()));
        (Writer { queue, changes }, task)
    }

    /// Writes a response; returns once it is on disk.
    ///
    /// # Errors
    /// [`Busy`] if there is no room in the queue; otherwise what the store said.
    pub async fn write(
        &self,
        response: Response,
    ) -> Result<Result<Outcome, Arc<StoreError>>, Busy> {
        let (done, result) = oneshot::channel();
        self.queue
            .try_send(Job { response, done })
            .map_err(|_| Busy)?;
        result.await.map_err(|_| Busy)
    }

    /// What changes from now on.
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }

    /// Says that a questionnaire's tallies have changed by another way than [`Writer::write`].
    pub fn announce(&self, questionnaire: String) {
        // No listener is no fault.
        let _ = self.changes.send(Changed { questionnaire });
    }
}

async fn run(
    store: Arc<dyn Store>,
    batching: Batching,
    mut jobs: mpsc::Receiver<Job>,
    changes: broadcast::Sender<Changed>,
) {
    let mut waiting = Vec::with_capacity(BATCH);
    while jobs.recv_many(&mut waiting, BATCH).await > 0 {
        match batching {
            Batching::Mixed => write(&*store, waiting.drain(..), &changes).await,
            Batching::OneBucket => {
                let mut batches: BTreeMap<u8, Vec<Job>> = BTreeMap::new();
                for job in waiting.drain(..) {
                    let batch = batches.entry(bucket(&job.response.id)).or_default();
                    batch.push(job);
                }
                stream::iter(batches.into_values())
                    .for_each_concurrent(SIDE_BY_SIDE, |batch| write(&*store, batch, &changes))
                    .await;
            }
        }
    }
}

/// Writes a batch and tells everyone who waits for it.
async fn write(
    store: &dyn Store,
    jobs: impl IntoIterator<Item = Job>,
    changes: &broadcast::Sender<Changed>,
) {
    let jobs = jobs.into_iter().map(|job| (job.response, job.done));
    let (batch, done): (Vec<_>, Vec<_>) = jobs.unzip();
    match store.write(&batch, OnConflict::WriteOthers).await {
        Ok(outcomes) => {
            let mut changed: Vec<&str> = Vec::new();
            for (response, outcome) in batch.iter().zip(&outcomes) {
                if *outcome == Outcome::Created && !changed.contains(&&*response.questionnaire) {
                    changed.push(&response.questionnaire);
                }
            }
            for questionnaire in changed {
                let questionnaire = questionnaire.to_owned();
                let _ = changes.send(Changed { questionnaire });
            }
            for (done, outcome) in done.into_iter().zip(outcomes) {
                // The client may have gone; the response stays written.
                let _ = done.send(Ok(outcome));
            }
        }
        Err(error) => {
            tracing::error!(%error, responses = batch.len(), "a batch was not written");
            let error = Arc::new(error);
            for done in done {
                let _ = done.send(Err(error.clone()));
            }
        }
    }
}
