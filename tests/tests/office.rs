//! The office: signing in, the thermometer, live refresh.

use system::browser::{Browser, DESKTOP, PHONE};
use system::server::{Place, Server};
use system::{cadre_response, resident_response};

async fn sign_in(browser: &Browser, server: &Server) {
    browser.open(&server.url("/office")).await;
    let field = browser.find("#password").await;
    field.send_keys(&server.password).await.unwrap();
    browser.click("button.primary").await;
    browser.find(".masthead").await;
}

/// The whole page, however long.
async fn full_page(browser: &Browser, name: &str) {
    let height = browser
        .script("return document.documentElement.scrollHeight")
        .await;
    let width = browser.script("return innerWidth").await;
    let metrics = serde_json::json!({ "width": width, "height": height, "deviceScaleFactor": 1.5, "mobile": false });
    browser
        .devtools("Emulation.setDeviceMetricsOverride", metrics)
        .await;
    browser.screenshot(name).await;
}

#[tokio::test]
async fn the_office_sees_what_was_answered_as_it_arrives() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(DESKTOP).await;
    browser.open(&server.url("/office")).await;
    browser
        .find("#password")
        .await
        .send_keys("guess")
        .await
        .unwrap();
    browser.screenshot("office-sign-in").await;
    browser.click("button.primary").await;
    browser.find("#sign-in-error").await;
    sign_in(&browser, &server).await;
    browser.find(".empty").await;
    browser.screenshot("office-empty").await;

    // The page is open and hears of answers without being asked to reload.
    for _ in 0..12 {
        assert_eq!(server.post(resident_response().to_string()).await.0, 201);
    }
    for _ in 0..9 {
        assert_eq!(server.post(cadre_response().to_string()).await.0, 201);
    }
    browser.find(".thermometers svg").await;
    browser.wait_for_text("12").await;
    let text = browser.text().await;
    assert!(
        text.contains("知晓率") && text.contains("城关镇") && text.contains("暂无数据"),
        "{text}"
    );
    browser.close().await;
}

#[tokio::test]
async fn a_simulated_campaign_fills_the_office_and_says_that_it_is_simulated() {
    let place = Place::new();
    let (success, said) = place.run(&["demo"]).await;
    assert!(success, "{said}");
    let server = place.serve(&[]).await;
    for (size, name) in [(DESKTOP, "office-demo"), (PHONE, "office-demo-phone")] {
        let browser = Browser::start(size).await;
        sign_in(&browser, &server).await;
        browser.find(".thermometers svg").await;
        let text = browser.text().await;
        assert!(text.contains("模拟数据") && text.contains("温差"), "{text}");
        // Weighted, and it says so: with what is left of the answers, by what, from which figures.
        for words in [
            "按人口加权，有效样本 ",
            "按区域、年龄、性别的人口数加权",
            "示例数字",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let overflow = browser
            .script("return document.documentElement.scrollWidth > innerWidth")
            .await;
        assert_eq!(
            overflow,
            serde_json::json!(false),
            "nothing sticks out at {name}"
        );
        browser.screenshot(name).await;
        full_page(&browser, &format!("{name}-whole")).await;
        // Weights can be declined; the picture then says that it has none.
        browser
            .script(
                "document.querySelector('.more').open = true; \
                 const choice = document.querySelector('[name=weighting]'); \
                 choice.value = 'unweighted'; \
                 choice.dispatchEvent(new Event('change', { bubbles: true }));",
            )
            .await;
        browser.wait_for_text("未加权：按要求不加权。").await;
        browser.screenshot(&format!("{name}-unweighted")).await;
        // A questionnaire that is answered while the data are simulated says so, too.
        browser.open(&server.url("/s/resident")).await;
        browser.wait_for_text("演示问卷").await;
        browser.close().await;
    }
}
