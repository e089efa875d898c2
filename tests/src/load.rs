//! Many clients that send answers until they are told to stop, and remember what they were told.

use crate::resident_response;
use crate::server::{Place, Server};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::task::JoinHandle;

/// What was sent, and which of it was acknowledged.
#[derive(Debug, Default)]
pub struct Sent {
    /// Every body that may have reached the server.
    pub all: Vec<Value>,
    /// Those that the server said were stored.
    pub acknowledged: Vec<Value>,
    /// How many times each status came.
    pub refused: Vec<u16>,
}

/// Clients that are sending.
pub struct Load {
    stopped: Arc<AtomicBool>,
    count: Arc<AtomicUsize>,
    sent: Arc<Mutex<Sent>>,
    clients: Vec<JoinHandle<()>>,
}

impl Load {
    /// Starts so many clients; each sends one answer after the other. One that loses its server
    /// stops.
    pub fn start(server: &Server, clients: usize) -> Load {
        let (stopped, count) = (Arc::default(), Arc::default());
        let sent: Arc<Mutex<Sent>> = Arc::default();
        let clients = (0..clients)
            .map(|_| {
                let (http, url) = (server.client.clone(), server.url("/api/v1/responses"));
                let (stopped, count, sent) =
                    (Arc::clone(&stopped), Arc::clone(&count), sent.clone());
                tokio::spawn(client(http, url, stopped, count, sent))
            })
            .collect();
        Load {
            stopped,
            count,
            sent,
            clients,
        }
    }

    /// How many answers have been acknowledged so far.
    pub fn acknowledged(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Lets every client finish its request, and returns what they sent.
    pub async fn stop(self) -> Sent {
        self.stopped.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.await.expect("a client ends");
        }
        std::mem::take(&mut self.sent.lock().expect("no client panicked"))
    }
}

async fn client(
    http: reqwest::Client,
    url: String,
    stopped: Arc<AtomicBool>,
    count: Arc<AtomicUsize>,
    sent: Arc<Mutex<Sent>>,
) {
    while !stopped.load(Ordering::Relaxed) {
        let body = resident_response();
        sent.lock().expect("unpoisoned").all.push(body.clone());
        let Ok(answer) = http.post(&url).json(&body).send().await else {
            return;
        };
        let status = answer.status().as_u16();
        // The body is read so that the connection can be used again.
        let _ = answer.bytes().await;
        let mut sent = sent.lock().expect("unpoisoned");
        if status == 201 {
            count.fetch_add(1, Ordering::Relaxed);
            sent.acknowledged.push(body);
        } else {
            sent.refused.push(status);
        }
    }
}

/// Sends bodies again, many at a time; returns how many times each status came, as (status, n).
pub async fn send_again(server: &Server, bodies: &[Value]) -> Vec<(u16, usize)> {
    const TOGETHER: usize = 16;
    let next = Arc::new(AtomicUsize::new(0));
    let bodies: Arc<[Value]> = bodies.into();
    let senders: Vec<_> = (0..TOGETHER)
        .map(|_| {
            let (http, url) = (server.client.clone(), server.url("/api/v1/responses"));
            let (next, bodies) = (next.clone(), bodies.clone());
            tokio::spawn(async move {
                let mut statuses = Vec::new();
                while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let answer = http.post(&url).json(body).send().await.expect("an answer");
                    statuses.push(answer.status().as_u16());
                    let _ = answer.bytes().await;
                }
                statuses
            })
        })
        .collect();
    let mut counts: Vec<(u16, usize)> = Vec::new();
    for sender in senders {
        for status in sender.await.expect("a sender ends") {
            match counts.iter_mut().find(|(known, _)| *known == status) {
                Some((_, n)) => *n += 1,
                None => counts.push((status, 1)),
            }
        }
    }
    counts.sort_unstable();
    counts
}

/// How many answers of residents a server counts.
pub async fn counted(server: &Server) -> usize {
    let (status, picture) = server.get("/api/v1/estimates?questionnaire=resident").await;
    assert_eq!(status, 200, "{picture}");
    let n = picture["n"].as_u64().expect("a number of answers");
    usize::try_from(n).expect("a small number")
}

/// Asserts the promise: every acknowledged answer is there exactly once, nothing is there that was
/// not sent, and the tallies equal a recount. Ends with every body of `sent` stored.
pub async fn assert_kept(place: &Place, server: &Server, sent: &Sent) {
    let before = counted(server).await;
    assert!(before >= sent.acknowledged.len(), "answers were lost");
    assert!(before <= sent.all.len(), "answers appeared from nowhere");
    let replayed = send_again(server, &sent.acknowledged).await;
    let all_there = match replayed.as_slice() {
        [] => sent.acknowledged.is_empty(),
        [(200, n)] => *n == sent.acknowledged.len(),
        _ => false,
    };
    assert!(all_there, "acknowledged answers were lost: {replayed:?}");
    assert_eq!(counted(server).await, before, "replays were counted");
    send_again(server, &sent.all).await;
    assert_eq!(counted(server).await, sent.all.len(), "each exactly once");
    place.assert_sound().await;
}
