//! What operators and caches see: metrics, tags, changes by other processes.

use system::load::counted;
use system::resident_response;
use system::server::Place;

#[tokio::test]
async fn metrics_count_what_happened_on_an_address_of_their_own() {
    let place = Place::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let metrics = free.local_addr().unwrap().to_string();
    drop(free);
    let server = place.serve(&["--metrics", &metrics]).await;
    let body = resident_response().to_string();
    assert_eq!(server.post(body.clone()).await.0, 201);
    assert_eq!(server.post(body).await.0, 200);
    assert_eq!(server.post("hello").await.0, 422);
    assert_eq!(counted(&server).await, 1);
    let text = server
        .client
        .get(format!("http://{metrics}/metrics"))
        .send();
    let text = text.await.unwrap().text().await.unwrap();
    for line in [
        "wendu_responses_accepted_total 1",
        "wendu_responses_replayed_total 1",
        "wendu_responses_refused_total{reason=\"invalid-response\",status=\"422\"} 1",
        "wendu_queue_responses 0",
        "wendu_commit_seconds_count 2",
        "wendu_batch_responses_sum 2.0",
        "wendu_estimate_seconds_count 1",
    ] {
        assert!(text.lines().any(|known| known == line), "{line} in {text}");
    }
    let public = server.client.get(server.url("/metrics")).send();
    assert_eq!(public.await.unwrap().status(), 404);
}

#[tokio::test]
async fn estimates_are_sent_again_only_when_they_changed() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let get = async |tag: Option<&str>| {
        let mut request = server
            .client
            .get(server.url("/api/v1/estimates?questionnaire=resident&by=area"));
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        let answer = request.send().await.unwrap();
        let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
        (answer.status().as_u16(), tag)
    };
    let (status, first) = get(None).await;
    assert_eq!(status, 200);
    assert_eq!(get(Some(&first)).await, (304, first.clone()));
    server.post(resident_response().to_string()).await;
    let (status, second) = get(Some(&first)).await;
    assert_eq!(status, 200);
    assert_ne!(first, second);
    let both = format!("\"other\", {second}");
    assert_eq!(get(Some(&both)).await, (304, second));
}

/// What another process writes is seen at once, not only what comes through this server.
#[tokio::test]
async fn a_picture_is_never_older_than_the_database() {
    let place = Place::new();
    let (server, other) = (place.serve(&[]).await, place.serve(&[]).await);
    for n in 1..20 {
        assert_eq!(other.post(resident_response().to_string()).await.0, 201);
        assert_eq!(counted(&server).await, n);
        assert_eq!(counted(&other).await, n);
    }
}
