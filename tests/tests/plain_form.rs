//! Answering without any script: the same questionnaire, by plain form posts.

use system::browser::PHONE;
use system::plain::{PlainBrowser, answer_and_go_on};
use system::server::Place;

#[tokio::test]
async fn without_scripts_the_whole_questionnaire_can_be_answered() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = PlainBrowser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    browser.screenshot("plain-first-screen").await;

    // Going on without an answer is refused beside the question.
    browser
        .click("button[name=_to][value=next]:not(.unseen)")
        .await;
    browser.wait_for_text("请回答本题").await;
    browser.screenshot("plain-fault").await;

    let mut screens = 0;
    while answer_and_go_on(&browser).await {
        screens += 1;
        assert!(screens < 40, "the questionnaire does not end");
    }
    assert_eq!(screens, 16);
    browser.wait_for_text("撤回码").await;
    browser.screenshot("plain-thanks").await;

    let (_, estimates) = server
        .get("/api/v1/estimates?questionnaire=resident&by=area")
        .await;
    assert_eq!(estimates["n"], 1);
    assert_eq!(
        estimates["rows"][1]["n"], 1,
        "counted in the first township"
    );
    drop(server);
    place.assert_recount().await;
    browser.close().await;
}

#[tokio::test]
async fn without_scripts_back_and_language_keep_what_was_answered() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = PlainBrowser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    answer_and_go_on(&browser).await;
    answer_and_go_on(&browser).await;
    browser.click("button[name=_to][value=back]").await;
    browser
        .find("input[type=checkbox][value=community]:checked")
        .await;
    browser.click("button[name=_to][value=en]").await;
    browser.wait_for_text("Where did you learn of it?").await;
    browser
        .find("input[type=checkbox][value=community]:checked")
        .await;
    browser.screenshot("plain-english").await;
    browser.close().await;
}
