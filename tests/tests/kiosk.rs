//! Screens that many people use in turn: nobody sees what the person before has answered.

use serde_json::json;
use std::sync::Arc;
use system::answering::{answer, answer_all, is_taken_over, next, question, submit, taken_over};
use system::browser::{Browser, PHONE};
use system::eventually;
use system::server::Place;
use tempfile::TempDir;

/// Waits until a form stands there of which nobody has answered anything, at its first question.
async fn is_empty(browser: &Browser, when: &str) {
    let script = "const progress = document.querySelector('progress'); \
        return progress.value === 1 && !document.querySelector(':checked, output') \
          && ![...document.querySelectorAll('[name^=\"q.\"], textarea')].some((one) => one.type === 'hidden' && one.value)";
    browser
        .wait_for(&format!("an empty form {when}"), script)
        .await;
}

/// How many drafts this browser keeps.
const DRAFTS: &str =
    "return Object.keys(localStorage).filter((key) => key.includes('resident')).length";

/// What a browser says when it shows a page again that it had put by as it lived.
const BROUGHT_BACK: &str =
    "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))";

/// Somebody answers two questions, ticks a third, and goes.
async fn half_filled(browser: &Browser) {
    for _ in 0..2 {
        answer(browser).await;
        next(browser).await;
    }
    answer(browser).await;
    let ticked = "return !!document.querySelector(':checked')";
    assert_eq!(browser.script(ticked).await, json!(true));
}

#[tokio::test]
async fn a_kiosk_fills_the_screen_from_the_first_touch_on() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    let full = "return !!document.fullscreenElement";
    browser.open(&server.url("/s/resident?mode=kiosk")).await;
    taken_over(&browser).await;
    assert_eq!(browser.script(full).await, json!(false));
    browser.click("label:has(input[value=know])").await;
    browser.wait_for("the full screen", full).await;
    next(&browser).await;
    assert_eq!(browser.script(full).await, json!(true), "and it stays so");
    // Somebody else's phone is no kiosk.
    browser.open(&server.url("/s/resident?shared=1")).await;
    taken_over(&browser).await;
    browser.click("label:has(input[value=know])").await;
    next(&browser).await;
    assert_eq!(browser.script(full).await, json!(false));
    browser.close().await;
}

#[tokio::test]
async fn neither_back_nor_a_reload_nor_a_page_brought_back_shows_what_was_answered() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    for query in ["mode=kiosk", "shared=1"] {
        browser
            .open(&server.url(&format!("/s/resident?{query}")))
            .await;
        taken_over(&browser).await;
        half_filled(&browser).await;
        browser.client.refresh().await.unwrap();
        taken_over(&browser).await;
        is_empty(&browser, "after a reload").await;

        half_filled(&browser).await;
        browser.open(&server.url("/withdraw")).await;
        browser.client.back().await.unwrap();
        is_empty(&browser, "after the way back").await;
        taken_over(&browser).await;

        half_filled(&browser).await;
        browser.client.back().await.unwrap();
        browser.client.forward().await.unwrap();
        is_empty(&browser, "after the way forth").await;
        taken_over(&browser).await;

        half_filled(&browser).await;
        browser.script(BROUGHT_BACK).await;
        is_empty(&browser, "after the page was brought back").await;
        taken_over(&browser).await;

        answer_all(&browser).await;
        submit(&browser).await;
        browser.wait_for_text("已提交").await;
        browser.client.back().await.unwrap();
        browser.client.forward().await.unwrap();
        is_empty(&browser, "after the end, back and forth").await;
    }
    browser.close().await;
}

#[tokio::test]
async fn on_somebody_elses_phone_a_page_brought_back_is_empty() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    browser.click("button[value=share]").await;
    browser.wait_for_text("公用设备，不在本机保留").await;
    half_filled(&browser).await;
    browser.open(&server.url("/withdraw")).await;
    browser.client.back().await.unwrap();
    is_empty(&browser, "after the way back").await;
    taken_over(&browser).await;
    browser.click("button[value=share]").await;
    browser.wait_for_text("公用设备，不在本机保留").await;
    half_filled(&browser).await;
    browser.script(BROUGHT_BACK).await;
    is_empty(&browser, "after the page was brought back").await;
    browser.close().await;
}

