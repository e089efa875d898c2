//! The widget in layouts that nobody here wrote: it has the height of its content and the width of
//! its place, comes to rest there, and moves nothing.

use serde_json::json;
use system::answering::taken_over;
use system::browser::{Browser, DESKTOP, PHONE};
use system::server::Place;
use system::widget::{
    FRAME, TEXT, allowed, assert_at_rest, loader, page, snippet, snippet_with_room,
};

/// Pages with a widget, by what is around it. In each `<!--widget-->` is the place.
const LAYOUTS: [(&str, &str); 14] = [
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
    ("resets", "
        <style>*, ::before { box-sizing: content-box !important; max-width: 90%; min-height: 0; padding: 3px; transition: all .3s } iframe, object { display: none; width: auto !important; max-width: 80% !important; height: auto !important; aspect-ratio: 16/9; margin: 9px; border: 2px inset }</style><main><!--widget--></main>"),
    ("text from top to bottom around it", "<div style='writing-mode:vertical-rl;height:500px'><p>正文</p><div style='writing-mode:horizontal-tb;width:340px'><!--widget--></div></div>"),
    ("a table", "<table style='width:100%'><tr><td><!--widget--></td></tr></table>"),
];

#[tokio::test]
async fn it_fits_every_layout_and_moves_nothing() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
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
        assert_eq!(shift, 0.0, "{name}: moved");
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

/// Before it says how high it is, the first question has the room that it needs, whatever the
/// column: nothing moves, and little is left empty.
#[tokio::test]
async fn room_is_made_for_the_first_question_in_columns_of_any_width() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let mut columns = Vec::new();
    for (language, size) in [
        ("zh-CN", 16),
        ("zh-CN", 18),
        ("zh-CN", 24),
        ("en", 18),
        ("en", 24),
    ] {
        for width in [240, 280, 320, 360, 412, 640] {
            let attributes = format!("data-lang={language} data-font-size={size}");
            let widget = snippet(&server, &attributes);
            let column = format!("<div style='width:{width}px'>{widget}<p>{TEXT}</div>");
            let name = format!("{language}-{size}-{width}");
            news.page(&format!("/{name}"), &page(&column), None);
            columns.push(name);
        }
    }
    news.open();
    let browser = Browser::start(DESKTOP).await;
    browser.watch_pages().await;
    let mut short = Vec::new();
    for name in columns {
        browser.open(&format!("{}/{name}", news.origin)).await;
        browser.until("seen.length === 1").await;
        assert_at_rest(&browser, &name).await;
        let shift = browser.shift().await;
        browser.enter(FRAME).await;
        let left =
            "return innerHeight - document.querySelector('#app').getBoundingClientRect().height";
        let left = browser.script(left).await.as_f64().unwrap();
        browser.leave().await;
        if shift > 0.0 || left > 150.0 {
            short.push(format!("{name}: moved by {shift}, {left} left"));
        }
    }
    assert!(short.is_empty(), "{}", short.join("\n"));
    browser.close().await;
}

/// The room that the snippet makes is there before the script, whatever the page's style says, and
/// is as wide as the column where the page lets things float or flex.
#[tokio::test]
async fn the_room_of_the_snippet_is_nothing_that_a_page_can_take_away() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let widget = snippet_with_room(&server, "");
    let styles = [
        ("/all", "* { min-height: 0 !important }"),
        (
            "/div",
            "article div { min-height: 0 !important; height: auto !important }",
        ),
        ("/float", "article > * { float: left; clear: both }"),
        ("/row", "article { display: flex; flex-wrap: wrap }"),
        ("/start", "article { display: grid; justify-items: start }"),
    ];
    for (path, rule) in styles {
        let style = format!("<style>{rule}</style>");
        let body = format!(
            "{style}<article><h1>青禾</h1>{widget}{}</article>",
            TEXT.repeat(12)
        );
        news.page(path, &page(&body), None);
    }
    news.layout("/news", &server.url(""), &widget, true);
    news.open();
    let paths = styles.iter().map(|(path, _)| *path).chain(["/news"]);
    for size in [DESKTOP, PHONE] {
        let browser = Browser::start(size).await;
        browser.watch_pages().await;
        for path in paths.clone() {
            browser.open(&format!("{}{path}", news.origin)).await;
            browser.until("seen.length === 1").await;
            assert_at_rest(&browser, path).await;
            assert_eq!(browser.moved().await, 0.0, "{path} at {size:?}");
        }
        browser.close().await;
    }
}

#[tokio::test]
async fn it_comes_to_rest_where_pixels_are_no_whole_ones() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
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
    let (mut news, server) = allowed(&place).await;
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
        loader(&server)
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
async fn the_frame_comes_to_rest() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    news.publish(&server.url(""), &snippet(&server, "data-teaser=\"no\""));
    // Around the width at which the page by itself changes its layout.
    for width in [320, 700, 1280] {
        let browser = Browser::start((width, 800)).await;
        browser.open(&news.origin).await;
        browser.enter(FRAME).await;
        taken_over(&browser).await;
        browser.click("label:has(input[type=radio])").await;
        browser.click("button[value=next]:not(.unseen)").await;
        browser.find("input[type=checkbox]").await;
        browser.leave().await;
        assert_at_rest(&browser, &format!("the second question at {width}")).await;
        browser.close().await;
    }
}

/// A frame below the window is not drawn. It says its height nevertheless, and grows where nobody
/// sees it.
#[tokio::test]
async fn below_the_window_it_grows_before_it_is_seen() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let article = format!(
        "<div style='height:700px'>{TEXT}</div>{}{TEXT}",
        snippet(&server, "data-height=120")
    );
    news.page("/", &page(&article), None);
    news.open();
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    browser
        .until("document.querySelector('wendu-survey').offsetHeight > 300")
        .await;
    assert!(browser.is_true("scrollY === 0").await);
    assert_eq!(browser.moved().await, 0.0);
    browser.close().await;
}

#[tokio::test]
async fn five_widgets_and_one_in_a_frame_of_the_site_are_all_there() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let five: Vec<String> = (0..5)
        .map(|n| snippet_with_room(&server, &format!("data-id=\"w{n}\"")))
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
    assert_eq!(browser.moved().await, 0.0);
    browser.open(&format!("{}/outer", news.origin)).await;
    browser
        .enter("return document.querySelector('#inner')")
        .await;
    assert_at_rest(&browser, "in a frame of the site").await;
    browser.close().await;
}
