//! The questionnaire inside a news site's page: the first question first, then the rest.

use serde_json::json;
use std::time::Duration;
use system::answering::{answer_to_the_end, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::eventually;
use system::news::NewsSite;
use system::plain::PlainBrowser;
use system::server::{Place, Server};

const FRAME: &str = "return document.querySelector('iframe')";

/// A server that lets the site embed the residents' questionnaire.
async fn serve(place: &Place, news: &NewsSite) -> Server {
    let allowed = format!("resident={}", news.origin);
    place.serve(&["--embed", &allowed]).await
}

fn snippet(server: &Server, more: &str) -> String {
    let loader = server.url("/embed.js");
    format!("<script async src=\"{loader}\" data-wendu=\"resident\" {more}></script>")
}

async fn number(browser: &Browser, script: &str) -> f64 {
    browser.script(script).await.as_f64().unwrap()
}

async fn height(browser: &Browser) -> f64 {
    let script = "return document.querySelector('iframe').getBoundingClientRect().height";
    number(browser, script).await
}

/// The lines of the export, without the heading.
async fn exported(place: &Place) -> Vec<String> {
    let (_, csv) = place.run(&["export", "--questionnaire", "resident"]).await;
    csv.lines().skip(1).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_reader_answers_inside_an_article() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    let article = format!(
        "<h1>百日攻坚</h1><p>正文。</p>{}<p id=\"after\">后文。</p>",
        snippet(&server, "")
    );
    news.publish(&server.url(""), &article);
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    eventually("the survey says that it is there", async || {
        let seen = browser.seen().await;
        (seen == ["ready:WENDU-SURVEY::null"]).then_some(())
    })
    .await;
    browser.screenshot("embed-teaser").await;
    let shift = browser.shift().await;
    assert!(shift < 0.01, "the article has moved: {shift}");
    let first = height(&browser).await;
    browser.enter(FRAME).await;
    assert!(
        !browser
            .is_there("script[type=module], link[rel=modulepreload]")
            .await,
        "nothing of the app before somebody has chosen"
    );
    browser.click("button[value=heard]").await;
    taken_over(&browser).await;
    assert!(browser.is_there("#answer-heard:checked").await);
    browser.leave().await;
    eventually("the frame grows with its content", async || {
        (height(&browser).await > first + 20.0).then_some(())
    })
    .await;
    browser.screenshot("embed-article").await;
    browser.enter(FRAME).await;
    browser.click("button[value=next]:not(.unseen)").await;
    let screens = answer_to_the_end(&browser).await;
    assert!(screens > 10, "{screens}");
    browser.wait_for_text("撤回").await;
    let content = number(
        &browser,
        "return document.querySelector('#app').offsetHeight",
    )
    .await;
    browser.leave().await;
    eventually("the frame follows its content", async || {
        let height = height(&browser).await;
        ((height - content).abs() < 2.0).then_some(())
    })
    .await;
    browser.screenshot("embed-thanks").await;
    let below = "return document.querySelector('#after').getBoundingClientRect().top >= document.querySelector('iframe').getBoundingClientRect().bottom";
    assert_eq!(
        browser.script(below).await,
        json!(true),
        "the article flows on"
    );
    let seen = browser.seen().await;
    // Each once, however many steps there were, and no answers in them.
    assert_eq!(
        seen,
        ["ready", "answered", "completed"].map(|what| format!("{what}:WENDU-SURVEY::null"))
    );

    let rows = exported(&place).await;
    assert!(
        rows[0].contains(",widget,") && rows[0].contains(&news.origin),
        "{rows:?}"
    );
    assert!(
        rows[0].contains(",heard,"),
        "the first answer was carried over: {rows:?}"
    );
    browser.close().await;
}

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
async fn nothing_is_fetched_until_the_reader_comes_near() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    let far = format!(
        "{}{}",
        "<p>正文。</p><br>".repeat(200),
        snippet(&server, "")
    );
    news.publish(&server.url(""), &far);
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    let place_of = "return document.querySelector('wendu-survey')";
    browser.element(place_of).await;
    // Given time enough for an observer that is not waiting for anyone.
    browser.script("window.frames_passed = 0; const next = () => { window.frames_passed++; requestAnimationFrame(next) }; next()").await;
    eventually("thirty pictures are drawn", async || {
        (number(&browser, "return window.frames_passed").await > 30.0).then_some(())
    })
    .await;
    assert!(!browser.is_there("iframe").await);
    assert_eq!(browser.seen().await, [""; 0]);
    browser.script("scrollTo(0, 1e6)").await;
    browser.enter(FRAME).await;
    browser.find(".teaser").await;
    browser.leave().await;
    assert!(browser.shift().await < 0.01);
    browser.close().await;
}

