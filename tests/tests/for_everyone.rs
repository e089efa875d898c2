//! Large type, reading aloud, and what is said to a screen reader.

use serde_json::json;
use system::accessibility::assert_for_everyone;
use system::answering::{answer, next, question, taken_over};
use system::browser::{Browser, PHONE};
use system::plain::PlainBrowser;
use system::server::Place;

async fn is_large(browser: &Browser) -> bool {
    let size = "parseFloat(getComputedStyle(document.querySelector('main')).fontSize) === 24";
    browser.is_true(size).await
}

#[tokio::test]
async fn large_type_is_one_tap_away_and_stays() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    assert!(!is_large(&browser).await);
    browser.click("button[aria-pressed=false]").await;
    browser.find("button[aria-pressed=true]").await;
    browser.screenshot("large-type").await;
    for page in [
        "/s/resident",
        "/s/cadre",
        "/s/resident?lang=en",
        "/withdraw",
        "/s/nothing",
    ] {
        browser.open(&server.url(page)).await;
        assert!(is_large(&browser).await, "{page}");
    }
    browser.screenshot("large-type-refusal").await;
    // And back.
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    browser.click("button[aria-pressed=true]").await;
    browser.find("button[aria-pressed=false]").await;
    browser.open(&server.url("/s/cadre")).await;
    assert!(!is_large(&browser).await);
    browser.close().await;
}

/// Pages that have no app have the same switch, and it is the same choice.
#[tokio::test]
async fn large_type_is_one_tap_away_on_every_page() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    for page in [
        "/withdraw",
        "/s/nothing",
        "/nothing",
        "/q/S999",
        "/interview",
    ] {
        browser.open(&server.url(page)).await;
        assert!(!is_large(&browser).await, "{page}");
        browser.click("label[for=large]").await;
        assert!(is_large(&browser).await, "{page}");
        assert_for_everyone(&browser, page).await;
        let name = page.trim_matches('/').replace('/', "-");
        browser.screenshot(&format!("large-type-{name}")).await;
        browser.open(&server.url("/s/resident")).await;
        assert!(is_large(&browser).await, "after {page}");
        browser.open(&server.url(page)).await;
        browser.find("#large:checked").await;
        // From the keyboard, too.
        let tick = browser.find("#large").await;
        tick.send_keys(" ").await.unwrap();
        assert!(!is_large(&browser).await, "{page}");
        browser.screenshot(&format!("normal-type-{name}")).await;
    }
    browser.open(&server.url("/s/resident")).await;
    assert!(!is_large(&browser).await);
    browser.close().await;
}

#[tokio::test]
async fn without_scripts_a_code_is_taken_back_in_large_type() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = PlainBrowser::start(PHONE).await;
    browser.open(&server.url("/withdraw")).await;
    browser.screenshot("withdraw-plain").await;
    browser.click("label[for=large]").await;
    browser.find("#large:checked").await;
    browser.click("#code").await;
    browser.type_text("ABCD").await;
    browser.screenshot("withdraw-plain-large").await;
    browser.click("button.next").await;
    browser.find(".fault p").await;
    browser.find("#large:checked").await;
    browser.screenshot("withdraw-plain-large-unknown").await;
    browser.close().await;
}

#[tokio::test]
async fn without_scripts_large_type_stays_to_the_end() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = PlainBrowser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    browser.click("button[aria-pressed=false]").await;
    browser.find("[data-size=large] #answer-know").await;
    browser.click("label:has(#answer-know)").await;
    browser.click("button[value=next]:not(.unseen)").await;
    browser.find("[data-size=large] [type=checkbox]").await;
    browser.close().await;
}

/// A voice that says what it was given to say.
const VOICE: &str = "
    self.spoken = [];
    const voice = {
        speaking: false,
        speak(utterance) { this.speaking = true; spoken.push([utterance.lang, utterance.text]); },
        cancel() { this.speaking = false; },
    };
    Object.defineProperty(self, 'speechSynthesis', { configurable: true, value: voice });";

#[tokio::test]
async fn a_question_and_its_options_are_read_aloud() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.before_pages(VOICE).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    browser.click("button[value=listen]").await;
    browser.until("spoken.length === 1").await;
    let spoken = browser.script("return spoken[0]").await;
    assert_eq!(spoken[0], "zh-CN");
    let shown =
        "[...document.querySelectorAll('#question, .choice span')].map(one => one.textContent)";
    let shown = browser.script(&format!("return {shown}")).await;
    let mut text = spoken[1].as_str().unwrap();
    // All that is shown, in the order in which it stands.
    for part in shown.as_array().unwrap() {
        let part = part.as_str().unwrap().trim();
        let at = text
            .find(part)
            .unwrap_or_else(|| panic!("{part} in {text}"));
        text = &text[at + part.len()..];
    }
    // A second tap is silence, and so is the next question.
    browser.click("button[value=listen]").await;
    browser.until("!speechSynthesis.speaking").await;
    assert_eq!(browser.script("return spoken.length").await, json!(1));
    browser.click("button[value=listen]").await;
    browser.until("speechSynthesis.speaking").await;
    let before = question(&browser).await;
    answer(&browser).await;
    next(&browser).await;
    assert_ne!(question(&browser).await, before);
    browser.until("!speechSynthesis.speaking").await;
    browser.click("button[value=en]").await;
    browser.find("html[lang=en]").await;
    browser.click("button[value=listen]").await;
    browser
        .until("spoken.at(-1)[0] === 'en' && spoken.length === 3")
        .await;
    browser.close().await;
}

#[tokio::test]
async fn where_there_is_no_voice_nothing_offers_one() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.before_pages("delete self.speechSynthesis").await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    let hidden =
        "!document.querySelector('[value=listen]').checkVisibility({ visibilityProperty: true })";
    assert!(browser.is_true(hidden).await);
    browser.close().await;
}

/// What a screen reader is told without moving to it.
#[tokio::test]
async fn what_is_wrong_and_what_is_kept_is_said_at_once() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(PHONE).await;
    browser.open(&server.url("/s/resident")).await;
    taken_over(&browser).await;
    // A live region is heard when something comes into it, so it must have been there before.
    browser
        .script(
            "self.heard = []; for (const region of document.querySelectorAll('[role=alert], [role=status]'))
                 new MutationObserver(() => heard.push(region.getAttribute('role') + ':' + region.innerText.trim()))
                     .observe(region, { childList: true, characterData: true, attributes: true, subtree: true })",
        )
        .await;
    browser.click("button[value=next]:not(.unseen)").await;
    browser
        .until("heard.some(said => said.startsWith('alert:') && said.includes('请回答本题'))")
        .await;
    assert_eq!(
        browser
            .script("return document.querySelector('fieldset').getAttribute('aria-describedby')")
            .await,
        json!("fault")
    );
    answer(&browser).await;
    browser
        .until("heard.some(said => said === 'status:已保存在本机')")
        .await;
    browser.close().await;
}
