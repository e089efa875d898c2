//! OpenTelemetry traces, as a collector receives them.

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use std::sync::{Arc, Mutex};
use system::server::Place;
use system::{eventually, resident_response};
use tokio::net::TcpListener;

/// What a collector has received, in one piece.
type Received = Arc<Mutex<Vec<u8>>>;

/// A collector that takes OTLP in protocol buffers; its address, and what it receives.
async fn collector() -> (String, Received) {
    let received = Received::default();
    let kept = received.clone();
    let take = async move |headers: HeaderMap, body: Bytes| {
        assert_eq!(headers["content-type"], "application/x-protobuf");
        kept.lock().unwrap().extend_from_slice(&body);
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/v1/traces", post(take));
    tokio::spawn(async { axum::serve(listener, router).await });
    (address, received)
}

/// An attribute as protocol buffers write it: name, then a value of this kind and content.
fn attribute(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
    let value = [&[kind], content].concat();
    let length = u8::try_from(value.len()).unwrap();
    [name.as_bytes(), &[0x12, length], &value].concat()
}

fn text(name: &str, content: &str) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    attribute(name, 0x0a, &[&[length], content.as_bytes()].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_hears_of_requests_and_batches_and_of_nobodys_answers() {
    let (address, received) = collector().await;
    let place = Place::new();
    let server = place.serve(&["--otlp-endpoint", &address]).await;
    let body = resident_response();
    let posting = server.client.post(server.url("/api/v1/responses"));
    let answer = posting.json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let id = answer.headers()["x-request-id"].to_str().unwrap();
    let page = server.client.get(server.url("/s/resident?site=S002"));
    assert_eq!(page.send().await.unwrap().status(), 200);
    let expected = [
        text("service.name", "wendu"),
        b"POST /api/v1/responses".to_vec(),
        text("http.request.method", "POST"),
        text("http.route", "/api/v1/responses"),
        // 201, in seven bits a byte.
        attribute("http.response.status_code", 0x18, &[0xc9, 0x01]),
        text("wendu.request_id", id),
        b"write batch".to_vec(),
        attribute("wendu.batch.responses", 0x18, &[1]),
        text("http.route", "/s/{key}"),
    ];
    let holds = |part: &[u8]| {
        let received = received.lock().unwrap();
        received.windows(part.len()).any(|known| known == part)
    };
    eventually("the collector has all of it", async || {
        let all = expected.iter().all(|part| holds(part));
        all.then_some(())
    })
    .await;
    for private in [
        body["id"].as_str().unwrap(),
        "S002",
        "127.0.0.1",
        "/s/resident",
    ] {
        assert!(!holds(private.as_bytes()), "{private} is nobody's business");
    }

    // What is not sent yet at the end is sent then.
    let last = server.client.get(server.url("/oembed")).send().await;
    assert_eq!(last.unwrap().status(), 400);
    assert!(server.terminate().await.success());
    assert!(holds(&text("http.route", "/oembed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_collector_the_server_serves_and_stops() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let place = Place::new();
    let server = place.serve(&["--otlp-endpoint", &address]).await;
    for _ in 0..20 {
        assert_eq!(server.post(resident_response().to_string()).await.0, 201);
    }
    assert!(server.terminate().await.success());
    let (success, said) = place
        .run(&["serve", "--otlp-endpoint", "https://collector.example"])
        .await;
    assert!(!success && said.contains("http://"), "{said}");
    place.assert_sound().await;
}
