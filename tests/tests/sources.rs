//! Where people come from: views, starts and completions by source; embedding by address.

use serde_json::{Value, json};
use system::answering::{
    WAITING, answer, answer_all, answer_to_the_end, submit, taken_over, works_offline,
};
use system::browser::{Browser, PHONE};
use system::eventually;
use system::news::NewsSite;
use system::plain::PlainBrowser;
use system::resident_response;
use system::server::{Place, Server};

async fn row(server: &Server, mode: &str, place: &str) -> Value {
    let (status, report) = server.get("/api/v1/sources?questionnaire=resident").await;
    assert_eq!(status, 200, "{report}");
    let rows = report["rows"].as_array().unwrap().clone();
    let found = rows
        .into_iter()
        .find(|row| row["mode"] == mode && row["place"] == place);
    found.unwrap_or(Value::Null)
}

fn counts(row: &Value) -> [u64; 3] {
    ["views", "starts", "completions"].map(|name| row[name].as_u64().unwrap_or_default())
}

#[tokio::test]
async fn a_reader_is_counted_once_at_each_step_and_outlives_a_restart() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let allowed = format!("resident={}", news.origin);
    let server = place.serve(&["--embed", &allowed]).await;
    let snippet = format!(
        "<script async src=\"{}\" data-wendu=\"resident\"></script>",
        server.url("/embed.js")
    );
    news.publish(&server.url(""), &snippet);
    let browser = Browser::start(PHONE).await;
    browser.open(&news.origin).await;
    browser
        .enter("return document.querySelector('iframe')")
        .await;
    browser.click("button[value=heard]").await;
    taken_over(&browser).await;
    answer_to_the_end(&browser).await;
    browser.wait_for_text("撤回").await;
    assert_eq!(
        counts(&row(&server, "widget", &news.origin).await),
        [1, 1, 1]
    );

    // By a site's code, with the app: one view, and one start for many answers.
    browser.open(&server.url("/s/resident?site=S002")).await;
    taken_over(&browser).await;
    assert_eq!(counts(&row(&server, "site", "S002").await), [1, 0, 0]);
    answer_to_the_end(&browser).await;
    browser.wait_for_text("撤回").await;
    eventually("the start is counted", async || {
        (counts(&row(&server, "site", "S002").await) == [1, 1, 1]).then_some(())
    })
    .await;
    browser.close().await;
    assert!(server.terminate().await.success());
    let server = place.serve(&["--embed", &allowed]).await;
    assert_eq!(
        counts(&row(&server, "widget", &news.origin).await),
        [1, 1, 1]
    );
    let rate = &row(&server, "widget", &news.origin).await["start_rate"];
    assert!(
        rate["lower"].as_f64().unwrap() < 0.5 && rate["n"] == 1,
        "{rate}"
    );
    let csv = server
        .client
        .get(server.url("/api/v1/sources?questionnaire=resident&format=csv"));
    let csv = csv.send().await.unwrap().text().await.unwrap();
    assert!(
        csv.contains(&format!("widget,{},1,1,1,1.0000,0.", news.origin)),
        "{csv}"
    );
}

/// The worker fetches the page for whoever looks at it, and puts it by for later.
#[tokio::test]
async fn a_page_that_the_worker_fetches_for_somebody_is_seen() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    for views in 1..=3 {
        browser.open(&server.url("/s/resident")).await;
        taken_over(&browser).await;
        works_offline(&browser).await;
        assert_eq!(counts(&row(&server, "self", "").await), [views, 0, 0]);
    }
    browser.close().await;
}

