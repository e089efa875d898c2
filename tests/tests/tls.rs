//! The server with a certificate of its own: https from outside, renewal, faulty files, and the
//! limits of connections.

use std::time::{Duration, Instant};
use system::certificates::Authority;
use system::load::{Load, assert_kept, counted};
use system::server::{Place, Server};
use system::{eventually, resident_response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::rustls::version::{TLS12, TLS13};

/// A place whose servers find a certificate and a key in its folder.
fn place(authority: &Authority) -> Place {
    let place = Place::new().trusting(authority.root());
    authority.issue().write(place.path());
    place
}

/// As certbot calls them.
const FILES: [&str; 4] = [
    "--tls-certificate",
    "fullchain.pem",
    "--tls-key",
    "privkey.pem",
];

async fn serve(place: &Place, more: &[&str]) -> Server {
    place.serve(&[&FILES, more].concat()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_and_sessions_come_by_https_only() {
    let authority = Authority::new();
    let place = place(&authority);
    let server = serve(&place, &[]).await;
    assert!(server.url("/").starts_with("https://"));
    assert_eq!(server.post(resident_response().to_string()).await.0, 201);
    assert_eq!(counted(&server).await, 1);
    for version in [&TLS12, &TLS13] {
        let stream = authority.connect(&server, &[version]).await.unwrap();
        let (_, connection) = stream.get_ref();
        assert_eq!(connection.alpn_protocol(), Some(b"http/1.1".as_slice()));
    }
    let password = serde_json::json!({ "password": server.password });
    let session = server.client.post(server.url("/api/v1/session"));
    let session = session.json(&password).send().await.unwrap();
    assert_eq!(session.status(), 200);
    let cookie = session.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    let plain = format!("http://{}/readyz", server.host());
    assert!(place.client().get(plain).send().await.is_err());
    let strict = "strict-transport-security";
    assert!(
        !session.headers().contains_key(strict),
        "browsers must not remember a trial"
    );
    let public = serve(&place, &["--public-url", "https://wendu.example"]).await;
    let page = public.client.get(public.url("/s/resident")).send();
    let page = page.await.unwrap();
    assert_eq!(page.headers()[strict], "max-age=31536000");
    place.assert_sound().await;
}

/// The certificate that a new connection is shown.
async fn shown(place: &Place, server: &Server) -> Vec<u8> {
    let answer = place.client().get(server.url("/healthz")).send();
    let answer = answer.await.expect("https goes on");
    let tls = answer.extensions().get::<reqwest::tls::TlsInfo>();
    let certificate = tls.and_then(reqwest::tls::TlsInfo::peer_certificate);
    certificate.expect("a certificate").to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_is_taken_up_under_load_and_a_faulty_one_is_not() {
    let authority = Authority::new();
    let place = Place::new().trusting(authority.root());
    let first = authority.issue();
    first.write(place.path());
    let server = serve(&place, &[]).await;
    assert_eq!(shown(&place, &server).await, first.seen);
    let load = Load::start(&server, 8);

    let second = authority.issue();
    second.write(place.path());
    server.signal("-HUP").await;
    let asked = Instant::now();
    eventually("the second certificate", async || {
        (shown(&place, &server).await == second.seen).then_some(())
    })
    .await;
    assert!(asked.elapsed() < Duration::from_secs(5), "at once");

    // Whoever renews it has written the certificate and not yet the key.
    let third = authority.issue();
    std::fs::write(place.path().join("fullchain.pem"), &third.certificate).unwrap();
    server.signal("-HUP").await;
    for _ in 0..20 {
        assert_eq!(shown(&place, &server).await, second.seen);
        sleep(Duration::from_millis(50)).await;
    }
    std::fs::write(place.path().join("privkey.pem"), &third.key).unwrap();
    eventually("the third certificate, unasked", async || {
        (shown(&place, &server).await == third.seen).then_some(())
    })
    .await;

    let before = load.acknowledged();
    eventually("answers come in", async || {
        (load.acknowledged() >= before + 100).then_some(())
    })
    .await;
    let status = server.terminate().await;
    assert!(status.success(), "exit status {status}");
    let sent = load.stop().await;
    assert_eq!(sent.refused, [0u16; 0], "nothing was answered but 201");
    let server = serve(&place, &[]).await;
    assert_kept(&place, &server, &sent).await;
}

#[tokio::test]
async fn faulty_files_are_named_with_the_remedy() {
    let authority = Authority::new();
    let place = place(&authority);
    let file = |name: &str, text: &str| std::fs::write(place.path().join(name), text).unwrap();
    let other = authority.issue();
    file("other.pem", &other.key);
    file("empty.pem", "");
    file("damaged.pem", &other.certificate.replacen("MI", "??", 1));
    // As OpenSSL writes them, today and formerly; what is inside is of no use either way.
    let encrypted = other.key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    file("encrypted.pem", &encrypted);
    let marks = "PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n";
    file(
        "old.pem",
        &other.key.replacen("PRIVATE KEY-----\n", marks, 1),
    );
    let (chain, key) = ("fullchain.pem", "privkey.pem");
    for (certificate, key, says) in [
        ("none.pem", key, "none.pem: No such file"),
        (chain, "none.pem", "none.pem: No such file"),
        ("empty.pem", key, "empty.pem: there is no certificate in it"),
        (key, key, "privkey.pem: there is no certificate in it"),
        ("damaged.pem", key, "damaged.pem: damaged"),
        (chain, "empty.pem", "empty.pem: there is no private key"),
        (chain, chain, "fullchain.pem: there is no private key in it"),
        (chain, "other.pem", "other.pem: this key does not fit"),
        (chain, "encrypted.pem", "openssl pkey -in encrypted.pem"),
        (chain, "old.pem", "openssl pkey -in old.pem"),
    ] {
        let args = ["serve", "--listen", "127.0.0.1:0", "--tls-certificate"];
        let args = [&args[..], &[certificate, "--tls-key", key]].concat();
        let ended = timeout(Duration::from_secs(10), place.run(&args)).await;
        let (success, said) = ended.expect("it does not start");
        assert!(!success && said.contains(says), "{says}: {said}");
    }
    for (args, says) in [
        (&FILES[..2], "give its key with --tls-key"),
        (&FILES[2..], "give its certificate with --tls-certificate"),
        (
            &[&FILES[..], &["--public-url", "http://wendu.example"]].concat(),
            "write https://",
        ),
    ] {
        let (success, said) = place.run(&[&["serve"], args].concat()).await;
        assert!(!success && said.contains(says), "{says}: {said}");
    }
}

/// How soon a connection is closed, on which a byte is sent each second.
async fn trickled(mut stream: TcpStream) -> Duration {
    let begun = Instant::now();
    let (mut reading, mut writing) = stream.split();
    let sending = async {
        // The beginning of a handshake that announces more.
        let mut hello = [22, 3, 1, 2, 0].into_iter().chain(std::iter::repeat(1));
        while let Some(byte) = hello.next()
            && writing.write_all(&[byte]).await.is_ok()
        {
            sleep(Duration::from_secs(1)).await;
        }
        std::future::pending::<()>().await;
    };
    let mut said = Vec::new();
    tokio::select! {
        () = sending => {}
        _ = reading.read_to_end(&mut said) => {}
    }
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_without_end_and_idle_connections_make_room() {
    let authority = Authority::new();
    let place = place(&authority);
    let server = serve(&place, &["--connections", "20"]).await;
    let mut shaken = authority.connect(&server, &[&TLS13]).await.unwrap();
    let mut idle = Vec::new();
    for _ in 0..30 {
        idle.push(TcpStream::connect(server.host()).await.unwrap());
    }
    let trickling = idle.remove(0);
    let patience = Duration::from_secs(15);
    let closed = async {
        let begun = Instant::now();
        let _ = shaken.read(&mut [0; 64]).await;
        begun.elapsed()
    };
    let answer = async {
        let client = place.client();
        let body = resident_response();
        let sending = client.post(server.url("/api/v1/responses")).json(&body);
        sending.send().await.unwrap().status()
    };
    let (trickled, closed, answer) = tokio::join!(
        timeout(patience, trickled(trickling)),
        timeout(patience, closed),
        timeout(Duration::from_secs(25), answer)
    );
    assert!(trickled.is_ok(), "a slow handshake is cut off");
    assert!(
        closed.is_ok(),
        "so is a client that shook hands and is idle"
    );
    assert_eq!(answer.expect("a turn comes"), 201);

    // A stop does not wait for those whose hands were never shaken.
    let begun = Instant::now();
    assert!(server.terminate().await.success());
    assert!(begun.elapsed() < Duration::from_secs(5));
    drop(idle);
    place.assert_sound().await;
}
