//! Who may embed, and what an answer says of the page it came from.

use serde_json::json;
use system::answering::{answer_to_the_end, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::news::NewsSite;
use system::server::Place;
use system::widget::{FRAME, allowed, exported, snippet};

#[tokio::test]
async fn a_site_that_was_not_allowed_sees_nothing() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    // Its port lacks the last digit.
    let alike = news.origin.split_at(news.origin.len() - 1).0.to_owned();
    let server = place
        .serve(&["--embed", &format!("resident={alike}")])
        .await;
    news.publish(&server.url(""), &snippet(&server, ""));
    let browser = Browser::start(DESKTOP).await;
    browser.open(&news.origin).await;
    browser.enter(FRAME).await;
    assert!(
        !browser.is_there("form").await,
        "an origin that only begins alike is another origin"
    );
    // An empty frame could also be a slow one: the server itself refuses, and lets only the other
    // origin frame it.
    for path in ["", "/teaser"] {
        let page = server.url(&format!("/s/resident{path}?embed=1&from={}", news.origin));
        let refused = server.client.get(page).send().await.unwrap();
        assert_eq!(refused.status(), 403);
        let page = server.url(&format!("/s/resident{path}?embed=1&from={alike}"));
        let page = server.client.get(page).send().await.unwrap();
        let policy = page.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.ends_with(&format!("frame-ancestors {alike}")),
            "{policy}"
        );
    }
    browser.close().await;
}

/// Origins that are not `https://news.example`, however much they look like it.
const ALIKE: [&str; 12] = [
    "https://news.example.evil",
    "https://evil-news.example",
    "https://m.news.example",
    "https://news.exampl",
    "https://news.example.",
    "https://news.example:443",
    "https://news.example:8443",
    "http://news.example",
    "https://NEWS.example",
    "https://reader@news.example",
    "null",
    "",
];

#[tokio::test]
async fn an_origin_that_looks_alike_is_another_origin() {
    let place = Place::new();
    let own = "https://news.example";
    let server = place.serve(&["--embed", &format!("resident={own}")]).await;
    let page = async |path: &str, from: &str, referrer: Option<&str>| {
        let page = server.url(&format!("/s/resident{path}"));
        let page = server.client.get(page);
        let mut page = page.query(&[("embed", "1"), ("from", from)]);
        if let Some(referrer) = referrer {
            page = page.header("referer", referrer);
        }
        page.send().await.unwrap()
    };
    let policy = |page: &reqwest::Response| {
        let policy = &page.headers()["content-security-policy"];
        policy.to_str().unwrap().to_owned()
    };
    for path in ["", "/teaser"] {
        for alike in ALIKE {
            let refused = page(path, alike, Some(&format!("{alike}/"))).await;
            assert_eq!(refused.status(), 403, "{alike}");
            assert!(policy(&refused).ends_with("frame-ancestors 'none'"));
            // It says that it is another, and the browser says which it is.
            let claimed = page(path, own, Some(&format!("{alike}/"))).await;
            assert!(policy(&claimed).ends_with(&format!("frame-ancestors {own}")));
            let html = claimed.text().await.unwrap();
            assert!(
                !html.contains("name=\"_origin\""),
                "{alike} passes as {own}"
            );
        }
        let silent = page(path, own, None).await.text().await.unwrap();
        assert!(!silent.contains("name=\"_origin\""), "unknown, not guessed");
        let known = page(path, own, Some("https://news.example/a?b")).await;
        let known = known.text().await.unwrap();
        assert!(known.contains("name=\"_origin\" value=\"https://news.example\""));
    }
    // By hand, past every page.
    let mut body = system::resident_response();
    body["mode"] = json!("widget");
    for alike in ALIKE.iter().filter(|alike| !alike.is_empty()) {
        body["origin"] = json!(alike);
        assert_eq!(server.post(body.to_string()).await.0, 422, "{alike}");
    }
    body["origin"] = json!(own);
    assert_eq!(server.post(body.to_string()).await.0, 201);
    let rows = exported(&place).await;
    assert!(
        rows.len() == 1 && rows[0].contains(",https://news.example,"),
        "{rows:?}"
    );
}

#[tokio::test]
async fn where_a_reader_came_from_is_verified_or_unknown() {
    let place = Place::new();
    let (news, server) = allowed(&place).await;
    let origin_told = async |headers: &[(&str, String)]| {
        let url = server.url(&format!("/s/resident?embed=1&from={}", news.origin));
        let mut request = server.client.get(url);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let page = request.send().await.unwrap().text().await.unwrap();
        assert!(
            page.contains("name=\"_mode\" value=\"widget\""),
            "{headers:?}"
        );
        page.contains(&format!("name=\"_origin\" value=\"{}\"", news.origin))
    };
    assert!(origin_told(&[("referer", format!("{}/", news.origin))]).await);
    assert!(!origin_told(&[]).await, "unknown, not guessed");
    assert!(!origin_told(&[("referer", format!("{}0/", news.origin))]).await);

    let mut body = system::resident_response();
    body["mode"] = json!("widget");
    assert_eq!(
        server.post(body.to_string()).await.0,
        201,
        "from a page that is not known"
    );
    let rows = exported(&place).await;
    assert!(rows[0].contains(",widget,,,"), "{rows:?}");
}

#[tokio::test]
async fn where_the_referrer_is_withheld_the_browser_itself_says_who_is_around() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let frame = format!(
        "<iframe referrerpolicy=\"no-referrer\" width=340 height=600 src=\"{}?embed=1&from={}\"></iframe>",
        server.url("/s/resident"),
        news.origin
    );
    news.publish(&server.url(""), &frame);
    let browser = Browser::start(PHONE).await;
    browser.open(&news.origin).await;
    browser.enter(FRAME).await;
    taken_over(&browser).await;
    answer_to_the_end(&browser).await;
    browser.wait_for_text("撤回").await;
    let rows = exported(&place).await;
    assert!(rows[0].contains(&news.origin), "{rows:?}");
    browser.close().await;
}
