//! The office by keyboard alone: every press is a real one, and the focus can always be seen.

use serde_json::json;
use system::browser::{Browser, DESKTOP};
use system::eventually;
use system::server::Place;

/// What has the focus, as a person would name it; panics if that cannot be seen.
async fn focused(browser: &Browser) -> String {
    let seen = browser
        .script(
            "const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
             const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
             const shown = box.bottom > 0 && box.top < innerHeight;
             return [at.id || at.name || at.getAttribute('aria-label') || at.textContent.trim() || at.tagName, outlined && shown, at.tagName]",
        )
        .await;
    let name = seen[0].as_str().unwrap().to_owned();
    if !matches!(seen[2].as_str(), Some("BODY" | "IFRAME")) {
        assert_eq!(seen[1], json!(true), "the focus on {name} cannot be seen");
    }
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
