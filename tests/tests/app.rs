//! Answering with the app: it takes the server's form over in place, and nothing is lost.

use serde_json::json;
use system::answering::{answer, answer_to_the_end, is_taken_over, next, question, taken_over};
use system::browser::{Browser, PHONE};
use system::load::counted;
use system::server::Place;

#[tokio::test]
async fn the_whole_questionnaire_is_answered_on_a_phone() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    browser.screenshot("app-first-screen").await;
    browser.click("button[value=next]:not(.unseen)").await;
    browser.wait_for_text("请回答本题").await;
    browser.screenshot("app-fault").await;
    assert_eq!(answer_to_the_end(&browser).await, 16);
    browser.wait_for_text("已提交").await;
    browser.screenshot("app-thanks").await;
    assert_eq!(counted(&server).await, 1);
    drop(server);
    place.assert_recount().await;
    browser.close().await;
}

#[tokio::test]
async fn what_is_ticked_before_the_app_arrives_survives() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    // A slow line: the form is there long before the app.
    let slow = json!({ "offline": false, "latency": 400, "downloadThroughput": 20_000, "uploadThroughput": 20_000 });
    browser.devtools("Network.enable", json!({})).await;
    browser
        .devtools("Network.setCacheDisabled", json!({ "cacheDisabled": true }))
        .await;
    browser
        .devtools("Network.emulateNetworkConditions", slow)
        .await;
    browser
        .script(&format!(
            "setTimeout(() => location.href = '{}')",
            server.url("/s/resident")
        ))
        .await;
    browser.click("input[type=radio][value=heard]").await;
    assert!(
        !is_taken_over(&browser).await,
        "ticked before the app had arrived"
    );
    taken_over(&browser).await;
    let ticked = browser
        .script("return document.querySelector('input[value=heard]').checked")
        .await;
    assert_eq!(ticked, json!(true));
    next(&browser).await;
    browser.wait_for_text("从哪里知道").await;
    browser.close().await;
}

#[tokio::test]
async fn a_reload_loses_nothing() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    for _ in 0..3 {
        answer(&browser).await;
        next(&browser).await;
    }
    let before = question(&browser).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    assert_eq!(question(&browser).await, before, "the place is kept");
    answer_to_the_end(&browser).await;
    browser.wait_for_text("已提交").await;
    assert_eq!(counted(&server).await, 1);
    browser.close().await;
}

#[tokio::test]
async fn an_answer_sent_without_network_arrives_once_when_it_is_back() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    let host = server.host().to_owned();
    for _ in 0..15 {
        answer(&browser).await;
        next(&browser).await;
    }
    answer(&browser).await;
    // Not through DevTools: they cut off the page, but not the service worker behind it.
    server.kill().await;
    browser.click("button[value=next]:not(.unseen)").await;
    browser.wait_for_text("已保存在本机，联网后自动提交").await;
    browser.screenshot("app-offline").await;
    let server = place.serve_at(&host, &[]).await;
    browser.wait_for_text("已提交").await;
    assert_eq!(counted(&server).await, 1);
    browser.close().await;
}

#[tokio::test]
async fn an_exclusive_option_ends_the_others_before_the_persons_eyes() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    browser.click("label:has([value=know])").await;
    next(&browser).await;
    let ticked = "[...document.querySelectorAll('form :checked')].map((e) => e.value).join()";
    for (tick, left) in [
        ("community", "community"),
        ("street", "community,street"),
        ("forgotten", "forgotten"),
        ("street", "street"),
    ] {
        browser.click(&format!("label:has([value={tick}])")).await;
        let is_left = format!("return {ticked} === '{left}'");
        browser
            .wait_for(&format!("only {left} ticked"), &is_left)
            .await;
    }
    browser.close().await;
}
