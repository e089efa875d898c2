//! The batching writer: many requests, one transaction, each acknowledged after the commit.
//!
//! It does not wait for a batch to fill. While one transaction is being flushed to disk, the next
//! requests queue up, and all of them make the next batch: a lone request is written at once, and
//! under load the batches grow by themselves. Only between two batches of many does it pause, a
//! quarter as long as the last one took: more answers then share the pages that a transaction
//! writes.
//!
//! A database that is a server of its own works on one transaction while the next is gathered.
//! There a second one is begun beside the first as soon as enough are waiting for it.

use crate::metrics::Metrics;
use crate::store::{Batching, OnConflict, Outcome, Response, Store, StoreError, bucket};
use crate::traces;
use futures_util::StreamExt;
use futures_util::stream;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::{Notify, broadcast, mpsc, oneshot};

/// How many responses go into one transaction.
const BATCH: usize = 1024;

/// From how many responses on a batch is one of many.
const MANY: usize = 16;

/// How many responses make a transaction worth while beside another. With fewer, transactions are
/// small and cost more in all: three servers with 85 connections each took 22,000 answers a second
/// where every one began a second transaction at once, and 27,000 where it waited for so many.
const ENOUGH: usize = 128;

/// The longest pause between two batches of many.
const PAUSE: Duration = Duration::from_millis(1);

/// How soon a failure is logged again.
const TELL_AGAIN: Duration = Duration::from_secs(10);

/// The end of the queue where responses are handed in.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
    gathering: Arc<Gathering>,
    changes: Changes,
}

/// Responses of this questionnaire have been written or taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Which questionnaire.
    pub questionnaire: String,
}

/// Who is told of changes.
#[derive(Clone)]
struct Changes {
    count: Arc<AtomicU64>,
    listeners: broadcast::Sender<Changed>,
}

impl Changes {
    fn tell(&self, questionnaire: String) {
        self.count.fetch_add(1, Ordering::SeqCst);
        // No listener is no fault.
        let _ = self.listeners.send(Changed { questionnaire });
    }
}

/// The queue is full, or the server is going down. Nothing was written; the same response can be
/// sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many answers are waiting to be written; send it again in a moment")]
pub struct Busy;

/// The other end of the queue, and what whoever gathers the next batch looks at.
struct Gathering {
    /// Whoever holds the lock gathers; who comes second has the batch after that.
    jobs: tokio::sync::Mutex<mpsc::Receiver<Job>>,
    /// How many transactions are under way.
    under_way: AtomicUsize,
    /// A transaction has ended, or enough are waiting for one more.
    stirred: Notify,
}

impl Gathering {
    /// Waits for responses and takes all there are; none if no more will come.
    async fn next(&self, batch: &mut Vec<Job>) -> usize {
        let mut jobs = self.jobs.lock().await;
        while self.under_way.load(Ordering::SeqCst) > 0 && jobs.len() < ENOUGH {
            self.stirred.notified().await;
        }
        let taken = jobs.recv_many(batch, BATCH).await;
        // With none there is no transaction, and whoever comes next must not wait for its end.
        if taken > 0 {
            self.under_way.fetch_add(1, Ordering::SeqCst);
        }
        taken
    }

    /// Says that a transaction has ended.
    fn end(&self) {
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        self.stirred.notify_one();
    }
}

struct Job {
    response: Response,
    done: oneshot::Sender<Result<Outcome, Arc<StoreError>>>,
}

