//! `POST /api/v1/responses`: what is taken, what is refused, and that tallies follow.

use serde_json::{Value, json};
use system::server::Place;
use system::{cadre_response, resident_response};

#[tokio::test]
async fn a_response_is_written_once() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let mut body = resident_response();
    let (status, first) = server.post(body.to_string()).await;
    assert_eq!(status, 201, "{first}");
    let (status, again) = server.post(body.to_string()).await;
    assert_eq!(status, 200, "the same id and body is a replay");
    assert_eq!(first, again);
    body["answers"]["overall"] = json!("very");
    let (status, conflict) = server.post(body.to_string()).await;
    assert_eq!(status, 409, "{conflict}");
    assert_eq!(conflict["type"], "/problems/conflict");
    place.assert_recount().await;
}

#[tokio::test]
async fn bad_input_is_refused_by_name_and_changes_nothing() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let with = |change: fn(&mut Value)| {
        let mut body = resident_response();
        change(&mut body);
        body.to_string()
    };
    let many: Value = (0..10_000)
        .map(|i| (format!("q{i}"), json!("x")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let mut crowded = resident_response();
    crowded["answers"] = many;
    let cases: Vec<(&str, String, u16, &str)> = vec![
        (
            "truncated",
            resident_response().to_string()[..200].to_owned(),
            422,
            "EOF",
        ),
        ("no JSON", "hello".to_owned(), 422, "expected"),
        ("empty", String::new(), 422, "EOF"),
        ("a list", "[]".to_owned(), 422, "struct Submission"),
        (
            "wrong type",
            with(|b| b["answers"]["heard"] = json!(3)),
            422,
            "heard",
        ),
        (
            "null",
            with(|b| b["answers"]["heard"] = Value::Null),
            422,
            "null",
        ),
        (
            "nested",
            with(|b| b["answers"]["heard"] = json!([["know"]])),
            422,
            "sequence",
        ),
        (
            "unknown option",
            with(|b| b["answers"]["heard"] = json!("maybe")),
            422,
            "unknown_option",
        ),
        (
            "unknown item",
            with(|b| b["answers"]["zzz"] = json!("x")),
            422,
            "unknown_item",
        ),
        (
            "hidden item",
            with(|b| b["answers"]["heard"] = json!("unknown")),
            422,
            "not_asked",
        ),
        (
            "missing item",
            with(|b| {
                b["answers"].as_object_mut().unwrap().remove("overall");
            }),
            422,
            "required",
        ),
        (
            "exclusive",
            with(|b| b["answers"]["slogans"] = json!(["together", "none"])),
            422,
            "not_alone",
        ),
        (
            "twice",
            with(|b| b["answers"]["slogans"] = json!(["together", "together"])),
            422,
            "repeated",
        ),
        (
            "NUL",
            with(|b| b["answers"]["suggestion"] = json!("a\0b")),
            422,
            "control_character",
        ),
        (
            "long",
            with(|b| b["answers"]["suggestion"] = json!("长".repeat(201))),
            422,
            "too_long",
        ),
        (
            "number",
            with(|b| b["answers"]["times"] = json!(1e300)),
            422,
            "out_of_range",
        ),
        (
            "decimals",
            with(|b| b["answers"]["times"] = json!(1.5)),
            422,
            "too_precise",
        ),
        ("no UUID", with(|b| b["id"] = json!("1234")), 422, "\"id\""),
        (
            "UUIDv4",
            with(|b| b["id"] = json!("9b2d0b0e-4a5c-4f58-9b7e-3c1a2d4e5f60")),
            422,
            "UUIDv7",
        ),
        (
            "time",
            with(|b| b["started_at"] = json!("yesterday")),
            422,
            "started_at",
        ),
        ("mode", with(|b| b["mode"] = json!("pigeon")), 422, "pigeon"),
        ("area", with(|b| b["area"] = json!("Atlantis")), 422, "area"),
        ("site", with(|b| b["site"] = json!("S999")), 422, "site"),
        (
            "origin",
            with(|b| {
                b["mode"] = json!("widget");
                b["origin"] = json!("https://evil.example");
            }),
            422,
            "origin",
        ),
        ("extra key", with(|b| b["name"] = json!("Li")), 422, "name"),
        (
            "questionnaire",
            with(|b| b["questionnaire"] = json!("nope")),
            404,
            "nope",
        ),
        ("version", with(|b| b["version"] = json!(99)), 404, "99"),
        ("10,000 answers", crowded.to_string(), 413, "64 KiB"),
    ];
    for (name, body, expected, says) in cases {
        let (status, problem) = server.post(body).await;
        assert_eq!(status, expected, "{name}: {problem}");
        assert!(problem.to_string().contains(says), "{name}: {problem}");
        assert_eq!(problem["status"], expected, "{name}: RFC 9457");
    }
    let (_, estimates) = server.get("/api/v1/estimates?questionnaire=resident").await;
    assert_eq!(estimates["n"], 0);
    place.assert_recount().await;
}

#[tokio::test]
async fn an_item_answered_twice_in_one_body_is_refused() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let body = resident_response().to_string().replacen(
        "\"heard\":",
        "\"heard\":\"unknown\",\"heard\":",
        1,
    );
    let (status, problem) = server.post(body).await;
    assert_eq!(status, 422, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("twice"));
}

#[tokio::test]
async fn astral_characters_survive() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let mut body = resident_response();
    body["answers"]["suggestion"] = json!("路灯🌡️𠮷");
    assert_eq!(server.post(body.to_string()).await.0, 201);
    let (success, csv) = place.run(&["export", "--questionnaire", "resident"]).await;
    assert!(success && csv.contains("路灯🌡️𠮷"), "{csv}");
}

#[tokio::test]
async fn a_code_takes_answers_back_and_they_stay_back() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let body = resident_response();
    let (_, created) = server.post(body.to_string()).await;
    server.post(cadre_response().to_string()).await;
    let code = json!({ "code": created["withdrawal_code"].as_str().unwrap().to_lowercase() });
    let withdraw = || {
        server
            .client
            .post(server.url("/api/v1/withdrawals"))
            .json(&code)
            .send()
    };
    assert_eq!(withdraw().await.unwrap().status(), 204);
    assert_eq!(
        withdraw().await.unwrap().status(),
        404,
        "a second time there is nothing"
    );
    assert_eq!(
        server.post(body.to_string()).await.0,
        200,
        "a late replay does not bring it back"
    );
    let (_, estimates) = server.get("/api/v1/estimates?questionnaire=resident").await;
    assert_eq!(estimates["n"], 0);
    place.assert_recount().await;
    let (_, csv) = place.run(&["export", "--questionnaire", "resident"]).await;
    assert_eq!(csv.lines().count(), 1, "only the header is left");
}
