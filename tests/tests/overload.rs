//! More than the server can take: a full queue, clients that hold on.

use std::time::{Duration, Instant};
use system::load::{Load, counted, send_again};
use system::resident_response;
use system::server::{Place, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_come_back() {
    let place = Place::new();
    let server = place.serve(&["--queue", "1"]).await;
    let load = Load::start(&server, 64);
    let refused = system::eventually("a client is told to come back", async || {
        let answer = server
            .client
            .post(server.url("/api/v1/responses"))
            .json(&resident_response())
            .send();
        let answer = answer.await.unwrap();
        (answer.status() == 503).then_some(answer)
    })
    .await;
    assert_eq!(refused.headers()["retry-after"], "1");
    let problem: serde_json::Value = refused.json().await.unwrap();
    assert_eq!(problem["type"], "/problems/busy");
    let mut sent = load.stop().await;
    assert!(sent.refused.iter().all(|status| *status == 503));
    assert!(!sent.acknowledged.is_empty());
    // The answers of the loop above may have been stored too; theirs are not known here.
    let extra = counted(&server).await - sent.acknowledged.len();
    sent.all.clone_from(&sent.acknowledged);
    send_again(&server, &sent.all).await;
    assert_eq!(counted(&server).await, sent.all.len() + extra);
    place.assert_sound().await;
}

/// Opens a connection and sends the beginning of a request.
async fn begin(server: &Server, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.host()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// Asserts that the server answers others soon.
async fn assert_serving(server: &Server) {
    let answer = timeout(
        Duration::from_secs(5),
        server.post(resident_response().to_string()),
    );
    assert_eq!(answer.await.expect("an answer soon").0, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_hold_nothing() {
    let allowed = rlimit::increase_nofile_limit(6000).unwrap();
    let idle = usize::try_from(allowed.min(6000) - 1000).unwrap();
    assert!(idle >= 1000, "raise the limit of open files (ulimit -n)");
    let place = Place::new();
    let server = place.serve(&[]).await;
    let mut connections = Vec::new();
    for _ in 0..idle {
        connections.push(TcpStream::connect(server.host()).await.unwrap());
    }
    assert_serving(&server).await;
    let memory = server.resident_memory() >> 20;
    assert!(memory < 200, "{idle} idle connections take {memory} MiB");
    let begun = Instant::now();
    assert!(server.terminate().await.success());
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "they delay no stop"
    );
    drop(connections);
    place.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_make_room_for_others() {
    let place = Place::new();
    let server = place.serve(&["--connections", "20"]).await;
    let mut connections = Vec::new();
    for _ in 0..30 {
        connections.push(TcpStream::connect(server.host()).await.unwrap());
    }
    let answer = timeout(
        Duration::from_secs(25),
        server.post(resident_response().to_string()),
    );
    assert_eq!(answer.await.expect("its turn comes").0, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_byte_a_second_is_too_slow() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let bytes = "POST /api/v1/responses HTTP/1.1\r\nhost: wendu\r\n";
    let head = format!("{bytes}content-length: 1000\r\n\r\n");
    let slow_head = begin(&server, "P").await;
    let slow_body = begin(&server, &head).await;
    let trickle = async |mut stream: TcpStream| {
        let mut said = Vec::new();
        let begun = Instant::now();
        let (mut reading, mut writing) = stream.split();
        let sending = async {
            while writing.write_all(b"O").await.is_ok() {
                sleep(Duration::from_secs(1)).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = sending => {}
            _ = reading.read_to_end(&mut said) => {}
        }
        (begun.elapsed(), String::from_utf8_lossy(&said).into_owned())
    };
    let others = async {
        for _ in 0..5 {
            assert_serving(&server).await;
            sleep(Duration::from_secs(1)).await;
        }
    };
    let patience = Duration::from_secs(40);
    let (head, body, ()) = tokio::join!(
        timeout(patience, trickle(slow_head)),
        timeout(patience, trickle(slow_body)),
        others
    );
    let (took, _) = head.expect("a slow head is cut off");
    assert!(took < Duration::from_secs(15), "{took:?}");
    let (took, said) = body.expect("a slow body is cut off");
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    assert_eq!(counted(&server).await, 5, "the others' answers alone");
    place.assert_sound().await;
}

/// Sends a gigabyte as fast as it is taken, and returns what is answered and how soon.
async fn gigabyte(server: &Server, framing: &str, chunk: &[u8]) -> (Duration, String) {
    let head = format!("POST /api/v1/responses HTTP/1.1\r\nhost: wendu\r\n{framing}\r\n\r\n");
    let mut stream = begin(server, &head).await;
    let begun = Instant::now();
    let (mut reading, mut writing) = stream.split();
    let sending = async {
        for _ in 0..(1 << 30) / (64 << 10) {
            if writing.write_all(chunk).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    let mut said = vec![0; 4096];
    let n = tokio::select! {
        () = sending => 0,
        n = reading.read(&mut said) => n.expect("an answer, not a reset"),
    };
    said.truncate(n);
    (begun.elapsed(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gigabyte_is_refused_before_it_is_sent() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    assert_serving(&server).await;
    let before = server.resident_memory();
    let plain = vec![b'x'; 64 << 10];
    let mut chunk = b"10000\r\n".to_vec();
    chunk.extend(&plain);
    chunk.extend(b"\r\n");
    let length = format!("content-length: {}", 1 << 30);
    for (framing, data) in [
        (length.as_str(), &plain),
        ("transfer-encoding: chunked", &chunk),
    ] {
        let (took, said) = gigabyte(&server, framing, data).await;
        assert!(said.starts_with("HTTP/1.1 413"), "{framing}: {said}");
        assert!(said.contains("/problems/too-large"), "{framing}: {said}");
        assert!(took < Duration::from_secs(2), "{framing}: {took:?}");
    }
    let grown = server.resident_memory().saturating_sub(before) >> 20;
    assert!(grown < 32, "it took {grown} MiB");
    assert_serving(&server).await;
    place.assert_sound().await;
}
