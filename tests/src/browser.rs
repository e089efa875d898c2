//! A real browser: headless Chromium through its driver.

use crate::{PATIENCE, eventually, target};
use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, from_value, json};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

/// The driver's way to the DevTools.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}

/// A driver that does not answer must not hang the tests.
async fn in_time<T>(what: &str, answer: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, answer)
        .await
        .unwrap_or_else(|_| panic!("the browser did not answer: {what}"))
}

/// A browser with a phone's or a desktop's window.
pub struct Browser {
    pub client: Client,
    _driver: Child,
    profile: Arc<TempDir>,
}

pub const PHONE: (u32, u32) = (360, 640);
pub const DESKTOP: (u32, u32) = (1280, 800);

impl Browser {
    pub async fn start(size: (u32, u32)) -> Self {
        let profile = TempDir::new().expect("a temporary folder");
        Browser::start_with(size, Arc::new(profile), &[], json!({})).await
    }

    /// With settings of its own.
    pub async fn with_settings(size: (u32, u32), settings: Value) -> Self {
        let profile = TempDir::new().expect("a temporary folder");
        Browser::start_with(size, Arc::new(profile), &[], settings).await
    }

    /// Closes this browser and starts it again, as the same person at the same device.
    pub async fn reopen(self, size: (u32, u32)) -> Self {
        let profile = self.profile.clone();
        self.close().await;
        Browser::start_with(size, profile, &[], json!({})).await
    }

    /// With a profile, more of the browser's own flags, and settings.
    pub async fn start_with(
        (width, height): (u32, u32),
        profile: Arc<TempDir>,
        flags: &[&str],
        settings: Value,
    ) -> Self {
        let mut preferences = json!({ "intl.accept_languages": "zh-CN,zh" });
        if let (Some(all), Value::Object(more)) = (preferences.as_object_mut(), settings) {
            all.extend(more);
        }
        let port = {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            listener.local_addr().expect("its address").port()
        };
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver starts; `cargo xtask test` installs it");
        let own = [
            format!("--user-data-dir={}", profile.path().display()),
            format!("--window-size={width},{height}"),
        ];
        let args: Vec<&str> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--lang=zh-CN",
        ]
        .into_iter()
        .chain(own.iter().map(String::as_str))
        .chain(flags.iter().copied())
        .collect();
        let options = json!({
            "args": args,
            "mobileEmulation": {
                "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2.0, "mobile": width < 600 }
            },
            "prefs": preferences
        });
        let mut capabilities = Capabilities::new();
        capabilities.insert("browserName".to_owned(), json!("chrome"));
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
        let address = format!("http://127.0.0.1:{port}");
        let client = eventually("the browser starts", async || {
            let mut connector =
                ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            connector.capabilities(capabilities.clone());
            connector.connect(&address).await.ok()
        })
        .await;
        Browser {
            client,
            _driver: driver,
            profile,
        }
    }

    /// Sends a command of the Chrome DevTools Protocol that may fail.
    pub async fn try_devtools(&self, command: &str, parameters: Value) -> Option<Value> {
        let body = json!({ "cmd": command, "params": parameters });
        in_time(command, self.client.issue_cmd(DevTools(body)))
            .await
            .ok()
    }

    /// Sends a command of the Chrome DevTools Protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        in_time(command, self.client.issue_cmd(DevTools(body)))
            .await
            .expect("DevTools answers")
    }

    pub async fn open(&self, url: &str) {
        in_time(url, self.client.goto(url))
            .await
            .expect("the page opens");
    }

    /// Waits until something that matches the CSS selector is there.
    pub async fn find(&self, css: &str) -> Element {
        eventually(css, async || self.client.find(Locator::Css(css)).await.ok()).await
    }

    pub async fn is_there(&self, css: &str) -> bool {
        self.client.find(Locator::Css(css)).await.is_ok()
    }

    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        eventually(&format!("a click on {css}"), async || {
            element.clone().click().await.ok()
        })
        .await;
    }

    /// The page's visible text.
    pub async fn text(&self) -> String {
        self.find("body").await.text().await.expect("a text")
    }

    pub async fn wait_for_text(&self, text: &str) {
        eventually(&format!("“{text}” on the page"), async || {
            let body = self.client.find(Locator::Css("body")).await.ok()?;
            body.text().await.ok()?.contains(text).then_some(())
        })
        .await;
    }

    pub async fn script(&self, script: &str) -> Value {
        in_time("a script", self.client.execute(script, Vec::new()))
            .await
            .expect("the script runs")
    }

    /// What a script's expression says, here and now.
    pub async fn is_true(&self, expression: &str) -> bool {
        self.script(&format!("return {expression}")).await == Value::Bool(true)
    }

    /// Waits until a script's expression is true.
    pub async fn until(&self, expression: &str) {
        eventually(expression, async || {
            self.is_true(expression).await.then_some(())
        })
        .await;
    }

    /// Waits for what a script returns, if it is an element.
    pub async fn element(&self, script: &str) -> Element {
        eventually(script, async || {
            let found = self.client.execute(script, Vec::new()).await.ok()?;
            let (_, id) = found.as_object()?.iter().next()?;
            let id = from_value::<String>(id.clone()).ok()?;
            Some(Element::from_element_id(self.client.clone(), id.into()))
        })
        .await
    }

    /// Runs a script in every page before anything of its own.
    pub async fn before_pages(&self, script: &str) {
        self.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": script }),
        )
        .await;
    }

    /// Waits until a script, the body of a function that may wait, returns true.
    pub async fn wait_for(&self, what: &str, script: &str) {
        let script = format!(
            "const done = arguments[0]; (async () => {{ {script} }})().then(done, () => done(false))"
        );
        eventually(what, async || {
            let answer = self.client.execute_async(&script, Vec::new()).await.ok()?;
            (answer == json!(true)).then_some(())
        })
        .await;
    }

    /// Writes what a person sees to `target/screenshots/NAME.png`.
    pub async fn screenshot(&self, name: &str) {
        let folder: PathBuf = target().join("screenshots");
        std::fs::create_dir_all(&folder).expect("a folder for screenshots");
        let png = in_time(name, self.client.screenshot())
            .await
            .expect("a screenshot");
        std::fs::write(folder.join(format!("{name}.png")), png).expect("the screenshot is written");
    }

    pub async fn close(self) {
        // The driver is killed anyway.
        let _ = self.client.clone().close().await;
    }
}

/// A test that fails ends the driver, and the browser that it leaves behind would take a processor
/// for itself until the machine is turned off. Chromium's lock on its profile names it.
impl Drop for Browser {
    fn drop(&mut self) {
        let Ok(lock) = std::fs::read_link(self.profile.path().join("SingletonLock")) else {
            return;
        };
        let id = lock.to_string_lossy();
        if let Some((_, id)) = id.rsplit_once('-') {
            // It may have gone meanwhile.
            let _ = std::process::Command::new("kill")
                .args(["-KILL", id])
                .stderr(Stdio::null())
                .status();
        }
    }
}
