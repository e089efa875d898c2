//! The office's page for embedding: the snippet, a preview that behaves as on a news site, and
//! where people come from.

use serde_json::{Value, json};
use system::answering::{answer_to_the_end, taken_over};
use system::browser::{Browser, DESKTOP, PHONE};
use system::resident_response;
use system::server::{Place, Server};
use system::widget::{FRAME, ROOT};

async fn sources(server: &Server) -> Value {
    let (_, report) = server.get("/api/v1/sources?questionnaire=resident").await;
    report["rows"].clone()
}

/// How many answers of residents are on disk.
async fn answers(server: &Server) -> u64 {
    let (_, campaign) = server.get("/api/v1/campaign").await;
    let listed = campaign["questionnaires"].as_array().unwrap();
    let resident = listed.iter().find(|form| form["id"] == "resident");
    resident.unwrap()["n"].as_u64().unwrap()
}

/// Signs in and goes to the page for embedding.
async fn embedding(browser: &Browser, server: &Server) {
    browser.open(&server.url("/office")).await;
    let field = browser.find("#password").await;
    field.send_keys(&server.password).await.unwrap();
    browser.click("button.primary").await;
    browser.click(".tab:last-child").await;
    browser.wait_for_text("data-wendu=\"resident\"").await;
}

async fn choose(browser: &Browser, name: &str, value: &str) {
    let choose = format!(
        "const s = document.querySelector('select[name={name}]'); s.value = '{value}'; \
         s.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    );
    browser.script(&choose).await;
    browser
        .wait_for_text(&format!("data-{name}=\"{value}\""))
        .await;
}

/// Answers in the frame that a script returns, up to the thank-you.
async fn try_to_the_end(browser: &Browser, frame: &str) {
    browser.enter(frame).await;
    taken_over(browser).await;
    answer_to_the_end(browser).await;
    browser.wait_for_text("撤回").await;
    browser.leave().await;
}

#[tokio::test]
async fn the_preview_behaves_as_on_a_news_site_and_leaves_no_trace() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(DESKTOP).await;
    embedding(&browser, &server).await;

    // In the text: the first question, then the rest, up to the thank-you.
    browser
        .enter("return document.querySelector('.preview')")
        .await;
    browser.enter(FRAME).await;
    browser.click("button[value=know]").await;
    browser.find("#answer-know:checked").await;
    browser.leave().await;
    try_to_the_end(&browser, FRAME).await;
    browser.screenshot("office-preview-inline").await;
    browser.leave().await;

    choose(&browser, "variant", "button").await;
    browser
        .enter("return document.querySelector('.preview')")
        .await;
    let opener = format!("return {ROOT}.querySelector('button')");
    browser.element(&opener).await.click().await.unwrap();
    let frame = format!("return {ROOT}.querySelector('iframe')");
    try_to_the_end(&browser, &frame).await;
    browser.screenshot("office-preview-dialog").await;
    browser.leave().await;

    choose(&browser, "variant", "bar").await;
    // Closed, it is there again at the next look: an editor tries it more than once.
    for _ in 0..2 {
        browser
            .enter("return document.querySelector('.preview')")
            .await;
        browser.element(&opener).await;
        let close = format!("return {ROOT}.querySelector('[aria-label=关闭]')");
        browser.element(&close).await.click().await.unwrap();
        browser.leave().await;
        choose(&browser, "theme", "dark").await;
        choose(&browser, "theme", "light").await;
    }
    browser
        .enter("return document.querySelector('.preview')")
        .await;
    browser.element(&opener).await.click().await.unwrap();
    try_to_the_end(&browser, &frame).await;
    browser.leave().await;

    assert_eq!(sources(&server).await, json!([]), "nothing is counted");
    assert_eq!(answers(&server).await, 0, "nothing is stored");
    // Nor is anything left for whoever opens the questionnaire in this browser.
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    let kept = "return !Object.keys(localStorage).some(key => key.startsWith('wendu:')) && !document.querySelector(':checked')";
    browser.wait_for("nothing is kept", kept).await;
    browser.close().await;
}

/// The last step of a questionnaire, with every answer, as a browser without scripts posts it.
fn last_step(body: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    let mut form: Vec<(String, String)> = [
        ("_id", text(&body["id"])),
        ("_started", text(&body["started_at"])),
        ("_version", "1".to_owned()),
        ("_lang", "zh-CN".to_owned()),
        ("_mode", "widget".to_owned()),
        ("_at", "township".to_owned()),
        ("_to", "next".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    for (item, answer) in body["answers"].as_object().unwrap() {
        let name = format!("a.{item}");
        match answer.as_array() {
            Some(codes) => form.extend(codes.iter().map(|code| (name.clone(), text(code)))),
            None => form.push((name, text(answer))),
        }
    }
    form
}

#[tokio::test]
async fn a_preview_without_scripts_stores_nothing_either() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let form = last_step(&resident_response());
    let post = async |path: &str| {
        let sending = server.client.post(server.url(path)).form(&form).send();
        let thanks = sending.await.unwrap();
        assert_eq!(thanks.status(), 200);
        assert!(thanks.text().await.unwrap().contains("撤回码"));
    };
    post("/s/resident?embed=1&preview=1").await;
    assert_eq!(answers(&server).await, 0, "nothing is stored");
    assert_eq!(sources(&server).await, json!([]), "nothing is counted");
    // It is the preview that makes the difference: the same step on the page itself is an answer.
    post("/s/resident").await;
    assert_eq!(answers(&server).await, 1);
}

#[tokio::test]
async fn the_office_gets_a_snippet_a_preview_and_the_sources() {
    let place = Place::new();
    let server = place
        .serve(&["--embed", "resident=https://news.example"])
        .await;
    for _ in 0..20 {
        server
            .client
            .get(server.url("/s/resident?site=S002"))
            .send()
            .await
            .unwrap();
    }
    for _ in 0..8 {
        let start = server
            .client
            .post(server.url("/api/v1/starts"))
            .body("resident site S002");
        assert_eq!(start.send().await.unwrap().status(), 204);
    }
    for _ in 0..5 {
        let mut body = resident_response();
        body["mode"] = json!("site");
        body["site"] = json!("S002");
        assert_eq!(server.post(body.to_string()).await.0, 201);
    }
    for (size, name) in [(DESKTOP, "office-embed"), (PHONE, "office-embed-phone")] {
        let browser = Browser::start(size).await;
        embedding(&browser, &server).await;
        let text = browser.text().await;
        for said in [
            "https://news.example",
            "S002",
            "40.0% (",
            "62.5% (",
            "n = 20",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        // Below the phone's window it loads nothing until somebody comes near.
        browser
            .script("document.querySelector('.preview').scrollIntoView()")
            .await;
        browser
            .enter("return document.querySelector('.preview')")
            .await;
        browser.enter(FRAME).await;
        browser
            .wait_for_text("您知道本地正在创建全国文明城市吗")
            .await;
        browser.leave().await;
        browser.leave().await;
        browser.script("scrollTo(0, 0)").await;
        browser.screenshot(name).await;
        let overflow = "return document.documentElement.scrollWidth > innerWidth";
        assert_eq!(browser.script(overflow).await, json!(false), "{name}");
        choose(&browser, "variant", "bar").await;
        browser
            .script("document.querySelector('.sources').scrollIntoView()")
            .await;
        browser.screenshot(&format!("{name}-table")).await;
        browser.close().await;
    }
    assert_eq!(sources(&server).await.as_array().unwrap().len(), 1);
}
