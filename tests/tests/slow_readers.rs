//! Clients that ask and do not take what they are sent.

use std::io;
use std::time::{Duration, Instant};
use system::certificates::Authority;
use system::resident_response;
use system::server::{Place, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::rustls::version::TLS13;

/// How often a page is asked for, without waiting for it: megabytes.
const PAGES: usize = 200;

/// They end the connection.
fn requests() -> Vec<u8> {
    let ask = |more: &str| format!("GET /s/resident HTTP/1.1\r\nhost: wendu\r\n{more}\r\n");
    let last = ask("connection: close\r\n");
    (ask("").repeat(PAGES - 1) + &last).into_bytes()
}

/// A client with little room for what it is sent.
async fn narrow(server: &Server) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 << 10).unwrap();
    let address = server.host().parse().unwrap();
    socket.connect(address).await.unwrap()
}

/// How soon the server breaks off a connection that is not, or hardly, read.
async fn broken_off(stream: &TcpStream) -> Duration {
    let begun = Instant::now();
    loop {
        if let Some(error) = stream.take_error().unwrap() {
            assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
            return begun.elapsed();
        }
        sleep(Duration::from_millis(100)).await;
    }
}

fn assert_soon(took: Result<Duration, tokio::time::error::Elapsed>, who: &str) {
    let took = took.unwrap_or_else(|_| panic!("{who} is not broken off"));
    assert!(took > Duration::from_secs(20), "{who}: {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_take_what_was_asked_for_makes_room_for_others() {
    // At the same time, because it takes its time.
    tokio::join!(in_the_clear(), inside_tls());
}

async fn in_the_clear() {
    let place = Place::new();
    let mut server = place.serve(&["--connections", "2"]).await;
    // The connection through which the server said that it is ready must not count.
    server.client = place.client();
    let (mut never, mut hardly) = (narrow(&server).await, narrow(&server).await);
    never.write_all(&requests()).await.unwrap();
    hardly.write_all(&requests()).await.unwrap();
    let patience = Duration::from_secs(50);
    let one_byte_a_second = async {
        let (mut one, begun) = ([0; 1], Instant::now());
        // What was sent is still read; then comes the reset.
        while hardly.read(&mut one).await.is_ok_and(|n| n == 1) {
            if hardly.take_error().unwrap().is_some() {
                break;
            }
            sleep(Duration::from_secs(1)).await;
        }
        begun.elapsed()
    };
    let (never, hardly, other) = tokio::join!(
        timeout(patience, broken_off(&never)),
        timeout(patience, one_byte_a_second),
        timeout(patience, server.post(resident_response().to_string())),
    );
    assert_soon(never, "who never reads");
    assert_soon(hardly, "who reads a byte a second");
    assert_eq!(other.expect("a turn comes").0, 201);
}

async fn inside_tls() {
    let authority = Authority::new();
    let place = Place::new().trusting(authority.root());
    authority.issue().write(place.path());
    let files = [
        "--tls-certificate",
        "fullchain.pem",
        "--tls-key",
        "privkey.pem",
    ];
    let server = place.serve(&files).await;
    let mut stream = authority.connect(&server, &[&TLS13]).await.unwrap();
    stream.write_all(&requests()).await.unwrap();
    let (stream, _) = stream.get_ref();
    let took = timeout(Duration::from_secs(50), broken_off(stream)).await;
    assert_soon(took, "who never reads");
}

#[tokio::test(flavor = "multi_thread")]
async fn poor_lines_and_silent_ones_hold() {
    tokio::join!(
        who_reads_slowly_but_steadily_gets_everything(),
        a_live_picture_may_be_silent()
    );
}

/// A poor line is not a hostile client, though much waits for it all the time.
async fn who_reads_slowly_but_steadily_gets_everything() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let mut stream = narrow(&server).await;
    stream.write_all(&requests()).await.unwrap();
    let (mut read, mut some) = (Vec::new(), vec![0; 16 << 10]);
    for _ in 0..45 {
        stream.read_exact(&mut some).await.expect("the line holds");
        read.extend_from_slice(&some);
        sleep(Duration::from_secs(1)).await;
    }
    stream.read_to_end(&mut read).await.expect("the line holds");

    let pages = String::from_utf8_lossy(&read).matches("</html>").count();
    assert_eq!(pages, PAGES);
}

async fn a_live_picture_may_be_silent() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let mut events = narrow(&server).await;
    let ask = b"GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\n\r\n";
    events.write_all(ask).await.unwrap();
    sleep(Duration::from_secs(40)).await;
    assert_eq!(server.post(resident_response().to_string()).await.0, 201);
    let mut said = Vec::new();
    let told = async {
        while !String::from_utf8_lossy(&said).contains("\"n\":1") {
            let n = events
                .read_buf(&mut said)
                .await
                .expect("the stream goes on");
            assert!(n > 0, "the stream ended");
        }
    };
    let told = timeout(Duration::from_secs(5), told).await;
    told.expect("the answer is reported");
}
