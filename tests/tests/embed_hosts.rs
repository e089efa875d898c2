//! Pages that nobody here wrote around the questionnaire: sandboxes, blocked storage, dialogs,
//! several widgets, a large news layout, an old WebView.

use serde_json::json;
use system::answering::{answer_to_the_end, next, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::eventually;
use system::news::NewsSite;
use system::server::{Place, Server};

/// A server that lets the site embed everything.
async fn serve(place: &Place, news: &NewsSite) -> Server {
    let [resident, cadre] = ["resident", "cadre"].map(|id| format!("{id}={}", news.origin));
    place
        .serve(&["--embed", &resident, "--embed", &cadre])
        .await
}

fn snippet(server: &Server, attributes: &str) -> String {
    let loader = server.url("/embed.js");
    format!("<script async src=\"{loader}\" {attributes}></script>")
}

async fn exported(place: &Place) -> String {
    place
        .run(&["export", "--questionnaire", "resident"])
        .await
        .1
}

async fn is_true(browser: &Browser, script: &str) -> bool {
    browser.script(&format!("return {script}")).await == json!(true)
}

async fn wait_until(browser: &Browser, what: &str) {
    eventually(what, async || is_true(browser, what).await.then_some(())).await;
}

#[tokio::test]
async fn two_widgets_on_a_page_keep_to_themselves() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    let body = format!(
        "<wendu-survey id=\"one\" questionnaire=\"cadre\" height=\"300\"></wendu-survey>{}",
        snippet(
            &server,
            "data-wendu=\"resident\" data-id=\"two\" data-color=\"#0a6e3c\""
        )
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
    assert!(is_true(&browser, colour).await);
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
    let mut news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    news.publish(
        &server.url(""),
        &snippet(&server, "data-wendu=\"resident\""),
    );
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
    wait_until(&browser, "window.heard >= 3").await;
    assert_eq!(browser.seen().await.len(), 1);
    assert!(
        is_true(
            &browser,
            "document.querySelector('iframe').offsetHeight < 600"
        )
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
        let mut news = NewsSite::reserve().await;
        let server = serve(&place, &news).await;
        let frame = format!(
            "<iframe sandbox=\"{sandbox}\" referrerpolicy=\"origin\" width=340 height=600 src=\"{}\"></iframe>",
            server.url("/s/resident?embed=1")
        );
        news.publish(&server.url(""), &frame);
        let browser = Browser::start(PHONE).await;
        browser.open(&news.origin).await;
        browser
            .enter("return document.querySelector('iframe')")
            .await;
        taken_over(&browser).await;
        answer_to_the_end(&browser).await;
        browser.wait_for_text("撤回").await;
        let export = exported(&place).await;
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
    let mut news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    news.page(
        "/article",
        &snippet(&server, "data-wendu=\"resident\""),
        None,
    );
    news.page(
        "/",
        "<iframe sandbox=\"allow-scripts\" src=\"/article\"></iframe>",
        None,
    );
    news.open();
    let browser = Browser::start(PHONE).await;
    browser.open(&news.origin).await;
    browser
        .enter("return document.querySelector('iframe')")
        .await;
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
        let mut news = NewsSite::reserve().await;
        let server = serve(&place, &news).await;
        news.publish(
            &server.url(""),
            &snippet(&server, "data-wendu=\"resident\""),
        );
        let browser = Browser::with_settings(PHONE, settings).await;
        browser.open(&news.origin).await;
        browser
            .enter("return document.querySelector('iframe')")
            .await;
        browser.click("button[value=heard]").await;
        taken_over(&browser).await;
        let refused = "(() => { try { return !localStorage } catch (error) { return error.name == 'SecurityError' } })()";
        assert_eq!(is_true(&browser, refused).await, throws);
        next(&browser).await;
        let said = if throws {
            "本机无法保存"
        } else {
            "已保存在本机"
        };
        browser.wait_for_text(said).await;
        answer_to_the_end(&browser).await;
        browser.wait_for_text("撤回").await;
        assert!(exported(&place).await.contains(&news.origin));
        browser.close().await;
    }
}

#[tokio::test]
async fn a_button_opens_a_dialog_that_keeps_the_focus_and_gives_it_back() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    let body = format!(
        "<p><a id=\"before\" href=\"#\">前</a></p>{}<p><a id=\"behind\" href=\"#\">后</a></p>",
        snippet(
            &server,
            "data-wendu=\"resident\" data-variant=\"button\" data-label=\"说说您的感受\""
        )
    );
    news.publish(&server.url(""), &body);
    let browser = Browser::start(DESKTOP).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    let root = "document.querySelector('wendu-survey').shadowRoot";
    wait_until(&browser, &format!("!!document.querySelector('wendu-survey')?.shadowRoot && {root}.querySelector('button').textContent == '说说您的感受'")).await;
    assert!(!is_true(&browser, &format!("!!{root}.querySelector('iframe')")).await);
    browser
        .script("document.querySelector('#before').focus()")
        .await;
    browser.press("Tab").await;
    browser.press("Enter").await;
    let open = format!("!!{root}.querySelector('dialog:modal')");
    wait_until(&browser, &open).await;
    eventually("the survey is there", async || {
        (!browser.seen().await.is_empty()).then_some(())
    })
    .await;
    browser
        .enter(&format!("return {root}.querySelector('iframe')"))
        .await;
    taken_over(&browser).await;
    browser.leave().await;
    browser.screenshot("embed-dialog").await;
    for _ in 0..20 {
        browser.press("Tab").await;
        let outside = "['before', 'behind'].includes(document.activeElement.id)";
        assert!(!is_true(&browser, outside).await, "the focus stays inside");
    }
    // From the dialog's own button, then from inside the survey, which is another site's page.
    browser
        .script(&format!("{root}.querySelector('dialog button').focus()"))
        .await;
    browser.press("Escape").await;
    wait_until(&browser, &format!("!{open}")).await;
    wait_until(
        &browser,
        &format!("{root}.activeElement == {root}.querySelector('button')"),
    )
    .await;
    browser.press("Enter").await;
    wait_until(&browser, &open).await;
    browser
        .enter(&format!("return {root}.querySelector('iframe')"))
        .await;
    browser.click("label:has(input[type=radio])").await;
    browser.press("Escape").await;
    browser.leave().await;
    wait_until(&browser, &format!("!{open}")).await;
    wait_until(
        &browser,
        &format!("{root}.activeElement == {root}.querySelector('button')"),
    )
    .await;
    browser.close().await;
}

