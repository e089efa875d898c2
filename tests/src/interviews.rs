//! Interviewing, as somebody does who goes from door to door with a tablet.

use crate::browser::Browser;
use crate::server::{Place, Server};

/// A tablet with which an interviewer has signed in; it stands at the choice of form and place.
pub async fn signed_in(place: &Place, server: &Server, size: (u32, u32)) -> Browser {
    let (_, password) = place.run(&["password", "interviewer"]).await;
    let browser = Browser::start(size).await;
    browser.open(&server.url("/interview")).await;
    let field = browser.find("#password").await;
    field.send_keys(password.trim()).await.unwrap();
    browser.click("button.next").await;
    browser.wait_for_text("选好一次").await;
    browser
}

/// Waits until the worker keeps a page.
pub async fn kept(browser: &Browser, path: &str) {
    let script = format!(
        "await navigator.serviceWorker.ready; return !!(await (await caches.open('wendu')).match('{path}'))"
    );
    browser.wait_for(&format!("{path} is kept"), &script).await;
}
