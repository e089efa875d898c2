//! The queue of finished answers on lines, storage and servers that fail them: each arrives once.

use serde_json::json;
use std::time::Duration;
use system::answering::{WAITING, answer_all, submit, taken_over, works_offline};
use system::browser::{Browser, PHONE};
use system::eventually;
use system::line::{Line, State};
use system::load::counted;
use system::server::{Place, Server};

/// Whether the browser would ask before it leaves the page.
const ASKS: &str = "const event = document.createEvent('BeforeUnloadEvent'); \
    event.initEvent('beforeunload', false, true); dispatchEvent(event); return event.defaultPrevented";

/// Waits until so many responses are stored.
async fn arrived(server: &Server, n: usize) {
    eventually(&format!("{n} arrive"), async || {
        (counted(server).await == n).then_some(())
    })
    .await;
}

/// Opens the form and answers it, up to the button that submits.
async fn filled_in(browser: &Browser, page: &str) {
    browser.open(page).await;
    taken_over(browser).await;
    answer_all(browser).await;
}

#[tokio::test]
async fn the_worker_sends_alone_after_the_page_was_closed() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let (host, origin) = (server.host().to_owned(), server.url(""));
    let browser = Browser::start(PHONE).await;
    filled_in(&browser, &server.url("/s/resident")).await;
    works_offline(&browser).await;
    server.kill().await;
    submit(&browser).await;
    browser.wait_for_text(WAITING).await;
    let asked =
        "return (await (await navigator.serviceWorker.ready).sync.getTags()).includes('wendu')";
    browser
        .wait_for("the browser is asked to wake it", asked)
        .await;
    browser.open("about:blank").await;

    let server = place.serve_at(&host, &[]).await;
    assert_eq!(counted(&server).await, 0);
    // What the browser does once it believes the network to be back; its patience is minutes.
    browser.devtools("ServiceWorker.enable", json!({})).await;
    let sync =
        json!({ "origin": origin, "registrationId": "0", "tag": "wendu", "lastChance": false });
    browser
        .devtools("ServiceWorker.dispatchSyncEvent", sync)
        .await;
    arrived(&server, 1).await;
    assert_eq!(
        browser.script("return location.href").await,
        json!("about:blank")
    );
    browser.close().await;
    place.assert_sound().await;
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_not_asked_before() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let line = Line::to(server.host()).await;
    let browser = Browser::start(PHONE).await;
    filled_in(&browser, &format!("{}/s/resident", line.origin)).await;
    const LATER: u32 = 6;
    line.becomes(State::Busy(LATER));
    submit(&browser).await;
    browser.wait_for_text(WAITING).await;
    line.becomes(State::Good);
    assert_eq!(line.sent().len(), 1);
    // Neither a network that comes back nor another tab is a reason to ask sooner.
    browser.script("dispatchEvent(new Event('online'))").await;
    let tab = browser.client.new_window(true).await.unwrap();
    browser.client.switch_to_window(tab.handle).await.unwrap();
    browser.open(&format!("{}/s/resident", line.origin)).await;
    browser.wait_for_text("还有 1 份待提交").await;
    arrived(&server, 1).await;
    let quiet = "return !document.body.innerText.includes('待提交')";
    browser.wait_for("nothing is left", quiet).await;
    let sent = line.sent();
    assert_eq!(sent.len(), 2, "once refused, once taken");
    let waited = sent[1] - sent[0];
    assert!(waited >= Duration::from_secs(LATER.into()), "{waited:?}");
    browser.close().await;
    place.assert_sound().await;
}

#[tokio::test]
async fn a_disk_without_room_is_said_and_what_it_could_not_keep_is_sent() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let (host, origin) = (server.host().to_owned(), server.url(""));
    let page = server.url("/s/resident");
    let browser = Browser::start(PHONE).await;
    browser.open(&page).await;
    taken_over(&browser).await;
    let room = json!({ "origin": origin, "quotaSize": 1 });
    browser
        .devtools("Storage.overrideQuotaForOrigin", room)
        .await;
    // Drafts have room of their own, which somebody else has taken.
    let fill = "let part = 'x'.repeat(1 << 20); \
        while (part) try { localStorage.setItem('other' + Math.random(), part) } catch { part = part.slice(1 + part.length / 2) } \
        return localStorage.length > 4";
    assert_eq!(browser.script(fill).await, json!(true));
    answer_all(&browser).await;
    browser.wait_for_text("本机无法保存，请一次填完").await;
    submit(&browser).await;
    browser.wait_for_text("已提交").await;
    assert_eq!(
        counted(&server).await,
        1,
        "with a network nothing is missing"
    );

    filled_in(&browser, &page).await;
    server.kill().await;
    submit(&browser).await;
    browser
        .wait_for_text("本机也无法保存。请不要关闭本页")
        .await;
    browser.screenshot("queue-no-room").await;
    assert_eq!(browser.script(ASKS).await, json!(true), "before it closes");
    let server = place.serve_at(&host, &[]).await;
    browser.wait_for_text("已提交").await;
    assert_eq!(counted(&server).await, 2);
    assert_eq!(browser.script(ASKS).await, json!(false));
    browser.close().await;
    place.assert_sound().await;
}

#[tokio::test]
async fn on_a_line_that_hangs_the_kept_page_is_shown_and_its_answers_wait() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let line = Line::to(server.host()).await;
    let page = format!("{}/s/resident", line.origin);
    let browser = Browser::start(PHONE).await;
    browser.open(&page).await;
    taken_over(&browser).await;
    works_offline(&browser).await;
    line.becomes(State::Hangs);
    filled_in(&browser, &page).await;
    let waited = "const [entry] = performance.getEntriesByType('navigation'); return entry.responseStart - entry.startTime";
    let waited = browser.script(waited).await.as_f64().unwrap();
    assert!((2_900.0..10_000.0).contains(&waited), "{waited} ms");
    submit(&browser).await;
    browser.wait_for_text(WAITING).await;
    assert_eq!(counted(&server).await, 0);
    line.becomes(State::Good);
    browser.wait_for_text("已提交").await;
    assert_eq!(counted(&server).await, 1);
    browser.close().await;
    place.assert_sound().await;
}

#[tokio::test]
async fn what_was_stored_without_the_reply_arriving_is_stored_once() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let line = Line::to(server.host()).await;
    let browser = Browser::start(PHONE).await;
    for (n, fault) in [(1, State::LosesReplies), (2, State::BreaksOff)] {
        filled_in(&browser, &format!("{}/s/resident", line.origin)).await;
        let before = line.sent().len();
        line.becomes(fault);
        submit(&browser).await;
        browser.wait_for_text(WAITING).await;
        let stored = if fault == State::LosesReplies {
            n
        } else {
            n - 1
        };
        arrived(&server, stored).await;
        line.becomes(State::Good);
        browser.wait_for_text("已提交").await;
        assert_eq!(counted(&server).await, n, "{fault:?}");
        assert!(
            line.sent().len() >= before + 2,
            "{fault:?}: it was sent again"
        );
    }
    browser.close().await;
    place.assert_sound().await;
}
