//! A widget in a page of a news site: the line to paste, the page around it, and when it is at rest.

use crate::browser::Browser;
use crate::eventually;
use crate::news::NewsSite;
use crate::server::{Place, Server};

/// The frame of the first widget in the text of a page.
pub const FRAME: &str = "return document.querySelector('iframe')";

/// What a button or a bar consists of.
pub const ROOT: &str = "document.querySelector('wendu-survey').shadowRoot";

/// A paragraph of an article.
pub const TEXT: &str =
    "<p>百日攻坚行动启动以来，城区主次干道、背街小巷、农贸市场和居住小区的面貌有了明显变化。</p>";

/// A news site, and a server that lets it embed what residents and cadres are asked.
pub async fn allowed(place: &Place) -> (NewsSite, Server) {
    let news = NewsSite::reserve().await;
    let [resident, cadre] = ["resident", "cadre"].map(|id| format!("{id}={}", news.origin));
    let server = place
        .serve(&["--embed", &resident, "--embed", &cadre])
        .await;
    (news, server)
}

/// What the office gives an editor to paste: room for the first question, and the line.
pub fn snippet_with_room(server: &Server, attributes: &str) -> String {
    let line = snippet(server, attributes);
    format!("<div style=\"width:100%;min-height:380px!important\">{line}</div>")
}

/// The line alone.
pub fn snippet(server: &Server, attributes: &str) -> String {
    script(server, &format!("data-wendu=\"resident\" {attributes}"))
}

/// The loader alone, for pages that have the elements already or make them.
pub fn loader(server: &Server) -> String {
    script(server, "")
}

fn script(server: &Server, attributes: &str) -> String {
    let loader = server.url("/embed.js");
    format!("<script async src=\"{loader}\" {attributes}></script>")
}

/// A page with nothing but what is given.
pub fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>新闻</title>\
         <style>body {{ margin: 0; font: 18px/1.8 serif }}</style><body>{body}</body></html>"
    )
}

/// What residents have answered: the lines of the export, without the heading.
pub async fn exported(place: &Place) -> Vec<String> {
    let (_, csv) = place.run(&["export", "--questionnaire", "resident"]).await;
    csv.lines().skip(1).map(str::to_owned).collect()
}

/// Waits until the frame shows all of its page (and, but for the room that a first question was
/// given, no more), and then watches that it stays as it is, as wide as its place.
pub async fn assert_at_rest(browser: &Browser, name: &str) {
    let whole = "(() => { const root = document.documentElement; return root.scrollHeight <= innerHeight && root.scrollWidth <= innerWidth && innerHeight - document.querySelector('#app').getBoundingClientRect().height < (document.querySelector('.teaser') ? 150 : 2) })()";
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
