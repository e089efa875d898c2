//! Pages that nobody here wrote around the questionnaire: sandboxes, blocked storage, strict
//! policies, several widgets, an old WebView.

use serde_json::json;
use system::answering::{answer_to_the_end, next, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::eventually;
use system::server::Place;
use system::widget::{FRAME, allowed, assert_at_rest, exported, snippet};

#[tokio::test]
async fn two_widgets_on_a_page_keep_to_themselves() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let body = format!(
        "<wendu-survey id=\"one\" questionnaire=\"cadre\" height=\"300\"></wendu-survey>{}",
        snippet(&server, "data-id=\"two\" data-color=\"#0a6e3c\"")
    );
    news.publish(&server.url(""), &body);
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    eventually("both are there", async || {
        (browser.seen().await.len() == 2).then_some(())
    })
    .await;
    let one = "document.querySelector('#one').offsetHeight";
    let before = browser.script(&format!("return {one}")).await;
    browser
        .enter("return document.querySelector('#two iframe')")
        .await;
    browser.click("button[value=unknown]").await;
    taken_over(&browser).await;
    let colour =
        "getComputedStyle(document.querySelector('.next')).backgroundColor == 'rgb(10, 110, 60)'";
    assert!(browser.is_true(colour).await);
    answer_to_the_end(&browser).await;
    browser.wait_for_text("撤回").await;
    browser.leave().await;
    eventually("the end is told", async || {
        let seen = browser.seen().await;
        seen.iter()
            .any(|event| event == "completed:WENDU-SURVEY:two:null")
            .then_some(())
    })
    .await;
    let seen = browser.seen().await;
    let of_one: Vec<_> = seen
        .iter()
        .filter(|event| event.contains(":one:"))
        .collect();
    assert_eq!(of_one, ["ready:WENDU-SURVEY:one:null"]);
    assert_eq!(browser.script(&format!("return {one}")).await, before);
    browser
        .enter("return document.querySelector('#one iframe')")
        .await;
    browser.wait_for_text("创城工作问卷").await;
    browser.close().await;
}

#[tokio::test]
async fn a_stranger_s_messages_move_nothing() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    news.publish(&server.url(""), &snippet(&server, ""));
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    eventually("it is there", async || {
        (!browser.seen().await.is_empty()).then_some(())
    })
    .await;
    // From the page itself: the right words, the wrong window and origin.
    browser
        .script(
            "window.heard = 0; addEventListener('message', () => heard++);
             for (const what of ['height', 'completed']) postMessage({ wendu: what, height: 9999 }, '*');
             postMessage(null, '*')",
        )
        .await;
    browser.until("window.heard >= 3").await;
    assert_eq!(browser.seen().await.len(), 1);
    assert!(
        browser
            .is_true("document.querySelector('iframe').offsetHeight < 600")
            .await
    );
    browser.close().await;
}

#[tokio::test]
async fn a_sandboxed_frame_takes_answers() {
    for sandbox in [
        "allow-scripts allow-forms",
        "allow-scripts allow-forms allow-same-origin",
    ] {
        let place = Place::new();
        let (mut news, server) = allowed(&place).await;
        let frame = format!(
            "<iframe sandbox=\"{sandbox}\" referrerpolicy=\"origin\" width=340 height=600 src=\"{}\"></iframe>",
            server.url("/s/resident?embed=1")
        );
        news.publish(&server.url(""), &frame);
        let browser = Browser::start(PHONE).await;
        browser.open(&news.origin).await;
        browser.enter(FRAME).await;
        taken_over(&browser).await;
        answer_to_the_end(&browser).await;
        browser.wait_for_text("撤回").await;
        let export = exported(&place).await.concat();
        assert!(
            export.contains(&format!(",{},", news.origin)),
            "{sandbox}: {export}"
        );
        browser.close().await;
    }
}

#[tokio::test]
async fn a_sandboxed_article_gets_a_link() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    news.page("/article", &snippet(&server, ""), None);
    news.page(
        "/",
        "<iframe sandbox=\"allow-scripts\" src=\"/article\"></iframe>",
        None,
    );
    news.open();
    let browser = Browser::start(PHONE).await;
    browser.open(&news.origin).await;
    browser.enter(FRAME).await;
    let link = browser.find("wendu-survey a").await;
    let href = link.attr("href").await.unwrap();
    assert_eq!(href, Some(server.url("/s/resident")));
    browser.close().await;
}

#[tokio::test]
async fn where_cookies_and_storage_of_others_are_blocked_it_still_works() {
    // Of other sites (their storage is kept apart then), and of everyone (theirs throws).
    let of_others =
        json!({ "profile.cookie_controls_mode": 1, "profile.block_third_party_cookies": true });
    let of_everyone = json!({ "profile.default_content_setting_values.cookies": 2 });
    for (settings, throws) in [(of_others, false), (of_everyone, true)] {
        let place = Place::new();
        let (mut news, server) = allowed(&place).await;
        news.publish(&server.url(""), &snippet(&server, ""));
        let browser = Browser::with_settings(PHONE, settings).await;
        browser.open(&news.origin).await;
        browser.enter(FRAME).await;
        browser.click("button[value=heard]").await;
        taken_over(&browser).await;
        let refused = "(() => { try { return !localStorage } catch (error) { return error.name == 'SecurityError' } })()";
        assert_eq!(browser.is_true(refused).await, throws);
        next(&browser).await;
        let said = if throws {
            "本机无法保存"
        } else {
            "已保存在本机"
        };
        browser.wait_for_text(said).await;
        answer_to_the_end(&browser).await;
        browser.wait_for_text("撤回").await;
        assert!(exported(&place).await[0].contains(&news.origin));
        browser.close().await;
    }
}

