//! Interviewers who go on to another place where there is no network.

use serde_json::{Value, json};
use system::accessibility::assert_accessible;
use system::answering::{answer, next, question, submit, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::eventually;
use system::interviews::{kept, signed_in};
use system::server::Place;

/// Where the line over the form says that the interviewer is.
async fn line(browser: &Browser) -> Value {
    browser
        .script("return document.getElementById('place').textContent")
        .await
}

/// What a list is set to.
async fn chosen(browser: &Browser, list: &str) -> Value {
    let script = format!("return document.getElementById('{list}').value");
    browser.script(&script).await
}

/// Opens the choice of place and makes it, as a hand does.
async fn change(browser: &Browser, list: &str, code: &str) {
    browser.click(".bar a").await;
    browser.find("dialog[open]").await;
    browser
        .click(&format!("#{list} option[value='{code}']"))
        .await;
}

async fn take(browser: &Browser) {
    browser.click("dialog[open] .next").await;
    let closed = "return !document.querySelector('dialog[open]')";
    browser.wait_for("the choice is made", closed).await;
}

/// Answers from here to the last question, as somebody who lives in `township`.
async fn interview(browser: &Browser, township: &str) {
    let home = format!("label:has([value='{township}'])");
    loop {
        if browser.is_there(&home).await {
            browser.click(&home).await;
        } else {
            answer(browser).await;
        }
        let last = "const p = document.querySelector('progress'); return p.value === p.max";
        if browser.script(last).await == json!(true) {
            break;
        }
        next(browser).await;
    }
    let helped = "const kind = document.querySelector('[value=read_aloud]'); kind.click(); return kind.checked";
    assert_eq!(browser.script(helped).await, json!(true));
    submit(browser).await;
    browser.wait_for_text("已保存在本机，联网后自动提交").await;
}

async fn next_person(browser: &Browser) {
    browser.click("a.next").await;
    taken_over(browser).await;
}

#[tokio::test]
async fn site_and_area_are_changed_without_a_network_and_each_interview_has_its_own() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let host = server.host().to_owned();
    let browser = signed_in(&place, &server, PHONE).await;
    browser.click("#site option[value=S002]").await;
    assert_accessible(&browser, "the beginning of the day").await;
    // A site lies in an area.
    assert_eq!(chosen(&browser, "area").await, json!("T01-02"));
    browser.click("button.next").await;
    taken_over(&browser).await;
    assert_eq!(line(&browser).await, json!("城关农贸市场"));
    kept(&browser, "/s/resident?mode=interviewer").await;
    server.kill().await;

    interview(&browser, "T01").await;
    next_person(&browser).await;
    assert_eq!(line(&browser).await, json!("城关农贸市场"));

    // In the middle of an interview, whose answers stay.
    answer(&browser).await;
    next(&browser).await;
    let second = question(&browser).await;
    change(&browser, "site", "S005").await;
    browser.screenshot("interview-change-place").await;
    assert_accessible(&browser, "the choice of place").await;
    assert_eq!(chosen(&browser, "area").await, json!("T02-01"));
    take(&browser).await;
    assert_eq!(line(&browser).await, json!("河东早市"));
    assert_eq!(question(&browser).await, second);
    interview(&browser, "T02").await;
    browser.screenshot("interview-done-elsewhere").await;

    // Nowhere in particular, within another community; a choice that is left changes nothing.
    next_person(&browser).await;
    change(&browser, "site", "S001").await;
    browser.click("dialog[open] button:not(.next)").await;
    assert_eq!(line(&browser).await, json!("河东早市"));
    change(&browser, "area", "T02-03").await;
    assert_eq!(
        chosen(&browser, "site").await,
        json!(""),
        "a site outside the area is no longer meant"
    );
    take(&browser).await;
    assert_eq!(line(&browser).await, json!("青河嘎查"));
    // The place outlives the browser.
    let browser = browser.reopen(PHONE).await;
    browser
        .open(&format!("http://{host}/s/resident?mode=interviewer"))
        .await;
    taken_over(&browser).await;
    assert_eq!(line(&browser).await, json!("青河嘎查"));
    let today = "return document.getElementById('today').textContent";
    assert_eq!(browser.script(today).await, json!("2"));
    interview(&browser, "T02").await;
    assert_eq!(browser.script(today).await, json!("3"));

    let _server = place.serve_at(&host, &[]).await;
    browser.client.refresh().await.unwrap();
    let columns = ["site", "area", "assistance", "device"];
    eventually("all arrive", async || {
        (place.exported(&columns).await.len() == 3).then_some(())
    })
    .await;
    let quiet = "return !document.body.innerText.includes('待提交')";
    browser.wait_for("nothing is left", quiet).await;
    let mut rows = place.exported(&columns).await;
    rows.sort();
    let expected = [
        ["", "T02-03", "read_aloud", "1"],
        ["S002", "T01-02", "read_aloud", "1"],
        ["S005", "T02-01", "read_aloud", "1"],
    ];
    assert_eq!(rows, expected);
    browser.close().await;
    place.assert_sound().await;
}

