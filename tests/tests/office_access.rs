//! Who may see results: passwords, sessions, lock-out.

use serde_json::json;
use system::server::{Place, Server};

async fn sign_in(server: &Server, password: &str) -> reqwest::Response {
    let body = json!({ "password": password });
    server
        .client
        .post(server.url("/api/v1/session"))
        .json(&body)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn results_need_a_session_once_the_server_has_a_public_address() {
    let place = Place::new();
    let server = place
        .serve(&["--public-url", "https://wendu.example"])
        .await;
    let path = "/api/v1/estimates?questionnaire=resident";
    assert_eq!(server.get(path).await.0, 401);
    assert_eq!(server.get("/api/v1/campaign").await.0, 401);
    assert_eq!(server.get("/api/v1/events").await.0, 401);

    let answer = sign_in(&server, &server.password).await;
    assert_eq!(answer.status(), 200);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    for attribute in ["HttpOnly", "SameSite=Strict", "Secure"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let token = cookie.split(';').next().unwrap();
    let with = |path: &str| {
        server
            .client
            .get(server.url(path))
            .header("cookie", token)
            .send()
    };
    assert_eq!(with(path).await.unwrap().status(), 200);
    let out = server
        .client
        .delete(server.url("/api/v1/session"))
        .header("cookie", token)
        .send();
    assert_eq!(out.await.unwrap().status(), 204);
    assert_eq!(
        with(path).await.unwrap().status(),
        401,
        "a closed session is closed"
    );
}

#[tokio::test]
async fn on_trial_only_this_machine_reads_results_without_a_session() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let path = "/api/v1/estimates?questionnaire=resident";
    assert_eq!(server.get(path).await.0, 200);
    for (name, value) in [("host", "evil.example"), ("x-forwarded-for", "203.0.113.9")] {
        let answer = server
            .client
            .get(server.url(path))
            .header(name, value)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401, "with {name}");
    }
}

#[tokio::test]
async fn wrong_passwords_lock_the_account_for_a_while() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    for _ in 0..4 {
        assert_eq!(sign_in(&server, "guess").await.status(), 401);
    }
    let locked = sign_in(&server, "guess").await;
    assert_eq!(locked.status(), 429);
    assert!(locked.headers().contains_key("retry-after"));
    assert_eq!(
        sign_in(&server, &server.password).await.status(),
        429,
        "even the right one waits"
    );
}

#[tokio::test]
async fn pages_carry_strict_headers() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    for path in ["/s/resident", "/office"] {
        let answer = server.client.get(server.url(path)).send().await.unwrap();
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            policy.contains("'wasm-unsafe-eval'") && !policy.contains("'unsafe-inline'"),
            "{policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert!(answer.headers().contains_key("x-request-id"));
    }
}
