//! What editors get wrong: keys that are not known, attributes that make no sense, a line pasted
//! twice, the lines of two servers.

use serde_json::json;
use system::answering::taken_over;
use system::browser::{Browser, PHONE};
use system::server::Place;
use system::widget::{FRAME, TEXT, allowed, assert_at_rest, exported, page, snippet};

#[tokio::test]
async fn an_unknown_key_shows_nothing_and_harms_nothing() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    for (path, key) in [
        ("/unknown", "nobody"),
        ("/path", "../office"),
        ("/script", "&quot;><script>alert(1)</script>"),
        ("/empty", ""),
    ] {
        let wrong = snippet(&server, "").replace("\"resident\"", &format!("\"{key}\""));
        let right = snippet(&server, "data-id=right");
        let body = format!("{TEXT}{wrong}{TEXT}{right}");
        news.page(path, &page(&body), None);
    }
    news.open();
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    for path in ["/unknown", "/path", "/script", "/empty"] {
        browser.open(&format!("{}{path}", news.origin)).await;
        // The other one, below what is in view, is not disturbed.
        browser
            .until("seen.includes('ready:WENDU-SURVEY:right:null')")
            .await;
        assert!(browser.is_true("scrollY === 0").await, "{path}");
        let seen = browser.seen().await;
        assert_eq!(seen, ["ready:WENDU-SURVEY:right:null"], "{path}");
        assert!(browser.shift().await < 0.001, "{path}");
        let inside = "[...document.querySelectorAll('iframe')].every(frame => new URL(frame.src).pathname.startsWith('/s/'))";
        assert!(browser.is_true(inside).await, "{path}");
    }
    for key in ["nobody", "..%2Foffice"] {
        let page = server.url(&format!("/s/{key}/teaser?embed=1&from={}", news.origin));
        let refused = server.client.get(page).send().await.unwrap();
        assert!(refused.status().is_client_error());
    }
    browser.close().await;
}

#[tokio::test]
async fn attributes_that_make_no_sense_are_as_good_as_none() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let nonsense = [
        "data-theme=rainbow data-color=url(x);} data-font-size=999 data-height=high",
        "data-height=-5 data-font-size=-18 data-variant=popup data-lang=xx-klingon",
        "data-font-size=16px data-teaser=never data-label='<b>' data-height=1e9999",
        "data-color='red;position:fixed' data-theme='dark;' data-font-size='18;color:red'",
    ];
    for (number, attributes) in nonsense.iter().enumerate() {
        let body = format!("{TEXT}{}{TEXT}", snippet(&server, attributes));
        news.page(&format!("/{number}"), &page(&body), None);
    }
    news.open();
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    for (number, attributes) in nonsense.iter().enumerate() {
        browser.open(&format!("{}/{number}", news.origin)).await;
        browser.until("seen.length === 1").await;
        assert_at_rest(&browser, attributes).await;
        let widget = browser
            .script("const at = document.querySelector('wendu-survey'), box = at.getBoundingClientRect(); return [getComputedStyle(at).position, box.height < 700, box.height > 300]")
            .await;
        assert_eq!(widget, json!(["relative", true, true]), "{attributes}");
        browser.enter(FRAME).await;
        browser.click("button[value=know]").await;
        taken_over(&browser).await;
        browser.leave().await;
        assert_at_rest(&browser, attributes).await;
    }
    browser.close().await;
}

#[tokio::test]
async fn a_line_pasted_twice_is_two_widgets_of_one_page() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let twice = snippet(&server, "data-id=one") + &snippet(&server, "data-id=two");
    news.page("/", &page(&twice), None);
    news.open();
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    browser.until("seen.length === 2").await;
    browser
        .enter("return document.querySelector('#two iframe')")
        .await;
    browser.click("button[value=know]").await;
    taken_over(&browser).await;
    browser.leave().await;
    browser.until("seen.length === 3").await;
    assert_eq!(browser.seen().await[2], "answered:WENDU-SURVEY:two:null");
    assert!(exported(&place).await.is_empty());
    browser.close().await;
}

#[tokio::test]
async fn widgets_of_two_servers_each_ask_their_own() {
    let (place, other_place) = (Place::new(), Place::new());
    let (mut news, server) = allowed(&place).await;
    let embed = format!("resident={}", news.origin);
    let other = other_place.serve(&["--embed", &embed]).await;
    let both = snippet(&server, "data-id=one") + &snippet(&other, "data-id=two");
    news.page("/", &page(&both), None);
    news.open();
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    browser.until("seen.length === 2").await;
    for (id, server) in [("one", &server), ("two", &other)] {
        let source = format!("return document.querySelector('#{id} iframe').src");
        let source = browser.script(&source).await;
        let source = source.as_str().unwrap();
        assert!(source.starts_with(&server.url("/s/")), "{id}: {source}");
    }
    browser.close().await;
}
