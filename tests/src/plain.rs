//! A browser whose pages may run no scripts at all. The usual driver commands run scripts inside
//! the page themselves; here everything goes through the DevTools, as a hand on a mouse would.

use crate::browser::Browser;
use crate::{eventually, target};
use base64::Engine;
use serde_json::{Value, json};

/// A browser with scripts switched off.
pub struct PlainBrowser(Browser);

impl PlainBrowser {
    pub async fn start(size: (u32, u32)) -> Self {
        let browser = Browser::start(size).await;
        let off = json!({ "value": true });
        browser
            .devtools("Emulation.setScriptExecutionDisabled", off)
            .await;
        PlainBrowser(browser)
    }

    pub async fn open(&self, url: &str) {
        self.0
            .devtools("Page.navigate", json!({ "url": url }))
            .await;
        eventually("the page opens", async || {
            self.is_there("body *").await.then_some(())
        })
        .await;
    }

    /// The node that matches a CSS selector, if there is one.
    async fn node(&self, css: &str) -> Option<Value> {
        let document = self
            .0
            .devtools("DOM.getDocument", json!({ "depth": 0 }))
            .await;
        let root = &document["root"]["nodeId"];
        let query = json!({ "nodeId": root, "selector": css });
        let found = self.0.try_devtools("DOM.querySelector", query).await?;
        (found["nodeId"] != 0).then(|| found["nodeId"].clone())
    }

    pub async fn is_there(&self, css: &str) -> bool {
        self.node(css).await.is_some()
    }

    /// Waits until something matches.
    pub async fn find(&self, css: &str) {
        eventually(css, async || self.is_there(css).await.then_some(())).await;
    }

    /// The value of an attribute.
    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let node = self.node(css).await?;
        let attributes = self
            .0
            .try_devtools("DOM.getAttributes", json!({ "nodeId": node }))
            .await?;
        let list = attributes["attributes"].as_array()?;
        let pair = list.chunks(2).find(|pair| pair[0] == name)?;
        pair[1].as_str().map(str::to_owned)
    }

    /// Presses the mouse in the middle of an element.
    pub async fn click(&self, css: &str) {
        let (x, y) = eventually(&format!("a place to click on {css}"), async || {
            let node = json!({ "nodeId": self.node(css).await? });
            self.0
                .try_devtools("DOM.scrollIntoViewIfNeeded", node.clone())
                .await?;
            let quads = self.0.try_devtools("DOM.getContentQuads", node).await?;
            let quad: Vec<f64> = quads["quads"][0]
                .as_array()?
                .iter()
                .filter_map(Value::as_f64)
                .collect();
            Some(((quad[0] + quad[4]) / 2.0, (quad[1] + quad[5]) / 2.0))
        })
        .await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.0.devtools("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Types into the element that has been clicked.
    pub async fn type_text(&self, text: &str) {
        self.0
            .devtools("Input.insertText", json!({ "text": text }))
            .await;
    }

    /// The page as HTML.
    pub async fn html(&self) -> String {
        let Some(node) = self.node("body").await else {
            return String::new();
        };
        let html = self
            .0
            .try_devtools("DOM.getOuterHTML", json!({ "nodeId": node }))
            .await;
        html.and_then(|html| html["outerHTML"].as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    pub async fn wait_for_text(&self, text: &str) {
        eventually(&format!("“{text}” on the page"), async || {
            self.html().await.contains(text).then_some(())
        })
        .await;
    }

    /// Writes what a person sees to `target/screenshots/NAME.png`.
    pub async fn screenshot(&self, name: &str) {
        let picture = self.0.devtools("Page.captureScreenshot", json!({})).await;
        let data = picture["data"].as_str().expect("a picture");
        let png = base64::engine::general_purpose::STANDARD
            .decode(data)
            .expect("base64");
        let folder = target().join("screenshots");
        std::fs::create_dir_all(&folder).expect("a folder for screenshots");
        std::fs::write(folder.join(format!("{name}.png")), png).expect("the screenshot is written");
    }

    pub async fn close(self) {
        self.0.close().await;
    }
}

/// Answers the question that is shown, in its first way, and goes on. False at the end.
pub async fn answer_and_go_on(browser: &PlainBrowser) -> bool {
    if !browser.is_there("form").await {
        return false;
    }
    if browser.is_there("input[type=radio]").await || browser.is_there("input[type=checkbox]").await
    {
        browser
            .click("label:has(input[type=radio]), label:has(input[type=checkbox])")
            .await;
    } else {
        browser.click("input[inputmode], textarea").await;
        browser.type_text("3").await;
    }
    let answered = shown(browser).await;
    browser
        .click("button[name=_to][value=next]:not(.unseen)")
        .await;
    eventually("another screen", async || {
        (shown(browser).await != answered).then_some(())
    })
    .await;
    true
}

/// The question that is shown; `None` once there is none.
async fn shown(browser: &PlainBrowser) -> Option<String> {
    browser.attribute("input[name=_at]", "value").await
}