#[tokio::test]
async fn a_bar_at_the_bottom_goes_away_and_stays_away() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    let body = format!(
        "<h1>百日攻坚</h1>{}{}",
        "<p>正文，很长的正文。</p>".repeat(60),
        snippet(
            &server,
            "data-wendu=\"resident\" data-variant=\"bar\" data-color=\"#b30000\""
        )
    );
    news.publish(&server.url(""), &body);
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    let root = "document.querySelector('wendu-survey').shadowRoot";
    let bar = format!("[...{root}.children].find(child => child.tagName == 'DIV')");
    wait_until(
        &browser,
        &format!("!!document.querySelector('wendu-survey')?.shadowRoot && !!({bar})"),
    )
    .await;
    browser.screenshot("embed-bar").await;
    let slim = format!(
        "({bar}).getBoundingClientRect().height < innerHeight / 5 && ({bar}).getBoundingClientRect().bottom == innerHeight"
    );
    assert!(is_true(&browser, &slim).await);
    assert!(browser.shift().await < 0.001, "nothing moves for it");
    browser
        .element(&format!("return {root}.querySelector('button')"))
        .await
        .click()
        .await
        .unwrap();
    browser
        .enter(&format!("return {root}.querySelector('iframe')"))
        .await;
    taken_over(&browser).await;
    browser.leave().await;
    browser.screenshot("embed-bar-open").await;
    browser
        .element(&format!("return {root}.querySelector('dialog button')"))
        .await
        .click()
        .await
        .unwrap();
    browser
        .element(&format!("return {root}.querySelector('[aria-label=关闭]')"))
        .await
        .click()
        .await
        .unwrap();
    wait_until(&browser, &format!("!({bar})")).await;
    browser.open(&news.origin).await;
    wait_until(&browser, "!!document.querySelector('wendu-survey')").await;
    assert!(
        is_true(&browser, &format!("!({bar})")).await,
        "for this session it stays away"
    );
    browser.close().await;
}

#[tokio::test]
async fn a_large_news_page_keeps_its_layout_and_its_speed() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    news.publish_layout(
        &server.url(""),
        &snippet(&server, "data-wendu=\"resident\""),
    );
    for (size, name) in [(DESKTOP, "embed-news"), (PHONE, "embed-news-phone")] {
        let browser = Browser::start(size).await;
        browser.watch_pages().await;
        browser.devtools("Performance.enable", json!({})).await;
        let mut costs = Vec::new();
        for path in ["/without", "/"] {
            browser.open(&format!("{}{path}", news.origin)).await;
            browser
                .script("scrollTo({ top: 400, behavior: 'instant' })")
                .await;
            if path == "/" {
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
            costs.push((value("ScriptDuration"), value("TaskDuration"), busy));
        }
        let shift = browser.shift().await;
        let [without, with] = costs.as_slice() else {
            panic!("two pages")
        };
        println!(
            "{name}: shift {shift}, ms of script, tasks, long tasks: {without:?} without, {with:?} with"
        );
        // The scripts of this test count as the page's.
        assert!(shift < 0.01, "{name}: the layout has moved by {shift}");
        assert!(with.0 - without.0 < 150.0, "{name}: {without:?} {with:?}");
        assert!(with.2 - without.2 < 100.0, "{name}: {without:?} {with:?}");
        let whole = "(() => { const box = document.querySelector('iframe').getBoundingClientRect(), place = document.querySelector('article').getBoundingClientRect(); return Math.abs(box.width - place.width) < 2 && box.height >= 340 })()";
        assert!(
            is_true(&browser, whole).await,
            "{name}: no rule of the page reaches it"
        );
        browser
            .enter("return document.querySelector('iframe')")
            .await;
        browser.click("button[value=know]").await;
        taken_over(&browser).await;
        answer_to_the_end(&browser).await;
        browser.wait_for_text("撤回").await;
        browser.close().await;
    }
}

#[tokio::test]
async fn an_android_webview_answers_too() {
    let place = Place::new();
    let mut news = NewsSite::reserve().await;
    let server = serve(&place, &news).await;
    news.publish(
        &server.url(""),
        &snippet(&server, "data-wendu=\"resident\""),
    );
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
    browser
        .enter("return document.querySelector('iframe')")
        .await;
    browser.click("button[value=heard]").await;
    browser.find("#answer-heard").await;
    answer_to_the_end(&browser).await;
    browser.wait_for_text("撤回").await;
    assert!(exported(&place).await.contains(&news.origin));
    browser.close().await;
}
