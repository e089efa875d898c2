//! Every screen, checked by axe-core against WCAG 2.2 AA, in light and dark, normal and large.

use serde_json::json;
use system::accessibility::{assert_accessible, violations};
use system::answering::{answer, answer_all, next, question, submit, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::news::NewsSite;
use system::server::Place;

async fn dark(browser: &Browser, dark: bool) {
    let scheme = if dark { "dark" } else { "light" };
    let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser
        .devtools("Emulation.setEmulatedMedia", features)
        .await;
}

/// Checks what is before a person, in light and in dark.
async fn assert_by_day_and_night(browser: &Browser, page: &str) {
    for (night, when) in [(true, "dark"), (false, "light")] {
        dark(browser, night).await;
        assert_accessible(browser, &format!("{page}, {when}")).await;
    }
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
async fn pages_that_say_no_are_readable_by_everyone() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    for page in [
        "/nothing/here",
        "/q/S999",
        "/problems/no-public-url",
        "/problems/no-public-url?lang=en",
        "/api/v1/sites/S999/poster.pdf",
        "/s/resident?embed=1&from=https://stranger.example",
    ] {
        browser.open(&server.url(page)).await;
        browser.find("main").await;
        assert_by_day_and_night(&browser, page).await;
    }
    browser.close().await;
}

#[tokio::test]
async fn interviewers_can_do_everything() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let (_, password) = place.run(&["password", "interviewer"]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/interview")).await;
    assert_by_day_and_night(&browser, "an interviewer signs in").await;
    for (typed, name) in [
        ("guess", "a wrong password"),
        (password.trim(), "the choice of a place"),
    ] {
        let field = browser.find("#password").await;
        field.send_keys(typed).await.unwrap();
        browser.click("button.next").await;
        browser.find(".fault p, #site").await;
        assert_by_day_and_night(&browser, name).await;
    }
    browser.click("#site option[value=S002]").await;
    browser.click("button.next").await;
    taken_over(&browser).await;
    assert_by_day_and_night(&browser, "an interview").await;
    browser.click("button[aria-pressed]").await;
    assert_accessible(&browser, "an interview in large type").await;
    answer_all(&browser).await;
    assert_accessible(&browser, "how the interviewer helped").await;
    let helped = "document.querySelector('[value=filled_in]').click()";
    browser.script(helped).await;
    submit(&browser).await;
    browser.wait_for_text("已提交").await;
    assert_accessible(&browser, "the end of an interview").await;
    browser.close().await;
}

#[tokio::test]
async fn a_kiosk_can_be_used_by_everyone() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(DESKTOP).await;
    // Seconds pass when the test says so.
    browser
        .before_pages("setInterval = act => { self.second = act }")
        .await;
    browser
        .open(&server.url("/s/resident?mode=kiosk&idle=10"))
        .await;
    taken_over(&browser).await;
    assert_by_day_and_night(&browser, "a kiosk").await;
    browser.click("button[aria-pressed]").await;
    assert_accessible(&browser, "a kiosk in large type").await;
    browser.click("label:has(input[value=know])").await;
    browser
        .script("for (let n = 0; n < 10; n++) second()")
        .await;
    browser.find("dialog[open]").await;
    assert_by_day_and_night(&browser, "a kiosk that asks whether somebody is there").await;
    browser.close().await;
}

/// Every page of the office, as somebody who has signed in comes by them.
#[tokio::test]
async fn the_office_is_usable_by_everyone() {
    let place = Place::new();
    let (success, said) = place.run(&["demo"]).await;
    assert!(success, "{said}");
    let server = place
        .serve(&["--embed", "resident=https://news.example"])
        .await;
    let page = server.url("/s/resident?site=S002");
    server.client.get(page).send().await.unwrap();
    for (size, name) in [(DESKTOP, "desktop"), (PHONE, "phone")] {
        let browser = Browser::start(size).await;
        browser.open(&server.url("/office")).await;
        let field = browser.find("#password").await;
        assert_by_day_and_night(&browser, "signing in").await;
        browser.click("button.primary").await;
        browser.find("#sign-in-error").await;
        assert_by_day_and_night(&browser, "signing in without a password").await;
        field.send_keys(&server.password).await.unwrap();
        browser.click("button.primary").await;
        browser.find(".thermometers svg").await;
        browser
            .script("document.querySelectorAll('details').forEach(part => { part.open = true })")
            .await;
        browser.find(".posters a").await;
        assert_by_day_and_night(&browser, &format!("results and places, {name}")).await;
        browser.click(".tab:last-child").await;
        browser.find(".source-table").await;
        assert_by_day_and_night(&browser, &format!("embedding and sources, {name}")).await;
        browser
            .enter("return document.querySelector('.preview')")
            .await;
        assert_accessible(&browser, "the article of the preview").await;
        browser.leave().await;
        browser.click(".session button:first-child").await;
        browser.wait_for_text("Sign out").await;
        assert_accessible(&browser, &format!("embedding in English, {name}")).await;
        browser.close().await;
    }
}

#[tokio::test]
async fn widgets_can_be_used_by_everyone_in_other_people_s_pages() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let allowed = format!("resident={}", news.origin);
    let server = place.serve(&["--embed", &allowed]).await;
    let loader = server.url("/embed.js");
    let article = |attributes: &str| {
        format!(
            "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>新闻</title><main><h1>百日攻坚</h1><p>正文。</p>\
             <script async src=\"{loader}\" data-wendu=\"resident\" {attributes}></script></main></html>"
        )
    };
    let variants = ["inline", "button", "bar"];
    for variant in variants {
        for theme in ["light", "dark"] {
            let attributes = format!("data-variant=\"{variant}\" data-theme=\"{theme}\"");
            news.page(&format!("/{variant}/{theme}"), &article(&attributes), None);
        }
    }
    news.open();
    let root = "document.querySelector('wendu-survey').shadowRoot";
    let browser = Browser::start(PHONE).await;
    for theme in ["light", "dark"] {
        for variant in variants {
            let page = format!("{}/{variant}/{theme}", news.origin);
            browser.open(&page).await;
            let opener = format!("return {root}?.querySelector('button')");
            let frame = if variant == "inline" {
                "return document.querySelector('iframe')".to_owned()
            } else {
                let opener = browser.element(&opener).await;
                assert_accessible(&browser, &format!("{page}, closed")).await;
                opener.click().await.unwrap();
                format!("return {root}.querySelector('iframe')")
            };
            browser.element(&frame).await;
            assert_accessible(&browser, &format!("{page}, open")).await;
            browser.enter(&frame).await;
            browser.find("#question").await;
            assert_by_day_and_night(&browser, &format!("{page}, inside")).await;
            if variant == "inline" {
                browser.click("button[value=know]").await;
                taken_over(&browser).await;
                assert_accessible(&browser, &format!("{page}, after the first answer")).await;
            }
            browser.leave().await;
        }
    }
    browser.close().await;
}
