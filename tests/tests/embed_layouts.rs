//! The widget in layouts that nobody here wrote: it has the height of its content and the width of
//! its place, comes to rest there, and moves nothing.

use serde_json::json;
use system::answering::{answer_all, submit, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::eventually;
use system::news::NewsSite;
use system::server::{Place, Server};

const FRAME: &str = "return document.querySelector('iframe')";
const TEXT: &str =
    "<p>百日攻坚行动启动以来，城区主次干道、背街小巷、农贸市场和居住小区的面貌有了明显变化。</p>";

/// Pages with a widget, by what is around it. In each `<!--widget-->` is the place.
const LAYOUTS: [(&str, &str); 12] = [
    ("sticky header and late images", "
        <header style='position:sticky;top:0;height:64px;background:#b30000'>青禾日报</header>
        <img id=late style='width:100%'><article><!--widget--></article>"),
    ("a grid with a sidebar of 280 pixels", "
        <div style='display:grid;grid-template-columns:1fr 280px;gap:8px'><p>正文</p><aside><!--widget--></aside></div>"),
    ("a row of a flexible box", "<div style='display:flex;gap:16px'><p style='flex:1 0 40%'>正文</p><!--widget--></div>"),
    ("a column that shrinks what is in it", "
        <div style='display:flex;flex-direction:column;height:300px;overflow:auto'><p>正文</p><!--widget--><p>后文</p></div>"),
    ("columns of text", "<div style='columns:2'><!--widget--></div>"),
    ("contained and drawn late", "<div style='contain:layout paint style;content-visibility:auto'><!--widget--></div>"),
    ("from right to left", "<div dir=rtl lang=ar><p>نص</p><!--widget--></div>"),
    ("zoomed", "<div style='zoom:1.25'><!--widget--></div>"),
    ("zoomed out", "<div style='zoom:0.9'><!--widget--></div>"),
    ("transformed", "<div style='transform:scale(.9);transform-origin:0 0'><!--widget--></div>"),
    ("floating beside text", "<div style='float:right;width:340px'><!--widget--></div>"),
    ("a table", "<table style='width:100%'><tr><td><!--widget--></td></tr></table>"),
];

fn snippet(server: &Server, attributes: &str) -> String {
    let loader = server.url("/embed.js");
    format!("<script async src=\"{loader}\" data-wendu=\"resident\" {attributes}></script>")
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>新闻</title>\
         <style>body {{ margin: 0; font: 18px/1.8 serif }}</style><body>{body}</body></html>"
    )
}

async fn site(place: &Place) -> (NewsSite, Server) {
    let news = NewsSite::reserve().await;
    let allowed = format!("resident={}", news.origin);
    let server = place.serve(&["--embed", &allowed]).await;
    (news, server)
}

/// Waits until the frame shows all of its page, and then watches that it stays as it is.
async fn assert_at_rest(browser: &Browser, name: &str) {
    let whole = "(() => { const root = document.documentElement; return root.scrollHeight <= innerHeight && root.scrollWidth <= innerWidth && innerHeight - document.querySelector('#app').getBoundingClientRect().height < 50 })()";
    browser.enter(FRAME).await;
    browser.find("#question").await;
    eventually(&format!("{name}: all of it is shown"), async || {
        browser.is_true(whole).await.then_some(())
    })
    .await;
    browser.leave().await;
    let still = "const widget = document.querySelector('wendu-survey');
        const size = () => JSON.stringify([widget.getBoundingClientRect(), document.documentElement.scrollHeight]);
        const before = size();
        for (let n = 0; n < 12; n++) await new Promise(requestAnimationFrame);
        return size() === before";
    browser
        .wait_for(&format!("{name}: it is at rest"), still)
        .await;
    let inside = "(() => { const widget = document.querySelector('wendu-survey'), place = widget.parentElement; const [one, other] = [widget, place].map(e => e.getBoundingClientRect()); return one.width > 200 && one.left >= other.left - 1 && one.right <= other.right + 1 })()";
    assert!(
        browser.is_true(inside).await,
        "{name}: as wide as its place"
    );
}

#[tokio::test]
async fn it_fits_every_layout_and_moves_nothing() {
    let place = Place::new();
    let (mut news, server) = site(&place).await;
    for (number, (_, layout)) in LAYOUTS.iter().enumerate() {
        let layout = layout.replace("<!--widget-->", &snippet(&server, ""));
        let body = format!("{layout}{}", TEXT.repeat(12));
        news.page(&format!("/{number}"), &page(&body), None);
    }
    news.open();
    let browser = Browser::start(DESKTOP).await;
    browser.watch_pages().await;
    for (number, (name, _)) in LAYOUTS.iter().enumerate() {
        browser.open(&format!("{}/{number}", news.origin)).await;
        assert_at_rest(&browser, name).await;
        let shift = browser.shift().await;
        assert!(shift < 0.001, "{name}: moved by {shift}");
        if *name == LAYOUTS[0].0 {
            // What is above comes late, and a font of another width.
            browser
                .script("document.querySelector('#late').style.height = '400px'; document.body.style.fontFamily = 'monospace'")
                .await;
            assert_at_rest(&browser, name).await;
        }
        // The first answer brings the whole form, in the same place.
        browser.enter(FRAME).await;
        browser.click("button[value=know]").await;
        taken_over(&browser).await;
        browser.leave().await;
        assert_at_rest(&browser, name).await;
        assert_eq!(
            browser.seen().await,
            ["ready", "answered"].map(|what| format!("{what}:WENDU-SURVEY::null")),
            "{name}"
        );
    }
    browser.close().await;
}

#[tokio::test]
async fn it_comes_to_rest_where_pixels_are_no_whole_ones() {
    let place = Place::new();
    let (mut news, server) = site(&place).await;
    news.page("/", &page(&format!("{TEXT}{}", snippet(&server, ""))), None);
    news.open();
    let browser = Browser::start(PHONE).await;
    for ratio in [1.1, 1.25, 1.5, 2.625] {
        browser.open(&news.origin).await;
        let metrics =
            json!({ "width": 361, "height": 640, "deviceScaleFactor": ratio, "mobile": true });
        browser
            .devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        assert_at_rest(&browser, &format!("at {ratio} pixels")).await;
    }
    browser.close().await;
}

#[tokio::test]
async fn what_is_hidden_at_first_is_loaded_when_it_is_shown() {
    let place = Place::new();
    let (mut news, server) = site(&place).await;
    let tab = format!(
        "<div id=tab style='display:none'>{}</div>{TEXT}",
        snippet(&server, "")
    );
    let accordion = format!(
        "<details id=tab><summary>更多</summary>{}</details>",
        snippet(&server, "")
    );
    let element = format!(
        "<wendu-survey id=tab questionnaire=resident hidden></wendu-survey>{}",
        snippet(&server, "").replace("data-wendu=\"resident\"", "")
    );
    for (path, body) in [
        ("/tab", &tab),
        ("/accordion", &accordion),
        ("/element", &element),
    ] {
        news.page(path, &page(body), None);
    }
    news.open();
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    for (path, show) in [
        (
            "/tab",
            "document.querySelector('#tab').style.display = 'block'",
        ),
        ("/accordion", "document.querySelector('#tab').open = true"),
        ("/element", "document.querySelector('#tab').hidden = false"),
    ] {
        browser.open(&format!("{}{path}", news.origin)).await;
        browser
            .until("!!document.querySelector('wendu-survey')?.style.cssText")
            .await;
        assert!(!browser.is_there("iframe").await, "{path}");
        assert!(
            browser
                .is_true("!document.querySelector('wendu-survey').checkVisibility()")
                .await,
            "{path}"
        );
        browser.script(show).await;
        assert_at_rest(&browser, path).await;
    }
    browser.close().await;
}

#[tokio::test]
async fn an_application_may_put_it_in_take_it_out_and_change_it() {
    let place = Place::new();
    let (mut news, server) = site(&place).await;
    let loader = snippet(&server, "").replace("data-wendu=\"resident\"", "");
    news.page("/", &page(&format!("<main></main>{loader}")), None);
    news.open();
    let browser = Browser::start(PHONE).await;
    // How many hear what is said to the page.
    browser
        .before_pages(
            "window.hearing = 0;
             const [add, remove] = [addEventListener, removeEventListener];
             addEventListener = (kind, ...rest) => { if (kind === 'message') hearing++; return add(kind, ...rest) };
             removeEventListener = (kind, ...rest) => { if (kind === 'message') hearing--; return remove(kind, ...rest) };",
        )
        .await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    browser.until("!!customElements.get('wendu-survey')").await;
    let hearing = browser.script("return hearing").await;
    // As libraries do it: first the element, then its place, then its attributes.
    let come_and_go = "
        for (let n = 0; n < 20; n++) {
            const widget = document.createElement('wendu-survey');
            document.querySelector('main').append(widget);
            widget.setAttribute('questionnaire', 'resident');
            await new Promise(requestAnimationFrame);
            if (n < 19) widget.remove();
            await new Promise(requestAnimationFrame);
        }
        return true";
    browser.wait_for("it has come and gone", come_and_go).await;
    assert_at_rest(&browser, "the last of twenty").await;
    let one_more = hearing.as_i64().unwrap() + 1;
    assert_eq!(browser.script("return hearing").await, json!(one_more));
    assert!(
        browser
            .is_true("document.querySelectorAll('iframe').length === 1")
            .await
    );
    let count = "seen.filter(event => event.startsWith('ready')).length";
    let readies = browser.script(&format!("return {count}")).await;

    // Moved within the page, it stays one; changed, it is another.
    browser
        .script("const other = document.createElement('section'); document.body.prepend(other); other.append(document.querySelector('wendu-survey'))")
        .await;
    assert_at_rest(&browser, "moved").await;
    browser
        .script("const widget = document.querySelector('wendu-survey'); widget.setAttribute('theme', 'dark'); widget.setAttribute('font-size', '24')")
        .await;
    browser
        .until("document.querySelector('iframe').src.includes('theme=dark&size=24')")
        .await;
    assert!(
        browser
            .is_true("document.querySelectorAll('iframe').length === 1")
            .await
    );
    assert_at_rest(&browser, "dark and large").await;
    browser
        .until(&format!("{count} === {}", readies.as_i64().unwrap() + 1))
        .await;
    // From one variant to another and back.
    browser
        .script("document.querySelector('wendu-survey').setAttribute('variant', 'button')")
        .await;
    browser
        .until("!!document.querySelector('wendu-survey').shadowRoot?.querySelector('button')")
        .await;
    browser
        .script("document.querySelector('wendu-survey').removeAttribute('variant')")
        .await;
    browser
        .until("!!document.querySelector('wendu-survey').shadowRoot.querySelector('iframe')")
        .await;
    assert!(
        browser
            .is_true("!document.querySelector('wendu-survey').shadowRoot.querySelector('button')")
            .await
    );
    assert_eq!(browser.script("return hearing").await, json!(one_more));
    browser
        .script("document.querySelector('wendu-survey').remove()")
        .await;
    browser.until(&format!("hearing === {hearing}")).await;
    browser.close().await;
}

#[tokio::test]
async fn the_strictest_policy_of_a_page_lets_every_variant_in() {
    let place = Place::new();
    let (mut news, server) = site(&place).await;
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
async fn a_bar_is_at_the_bottom_whatever_is_done_to_what_is_around_it() {
    let place = Place::new();
    let (mut news, server) = site(&place).await;
    let body = format!(
        "<div style='transform:translateZ(0);contain:layout paint;filter:none;margin:40px;overflow:hidden'>{TEXT}{}</div>\
         <nav style='position:fixed;bottom:0;left:0;right:0;height:80px;z-index:2147483647;background:red'></nav>{}",
        snippet(&server, "data-variant=\"bar\""),
        TEXT.repeat(30)
    );
    news.page("/", &page(&body), None);
    news.open();
    let browser = Browser::start(PHONE).await;
    browser.open(&news.origin).await;
    let on_top = "(() => { const bar = document.querySelector('wendu-survey')?.shadowRoot?.querySelector('div'), box = bar?.getBoundingClientRect(); return !!box && Math.abs(box.bottom - innerHeight) < 1 && box.left === 0 && Math.abs(box.right - innerWidth) < 1 && document.elementFromPoint(60, innerHeight - 20)?.tagName === 'WENDU-SURVEY' })()";
    browser.until(on_top).await;
    browser.screenshot("embed-bar-transformed").await;
    browser.close().await;
}

#[tokio::test]
async fn five_widgets_and_one_in_a_frame_of_the_site_are_all_there() {
    let place = Place::new();
    let (mut news, server) = site(&place).await;
    let five: Vec<String> = (0..5)
        .map(|n| snippet(&server, &format!("data-id=\"w{n}\"")))
        .collect();
    news.page("/five", &page(&five.join(TEXT)), None);
    news.page("/inner", &page(&snippet(&server, "")), None);
    news.page(
        "/outer",
        &page("<iframe id=inner src=/inner width=340 height=700></iframe>"),
        None,
    );
    news.open();
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    browser.open(&format!("{}/five", news.origin)).await;
    for n in 0..5 {
        browser
            .script(&format!(
                "document.querySelector('#w{n}')?.scrollIntoView()"
            ))
            .await;
        browser
            .until(&format!("seen.includes('ready:WENDU-SURVEY:w{n}:null')"))
            .await;
    }
    assert_eq!(browser.seen().await.len(), 5);
    assert!(browser.shift().await < 0.001);
    browser.open(&format!("{}/outer", news.origin)).await;
    browser
        .enter("return document.querySelector('#inner')")
        .await;
    assert_at_rest(&browser, "in a frame of the site").await;
    browser.close().await;
}

#[tokio::test]
async fn what_was_finished_without_a_network_arrives_from_the_article_later() {
    let place = Place::new();
    let (mut news, server) = site(&place).await;
    news.page("/", &page(&snippet(&server, "")), None);
    news.open();
    let host = server.host().to_owned();
    let allowed = format!("resident={}", news.origin);
    let browser = Browser::start(PHONE).await;
    browser.open(&news.origin).await;
    browser.enter(FRAME).await;
    browser.click("button[value=know]").await;
    taken_over(&browser).await;
    answer_all(&browser).await;
    server.kill().await;
    submit(&browser).await;
    browser.wait_for_text("联网后自动提交").await;
    browser.leave().await;
    let server = place.serve_at(&host, &["--embed", &allowed]).await;
    browser.open(&news.origin).await;
    browser.enter(FRAME).await;
    browser.click("button[value=know]").await;
    eventually("it arrives", async || {
        let (_, campaign) = server.get("/api/v1/campaign").await;
        let listed = campaign["questionnaires"].as_array()?.clone();
        let resident = listed.into_iter().find(|form| form["id"] == "resident")?;
        (resident["n"] == 1).then_some(())
    })
    .await;
    let (_, rows) = place.run(&["export", "--questionnaire", "resident"]).await;
    assert!(rows.contains(&news.origin), "{rows}");
    browser.close().await;
}