/// A start is told at once. Where there is no network it is told with the answers, and so is the
/// view of a page that the device had kept.
#[tokio::test]
async fn what_begins_without_a_network_is_counted_with_its_answers() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let host = server.host().to_owned();
    let page = server.url("/s/resident?site=S002");
    let browser = Browser::start(PHONE).await;
    let finish = async || {
        answer_all(&browser).await;
        submit(&browser).await;
        browser.wait_for_text(WAITING).await;
    };
    // Begun with a network, finished without; and where nothing worked from the page on.
    browser.open(&page).await;
    taken_over(&browser).await;
    works_offline(&browser).await;
    answer(&browser).await;
    eventually("the start is counted", async || {
        (counts(&row(&server, "site", "S002").await) == [1, 1, 0]).then_some(())
    })
    .await;
    // In order, because a crash may lose what was counted in the last seconds.
    assert!(server.terminate().await.success());
    finish().await;
    browser.open(&page).await;
    taken_over(&browser).await;
    finish().await;

    let server = place.serve_at(&host, &[]).await;
    browser.open(&page).await;
    eventually(
        "both are counted, as seen, begun and finished",
        async || {
            let counts = counts(&row(&server, "site", "S002").await);
            (counts == [3, 2, 2]).then_some(())
        },
    )
    .await;
    // Seen with a network, and begun when it was gone.
    taken_over(&browser).await;
    assert!(server.terminate().await.success());
    finish().await;
    let server = place.serve_at(&host, &[]).await;
    eventually("the third is begun and finished", async || {
        let counts = counts(&row(&server, "site", "S002").await);
        (counts == [3, 3, 3]).then_some(())
    })
    .await;
    browser.close().await;
}

#[tokio::test]
async fn what_comes_with_the_answers_counts_as_often_as_they_do() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let send = async |body: &Value, told: &str| {
        let url = server.url(&format!("/api/v1/responses{told}"));
        let sent = server.client.post(url).body(body.to_string()).send().await;
        sent.unwrap().status().as_u16()
    };
    let body = resident_response();
    assert_eq!(send(&body, "?untold=start").await, 201);
    // The answer was lost on the way, and the device asks again.
    assert_eq!(send(&body, "?untold=start").await, 200);
    let mut other = body.clone();
    other["language"] = json!("en");
    assert_eq!(send(&other, "?untold=view").await, 409);
    assert_eq!(send(&json!({}), "?untold=view").await, 422);
    assert_eq!(counts(&row(&server, "self", "").await), [0, 1, 1]);
    assert_eq!(send(&resident_response(), "?untold=view").await, 201);
    assert_eq!(counts(&row(&server, "self", "").await), [1, 2, 2]);
    for told in ["", "?untold=", "?untold=9", "?x=1&untold=view"] {
        assert_eq!(send(&resident_response(), told).await, 201, "{told}");
    }
    assert_eq!(counts(&row(&server, "self", "").await), [1, 2, 6]);
}

#[tokio::test]
async fn without_scripts_the_first_answer_is_the_start() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = PlainBrowser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    for _ in 0..2 {
        browser.click("label.choice").await;
        browser.click("button[value=next]:not(.unseen)").await;
        browser.find("button.back:not([hidden])").await;
    }
    assert_eq!(counts(&row(&server, "self", "").await), [1, 1, 0]);
    browser.close().await;
}

#[tokio::test]
async fn nobody_can_make_the_table_grow() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let start = async |body: String| {
        let sent = server
            .client
            .post(server.url("/api/v1/starts"))
            .body(body)
            .send();
        sent.await.unwrap().status().as_u16()
    };
    for n in 0..200 {
        assert_eq!(
            start(format!("resident widget https://x{n}.example")).await,
            204
        );
        let page = server.url(&format!("/s/resident?site=X{n}&mode=m{n}"));
        assert_eq!(server.client.get(page).send().await.unwrap().status(), 200);
    }
    assert_eq!(start("nope self ".to_owned()).await, 422);
    assert_eq!(start("resident pigeon ".to_owned()).await, 422);
    assert_eq!(start("x".repeat(5000)).await, 413);
    let bot = server
        .client
        .get(server.url("/s/resident"))
        .header("user-agent", "Baiduspider/2.0");
    bot.send().await.unwrap();
    let (_, report) = server.get("/api/v1/sources?questionnaire=resident").await;
    assert_eq!(report["rows"].as_array().unwrap().len(), 2, "{report}");
    assert_eq!(counts(&row(&server, "self", "").await), [200, 0, 0]);
    let other = row(&server, "widget", "other").await;
    assert_eq!(counts(&other), [0, 200, 0]);
    assert_eq!(
        other["start_rate"],
        Value::Null,
        "more starts than views are no rate"
    );
}

