//! Every screen of residents, checked by axe-core against WCAG 2.2 AA and measured, in light and
//! dark, normal and large.

use system::accessibility::{assert_accessible, assert_for_everyone, violations};
use system::answering::{answer, next, question, taken_over};
use system::browser::{Browser, PHONE};
use system::server::Place;

/// The checks themselves must be able to fail.
#[tokio::test]
async fn what_is_wrong_is_seen() {
    let browser = Browser::start(PHONE).await;
    browser
        .open("data:text/html,<input><p style='color:%23ccc'>pale")
        .await;
    let found = violations(&browser).await.join("\n");
    for rule in ["label", "color-contrast", "html-has-lang", "document-title"] {
        assert!(found.contains(&format!("{rule}:")), "{rule} in {found}");
    }
    browser.close().await;
}

#[tokio::test]
async fn every_question_can_be_answered_by_everyone() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    for language in ["zh-CN", "en"] {
        let form = server.url(&format!("/s/resident?lang={language}"));
        browser.open(&form).await;
        taken_over(&browser).await;
        assert_for_everyone(&browser, "the first question").await;
        browser.click("button[value=next]:not(.unseen)").await;
        browser.find(".fault:not(:empty)").await;
        assert_for_everyone(&browser, "a question without an answer").await;
        browser.click("button[aria-pressed=false]").await;
        browser.find("[data-size=large]").await;
        loop {
            let asked = question(&browser).await;
            if !answer(&browser).await {
                break;
            }
            assert_for_everyone(&browser, &format!("{asked} in large type")).await;
            next(&browser).await;
        }
        browser.find("output").await;
        assert_for_everyone(&browser, "thanks in large type").await;
        browser.script("localStorage.clear()").await;
    }
    browser.close().await;
}

#[tokio::test]
async fn everyone_can_take_answers_back() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let body = system::resident_response();
    let (_, receipt) = server.post(body.to_string()).await;
    let code = receipt["withdrawal_code"]
        .as_str()
        .expect("a code")
        .to_owned();
    let browser = Browser::start(PHONE).await;
    for language in ["en", "zh-CN"] {
        let page = server.url(&format!("/withdraw?lang={language}"));
        browser.open(&page).await;
        assert_for_everyone(&browser, "a code is asked for").await;
        let field = browser.find("#code").await;
        field.send_keys("no code at all").await.unwrap();
        browser.click("button.next").await;
        browser.find(".fault p").await;
        assert_for_everyone(&browser, "a code that is none").await;
    }
    let field = browser.find("#code").await;
    field.clear().await.unwrap();
    field.send_keys(&code).await.unwrap();
    browser.click("button.next").await;
    browser.wait_for_text("已撤回").await;
    assert_for_everyone(&browser, "taken back").await;
    browser.close().await;
}

/// A poster opened by itself: what it is, in words, for who does not see it.
#[tokio::test]
async fn a_poster_on_the_screen_says_what_it_is() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    let poster = "/api/v1/sites/S002/poster.svg?size=a4";
    browser.open(&server.url(poster)).await;
    assert_accessible(&browser, poster).await;
    let tree = browser
        .devtools("Accessibility.getFullAXTree", serde_json::json!({}))
        .await;
    let nodes = tree["nodes"].as_array().unwrap();
    let said = |role: &str| -> Vec<&str> {
        let of_role = nodes.iter().filter(|node| node["role"]["value"] == role);
        let names = of_role.filter_map(|node| node["name"]["value"].as_str());
        names.collect()
    };
    let title = "创城满意度问卷 · S002 城关农贸市场";
    assert_eq!(said("RootWebArea"), [title]);
    assert_eq!(said("image"), ["二维码 QR code"]);
    let link = server.url("/q/S002");
    for text in ["您的感受，我们想听", "扫码即答", &link] {
        assert!(said("StaticText").contains(&text), "{text}");
    }
    browser.screenshot("poster-on-screen").await;
    // The check is able to fail in a drawing, too.
    browser
        .script("document.querySelector('title').remove()")
        .await;
    let found = violations(&browser).await.join("\n");
    assert!(found.contains("svg-img-alt:"), "{found}");
    browser.close().await;
}

#[tokio::test]
async fn pages_that_say_no_are_readable_by_everyone() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    for page in [
        "/nothing/here",
        "/s/nothing",
        "/q/S999",
        "/problems/no-public-url",
        "/problems/no-public-url?lang=en",
        "/api/v1/sites/S999/poster.pdf",
        "/s/resident?embed=1&from=https://stranger.example",
    ] {
        browser.open(&server.url(page)).await;
        browser.find("main").await;
        assert_for_everyone(&browser, page).await;
    }
    browser.close().await;
}
