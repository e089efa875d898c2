//! Answering with the app, as a person does.

use crate::browser::Browser;
use crate::eventually;
use fantoccini::Locator;

/// What a page says of answers that are finished and not sent yet.
pub const WAITING: &str = "已保存在本机，联网后自动提交";

/// Waits until the worker has all that it needs to show the page by itself.
pub async fn works_offline(browser: &Browser) {
    let script =
        "await navigator.serviceWorker.ready; return !!(await caches.match(location.href))";
    browser.wait_for("the worker keeps the page", script).await;
}

/// Whether the app has taken the form over: the server's form posts itself, the app's does not.
pub async fn is_taken_over(browser: &Browser) -> bool {
    browser.is_there("form").await && !browser.is_there("form[method]").await
}

/// Waits until the app has taken the form over.
pub async fn taken_over(browser: &Browser) {
    eventually("the app takes over", async || {
        is_taken_over(browser).await.then_some(())
    })
    .await;
}

/// The question that is shown; empty at the end.
pub async fn question(browser: &Browser) -> String {
    let heading = browser.client.find(Locator::Css("#question")).await.ok();
    match heading {
        Some(heading) => heading.text().await.unwrap_or_default(),
        None => String::new(),
    }
}

/// Goes on to the next screen.
pub async fn next(browser: &Browser) {
    let before = question(browser).await;
    browser.click("button[value=next]:not(.unseen)").await;
    eventually("another screen", async || {
        (question(browser).await != before).then_some(())
    })
    .await;
}

/// Answers what is shown in its first way. False at the end.
pub async fn answer(browser: &Browser) -> bool {
    if browser
        .is_there("fieldset:not([hidden]) :is([type=radio], [type=checkbox])")
        .await
    {
        browser
            .click("fieldset:not([hidden]) label:has([type=radio], [type=checkbox])")
            .await;
    } else if let Ok(field) = browser
        .client
        .find(Locator::Css("input[inputmode], textarea"))
        .await
    {
        field.send_keys("3").await.unwrap();
    } else {
        return false;
    }
    true
}

/// Answers every question in its first way; returns how many there were.
pub async fn answer_to_the_end(browser: &Browser) -> usize {
    let mut screens = 0;
    while answer(browser).await {
        next(browser).await;
        screens += 1;
        assert!(screens < 40, "the questionnaire does not end");
    }
    screens
}

/// Answers every question in its first way and stands before the button that submits.
pub async fn answer_all(browser: &Browser) {
    for _ in 0..40 {
        answer(browser).await;
        let is_last = "const [place, of] = [document.querySelector('progress').value, document.querySelector('progress').max]; return place === of";
        if browser.script(is_last).await == serde_json::json!(true) {
            return;
        }
        next(browser).await;
    }
    panic!("the questionnaire does not end");
}

/// Presses the button that submits.
pub async fn submit(browser: &Browser) {
    browser.click("button[value=next]:not(.unseen)").await;
}
