//! Every variant of the widget in a page of other people, checked by axe-core against WCAG 2.2 AA
//! and measured, in light and dark, normal and large.

use system::accessibility::{assert_accessible, assert_for_everyone, assert_roomy};
use system::answering::{answer_all, submit, taken_over};
use system::browser::{Browser, PHONE};
use system::server::Place;
use system::widget::{FRAME, ROOT, allowed, snippet};

#[tokio::test]
async fn widgets_can_be_used_by_everyone_in_other_people_s_pages() {
    let place = Place::new();
    let (mut news, server) = allowed(&place).await;
    let mut pages = Vec::new();
    for variant in ["inline", "button", "bar"] {
        for look in ["theme=\"light\"", "theme=\"dark\"", "font-size=\"24\""] {
            let attributes = format!("data-variant=\"{variant}\" data-{look}");
            let article = format!(
                "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
                 <title>新闻</title><main><h1>百日攻坚</h1><p>正文。</p>{}</main></html>",
                snippet(&server, &attributes)
            );
            let path = format!("/{}", pages.len());
            news.page(&path, &article, None);
            pages.push((variant, attributes, path));
        }
    }
    news.open();
    let browser = Browser::start(PHONE).await;
    for (variant, name, path) in &pages {
        browser.open(&format!("{}{path}", news.origin)).await;
        let frame = if *variant == "inline" {
            FRAME.to_owned()
        } else {
            let opener = format!("return {ROOT}?.querySelector('button')");
            let opener = browser.element(&opener).await;
            assert_accessible(&browser, &format!("{name}, closed")).await;
            assert_roomy(&browser, ROOT, &format!("{name}, closed")).await;
            opener.click().await.unwrap();
            assert_roomy(&browser, ROOT, &format!("{name}, open")).await;
            format!("return {ROOT}.querySelector('iframe')")
        };
        browser.element(&frame).await;
        assert_accessible(&browser, &format!("{name}, open")).await;
        browser.enter(&frame).await;
        browser.find("#question").await;
        assert_for_everyone(&browser, &format!("{name}, inside")).await;
        if *variant == "inline" {
            browser.click("button[value=know]").await;
        }
        taken_over(&browser).await;
        assert_for_everyone(&browser, &format!("{name}, after the first answer")).await;
        answer_all(&browser).await;
        assert_for_everyone(&browser, &format!("{name}, the last question")).await;
        submit(&browser).await;
        browser.find("output").await;
        assert_for_everyone(&browser, &format!("{name}, thanks")).await;
        browser.leave().await;
    }
    browser.close().await;
}
