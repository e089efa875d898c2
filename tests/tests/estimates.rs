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
        (
            "questionnaire=resident&weighting=kish",
            422,
            "raked, unweighted",
        ),
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

#[tokio::test]
async fn the_demonstration_is_weighted_to_its_example_population() {
    let place = Place::new();
    let (success, said) = place.run(&["demo"]).await;
    assert!(success, "{said}");
    let server = place.serve(&[]).await;
    let picture = async |query: &str| {
        let query = format!("/api/v1/estimates?questionnaire=resident&wave=w4&by=area{query}");
        server.get(&query).await.1
    };
    let weighted = picture("").await;
    let weighting = &weighted["weighting"];
    assert_eq!(weighting["kind"], "raked");
    assert_eq!(weighting["margins"], json!(["area", "age", "sex"]));
    assert_eq!(weighting["people"], 180_000);
    assert!(
        weighting["source"]["zh-CN"]
            .as_str()
            .unwrap()
            .contains("示例")
    );
    let n = weighted["n"].as_f64().unwrap();
    assert!(weighting["effective_n"].as_f64().unwrap() < n);
    let plain = picture("&weighting=unweighted").await;
    assert_eq!(plain["weighting"]["kind"], "unweighted");
    assert_eq!(plain["weighting"]["reason"]["code"], "asked");
    for code in [None, Some("T05")] {
        let (a, b) = (
            rate(&weighted, code, "awareness"),
            rate(&plain, code, "awareness"),
        );
        assert_eq!((&a["n"], &a["positive"]), (&b["n"], &b["positive"]));
        let (a, b) = (&a["estimate"], &b["estimate"]);
        assert_eq!(
            (&a["weighted"], &b["weighted"]),
            (&json!(true), &Value::Null)
        );
        assert_ne!(a["value"], b["value"]);
        assert!(a["se"].as_f64().unwrap() > 0.0 && a["design_effect"].as_f64().unwrap() > 1.0);
        let of =
            |estimate: &Value| ["lower", "value", "upper"].map(|k| estimate[k].as_f64().unwrap());
        assert!(of(a).is_sorted() && of(b).is_sorted());
    }
    assert_eq!(weighted["gap"]["method"], "mover");
    assert_eq!(weighted["gap"]["weighting"]["reason"]["code"], "no_totals");
    assert_eq!(weighted["change"]["weighted"], true);
    // An interval that has no weighted form: the picture is unweighted and says so.
    let mid_p = picture("&method=mid_p").await;
    assert_eq!(mid_p["weighting"]["reason"]["code"], "method");
    assert_eq!(mid_p["rows"][0]["rates"][0]["estimate"]["method"], "mid_p");
}

#[tokio::test]
async fn real_answers_are_never_weighted_to_example_figures() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    assert_eq!(server.post(resident_response().to_string()).await.0, 201);
    let (_, picture) = server.get("/api/v1/estimates?questionnaire=resident").await;
    assert_eq!(picture["weighting"]["reason"]["code"], "no_totals");
    let (_, campaign) = server.get("/api/v1/campaign").await;
    assert_eq!(campaign["campaign"]["totals"], Value::Null);
}

#[tokio::test]
async fn a_campaigns_own_totals_weight_and_wrong_ones_are_refused() {
    let place = Place::new();
    let mut campaign: Value =
        serde_json::from_str(include_str!("../../survey/data/campaign.json")).unwrap();
    campaign["totals"] = json!([{
        "population": "resident",
        "source": {"zh-CN": "第七次人口普查", "en": "Census"},
        "margins": [{"by": ["sex"], "totals": {"female": 300, "male": 100}}],
    }]);
    let file = place.path().join("campaign.json");
    std::fs::write(&file, campaign.to_string()).unwrap();
    let server = place.serve(&["--campaign", file.to_str().unwrap()]).await;
    // One woman who has heard of it, one man who has not.
    for i in 0..2 {
        let mut body = resident_response();
        body["answers"]["sex"] = json!(if i == 0 { "female" } else { "male" });
        let (_, picture) = server.get("/api/v1/estimates?questionnaire=resident").await;
        let reason = &picture["weighting"]["reason"];
        assert_eq!(
            reason["code"],
            if i == 0 { "no_answers" } else { "empty_groups" }
        );
        if i > 0 {
            assert!(reason["words"]["zh-CN"].as_str().unwrap().contains('男'));
            body["answers"]["heard"] = json!("unknown");
            body["answers"].as_object_mut().unwrap().remove("channels");
        }
        assert_eq!(server.post(body.to_string()).await.0, 201);
    }
    let (_, picture) = server.get("/api/v1/estimates?questionnaire=resident").await;
    assert_eq!(picture["weighting"]["kind"], "raked");
    let awareness = rate(&picture, None, "awareness");
    assert_eq!(
        (&awareness["n"], &awareness["positive"]),
        (&json!(2), &json!(1))
    );
    assert!((awareness["estimate"]["value"].as_f64().unwrap() - 0.75).abs() < 1e-12);
    assert_eq!(awareness["estimate"]["method"], "korn_graubard");
    drop(server);

    campaign["totals"][0]["margins"][0]["totals"]["men"] = json!(5);
    std::fs::write(&file, campaign.to_string()).unwrap();
    let (success, said) = place
        .run(&["demo", "--campaign", file.to_str().unwrap()])
        .await;
    assert!(!success);
    assert!(
        said.contains("there is no option men; there are female, male"),
        "{said}"
    );
}
