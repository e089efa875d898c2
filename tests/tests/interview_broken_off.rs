//! Interviews that were begun and not finished: the next person's answers never mix with them.

use serde_json::{Value, json};
use system::accessibility::assert_for_everyone;
use system::answering::{WAITING, answer, answer_all, next, question, submit, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::eventually;
use system::interviews::{kept, signed_in};
use system::server::Place;

const FORM: &str = "/s/resident?mode=interviewer";
const DRAFT: &str = "wendu:interview:resident:1";

/// An interviewer's form on a tablet that has kept it, and the address of the server, which has
/// gone.
async fn without_a_network(place: &Place) -> (Browser, String) {
    let server = place.serve(&[]).await;
    let browser = signed_in(place, &server, PHONE).await;
    browser.click("button.next").await;
    taken_over(&browser).await;
    kept(&browser, FORM).await;
    let host = server.host().to_owned();
    server.kill().await;
    (browser, host)
}

/// What the device keeps of the interview that is open, by the name of its field.
async fn draft(browser: &Browser, field: &str) -> Value {
    let script =
        format!("return new URLSearchParams(localStorage.getItem('{DRAFT}') || '').get('{field}')");
    browser.script(&script).await
}

/// The one response that waits on the device.
async fn finished(browser: &Browser) -> Value {
    let script = "const done = arguments[0]; const open = indexedDB.open('wendu', 1); \
        open.onsuccess = () => { const all = open.result.transaction('queue').objectStore('queue').getAll(); \
        all.onsuccess = () => { open.result.close(); done(all.result.map(({ body }) => JSON.parse(body))) } }";
    let all = browser.client.execute_async(script, Vec::new()).await;
    let all: Vec<Value> = serde_json::from_value(all.unwrap()).unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_iter().next().unwrap()
}

/// Begins an interview and comes to the second question, which it returns.
async fn begin(browser: &Browser) -> String {
    taken_over(browser).await;
    answer(browser).await;
    next(browser).await;
    question(browser).await
}

async fn broken_off(browser: &Browser) {
    browser.client.refresh().await.unwrap();
    browser.find("#broken-off:not([hidden])").await;
}

async fn ticked(browser: &Browser) -> Value {
    let script = "return document.querySelectorAll('#app :checked').length";
    browser.script(script).await
}

/// Helps with the last question and hands the interview in.
async fn finish(browser: &Browser) {
    answer_all(browser).await;
    let helped = "const kind = document.querySelector('[value=read_aloud]'); kind.click(); return kind.checked";
    assert_eq!(browser.script(helped).await, json!(true));
    submit(browser).await;
    browser.wait_for_text(WAITING).await;
}

#[tokio::test]
async fn what_was_broken_off_is_shown_to_nobody_until_the_interviewer_chooses() {
    let place = Place::new();
    let (browser, host) = without_a_network(&place).await;

    let second = begin(&browser).await;
    let (id, begun) = (
        draft(&browser, "_id").await,
        draft(&browser, "_started").await,
    );
    broken_off(&browser).await;
    let shown = browser.text().await;
    let clock = format!(
        "return new Date({begun}).toLocaleTimeString('sv').slice(0, 5) + ' 开始的访问中断了'"
    );
    let clock = browser.script(&clock).await;
    assert!(shown.contains(clock.as_str().unwrap()), "{shown}");
    assert!(!shown.contains(&second) && !shown.contains("已恢复"));
    assert_eq!(ticked(&browser).await, json!(0), "nor hidden on the page");
    browser.screenshot("interview-broken-off").await;
    assert_for_everyone(&browser, "a broken-off interview").await;

    // A slip drops nothing: the second tap at the same place leads back.
    browser.click("#broken-off .back").await;
    browser.screenshot("interview-drop").await;
    assert_for_everyone(&browser, "the question before dropping").await;
    browser.click("#drop .back").await;
    assert_eq!(draft(&browser, "_id").await, id);
    browser.click("#broken-off .next").await;
    taken_over(&browser).await;
    browser.wait_for_text("已恢复您上次填写的内容").await;
    assert!(
        !browser.text().await.contains("从头填写"),
        "at one tap nothing is dropped"
    );
    assert_eq!(question(&browser).await, second);
    assert_eq!(draft(&browser, "_id").await, id);

    // Asked anew, as often as it is broken off.
    broken_off(&browser).await;
    browser.click("#broken-off .back").await;
    browser.click("#drop .next").await;
    taken_over(&browser).await;
    assert_ne!(question(&browser).await, second);
    assert_eq!(ticked(&browser).await, json!(0));
    assert_eq!(draft(&browser, "_id").await, Value::Null);
    assert!(!browser.text().await.contains("已恢复"));
    finish(&browser).await;
    let sent = finished(&browser).await;
    assert_ne!(sent["id"], id);
    assert!(sent["started_at"].as_str() > begun.as_str());
    // Nothing is left to ask about, nor to be dropped.
    assert!(
        !browser
            .is_there("[aria-controls=drop]:not([data-unable])")
            .await
    );
    browser.click("a.next").await;
    taken_over(&browser).await;

    let _server = place.serve_at(&host, &[]).await;
    browser.client.refresh().await.unwrap();
    eventually("the one that was finished arrives, alone", async || {
        (place.exported(&["assistance"]).await == [["read_aloud"]]).then_some(())
    })
    .await;
    browser.close().await;
}

#[tokio::test]
async fn an_interview_is_dropped_at_any_time_after_a_second_question() {
    let place = Place::new();
    let (browser, _) = without_a_network(&place).await;
    let second = begin(&browser).await;
    let id = draft(&browser, "_id").await;
    browser.screenshot("interview-line").await;
    browser.click("[aria-controls=drop]").await;
    browser.wait_for_text("不会提交").await;
    assert!(!browser.text().await.contains(&second));
    browser.click("#drop .back").await;
    assert_eq!(question(&browser).await, second);
    browser.click("[aria-controls=drop]").await;
    browser.click("#drop .next").await;
    eventually("another interview", async || {
        let first = question(&browser).await;
        (!first.is_empty() && first != second).then_some(())
    })
    .await;
    taken_over(&browser).await;
    assert_eq!(ticked(&browser).await, json!(0));
    assert_eq!(draft(&browser, "_id").await, Value::Null);
    // Nor does the browser's "back" bring anything of it.
    browser.client.back().await.unwrap();
    taken_over(&browser).await;
    assert_eq!(ticked(&browser).await, json!(0));
    finish(&browser).await;
    assert_ne!(finished(&browser).await["id"], id);
    browser.close().await;
}

#[tokio::test]
async fn a_resident_on_an_interviewers_tablet_meets_no_interview() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(DESKTOP).await;
    browser.open(&server.url(FORM)).await;
    let second = begin(&browser).await;
    browser.screenshot("interview-line-desktop").await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    assert_ne!(question(&browser).await, second);
    assert_eq!(ticked(&browser).await, json!(0));
    browser.open(&server.url(FORM)).await;
    browser.find("#broken-off:not([hidden])").await;
    browser.screenshot("interview-broken-off-desktop").await;
    browser.close().await;
}