#[tokio::test]
async fn counts_are_for_the_office() {
    let place = Place::new();
    let server = place
        .serve(&["--public-url", "https://wendu.example"])
        .await;
    assert_eq!(
        server.get("/api/v1/sources?questionnaire=resident").await.0,
        401
    );
}

#[tokio::test]
async fn a_content_system_embeds_by_address() {
    let place = Place::new();
    let server = place
        .serve(&["--public-url", "https://wendu.example"])
        .await;
    let page = server
        .client
        .get(server.url("/s/resident"))
        .send()
        .await
        .unwrap();
    let page = page.text().await.unwrap();
    let link = "type=\"application/json+oembed\" href=\"https://wendu.example/oembed?url=https%3A%2F%2Fwendu.example%2Fs%2Fresident\"";
    assert!(page.contains(link));
    let ask = "/oembed?url=https%3A%2F%2Fwendu.example%2Fs%2Fresident";
    let (status, said) = server
        .get(&format!("{ask}&maxwidth=320&maxheight=400"))
        .await;
    assert_eq!(status, 200);
    assert_eq!(said["version"], "1.0");
    assert_eq!(
        (&said["type"], &said["width"], &said["height"]),
        (&json!("rich"), &json!(320), &json!(400))
    );
    let html = said["html"].as_str().unwrap();
    assert!(
        html.starts_with("<iframe src=\"https://wendu.example/s/resident?embed=fill\""),
        "{html}"
    );
    // No larger than it is by itself, and in the language of the address.
    let (_, said) = server
        .get(&format!(
            "{ask}%3Flang%3Den%26site%3DS002&maxwidth=4000&maxheight=4000"
        ))
        .await;
    assert_eq!(
        (&said["width"], &said["height"]),
        (&json!(640), &json!(600))
    );
    let english = said["html"].as_str().unwrap();
    assert!(
        english.contains("?embed=fill&amp;lang=en\" width=\"640\" height=\"600\""),
        "{english}"
    );
    assert_eq!(server.get("/oembed").await.0, 400);
    assert_eq!(server.get(&format!("{ask}&maxwidth=wide")).await.0, 400);
    let xml = server
        .client
        .get(server.url(&format!("{ask}&format=xml")))
        .send()
        .await
        .unwrap();
    assert!(
        xml.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/xml")
    );
    assert!(xml.text().await.unwrap().contains("<type>rich</type>"));
    assert_eq!(server.get(&format!("{ask}&format=yaml")).await.0, 501);
    for url in [
        "https://wendu.example/s/nope",
        "https://wendu.example/s/",
        "https://wendu.example/office",
        "http://wendu.example/s/resident",
        "https://wendu.example:8443/s/resident",
        "",
        "https://wendu.example.evil/s/resident",
        "https://other.example/s/resident",
    ] {
        assert_eq!(
            server.get(&format!("/oembed?url={url}")).await.0,
            404,
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_widget_of_the_campaign_has_a_key_and_origins_of_its_own() {
    let place = Place::new();
    let news = NewsSite::reserve().await;
    let (_, campaign) = {
        let server = place.serve(&[]).await;
        server.get("/api/v1/campaign").await
    };
    let mut campaign = campaign["campaign"].clone();
    campaign["widgets"] = json!([{
        "key": "qinghe-daily", "name": { "zh-CN": "青禾日报" }, "questionnaire": "resident",
        "origins": [news.origin]
    }]);
    let file = place.path().join("campaign.json");
    std::fs::write(&file, campaign.to_string()).unwrap();
    let server = place.serve(&["--campaign", file.to_str().unwrap()]).await;
    let asked = async |key: &str| {
        let url = server.url(&format!("/s/{key}?embed=1&from={}", news.origin));
        let answer = server.client.get(url).send().await.unwrap();
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        (
            answer.status().as_u16(),
            policy.contains(&format!("frame-ancestors {}", news.origin)),
        )
    };
    assert_eq!(asked("qinghe-daily").await, (200, true));
    assert_eq!(
        asked("resident").await,
        (403, false),
        "another key, other origins"
    );
    let mut body = resident_response();
    body["mode"] = json!("widget");
    body["origin"] = json!(news.origin);
    assert_eq!(server.post(body.to_string()).await.0, 201);
}
