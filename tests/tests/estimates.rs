//! `GET /api/v1/estimates`: rates, intervals and gaps, checked against numbers from elsewhere.

use serde_json::{Value, json};
use system::server::Place;
use system::{cadre_response, resident_response};

fn rate<'p>(picture: &'p Value, code: Option<&str>, indicator: &str) -> &'p Value {
    let rows = picture["rows"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["code"].as_str() == code)
        .unwrap();
    let rates = row["rates"].as_array().unwrap();
    rates
        .iter()
        .find(|rate| rate["indicator"] == indicator)
        .unwrap()
}

#[tokio::test]
async fn no_answers_are_no_data_and_not_zero_per_cent() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let (status, picture) = server
        .get("/api/v1/estimates?questionnaire=resident&by=area")
        .await;
    assert_eq!(status, 200);
    let awareness = rate(&picture, Some("T03"), "awareness");
    assert_eq!(awareness["n"], 0);
    assert_eq!(awareness["estimate"], Value::Null);
    assert_eq!(awareness["note"], "no data");
    assert_eq!(picture["gap"], Value::Null);
}

#[tokio::test]
async fn rates_have_wilson_intervals_and_gaps_newcombes() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    // Awareness: 7 of 10 residents, 9 of 10 cadres.
    for (i, mut body) in (0..10).map(|i| (i, resident_response())) {
        if i >= 7 {
            body["answers"]["heard"] = json!("unknown");
            body["answers"].as_object_mut().unwrap().remove("channels");
        }
        assert_eq!(server.post(body.to_string()).await.0, 201);
    }
    for (i, mut body) in (0..10).map(|i| (i, cadre_response())) {
        if i >= 9 {
            body["answers"]["heard"] = json!("unknown");
        }
        assert_eq!(server.post(body.to_string()).await.0, 201);
    }
    let (_, picture) = server
        .get("/api/v1/estimates?questionnaire=resident&by=area")
        .await;
    let close = |value: &Value, expected: f64| {
        let value = value.as_f64().unwrap();
        assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
    };
    for code in [None, Some("T01")] {
        let awareness = &rate(&picture, code, "awareness")["estimate"];
        close(&awareness["value"], 0.7);
        // tests/reference/a_proportion_ci.json: prop/wilson/7of10/0.95/two-sided
        close(&awareness["lower"], 0.396_778_147_461_145_3);
        close(&awareness["upper"], 0.892_208_732_593_698_9);
        assert_eq!(awareness["method"], "wilson");
    }
    let gap = &picture["gap"]["rows"][0]["indicators"][0];
    assert_eq!(gap["indicator"], "awareness");
    close(&gap["gap"]["value"], 0.2);
    // Newcombe (1998), method 10, from the Wilson limits of 9/10 and 7/10.
    let wilson = |value: &Value| {
        (
            value["lower"].as_f64().unwrap(),
            value["upper"].as_f64().unwrap(),
        )
    };
    let (government, society) = (
        wilson(&gap["government"]["estimate"]),
        wilson(&gap["society"]["estimate"]),
    );
    close(
        &gap["gap"]["lower"],
        0.2 - (0.9 - government.0).hypot(society.1 - 0.7),
    );
    close(
        &gap["gap"]["upper"],
        0.2 + (government.1 - 0.9).hypot(0.7 - society.0),
    );
    assert_eq!(picture["gap"]["method"], "newcombe");
    assert!(picture["gap"]["rows"][0]["temperature"]["value"].is_number());

    let (_, exact) = server
        .get("/api/v1/estimates?questionnaire=resident&method=clopper_pearson&level=0.9")
        .await;
    let exact = &rate(&exact, None, "awareness")["estimate"];
    // tests/reference/a_proportion_ci.json: prop/clopper_pearson/7of10/0.9/two-sided
    close(&exact["lower"], 0.393_375_783_894_586_55);
    close(&exact["upper"], 0.912_735_566_085_849_7);
    place.assert_recount().await;
}

#[tokio::test]
async fn an_answer_changes_the_definition_of_nothing() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let (_, picture) = server.get("/api/v1/estimates?questionnaire=resident").await;
    let awareness = &picture["indicators"][0];
    assert_eq!(awareness["key"], "awareness");
    assert_eq!(awareness["positive"], json!(["know", "heard"]));
    assert!(
        awareness["question"]["zh-CN"]
            .as_str()
            .unwrap()
            .contains("全国文明城市")
    );
}

#[tokio::test]
async fn bad_queries_are_told_what_there_is() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    for (query, status, says) in [
        ("questionnaire=nope", 404, "resident"),
        ("questionnaire=resident&wave=w9", 422, "w1, w2, w3, w4"),
        ("questionnaire=resident&by=shoe", 422, "age, sex"),
        ("questionnaire=resident&method=magic", 422, "wilson"),
        ("questionnaire=resident&level=95", 422, "0.95"),
        ("questionnaire=resident&level=NaN", 422, "level"),
        ("wave=w1", 422, "questionnaire"),
    ] {
        let (got, problem) = server.get(&format!("/api/v1/estimates?{query}")).await;
        assert_eq!(got, status, "{query}: {problem}");
        assert!(problem.to_string().contains(says), "{query}: {problem}");
    }
}

#[tokio::test]
async fn rows_add_up_to_the_whole() {
    let place = Place::new();
    let (success, said) = place.run(&["demo"]).await;
    assert!(success, "{said}");
    let server = place.serve(&[]).await;
    for by in ["area", "wave", "mode", "age", "sex"] {
        let (_, picture) = server
            .get(&format!("/api/v1/estimates?questionnaire=resident&by={by}"))
            .await;
        let rows = picture["rows"].as_array().unwrap();
        let parts: u64 = rows
            .iter()
            .skip(1)
            .map(|row| row["n"].as_u64().unwrap())
            .sum();
        assert_eq!(parts, rows[0]["n"].as_u64().unwrap(), "by {by}");
        assert_eq!(parts, 3600);
        assert_eq!(picture["simulated"], true);
    }
}