#[tokio::test]
async fn without_scripts_the_first_tap_leads_on() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = PlainBrowser::start(PHONE).await;
    browser.open(&server.url("/s/resident/teaser")).await;
    browser.find(".teaser").await;
    browser.screenshot("embed-teaser-plain").await;
    browser.click("button[value=unknown]").await;
    browser.find("#answer-unknown[checked]").await;
    browser.close().await;
}

#[tokio::test]
async fn the_teaser_is_light_and_says_nothing_in_addresses() {
    let place = Place::new();
    let news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    let url = server.url(&format!(
        "/s/resident/teaser?embed=1&lang=zh-CN&from={}",
        news.origin
    ));
    let request = server.client.get(&url).header("accept-encoding", "br");
    let sent = request.send().await.unwrap();
    let policy = sent.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("script-src 'sha256-") && !policy.contains("wasm"),
        "{policy}"
    );
    assert!(
        sent.headers()["cache-control"]
            .to_str()
            .unwrap()
            .contains("max-age")
    );
    let bytes = sent.bytes().await.unwrap().len();
    assert!(bytes < 3500, "{bytes} bytes as sent");
    let page = server
        .client
        .get(&url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("method=\"post\"") && !page.contains("style=\""),
        "{page}"
    );
}

#[tokio::test]
async fn a_theme_is_read_and_never_copied() {
    let place = Place::new();
    let news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    let styled = async |path: &str, query: &[(&str, &str)]| {
        let url = server.url(&format!("/s/resident{path}?embed=1&from={}", news.origin));
        let request = server.client.get(url).query(query);
        request.send().await.unwrap().text().await.unwrap()
    };
    for path in ["", "/teaser"] {
        let page = styled(
            path,
            &[("color", "#0a6e3c"), ("theme", "light"), ("size", "20")],
        )
        .await;
        assert!(
            page.contains("--society:#0a6e3c") && page.contains("--body:20px"),
            "{path}"
        );
        assert!(
            page.contains("color-scheme:light;")
                && page.contains("name=\"color-scheme\" content=\"light\"")
        );
        for color in [
            "#777777",
            "red}body{display:none",
            "url(//evil.example)",
            "</style><script>alert(1)</script>",
        ] {
            let page = styled(
                path,
                &[("color", color), ("size", "9}*{"), ("theme", "\"><b>")],
            )
            .await;
            assert!(
                page.matches("--on-society:").count() == 2
                    && !page.contains("evil")
                    && !page.contains("alert(1)"),
                "{color}"
            );
        }
    }
}

#[tokio::test]
async fn where_a_reader_came_from_is_verified_or_unknown() {
    let place = Place::new();
    let news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
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
    let mut news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
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

#[tokio::test]
async fn the_frame_comes_to_rest() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    news.publish(&server.url(""), &snippet(&server, "data-teaser=\"no\""));
    // Around the width at which the page by itself changes its layout.
    for width in [320, 700, 1280] {
        let browser = Browser::start((width, 800)).await;
        browser.open(&news.origin).await;
        browser.enter(FRAME).await;
        taken_over(&browser).await;
        browser.click("label:has(input[type=radio])").await;
        browser.click("button[value=next]:not(.unseen)").await;
        let content = "return document.querySelector('#app').offsetHeight";
        browser.find("input[type=checkbox]").await;
        let content = number(&browser, content).await;
        browser.leave().await;
        eventually("the frame is as high as its content", async || {
            ((height(&browser).await - content).abs() < 2.0).then_some(())
        })
        .await;
        let changes = "window.changes = 0; new MutationObserver(() => window.changes++).observe(document.querySelector('wendu-survey'), { attributes: true })";
        browser.script(changes).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(
            number(&browser, "return window.changes").await,
            0.0,
            "at {width}"
        );
        browser.close().await;
    }
}