#[tokio::test]
async fn the_strictest_policy_of_a_page_lets_every_variant_in() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let wendu = server.url("");
    let strict = format!(
        "default-src 'none'; script-src {wendu}; frame-src {wendu}; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    for variant in ["inline", "button", "bar"] {
        let body = snippet(&server, &format!("data-variant=\"{variant}\""));
        let html = format!(
            "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>新闻</title><div>{body}</div></html>"
        );
        news.page(&format!("/{variant}"), &html, Some(&strict));
    }
    news.open();
    let browser = Browser::start(PHONE).await;
    browser
        .before_pages("window.violations = []; addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective + ' ' + event.blockedURI))")
        .await;
    browser.watch_pages().await;
    for variant in ["inline", "button", "bar"] {
        browser.open(&format!("{}/{variant}", news.origin)).await;
        if variant != "inline" {
            let opener = "return document.querySelector('wendu-survey')?.shadowRoot?.querySelector('button')";
            browser.element(opener).await.click().await.unwrap();
        }
        browser.until("seen.length === 1").await;
        assert_eq!(
            browser.script("return violations").await,
            json!([]),
            "{variant}"
        );
        if variant == "inline" {
            assert_at_rest(&browser, variant).await;
        }
    }
    browser.close().await;
}

#[tokio::test]
async fn an_android_webview_answers_too() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    news.publish(&server.url(""), &snippet(&server, ""));
    let browser = Browser::start(PHONE).await;
    let agent = "Mozilla/5.0 (Linux; Android 9; V1818A Build/PKQ1; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/72.0.3626.121 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.2";
    browser
        .devtools(
            "Network.setUserAgentOverride",
            json!({ "userAgent": agent }),
        )
        .await;
    // What such a view lacks or refuses.
    let lacking = "delete WebAssembly.instantiateStreaming; delete window.ResizeObserver;";
    browser
        .devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": lacking }),
        )
        .await;
    browser.open(&news.origin).await;
    browser.enter(FRAME).await;
    browser.click("button[value=heard]").await;
    browser.find("#answer-heard").await;
    answer_to_the_end(&browser).await;
    browser.wait_for_text("撤回").await;
    assert!(exported(&place).await[0].contains(&news.origin));
    browser.close().await;
}

/// Milliseconds of script, of all tasks and of long ones, until a news page is read up to its
/// survey, of which a screenshot is taken if there is one.
async fn cost(browser: &Browser, url: &str, survey: Option<&str>) -> (f64, f64, f64) {
    browser.open(url).await;
    browser
        .script("scrollTo({ top: 400, behavior: 'instant' })")
        .await;
    if let Some(name) = survey {
        eventually("the survey is there", async || {
            (!browser.seen().await.is_empty()).then_some(())
        })
        .await;
        browser.script("document.querySelector('iframe').scrollIntoView({ block: 'center', behavior: 'instant' })").await;
        browser.screenshot(name).await;
    }
    let metrics = browser.devtools("Performance.getMetrics", json!({})).await;
    let metrics = metrics["metrics"].as_array().unwrap();
    let value = |name: &str| {
        let metric = metrics.iter().find(|metric| metric["name"] == name);
        metric.unwrap()["value"].as_f64().unwrap() * 1000.0
    };
    let busy = browser.script("return window.busy").await.as_f64().unwrap();
    (value("ScriptDuration"), value("TaskDuration"), busy)
}

#[tokio::test]
async fn a_large_news_page_keeps_its_layout_and_its_speed() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    news.publish_layout(&server.url(""), &snippet(&server, ""));
    for (size, name) in [(DESKTOP, "embed-news"), (PHONE, "embed-news-phone")] {
        let browser = Browser::start(size).await;
        browser.watch_pages().await;
        browser.devtools("Performance.enable", json!({})).await;
        // Other tests run meanwhile and make any task long: the quietest of three openings counts.
        let (mut scripts, mut long) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..3 {
            let without = cost(&browser, &format!("{}/without", news.origin), None).await;
            let with = cost(&browser, &format!("{}/", news.origin), Some(name)).await;
            let shift = browser.shift().await;
            println!(
                "{name}: shift {shift}, ms of script, tasks, long tasks: {without:?} without, {with:?} with"
            );
            assert!(shift < 0.01, "{name}: the layout has moved by {shift}");
            (scripts, long) = (
                scripts.min(with.0 - without.0),
                long.min(with.2 - without.2),
            );
            if scripts < 150.0 && long < 100.0 {
                break;
            }
        }
        // The scripts of this test count as the page's.
        assert!(scripts < 150.0, "{name}: {scripts} ms of script");
        assert!(long < 100.0, "{name}: {long} ms in long tasks");
        let whole = "(() => { const box = document.querySelector('iframe').getBoundingClientRect(), place = document.querySelector('article').getBoundingClientRect(); return Math.abs(box.width - place.width) < 2 && box.height >= 340 })()";
        assert!(
            browser.is_true(whole).await,
            "{name}: no rule of the page reaches it"
        );
        browser.enter(FRAME).await;
        browser.click("button[value=know]").await;
        taken_over(&browser).await;
        answer_to_the_end(&browser).await;
        browser.wait_for_text("撤回").await;
        browser.close().await;
    }
}
