//! Hearing of what other servers on the same database have written.

use super::CHANNEL;
use super::pools::Pools;
use crate::store::StoreError;
use futures_util::stream::{self, Stream};
use sqlx::Executor;
use sqlx::postgres::{PgListener, PgPoolOptions};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// After how much silence the connection is tested.
const SILENCE: Duration = Duration::from_secs(15);

/// How long its answer may take, and how long connecting may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_secs(1);

/// What is heard, and what is yet to be said of it.
struct Ear {
    /// For what was missed while nobody listened; its end is the end of listening.
    pools: Arc<Pools>,
    listener: Option<PgListener>,
    /// What comes before a questionnaire's id in a notice to this store.
    prefix: String,
    heard: VecDeque<String>,
}

/// The ids of questionnaires whose responses have changed. After a connection was lost, every
/// questionnaire may have changed meanwhile, and all are named.
pub fn changes(pools: Arc<Pools>) -> impl Stream<Item = String> + Send {
    let ear = Ear {
        pools,
        listener: None,
        prefix: String::new(),
        heard: VecDeque::new(),
    };
    stream::unfold(ear, |mut ear| async {
        loop {
            if let Some(questionnaire) = ear.heard.pop_front() {
                return Some((questionnaire, ear));
            }
            if ear.pools.is_closed() {
                return None;
            }
            ear.listen().await;
        }
    })
}

impl Ear {
    /// Listens for a while.
    async fn listen(&mut self) {
        let Some(listener) = &mut self.listener else {
            match timeout(PATIENCE, self.connect()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::debug!(%error, "no live updates from other servers yet");
                    sleep(PAUSE).await;
                }
                Err(_) => tracing::debug!("no live updates from other servers yet"),
            }
            return;
        };
        match timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(notice))) => {
                let questionnaire = notice.payload().strip_prefix(&self.prefix);
                self.heard.extend(questionnaire.map(str::to_owned));
            }
            Ok(Ok(None) | Err(_)) => {
                tracing::warn!("lost the connection that brings updates from other servers");
                self.listener = None;
            }
            // A connection can die without a word.
            Err(_) => match timeout(PATIENCE, listener.execute("SELECT 1")).await {
                Ok(Ok(_)) => {}
                Ok(Err(_)) | Err(_) => self.listener = None,
            },
        }
    }

    async fn connect(&mut self) -> Result<(), StoreError> {
        // A pool of its own: a dead listener that lingers must not take another's place.
        let alone = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(self.pools.options.clone());
        let mut listener = PgListener::connect_with(&alone).await?;
        listener.ignore_pool_close_event(true);
        listener.listen(CHANNEL).await?;
        let schema: Option<String> = sqlx::query_scalar("SELECT current_schema()")
            .fetch_one(&mut listener)
            .await?;
        self.prefix = format!("{}/", schema.unwrap_or_default());
        let mut reader = self.pools.reading().await?;
        let all: Vec<String> = sqlx::query_scalar("SELECT DISTINCT id FROM questionnaire")
            .fetch_all(&mut *reader)
            .await?;
        self.heard.extend(all);
        self.listener = Some(listener);
        Ok(())
    }
}
