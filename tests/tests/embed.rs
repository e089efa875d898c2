//! The questionnaire inside a news site's page: the first question first, then the rest.

use serde_json::json;
use system::answering::{answer_all, answer_to_the_end, submit, taken_over};
use system::browser::{Browser, PHONE};
use system::eventually;
use system::plain::PlainBrowser;
use system::server::Place;
use system::widget::{FRAME, allowed, exported, page, snippet};

async fn number(browser: &Browser, script: &str) -> f64 {
    browser.script(script).await.as_f64().unwrap()
}

async fn height(browser: &Browser) -> f64 {
    let script = "return document.querySelector('iframe').getBoundingClientRect().height";
    number(browser, script).await
}

#[tokio::test]
async fn a_reader_answers_inside_an_article() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
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
async fn nothing_is_fetched_until_the_reader_comes_near() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
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
    let (news, server) = allowed(&place).await;
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
    let (news, server) = allowed(&place).await;
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
async fn what_was_finished_without_a_network_arrives_from_the_article_later() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    news.page("/", &page(&snippet(&server, "")), None);
    news.open();
    let host = server.host().to_owned();
    let allowed = format!("resident={}", news.origin);
    let browser = Browser::start(PHONE).await;
    browser.open(&news.origin).await;
    browser.enter(FRAME).await;
    browser.click("button[value=know]").await;
    taken_over(&browser).await;
    answer_all(&browser).await;
    server.kill().await;
    submit(&browser).await;
    browser.wait_for_text("联网后自动提交").await;
    browser.leave().await;
    let server = place.serve_at(&host, &["--embed", &allowed]).await;
    browser.open(&news.origin).await;
    browser.enter(FRAME).await;
    browser.click("button[value=know]").await;
    eventually("it arrives", async || {
        let (_, campaign) = server.get("/api/v1/campaign").await;
        let listed = campaign["questionnaires"].as_array()?.clone();
        let resident = listed.into_iter().find(|form| form["id"] == "resident")?;
        (resident["n"] == 1).then_some(())
    })
    .await;
    let rows = exported(&place).await;
    assert!(rows[0].contains(&news.origin), "{rows:?}");
    browser.close().await;
}
