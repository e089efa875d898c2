//! Every screen of those who work with it, checked by axe-core against WCAG 2.2 AA, in light and
//! dark, normal and large: the office, interviewers, kiosks.

use system::accessibility::{assert_accessible, assert_by_day_and_night, assert_for_everyone};
use system::answering::{answer_all, submit, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::server::Place;

#[tokio::test]
async fn interviewers_can_do_everything() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let (_, password) = place.run(&["password", "interviewer"]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/interview")).await;
    assert_for_everyone(&browser, "an interviewer signs in").await;
    for (typed, name) in [
        ("guess", "a wrong password"),
        (password.trim(), "the choice of a place"),
    ] {
        let field = browser.find("#password").await;
        field.send_keys(typed).await.unwrap();
        browser.click("button.next").await;
        browser.find(".fault p, #site").await;
        assert_for_everyone(&browser, name).await;
    }
    browser.click("#site option[value=S002]").await;
    browser.click("button.next").await;
    taken_over(&browser).await;
    assert_for_everyone(&browser, "an interview").await;
    browser.click("button[aria-pressed]").await;
    assert_for_everyone(&browser, "an interview in large type").await;
    answer_all(&browser).await;
    assert_for_everyone(&browser, "how the interviewer helped").await;
    let helped = "document.querySelector('[value=filled_in]').click()";
    browser.script(helped).await;
    submit(&browser).await;
    browser.wait_for_text("已提交").await;
    assert_for_everyone(&browser, "the end of an interview").await;
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
    assert_for_everyone(&browser, "a kiosk").await;
    browser.click("button[aria-pressed]").await;
    assert_for_everyone(&browser, "a kiosk in large type").await;
    browser.click("label:has(input[value=know])").await;
    browser
        .script("for (let n = 0; n < 10; n++) second()")
        .await;
    browser.find("dialog[open]").await;
    assert_for_everyone(&browser, "a kiosk that asks whether somebody is there").await;
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
