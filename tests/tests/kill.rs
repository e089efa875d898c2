//! A power cut in the middle of a thousand answers.

use std::sync::Arc;
use system::resident_response;
use system::server::Place;
use tokio::sync::Mutex;

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_answer_is_there_exactly_once_after_a_kill() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let bodies: Vec<_> = (0..1000).map(|_| resident_response()).collect();
    let senders: Vec<_> = bodies
        .iter()
        .cloned()
        .map(|body| {
            let (client, url) = (server.client.clone(), server.url("/api/v1/responses"));
            let acknowledged = acknowledged.clone();
            tokio::spawn(async move {
                let sent = client.post(url).json(&body).send().await;
                if sent.is_ok_and(|answer| answer.status() == 201) {
                    acknowledged.lock().await.push(body);
                }
            })
        })
        .collect();
    system::eventually("some answers are acknowledged", async || {
        (acknowledged.lock().await.len() >= 100).then_some(())
    })
    .await;
    server.kill().await;
    for sender in senders {
        sender.await.unwrap();
    }
    let acknowledged = acknowledged.lock().await.clone();
    assert!(acknowledged.len() >= 100);

    let server = place.serve(&[]).await;
    for body in &acknowledged {
        assert_eq!(
            server.post(body.to_string()).await.0,
            200,
            "an acknowledged answer was lost"
        );
    }
    // The rest is sent again, as clients do: each is new or was written without word of it.
    for body in &bodies {
        let (status, problem) = server.post(body.to_string()).await;
        assert!(matches!(status, 200 | 201), "{status} {problem}");
    }
    let (_, estimates) = server.get("/api/v1/estimates?questionnaire=resident").await;
    assert_eq!(estimates["n"], 1000, "each counted exactly once");
    drop(server);
    place.assert_recount().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_asked_to_stop_finishes_what_is_under_way() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let senders: Vec<_> = (0..200)
        .map(|_| {
            let sending = server
                .client
                .post(server.url("/api/v1/responses"))
                .json(&resident_response())
                .send();
            tokio::spawn(async move { sending.await.is_ok_and(|answer| answer.status() == 201) })
        })
        .collect();
    let status = server.terminate().await;
    assert!(status.success(), "exit status {status}");
    let mut acknowledged = 0;
    for sender in senders {
        acknowledged += u64::from(sender.await.unwrap());
    }
    let (_, csv) = place.run(&["export", "--questionnaire", "resident"]).await;
    let stored = csv.lines().count() as u64 - 1;
    assert!(
        stored >= acknowledged,
        "{acknowledged} acknowledged, {stored} stored"
    );
    place.assert_recount().await;
}
