//! The resident's page where a browser, a screen or a person is not as usual.

use serde_json::{Value, json};
use system::accessibility::assert_roomy;
use system::answering::{is_taken_over, next, question, taken_over};
use system::browser::{Browser, PHONE};
use system::eventually;
use system::server::Place;

#[tokio::test]
async fn without_webassembly_the_form_works() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.before_pages("delete self.WebAssembly").await;
    browser.open(&server.url("/s/resident")).await;
    let first = question(&browser).await;
    browser.click("label:has(input[value=know])").await;
    browser.click("button[value=next]:not(.unseen)").await;
    eventually("the next question", async || {
        let now = question(&browser).await;
        (!now.is_empty() && now != first).then_some(())
    })
    .await;
    assert!(!is_taken_over(&browser).await);
    browser.close().await;
}

#[tokio::test]
async fn without_streaming_the_app_still_takes_over() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser
        .before_pages("delete WebAssembly.instantiateStreaming")
        .await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    browser.close().await;
}

#[tokio::test]
async fn nothing_moves_when_the_app_takes_over() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser
        .before_pages(
            "self.moved = 0; new PerformanceObserver((list) => { for (const shift of list.getEntries()) moved += shift.value }) \
             .observe({ type: 'layout-shift', buffered: true })",
        )
        .await;
    let open = async |query: &str| {
        let page = server.url(&format!("/s/resident{query}"));
        browser.open(&page).await;
        taken_over(&browser).await;
        let settled = "await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); return true";
        browser.wait_for("two frames", settled).await;
        assert_eq!(browser.script("return moved").await, json!(0), "{query}");
    };
    for query in ["", "?lang=en", "?mode=kiosk", "?mode=interviewer&site=S002"] {
        open(query).await;
    }
    // Large type, chosen at an earlier visit, is there before the app.
    browser.click("button[aria-pressed=false]").await;
    browser.find("[data-size=large]").await;
    open("").await;
    assert!(browser.is_there("[data-size=large]").await);
    browser.close().await;
}

#[tokio::test]
async fn every_screen_fits_narrow_windows_and_double_zoom_with_room_for_fingers() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start((320, 640)).await;
    // 200 % of a narrow phone is a window half as wide in the page's own pixels.
    for (width, name) in [(320, "narrow"), (256, "zoomed")] {
        let metrics =
            json!({ "width": width, "height": 640, "deviceScaleFactor": 2, "mobile": true });
        browser
            .devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        browser.open(&server.url("/s/resident?shared=1")).await;
        taken_over(&browser).await;
        loop {
            let asked = question(&browser).await;
            assert_roomy(&browser, "document.body", &format!("{name}: {asked}")).await;
            system::answering::answer(&browser).await;
            let last = "const p = document.querySelector('progress'); return p.value === p.max";
            if browser.script(last).await == json!(true) {
                break;
            }
            next(&browser).await;
        }
        browser.screenshot(&format!("robust-{name}")).await;
        system::answering::submit(&browser).await;
        browser.wait_for_text("已提交").await;
        assert_roomy(&browser, "document.body", &format!("{name}: the end")).await;
    }
    browser.close().await;
}

#[tokio::test]
async fn forced_colours_keep_what_is_chosen_and_focused_visible_and_motion_stops() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    let media = json!({ "features": [
        { "name": "forced-colors", "value": "active" },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ] });
    browser.devtools("Emulation.setEmulatedMedia", media).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    browser.click("label:has(input[value=know])").await;
    browser.click("button[aria-pressed=false]").await;
    browser.find("button[aria-pressed=true]").await;
    browser.screenshot("robust-forced-colours").await;
    let styles = "const style = (css) => getComputedStyle(document.querySelector(css)); \
        const button = document.querySelector('button.next'); button.focus({ focusVisible: true }); \
        const quick = getComputedStyle(document.documentElement).getPropertyValue('--quick'); \
        return { tick: style('.choice input').appearance, outline: getComputedStyle(button).outlineStyle, \
          width: parseFloat(getComputedStyle(button).outlineWidth), quick: quick.trim(), \
          borders: ['button.next', '[aria-pressed=true]', 'progress'].map((css) => parseFloat(style(css).borderTopWidth)) }";
    let styles: Value = browser.script(styles).await;
    assert_eq!(
        styles["tick"],
        json!("auto"),
        "the browser's own tick, in its own colours"
    );
    assert_eq!(styles["outline"], json!("solid"));
    assert!(styles["width"].as_f64().unwrap() >= 2.0, "{styles}");
    assert_eq!(styles["quick"], json!("0s"));
    assert_eq!(styles["borders"], json!([2, 2, 1]), "without grounds");
    browser.close().await;
}

#[tokio::test]
async fn title_and_language_of_the_document_follow_the_switch() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    browser.click("button[value=en]").await;
    let said =
        "return document.documentElement.lang === 'en' && document.title === 'Resident survey'";
    browser.wait_for("English", said).await;
    browser.click("button[value=zh-CN]").await;
    let said =
        "return document.documentElement.lang === 'zh-CN' && document.title === '创城满意度问卷'";
    browser.wait_for("Chinese", said).await;
    browser.close().await;
}

#[tokio::test]
async fn the_page_can_be_installed() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let (_, manifest) = server.get("/manifest.webmanifest").await;
    assert_eq!(manifest["display"], json!("standalone"));
    for icon in manifest["icons"].as_array().unwrap() {
        let answer = server
            .client
            .get(server.url(icon["src"].as_str().unwrap()))
            .send()
            .await
            .unwrap();
        assert_eq!(
            answer.headers()["content-type"].to_str().unwrap(),
            icon["type"]
        );
    }
    let worker = server
        .client
        .get(server.url("/sw.js"))
        .send()
        .await
        .unwrap();
    assert_eq!(worker.headers()["cache-control"], "no-cache");
    assert_eq!(
        worker.headers()["content-security-policy"],
        "default-src 'none'; connect-src 'self'"
    );
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    let errors = browser
        .devtools("Page.getInstallabilityErrors", json!({}))
        .await;
    let errors = errors["installabilityErrors"].as_array().unwrap().clone();
    // A private window may not install; nothing else stands in the way.
    assert!(
        errors.iter().all(|e| e["errorId"] == "in-incognito"),
        "{errors:?}"
    );
    browser.close().await;
}
