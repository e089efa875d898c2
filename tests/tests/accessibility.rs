//! Every screen, checked by axe-core against WCAG 2.2 AA, in light and dark, normal and large.

use serde_json::json;
use system::accessibility::{assert_accessible, violations};
use system::answering::{answer, next, question, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::server::Place;

async fn dark(browser: &Browser, dark: bool) {
    let scheme = if dark { "dark" } else { "light" };
    let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser
        .devtools("Emulation.setEmulatedMedia", features)
        .await;
}

/// The check itself must be able to fail.
#[tokio::test]
async fn axe_sees_what_is_wrong() {
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
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    browser.click("button[value=next]:not(.unseen)").await;
    browser.find(".fault:not(:empty)").await;
    assert_accessible(&browser, "a question without an answer").await;
    for night in [false, true] {
        dark(&browser, night).await;
        assert_accessible(&browser, "the first question, dark or light").await;
    }
    browser.click("button[aria-pressed]").await;
    assert_accessible(&browser, "large type").await;
    loop {
        let asked = question(&browser).await;
        if !answer(&browser).await {
            break;
        }
        assert_accessible(&browser, &asked).await;
        next(&browser).await;
    }
    browser.wait_for_text("撤回").await;
    assert_accessible(&browser, "thanks").await;
    dark(&browser, false).await;
    for page in [
        "/withdraw",
        "/withdraw?lang=en",
        "/s/resident?lang=en",
        "/s/nothing",
        "/",
    ] {
        browser.open(&server.url(page)).await;
        assert_accessible(&browser, page).await;
    }
    browser.close().await;
}

#[tokio::test]
async fn the_office_is_usable_by_everyone() {
    let place = Place::new();
    let (success, said) = place.run(&["demo"]).await;
    assert!(success, "{said}");
    let server = place.serve(&[]).await;
    for (size, name) in [(DESKTOP, "desktop"), (PHONE, "phone")] {
        let browser = Browser::start(size).await;
        browser.open(&server.url("/office")).await;
        let field = browser.find("#password").await;
        assert_accessible(&browser, "signing in").await;
        field.send_keys(&server.password).await.unwrap();
        browser.click("button.primary").await;
        browser.find(".thermometers svg").await;
        for night in [false, true] {
            dark(&browser, night).await;
            assert_accessible(&browser, &format!("the office, {name}, dark: {night}")).await;
        }
        browser.close().await;
    }
}
