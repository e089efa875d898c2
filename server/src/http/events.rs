//! `GET /api/v1/events`: tells the office that there is something new, once a second at most.

use super::session::Reader;
use super::{Server, State, campaign};
use axum::Router;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use axum::routing::get;
use futures_util::Stream;
use serde_json::json;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::sleep;

const PACE: Duration = Duration::from_secs(1);

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/api/v1/events", get(listen))
}

async fn listen(
    axum::extract::State(server): State,
    _reader: Reader,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let listener = Listener {
        changes: server.writer.changes(),
        stopping: server.stopping.clone(),
        pending: BTreeSet::new(),
        server,
    };
    let events = futures_util::stream::unfold(listener, |mut listener| async {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

struct Listener {
    server: Arc<Server>,
    changes: broadcast::Receiver<crate::intake::Changed>,
    stopping: watch::Receiver<bool>,
    pending: BTreeSet<String>,
}

impl Listener {
    /// The next event; `None` when the server goes down.
    async fn next(&mut self) -> Option<Event> {
        if self.pending.is_empty() {
            let change = tokio::select! {
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                change = self.changes.recv() => change,
            };
            self.note(change)?;
            // Whatever comes within the pace becomes one event.
            tokio::select! {
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                () = sleep(PACE) => {}
            }
            while let Ok(change) = self.changes.try_recv() {
                self.note(Ok(change))?;
            }
        }
        let questionnaire = self.pending.pop_first()?;
        let n = campaign::answers(&self.server, &questionnaire).await.ok();
        let data = json!({ "questionnaire": questionnaire, "n": n });
        Some(Event::default().event("tally").data(data.to_string()))
    }

    fn note(&mut self, change: Result<crate::intake::Changed, RecvError>) -> Option<()> {
        match change {
            Ok(change) => {
                self.pending.insert(change.questionnaire);
            }
            // So many that some were passed over: say that everything may have changed.
            Err(RecvError::Lagged(_)) => {
                let all = self.server.catalogue.all();
                self.pending
                    .extend(all.map(|form| form.questionnaire.id.clone()));
            }
            Err(RecvError::Closed) => return None,
        }
        Some(())
    }
}
