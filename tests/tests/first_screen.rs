//! The first screen: one flight of TCP, useful by itself.

use system::server::Place;
use system::target;

#[tokio::test]
async fn the_first_screen_fits_the_first_flight() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    for questionnaire in ["resident", "cadre", "merchant"] {
        let url = server.url(&format!("/s/{questionnaire}"));
        let sent = server
            .client
            .get(&url)
            .header("accept-encoding", "br")
            .send()
            .await
            .unwrap();
        assert_eq!(sent.headers()["content-encoding"], "br");
        let compressed = sent.bytes().await.unwrap().len();
        assert!(
            compressed <= 14_000,
            "{questionnaire}: {compressed} bytes as sent"
        );
    }
    // `cargo xtask size` weighs the same.
    let folder = target().join("size");
    std::fs::create_dir_all(&folder).unwrap();
    let plain = async |path: &str, name: &str| {
        let sent = server.client.get(server.url(path)).send().await.unwrap();
        let bytes = sent.bytes().await.unwrap();
        std::fs::write(folder.join(name), &bytes).unwrap();
        bytes
    };
    plain("/embed.js", "embed.js").await;
    let page = plain("/s/resident", "first-screen.html").await;
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(page.contains("<form method=\"post\" action=\"/s/resident\""));
    assert!(page.contains("<script type=\"application/json\" id=\"visit\">"));
    assert!(page.contains("<style nonce="));
    assert!(
        !page.contains(" style=\""),
        "no inline style: the policy forbids it"
    );
    assert!(
        !page.contains("\"positive\""),
        "which answers count as good is not told"
    );
}

#[tokio::test]
async fn unknown_questionnaires_and_paths_are_said_to_be_so() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    for path in ["/s/nope", "/nothing", "/assets/resident/../x"] {
        let answer = server.client.get(server.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    assert_eq!(
        server
            .client
            .get(server.url("/healthz"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}
