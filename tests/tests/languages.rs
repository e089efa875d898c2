//! What a person reads is in one language, that of the page; what a program reads stays the same.

use serde_json::Value;
use system::browser::{Browser, DESKTOP, PHONE};
use system::server::{Place, Server};

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

struct Told {
    status: u16,
    kind: String,
    text: String,
}

async fn told(server: &Server, path: &str, accept: &str, language: &str) -> Told {
    let request = server.client.get(server.url(path));
    let request = request
        .header("accept", accept)
        .header("accept-language", language);
    let answer = request.send().await.unwrap();
    Told {
        status: answer.status().as_u16(),
        kind: answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned(),
        text: answer.text().await.unwrap(),
    }
}

#[tokio::test]
async fn a_refusal_is_a_page_for_a_person_and_json_for_a_program() {
    let place = Place::new();
    let server = place
        .serve(&["--public-url", "https://wendu.example"])
        .await;
    for (path, status, kind, chinese, english) in [
        (
            "/api/v1/sites/S002/poster.pdf",
            401,
            "/problems/sign-in",
            "请先登录",
            "Please sign in",
        ),
        (
            "/api/v1/sources?questionnaire=resident&format=csv",
            401,
            "/problems/sign-in",
            "请先登录",
            "Please sign in",
        ),
        (
            "/nothing/here",
            404,
            "/problems/not-found",
            "没有这个网页",
            "Not found",
        ),
        (
            "/oembed",
            400,
            "/problems/invalid-request",
            "没能看懂这个请求",
            "Invalid request",
        ),
        (
            "/api/v1/withdrawals",
            405,
            "/problems/method",
            "这个网址不能这样使用",
            "Method not allowed",
        ),
    ] {
        let page = told(&server, path, HTML, "zh-CN,zh").await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.kind.starts_with("text/html"), "{path}: {}", page.kind);
        assert!(
            page.text.contains("lang=\"zh-CN\"") && page.text.contains(chinese),
            "{path}: {}",
            page.text
        );
        let page = told(&server, path, HTML, "en-GB,en").await;
        assert!(
            page.text.contains("lang=\"en\"") && page.text.contains(english),
            "{path}: {}",
            page.text
        );
        for accept in ["application/json", "*/*"] {
            let json = told(&server, path, accept, "zh-CN").await;
            assert_eq!(json.kind, "application/problem+json", "{path}");
            let json: Value = serde_json::from_str(&json.text).unwrap();
            assert_eq!(json["type"], kind);
            assert_eq!(json["status"], status);
            assert!(json["detail"].as_str().unwrap().is_ascii());
        }
        // What the type names can be read.
        let page = told(&server, kind, HTML, "zh-CN").await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains(chinese));
    }
    let unknown = told(&server, "/problems/of-next-year", HTML, "zh-CN").await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn answers_are_taken_back_in_the_language_of_the_page() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let form = [("_lang", "en"), ("code", "nothing like a code")];
    let sent = server
        .client
        .post(server.url("/withdraw"))
        .header("accept-language", "zh-CN")
        .form(&form)
        .send()
        .await
        .unwrap();
    let page = sent.text().await.unwrap();
    assert!(page.contains("<html lang=\"en\">"), "{page}");
    assert!(!page.contains("撤回"), "{page}");
}

#[tokio::test]
async fn a_server_without_a_public_address_says_in_the_office_what_to_set() {
    let place = Place::new();
    let server = place.serve_at("0.0.0.0:0", &[]).await;
    let office = server.url("/office").replace("0.0.0.0", "127.0.0.1");
    for (size, name) in [
        (DESKTOP, "office-no-address"),
        (PHONE, "office-no-address-phone"),
    ] {
        let browser = Browser::start(size).await;
        browser.open(&office).await;
        let field = browser.find("#password").await;
        field.send_keys(&server.password).await.unwrap();
        browser.click("button.primary").await;
        browser.find(".empty").await;
        browser.click(".sites summary").await;
        browser
            .wait_for_text("还不知道居民用哪个网址打开问卷")
            .await;
        let text = browser.text().await;
        assert!(text.contains("--public-url https://"), "{text}");
        assert!(!browser.is_there(".posters a").await);
        browser
            .script("document.querySelector('.sites').scrollIntoView()")
            .await;
        browser.screenshot(name).await;
        // Whoever has kept a link from before is told the same.
        browser
            .open(&office.replace("/office", "/api/v1/posters.pdf?size=a4&lang=zh-CN"))
            .await;
        browser.find("main h1").await;
        assert!(browser.text().await.contains("--public-url https://"));
        browser.screenshot(&format!("{name}-link")).await;
        // And in the other language, the browser's window included.
        browser.open(&office).await;
        browser.click(".session button:first-child").await;
        browser.wait_for_text("Sign out").await;
        assert!(browser.is_true("document.title === 'Wendu · Office'").await);
        browser.close().await;
    }
}
