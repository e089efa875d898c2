//! By keyboard alone: every press is a real one, and the focus can always be seen.

use serde_json::json;
use system::answering::{question, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::eventually;
use system::server::Place;
use system::widget::{TEXT, allowed, exported, page, snippet};

/// What has the focus, as a person would name it; panics if that cannot be seen. An option shows
/// it around its whole row.
async fn focused(browser: &Browser) -> String {
    let seen = browser
        .script(
            "const at = document.activeElement, box = at.getBoundingClientRect();
             const outlined = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
             const row = at.matches('.choice *') && getComputedStyle(at.nextElementSibling, '::after');
             const shown = box.bottom > 0 && box.top < innerHeight;
             // What only takes the focus so that reading goes on from there is no control.
             const control = !['BODY', 'IFRAME'].includes(at.tagName) && at.tabIndex >= 0;
             return [at.id || at.name || at.getAttribute('aria-label') || at.textContent.trim() || at.tagName,
                 !control || (outlined(row || getComputedStyle(at)) && shown)]",
        )
        .await;
    let name = seen[0].as_str().unwrap().to_owned();
    assert_eq!(seen[1], json!(true), "the focus on {name} cannot be seen");
    name
}

/// Presses Tab until the focus is on what has this name.
async fn tab_to(browser: &Browser, name: &str) {
    let mut way = Vec::new();
    for _ in 0..80 {
        let now = focused(browser).await;
        if now == name {
            return;
        }
        way.push(now);
        browser.press("Tab").await;
    }
    panic!("no way to {name}: {way:?}");
}

#[tokio::test]
async fn the_office_goes_from_the_door_to_a_copied_snippet_by_keyboard() {
    let place = Place::new();
    let (success, said) = place.run(&["demo"]).await;
    assert!(success, "{said}");
    let server = place.serve(&[]).await;
    let browser = Browser::start(DESKTOP).await;
    browser.open(&server.url("/office")).await;
    browser.find("#password").await;
    let granted = json!({ "origin": server.url(""), "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    browser.devtools("Browser.grantPermissions", granted).await;
    // The only field has the focus already.
    eventually("the field is ready for typing", async || {
        (focused(&browser).await == "password").then_some(())
    })
    .await;
    let typed = json!({ "text": server.password });
    browser.devtools("Input.insertText", typed).await;
    browser.press("Enter").await;
    browser.find(".thermometers svg").await;
    tab_to(&browser, "嵌入与来源").await;
    browser.press("Enter").await;
    browser.find("#snippet").await;
    tab_to(&browser, "variant").await;
    browser.press("ArrowDown").await;
    browser.wait_for_text("data-variant=\"button\"").await;
    assert_eq!(focused(&browser).await, "variant", "it stays where it was");
    tab_to(&browser, "复制代码").await;
    browser.press("Enter").await;
    browser.wait_for_text("已复制").await;
    assert_eq!(focused(&browser).await, "已复制");
    let copied = "return (await navigator.clipboard.readText()) === document.querySelector('#snippet').textContent";
    browser
        .wait_for("the snippet is on the clipboard", copied)
        .await;
    browser.close().await;
}

/// Presses Tab until the focus is where a script's expression says.
async fn tab_until(browser: &Browser, there: &str) {
    for _ in 0..40 {
        browser.press("Tab").await;
        focused(browser).await;
        if browser.is_true(there).await {
            return;
        }
    }
    panic!("no way to {there}");
}

const OPTION: &str = "document.activeElement.matches('.choice input')";
const FIELD: &str = "document.activeElement.matches('.field')";
const NEXT: &str = "document.activeElement.matches('button.next')";

#[tokio::test]
async fn a_resident_answers_everything_by_keyboard() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    let mut screens = 0;
    loop {
        let asked = question(&browser).await;
        if browser.is_there("fieldset:not([hidden]) .choice").await {
            tab_until(&browser, OPTION).await;
            browser.press(" ").await;
            browser.until("document.activeElement.checked").await;
        } else {
            tab_until(&browser, FIELD).await;
            let typed = json!({ "text": "2" });
            browser.devtools("Input.insertText", typed).await;
        }
        tab_until(&browser, NEXT).await;
        browser.press("Enter").await;
        eventually("another screen", async || {
            (question(&browser).await != asked).then_some(())
        })
        .await;
        // Reading goes on at what is new.
        browser
            .until("document.activeElement.id === 'question'")
            .await;
        screens += 1;
        if browser.is_there("output").await {
            break;
        }
    }
    assert_eq!(screens, 16);
    browser.wait_for_text("已提交").await;
    tab_until(
        &browser,
        "document.activeElement.matches('a[href^=\"/withdraw\"]')",
    )
    .await;
    browser.close().await;
}

#[tokio::test]
async fn a_reader_answers_in_an_article_by_keyboard() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let article = format!("{TEXT}{}<a id=behind href=#>后文</a>", snippet(&server, ""));
    news.page("/", &page(&article), None);
    news.open();
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    browser.until("seen.length === 1").await;
    browser.press("Tab").await;
    browser
        .until("document.activeElement.tagName === 'IFRAME'")
        .await;
    browser.enter(system::widget::FRAME).await;
    browser
        .until("document.activeElement.matches('button.choice:first-child')")
        .await;
    focused(&browser).await;
    browser.press("Tab").await;
    browser
        .until("document.activeElement.value === 'heard'")
        .await;
    browser.press("Enter").await;
    taken_over(&browser).await;
    browser.find("#answer-heard:checked").await;
    browser.leave().await;
    browser.until("seen.length === 2").await;
    // No trap: from the last button of the frame the way leads on.
    let mut on = false;
    for _ in 0..20 {
        browser.press("Tab").await;
        on = on
            || browser
                .is_true("document.activeElement.id === 'behind'")
                .await;
    }
    assert!(on, "the way leads out of the frame");
    assert!(exported(&place).await.is_empty());
    browser.close().await;
}
