//! A news site embeds the survey with one line.

use serde_json::json;
use system::answering::{answer, answer_to_the_end, next, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::news::NewsSite;
use system::server::Place;

async fn height(browser: &Browser) -> f64 {
    let script = "return document.querySelector('iframe').getBoundingClientRect().height";
    browser.script(script).await.as_f64().unwrap()
}

#[tokio::test]
async fn a_reader_answers_inside_an_article() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let server = place
        .serve(&["--embed", &format!("resident={}", news.origin)])
        .await;
    let snippet = format!(
        "<h1>百日攻坚</h1><p>正文。</p><script async src=\"{}\" data-wendu=\"resident\"></script><p id=\"after\">后文。</p>",
        server.url("/embed.js")
    );
    news.publish(&server.url(""), &snippet);
    let browser = Browser::start(PHONE).await;
    browser.open(&news.origin).await;
    let frame = browser.find("iframe").await;
    let first = height(&browser).await;
    frame.enter_frame().await.unwrap();
    taken_over(&browser).await;
    for _ in 0..4 {
        answer(&browser).await;
        next(&browser).await;
    }
    browser.client.clone().enter_parent_frame().await.unwrap();
    browser.screenshot("embed-article").await;
    browser.find("iframe").await.enter_frame().await.unwrap();
    let screens = 4 + answer_to_the_end(&browser).await;
    assert_eq!(screens, 16);
    browser.wait_for_text("撤回").await;
    browser.client.clone().enter_parent_frame().await.unwrap();
    system::eventually("the frame follows its content", async || {
        ((height(&browser).await - first).abs() > 20.0).then_some(())
    })
    .await;
    let shift = "return document.querySelector('#after').getBoundingClientRect().top >= document.querySelector('iframe').getBoundingClientRect().bottom";
    assert_eq!(
        browser.script(shift).await,
        json!(true),
        "the article flows on below"
    );

    let (_, csv) = place.run(&["export", "--questionnaire", "resident"]).await;
    let row = csv.lines().nth(1).unwrap();
    assert!(
        row.contains(",widget,") && row.contains(&news.origin),
        "{row}"
    );
    browser.close().await;
}

#[tokio::test]
async fn a_site_that_was_not_allowed_sees_nothing() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let allowed = format!("resident={}0", news.origin);
    let server = place.serve(&["--embed", &allowed]).await;
    let script = format!(
        "<script async src=\"{}\" data-wendu=\"resident\"></script>",
        server.url("/embed.js")
    );
    news.publish(&server.url(""), &script);
    let browser = Browser::start(DESKTOP).await;
    browser.open(&news.origin).await;
    browser.find("iframe").await.enter_frame().await.unwrap();
    assert!(
        !browser.is_there("form").await,
        "an origin that only begins alike is another origin"
    );
    // An empty frame could also be a slow one: the server itself refuses, and lets only the other
    // origin frame it.
    let page = server.url(&format!("/s/resident?embed=1&from={}", news.origin));
    let refused = server.client.get(page).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    let page = server
        .client
        .get(server.url("/s/resident"))
        .send()
        .await
        .unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(
        policy.ends_with(&format!("frame-ancestors {}0", news.origin)),
        "{policy}"
    );
    browser.close().await;
}