impl Writer {
    /// Starts the writer. At most `room` responses wait; beyond it clients are told to come back,
    /// so that memory is bounded. The second value comes when every `Writer` is gone and all that
    /// waited is written.
    ///
    /// It has threads of its own: as a task among hundreds of connections it would stand in their
    /// queue after every statement, and everybody waits for it.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(
        store: Arc<dyn Store>,
        room: usize,
        metrics: Metrics,
    ) -> std::io::Result<(Writer, impl Future<Output = ()>)> {
        let batching = store.batching();
        let (queue, jobs) = mpsc::channel(room);
        let (listeners, _) = broadcast::channel(64);
        let changes = Changes {
            count: Arc::default(),
            listeners,
        };
        let scribe = Arc::new(Scribe {
            store,
            changes: changes.clone(),
            metrics,
            told: Mutex::default(),
        });
        let gathering = Arc::new(Gathering {
            jobs: tokio::sync::Mutex::new(jobs),
            under_way: AtomicUsize::new(0),
            stirred: Notify::new(),
        });
        // Batches of one bucket each come from one gathering, see `run`.
        let threads = match batching.one_bucket {
            true => 1,
            false => batching.side_by_side,
        };
        let (writing, mut end) = mpsc::channel::<()>(1);
        for _ in 0..threads {
            let run = run(scribe.clone(), batching, gathering.clone());
            let (runtime, writing) = (Handle::current(), writing.clone());
            std::thread::Builder::new()
                .name("writer".to_owned())
                .spawn(move || {
                    runtime.block_on(run);
                    drop(writing);
                })?;
        }
        let end = async move {
            // Nothing is ever sent: it ends when the last thread has let go of it.
            drop(writing);
            end.recv().await;
        };
        let writer = Writer {
            queue,
            gathering,
            changes,
        };
        Ok((writer, end))
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
        if self.queue.max_capacity() - self.queue.capacity() >= ENOUGH {
            self.gathering.stirred.notify_one();
        }
        result.await.map_err(|_| Busy)
    }

    /// What changes from now on.
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.changes.listeners.subscribe()
    }

    /// A number that has grown by the time that a change is acknowledged or announced.
    pub fn written(&self) -> u64 {
        self.changes.count.load(Ordering::SeqCst)
    }

    /// How the number of those who wait can be asked for, without keeping the writer alive.
    pub fn waiting(&self) -> impl Fn() -> usize + Clone + Send + Sync + 'static {
        let queue = self.queue.downgrade();
        move || {
            queue
                .upgrade()
                .map_or(0, |queue| queue.max_capacity() - queue.capacity())
        }
    }

    /// Says that a questionnaire's tallies have changed by another way than [`Writer::write`].
    pub fn announce(&self, questionnaire: String) {
        self.changes.tell(questionnaire);
    }
}

async fn run(scribe: Arc<Scribe>, batching: Batching, gathering: Arc<Gathering>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while gathering.next(&mut waiting).await > 0 {
        let (many, begun) = (waiting.len() >= MANY, Instant::now());
        if batching.one_bucket {
            let mut batches: BTreeMap<u8, Vec<Job>> = BTreeMap::new();
            for job in waiting.drain(..) {
                let batch = batches.entry(bucket(&job.response.id)).or_default();
                batch.push(job);
            }
            stream::iter(batches.into_values())
                .for_each_concurrent(batching.side_by_side, |batch| scribe.write(batch))
                .await;
        } else {
            scribe.write(waiting.drain(..)).await;
        }
        gathering.end();
        if many {
            // The thread is the writer's own, and the runtime's clock counts milliseconds.
            std::thread::sleep((begun.elapsed() / 4).min(PAUSE));
        }
    }
}

/// Who writes, and tells of it.
struct Scribe {
    store: Arc<dyn Store>,
    changes: Changes,
    metrics: Metrics,
    /// When a failure was logged last.
    told: Mutex<Option<Instant>>,
}