#[tokio::test]
async fn whoever_has_signed_in_can_begin_every_form_at_every_place_without_a_network() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = signed_in(&place, &server, DESKTOP).await;
    for form in ["resident", "cadre", "merchant"] {
        kept(&browser, &format!("/s/{form}?mode=interviewer")).await;
    }
    kept(&browser, "/interview").await;
    server.kill().await;

    browser.client.refresh().await.unwrap();
    browser.click("#questionnaire option[value=cadre]").await;
    browser.click("#site option[value=S006]").await;
    browser.click("button.next").await;
    taken_over(&browser).await;
    assert_eq!(
        browser.script("return document.title").await,
        json!("创城工作问卷（干部）")
    );
    let shown = line(&browser).await;
    browser.click(".bar a").await;
    browser.find("dialog[open]").await;
    browser.screenshot("interview-change-place-desktop").await;
    // The address of another place, as somebody may have kept it, is the same page.
    let moved = "location.assign('/s/resident?mode=interviewer&site=S003&area=T01-03')";
    browser.script(moved).await;
    let there = "return document.getElementById('place').textContent === '青禾客运站'";
    browser.wait_for("the other place", there).await;
    assert_ne!(shown, json!("青禾客运站"));
    taken_over(&browser).await;
    assert_eq!(
        browser.script("return location.search").await,
        json!("?mode=interviewer"),
        "whoever comes back to this address is where the device is"
    );
    let pages = "const done = arguments[0]; caches.open('wendu').then((c) => c.keys()) \
        .then((keys) => done(keys.filter(({ url }) => url.includes('/s/')).length))";
    let pages = browser.client.execute_async(pages, Vec::new()).await;
    assert_eq!(pages.unwrap(), json!(3), "one page for each form");
    browser.close().await;
}

#[tokio::test]
async fn back_after_an_interview_shows_nothing_of_it() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = signed_in(&place, &server, PHONE).await;
    browser.click("button.next").await;
    taken_over(&browser).await;
    assert_eq!(line(&browser).await, json!("未选点位"));
    kept(&browser, "/s/resident?mode=interviewer").await;
    server.kill().await;
    interview(&browser, "T01").await;
    next_person(&browser).await;
    for _ in 0..3 {
        browser.client.back().await.unwrap();
        taken_over(&browser).await;
        let seen = "return document.querySelectorAll('#app :checked, output').length";
        assert_eq!(browser.script(seen).await, json!(0));
    }
    browser.close().await;
}

#[tokio::test]
async fn without_scripts_the_place_is_chosen_on_a_page_of_its_own() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let chosen = server
        .client
        .get(server.url("/interview/start?questionnaire=resident&site=S005&area=T02-01"))
        .send()
        .await
        .unwrap();
    let page = chosen.text().await.unwrap();
    for part in [
        "name=\"_site\" value=\"S005\"",
        "name=\"_area\" value=\"T02-01\"",
        "href=\"/interview\"",
        "河东早市</span>",
    ] {
        assert!(page.contains(part), "{part}");
    }
}
