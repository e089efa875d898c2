//! Button, dialog and bar, and what an application may do with the element.

use serde_json::json;
use system::answering::taken_over;
use system::browser::{Browser, DESKTOP, PHONE};
use system::eventually;
use system::server::Place;
use system::widget::{ROOT, TEXT, allowed, assert_at_rest, loader, page, snippet};

#[tokio::test]
async fn a_button_opens_a_dialog_that_keeps_the_focus_and_gives_it_back() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let body = format!(
        "<p><a id=\"before\" href=\"#\">前</a></p>{}<p><a id=\"behind\" href=\"#\">后</a></p>",
        snippet(
            &server,
            "data-variant=\"button\" data-label=\"说说您的感受\""
        )
    );
    news.publish(&server.url(""), &body);
    let browser = Browser::start(DESKTOP).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    browser.until( &format!("!!document.querySelector('wendu-survey')?.shadowRoot && {ROOT}.querySelector('button').textContent == '说说您的感受'")).await;
    assert!(
        !browser
            .is_true(&format!("!!{ROOT}.querySelector('iframe')"))
            .await
    );
    browser
        .script("document.querySelector('#before').focus()")
        .await;
    browser.press("Tab").await;
    browser.press("Enter").await;
    let open = format!("!!{ROOT}.querySelector('dialog:modal')");
    browser.until(&open).await;
    eventually("the survey is there", async || {
        (!browser.seen().await.is_empty()).then_some(())
    })
    .await;
    browser
        .enter(&format!("return {ROOT}.querySelector('iframe')"))
        .await;
    taken_over(&browser).await;
    browser.leave().await;
    browser.screenshot("embed-dialog").await;
    for _ in 0..20 {
        browser.press("Tab").await;
        let outside = "['before', 'behind'].includes(document.activeElement.id)";
        assert!(!browser.is_true(outside).await, "the focus stays inside");
    }
    // From the dialog's own button, then from inside the survey, which is another site's page.
    browser
        .script(&format!("{ROOT}.querySelector('dialog button').focus()"))
        .await;
    browser.press("Escape").await;
    browser.until(&format!("!{open}")).await;
    browser
        .until(&format!(
            "{ROOT}.activeElement == {ROOT}.querySelector('button')"
        ))
        .await;
    browser.press("Enter").await;
    browser.until(&open).await;
    browser
        .enter(&format!("return {ROOT}.querySelector('iframe')"))
        .await;
    browser.click("label:has(input[type=radio])").await;
    browser.press("Escape").await;
    browser.leave().await;
    browser.until(&format!("!{open}")).await;
    browser
        .until(&format!(
            "{ROOT}.activeElement == {ROOT}.querySelector('button')"
        ))
        .await;
    browser.close().await;
}

#[tokio::test]
async fn a_bar_at_the_bottom_goes_away_and_stays_away() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let body = format!(
        "<h1>百日攻坚</h1>{}{}",
        "<p>正文，很长的正文。</p>".repeat(60),
        snippet(&server, "data-variant=\"bar\" data-color=\"#b30000\"")
    );
    news.publish(&server.url(""), &body);
    let browser = Browser::start(PHONE).await;
    browser.watch_pages().await;
    browser.open(&news.origin).await;
    let bar = format!("[...{ROOT}.children].find(child => child.tagName == 'DIV')");
    browser
        .until(&format!(
            "!!document.querySelector('wendu-survey')?.shadowRoot && !!({bar})"
        ))
        .await;
    browser.screenshot("embed-bar").await;
    let slim = format!(
        "({bar}).getBoundingClientRect().height < innerHeight / 5 && ({bar}).getBoundingClientRect().bottom == innerHeight"
    );
    assert!(browser.is_true(&slim).await);
    assert!(browser.shift().await < 0.001, "nothing moves for it");
    browser
        .element(&format!("return {ROOT}.querySelector('button')"))
        .await
        .click()
        .await
        .unwrap();
    browser
        .enter(&format!("return {ROOT}.querySelector('iframe')"))
        .await;
    taken_over(&browser).await;
    browser.leave().await;
    browser.screenshot("embed-bar-open").await;
    browser
        .element(&format!("return {ROOT}.querySelector('dialog button')"))
        .await
        .click()
        .await
        .unwrap();
    browser
        .element(&format!("return {ROOT}.querySelector('[aria-label=关闭]')"))
        .await
        .click()
        .await
        .unwrap();
    browser.until(&format!("!({bar})")).await;
    browser.open(&news.origin).await;
    browser
        .until("!!document.querySelector('wendu-survey')")
        .await;
    assert!(
        browser.is_true(&format!("!({bar})")).await,
        "for this session it stays away"
    );
    browser.close().await;
}

#[tokio::test]
async fn a_bar_is_at_the_bottom_whatever_is_done_to_what_is_around_it() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
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
async fn an_application_may_put_it_in_take_it_out_and_change_it() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let loader = loader(&server);
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
        .until("document.querySelector('iframe')?.src.includes('theme=dark&size=24')")
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
