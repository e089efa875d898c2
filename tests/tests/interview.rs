//! Interviewers: one after another without a network, from a device that has signed in.

use serde_json::json;
use system::answering::{answer_all, submit, taken_over};
use system::browser::{Browser, PHONE};
use system::eventually;
use system::load::counted;
use system::server::{Place, Server};

async fn sign_in(browser: &Browser, server: &Server, password: &str) {
    browser.open(&server.url("/interview")).await;
    browser
        .find("#password")
        .await
        .send_keys(password)
        .await
        .unwrap();
    browser
        .find("#device")
        .await
        .send_keys("平板 3")
        .await
        .unwrap();
    browser.click("button.next").await;
}

/// One interview, up to the button that submits.
async fn interview(browser: &Browser) {
    taken_over(browser).await;
    answer_all(browser).await;
    let helped = "const kind = document.querySelector('[value=filled_in]'); \
        kind.scrollIntoView({ block: 'center' }); kind.click(); return kind.checkVisibility()";
    assert_eq!(browser.script(helped).await, json!(true));
}

#[tokio::test]
async fn a_day_without_a_network_is_handed_in_by_the_device_that_signed_in() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let (_, password) = place.run(&["password", "interviewer"]).await;
    let host = server.host().to_owned();
    let browser = Browser::start(PHONE).await;
    sign_in(&browser, &server, "not this one").await;
    browser.wait_for_text("口令不对").await;
    browser.screenshot("interview-sign-in").await;
    sign_in(&browser, &server, password.trim()).await;
    browser.wait_for_text("选好一次").await;
    browser.screenshot("interview-set-up").await;
    browser.click("#site option[value=S002]").await;
    browser.click("button.next").await;
    taken_over(&browser).await;
    let kept = "await navigator.serviceWorker.ready; return !!(await caches.match(location.href))";
    browser.wait_for("the worker keeps the form", kept).await;
    server.kill().await;

    for n in 1..=2 {
        interview(&browser).await;
        if n == 1 {
            browser.screenshot("interview-last-question").await;
        }
        submit(&browser).await;
        browser.wait_for_text("已保存在本机，联网后自动提交").await;
        let today = "return document.getElementById('today').textContent";
        assert_eq!(browser.script(today).await, json!(n.to_string()));
        browser.screenshot("interview-done").await;
        browser.click("a.next").await;
    }
    taken_over(&browser).await;
    let ticked = "return document.querySelectorAll('#app :checked').length";
    assert_eq!(browser.script(ticked).await, json!(0));

    let server = place.serve_at(&host, &[]).await;
    // Its next try may be a minute away; whoever opens the page does not wait.
    browser.client.refresh().await.unwrap();
    eventually("both arrive", async || {
        (counted(&server).await == 2).then_some(())
    })
    .await;
    let columns = [
        "mode",
        "site",
        "assistance",
        "device",
        "seconds",
        "finished_at",
    ];
    // As many began as finished, though no start could be told.
    let (_, report) = server.get("/api/v1/sources?questionnaire=resident").await;
    let rows = report["rows"].as_array().unwrap().iter();
    let begun: Vec<_> = rows
        .filter(|row| row["mode"] == "interviewer" && row["place"] == "S002")
        .map(|row| [&row["starts"], &row["completions"]])
        .collect();
    assert_eq!(begun, [[&json!(2), &json!(2)]]);
    for row in place.exported(&columns).await {
        assert_eq!(row[..4], ["interviewer", "S002", "filled_in", "1"]);
        assert!(row[4].parse::<f64>().unwrap() < 600.0 && !row[5].is_empty());
    }
    browser.close().await;
}

#[tokio::test]
async fn without_a_grant_nothing_is_taken_and_nothing_is_lost() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let (_, password) = place.run(&["password", "interviewer"]).await;
    let mut response = system::resident_response();
    response["mode"] = json!("interviewer");
    let (status, problem) = server.post(response.to_string()).await;
    assert_eq!(
        (status, &problem["type"]),
        (401, &json!("/problems/interviewer"))
    );

    let browser = Browser::start(PHONE).await;
    sign_in(&browser, &server, password.trim()).await;
    browser.wait_for_text("选好一次").await;
    let (done, _) = place.run(&["devices", "--revoke", "1"]).await;
    assert!(done);
    browser
        .open(&server.url("/s/resident?mode=interviewer"))
        .await;
    interview(&browser).await;
    submit(&browser).await;
    browser
        .wait_for_text("已保存在本机，请重新登录后提交")
        .await;
    browser.screenshot("interview-sign-in-again").await;
    assert_eq!(counted(&server).await, 0);
    sign_in(&browser, &server, password.trim()).await;
    browser.wait_for_text("选好一次").await;
    browser
        .open(&server.url("/s/resident?mode=interviewer"))
        .await;
    eventually("it arrives", async || {
        (counted(&server).await == 1).then_some(())
    })
    .await;
    browser.close().await;
}

#[tokio::test]
async fn what_is_not_to_be_read_out_is_marked() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let page = async |mode: &str| {
        let form = [
            ("_mode", mode),
            ("_version", "1"),
            ("_at", "clean"),
            ("_to", "normal"),
        ];
        let sent = server
            .client
            .post(server.url("/s/resident"))
            .form(&form)
            .send()
            .await
            .unwrap();
        sent.text().await.unwrap()
    };
    assert!(page("interviewer").await.contains("不读出"));
    assert!(!page("self").await.contains("不读出"));
}