impl Scribe {
    /// Writes a batch and tells everyone who waits for it.
    async fn write(&self, jobs: impl IntoIterator<Item = Job>) {
        let jobs = jobs.into_iter().map(|job| (job.response, job.done));
        let (batch, done): (Vec<_>, Vec<_>) = jobs.unzip();
        let begun = Instant::now();
        let written = self.store.write(&batch, OnConflict::WriteOthers).await;
        self.metrics.commit.observe(begun.elapsed().as_secs_f64());
        self.metrics.batch.observe(batch.len() as f64);
        let failure = written.as_ref().err().map(|error| error as _);
        traces::batch(batch.len(), begun.elapsed(), failure);
        match written {
            Ok(outcomes) => {
                let mut changed: Vec<&str> = Vec::new();
                for (response, outcome) in batch.iter().zip(&outcomes) {
                    if *outcome == Outcome::Created && !changed.contains(&&*response.questionnaire)
                    {
                        changed.push(&response.questionnaire);
                    }
                }
                for questionnaire in changed {
                    self.changes.tell(questionnaire.to_owned());
                }
                // Among the connections, which then need not be woken from outside one by one; the
                // next batch begins meanwhile.
                tokio::spawn(async move {
                    for (done, outcome) in done.into_iter().zip(outcomes) {
                        // The client may have gone; the response stays written.
                        let _ = done.send(Ok(outcome));
                    }
                });
            }
            Err(error) => {
                self.log(&error, batch.len());
                let error = Arc::new(error);
                for done in done {
                    let _ = done.send(Err(error.clone()));
                }
            }
        }
    }

    /// A full disk fails every batch; it must not fill the log as well.
    fn log(&self, error: &StoreError, responses: usize) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|at| at.elapsed() > TELL_AGAIN) {
            tracing::error!(%error, responses, "a batch was not written");
            *told = Some(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Catalogue, Files};
    use crate::clock::DAY_MS;
    use crate::intake::accept;
    use crate::store;
    use crate::widgets::Widgets;
    use serde_json::json;
    use survey::{Submission, identity::ResponseId};

    fn submission(id: &ResponseId) -> Submission {
        let body = json!({
            "id": id.to_string(), "questionnaire": "cadre", "version": 1, "mode": "self",
            "started_at": "2026-11-23T08:00:00Z", "language": "zh-CN",
            "answers": { "heard": "know", "took_part": "no", "clean": "very", "order": "very",
                "appearance": "very", "compound": "fairly", "handling": "fairly",
                "duties": "not_very", "overall": "very", "confidence": "very", "township": "T01" }
        });
        serde_json::from_value(body).unwrap()
    }

    /// The server's clock jumps back by a day between two answers, and forth again.
    #[tokio::test]
    async fn no_answer_depends_on_the_clock_going_forward() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", folder.path().join("wendu.sqlite").display());
        let store = store::open(&store::Database::at(&address)).await.unwrap();
        let now = 1_790_000_000_000;
        let catalogue = Catalogue::open(&Files::default(), &*store, now)
            .await
            .unwrap();
        let (writer, writing) = Writer::start(store.clone(), 8, Metrics::new()).unwrap();
        let at = |received_at: i64, id: &ResponseId| {
            let (submission, none) = (submission(id), Widgets::default());
            accept(&catalogue, &none, submission, received_at).unwrap()
        };
        let ids = [1, 2, 3].map(|n| ResponseId::new(1_790_000_000_000, [n; 10]));
        for (id, time) in ids.iter().zip([now, now - DAY_MS, now + 1]) {
            let written = writer.write(at(time, id)).await.unwrap();
            assert_eq!(written.unwrap(), Outcome::Created);
            // Sent again before the first arrival.
            let again = writer.write(at(now - 2 * DAY_MS, id)).await.unwrap();
            assert_eq!(again.unwrap(), Outcome::Replayed);
        }
        let tallies = store.tallies("cadre").await.unwrap();
        let n: i64 = tallies.iter().map(|tally| tally.moments.count()).sum();
        assert_eq!(n, 3);
        let last = tallies.iter().map(|tally| tally.last_received_at).max();
        assert_eq!(last, Some(now + 1));
        let code = ids[1].withdrawal_code().id_range();
        let withdrawn = store.withdraw(code, now - 3 * DAY_MS).await.unwrap();
        assert_eq!(withdrawn.as_deref(), Some("cadre"));
        assert_eq!(store.recount(false).await.unwrap(), []);
        assert_eq!(store.check().await.unwrap(), [""; 0]);
        drop(writer);
        writing.await;
    }
}
