//! The browsers inside other apps: without storage, without workers, with names of their own.

use serde_json::json;
use system::answering::{answer_all, submit, taken_over};
use system::browser::{Browser, PHONE};
use system::server::Place;

const WECHAT: &str = "Mozilla/5.0 (Linux; Android 9; V1813A Build/PKQ1.181030.001; wv) AppleWebKit/537.36 \
    (KHTML, like Gecko) Version/4.0 Chrome/107.0.5304.141 Mobile Safari/537.36 XWEB/5169 MMWEBSDK/20221011 \
    MicroMessenger/8.0.30.2260(0x28001E3B) WeChat/arm64 Weixin NetType/3gnet Language/zh_CN ABI/arm64";
const WEBVIEW: &str = "Mozilla/5.0 (Linux; Android 7.1.2; Redmi 4X Build/N2G47H; wv) AppleWebKit/537.36 \
    (KHTML, like Gecko) Version/4.0 Chrome/98.0.4758.101 Mobile Safari/537.36";

/// What reading or writing a property of the window does.
fn property(owner: &str, name: &str, does: &str) -> String {
    format!(
        "Object.defineProperty({owner}, '{name}', {{ configurable: true, get() {{ {does} }} }});"
    )
}

const THROWS: &str = "throw new DOMException('denied', 'SecurityError')";

/// Ways in which such browsers keep nothing.
fn ways() -> [(&'static str, String); 4] {
    let all = |does: &str| {
        let own = ["localStorage", "sessionStorage", "indexedDB", "caches"];
        let own = own.map(|name| property("self", name, does)).concat();
        own + &property("navigator", "serviceWorker", does)
    };
    let absent = all("").replace("navigator, 'serviceWorker'", "navigator, 'nothing'");
    let gone = "delete Navigator.prototype.serviceWorker; delete Navigator.prototype.locks; \
        delete Navigator.prototype.storage; delete self.BroadcastChannel; delete self.requestIdleCallback;";
    [
        ("access is denied", all(THROWS)),
        ("they are null", all("return null")),
        ("there are none", absent + gone),
        (
            "the database never answers",
            "IDBFactory.prototype.open = () => ({})".to_owned(),
        ),
    ]
}

#[tokio::test]
async fn where_nothing_can_be_kept_the_survey_still_goes_to_its_end() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let mut people = 0;
    for (way, script) in ways() {
        for agent in [WECHAT, WEBVIEW] {
            let browser = Browser::start(PHONE).await;
            let name = json!({ "userAgent": agent });
            browser
                .devtools("Emulation.setUserAgentOverride", name)
                .await;
            browser.before_pages(&script).await;
            browser.open(&server.url("/s/resident")).await;
            taken_over(&browser).await;
            answer_all(&browser).await;
            submit(&browser).await;
            browser.wait_for_text("已提交").await;
            people += 1;
            let (_, estimates) = server.get("/api/v1/estimates?questionnaire=resident").await;
            assert_eq!(estimates["n"], json!(people), "{way}, {agent}");
            browser.close().await;
        }
    }
}

#[tokio::test]
async fn what_cannot_be_kept_is_said_and_waits_in_the_page() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let host = server.host().to_owned();
    let browser = Browser::start(PHONE).await;
    let [(_, denied), ..] = ways();
    browser.before_pages(&denied).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    server.kill().await;
    answer_all(&browser).await;
    browser.wait_for_text("本机无法保存，请一次填完").await;
    submit(&browser).await;
    browser
        .wait_for_text("本机也无法保存。请不要关闭本页")
        .await;
    let server = place.serve_at(&host, &[]).await;
    browser.wait_for_text("已提交").await;
    let (_, estimates) = server.get("/api/v1/estimates?questionnaire=resident").await;
    assert_eq!(estimates["n"], json!(1));
    browser.close().await;
}

#[tokio::test]
async fn an_interviewer_whose_browser_keeps_nothing_still_changes_the_place() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    let [(_, denied), ..] = ways();
    browser.before_pages(&denied).await;
    let page = "/s/resident?mode=interviewer&site=S002&area=T01-02";
    browser.open(&server.url(page)).await;
    taken_over(&browser).await;
    browser.click(".bar a").await;
    browser.click("#site option[value=S005]").await;
    browser.click("dialog[open] .next").await;
    browser.wait_for_text("河东早市").await;
    browser.client.refresh().await.unwrap();
    taken_over(&browser).await;
    browser.wait_for_text("河东早市").await;
    browser.close().await;
}