#[tokio::test]
async fn a_browser_that_opens_its_last_tabs_again_shows_an_empty_form() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let profile = Arc::new(TempDir::new().unwrap());
    let again = json!({ "session": { "restore_on_startup": 1 } });
    let start = || Browser::start_with(PHONE, profile.clone(), &[], again.clone());
    let browser = start().await;
    browser.open(&server.url("/s/resident?mode=kiosk")).await;
    taken_over(&browser).await;
    half_filled(&browser).await;
    browser.close().await;

    let browser = start().await;
    eventually("the tab is opened again", async || {
        for window in browser.client.windows().await.ok()? {
            browser.client.switch_to_window(window).await.ok()?;
            let address = browser.client.current_url().await.ok()?;
            if address.path() == "/s/resident" {
                return Some(());
            }
        }
        None
    })
    .await;
    taken_over(&browser).await;
    is_empty(&browser, "in the tab").await;
    browser.close().await;
}

#[tokio::test]
async fn a_kiosk_without_webassembly_stays_one_and_forgets_as_well() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    // Seconds pass when the test says so.
    let by_hand = "delete self.WebAssembly; self.setInterval = (act) => { self.second = act }";
    browser.before_pages(by_hand).await;
    let nobody_there = "for (let n = 0; n < 40; n++) second()";
    let kiosk = server.url("/s/resident?mode=kiosk&idle=10");
    browser.open(&kiosk).await;
    half_filled(&browser).await;
    assert!(!is_taken_over(&browser).await);
    browser.script(nobody_there).await;
    is_empty(&browser, "after nobody was there").await;
    let address = browser.client.current_url().await.unwrap();
    assert_eq!(address.as_str(), kiosk);

    half_filled(&browser).await;
    // Sends once more what led here.
    browser.client.refresh().await.unwrap();
    is_empty(&browser, "after a reload").await;

    half_filled(&browser).await;
    browser.client.back().await.unwrap();
    let ticked = "return !!document.querySelector(':checked')";
    assert_eq!(browser.script(ticked).await, json!(false));

    browser.open(&kiosk).await;
    answer_all(&browser).await;
    submit(&browser).await;
    browser.wait_for_text("撤回码").await;
    browser.script(nobody_there).await;
    is_empty(&browser, "after the thank-you").await;
    browser.close().await;
}

#[tokio::test]
async fn a_kiosk_begins_anew_when_nobody_is_there_and_shows_nothing_of_the_last_person() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    // A second lasts a twentieth.
    browser
        .before_pages(
            "const every = setInterval; setInterval = (act, time) => every(act, time / 20)",
        )
        .await;
    browser
        .open(&server.url("/s/resident?mode=kiosk&idle=10"))
        .await;
    taken_over(&browser).await;
    let first = question(&browser).await;
    browser.click("label:has(input[value=know])").await;
    browser.find("dialog[open]").await;
    browser.screenshot("kiosk-warning").await;
    // The warning can be stopped, by its first button.
    let stop = "const dialog = document.querySelector('dialog[open]'); dialog.querySelector('.next').click(); return !document.querySelector('dialog[open]') && document.querySelectorAll(':checked').length === 1";
    browser.wait_for("it goes on", stop).await;
    let cleared =
        "return !document.querySelector(':checked') && !document.querySelector('dialog[open]')";
    browser.wait_for("it begins anew", cleared).await;
    taken_over(&browser).await;
    assert_eq!(question(&browser).await, first);
    assert_eq!(browser.script(DRAFTS).await, json!(0), "nothing is kept");
    browser.close().await;
}

#[tokio::test]
async fn at_a_shared_device_nothing_of_a_person_is_left() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let page = server.url("/s/resident");
    let browser = Browser::start(PHONE).await;
    browser.open(&page).await;
    taken_over(&browser).await;
    browser.click("button[value=share]").await;
    browser.wait_for_text("公用设备，不在本机保留").await;
    answer_all(&browser).await;
    browser.screenshot("shared-last-question").await;
    assert_eq!(browser.script(DRAFTS).await, json!(0));
    submit(&browser).await;
    browser.wait_for_text("已提交").await;
    browser.click("a.next").await;
    taken_over(&browser).await;
    browser.client.back().await.unwrap();
    let ticked = "return document.querySelectorAll(':checked').length";
    assert_eq!(browser.script(ticked).await, json!(0));
    let code = "return document.querySelector('output')?.textContent ?? ''";
    assert_eq!(
        browser.script(code).await,
        json!(""),
        "nor is the code shown"
    );
    browser.close().await;
}
