//! A news site: pages on another origin, with a policy of their own, that embed surveys.

use crate::browser::Browser;
use crate::data;
use serde_json::{Value, from_value};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A site whose pages are all known beforehand.
pub struct NewsSite {
    pub origin: String,
    listener: Option<TcpListener>,
    serving: Option<JoinHandle<()>>,
    pages: HashMap<String, String>,
}

impl NewsSite {
    /// Takes a free port; the pages come later, because server and site must know each other.
    pub async fn reserve() -> Self {
        NewsSite::at(0).await
    }

    /// At a port that is known beforehand.
    pub async fn at(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        NewsSite {
            // By its other name, so that it is another site and not only another port.
            origin: format!("http://localhost:{port}"),
            listener: Some(listener),
            serving: None,
            pages: HashMap::new(),
        }
    }

    /// Serves `body` at `/`, with a policy that allows nothing but scripts and frames of `wendu`.
    pub fn publish(&mut self, wendu: &str, body: &str) {
        let page = format!(
            "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>新闻</title><body>{body}</body></html>"
        );
        let policy =
            format!("default-src 'none'; script-src {wendu}; frame-src {wendu}; style-src 'none'");
        self.page("/", &page, Some(&policy));
        self.open();
    }

    /// Puts `widget` into the middle of the layout of a large news page, and serves it at `/`, and
    /// the same page without a widget at `/without`.
    pub fn publish_layout(&mut self, wendu: &str, widget: &str) {
        self.layout("/", wendu, widget, false);
        self.layout("/without", wendu, "", false);
        self.open();
    }

    /// Adds the layout of a large news page with `widget` in the middle of the article, or below its
    /// heading.
    pub fn layout(&mut self, path: &str, wendu: &str, widget: &str, on_top: bool) {
        let layout = std::fs::read_to_string(data("news/layout.html")).expect("the layout");
        let photo = std::fs::read_to_string(data("news/photo.svg")).expect("the photograph");
        let policy = format!(
            "default-src 'self'; script-src {wendu}; frame-src {wendu}; style-src 'self' 'unsafe-inline'"
        );
        let page = match on_top {
            true => layout.replacen("</h1>", &format!("</h1>{widget}"), 1),
            false => layout.replace("<!--widget-->", widget),
        };
        self.page(path, &page, Some(&policy));
        self.file("/photo.svg", "image/svg+xml", &photo, None);
    }

    /// Adds a page.
    pub fn page(&mut self, path: &str, html: &str, policy: Option<&str>) {
        self.file(path, "text/html; charset=utf-8", html, policy);
    }

    fn file(&mut self, path: &str, kind: &str, text: &str, policy: Option<&str>) {
        let policy = policy.map_or(String::new(), |policy| {
            format!("Content-Security-Policy: {policy}\r\n")
        });
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{policy}Content-Length: {}\r\nConnection: close\r\n\r\n{text}",
            text.len()
        );
        self.pages.insert(path.to_owned(), answer);
    }

    /// Begins to serve.
    pub fn open(&mut self) {
        let listener = self.listener.take().expect("opened once");
        let pages = Arc::new(std::mem::take(&mut self.pages));
        self.serving = Some(tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let pages = pages.clone();
                tokio::spawn(async move {
                    let mut request = [0; 8192];
                    let length = stream.read(&mut request).await.unwrap_or(0);
                    let request = String::from_utf8_lossy(&request[..length]);
                    let path = request.split([' ', '?']).nth(1).unwrap_or("/");
                    let nothing =
                        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                    let answer = pages.get(path).map_or(nothing, String::as_str);
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        }));
    }
}

impl Drop for NewsSite {
    fn drop(&mut self) {
        if let Some(serving) = &self.serving {
            serving.abort();
        }
    }
}

/// What a page around a survey sees, from its first moment on: events, long tasks, how much its
/// layout moves, and how much of that once the survey has its place. (That the place itself is made
/// room for can only be avoided by the page.) The page's policy does not matter to this.
const WATCH: &str = "
    if (self === top) {
        window.seen = []; window.moved = 0; window.shift = 0; window.busy = 0;
        for (const kind of ['ready', 'answered', 'completed'])
            addEventListener('wendu:' + kind, event => seen.push(
                kind + ':' + event.target.tagName + ':' + (event.target.id || '') + ':' + JSON.stringify(event.detail)));
        let placed = Infinity;
        new MutationObserver((_, observer) => {
            if (!document.querySelector('wendu-survey')) return;
            observer.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => { placed = performance.now(); }));
        }).observe(document, { childList: true, subtree: true });
        new PerformanceObserver(list => {
            for (const entry of list.getEntries()) {
                window.moved += entry.value;
                if (entry.startTime > placed) window.shift += entry.value;
            }
        }).observe({ type: 'layout-shift', buffered: true });
        new PerformanceObserver(list => { for (const entry of list.getEntries()) window.busy += entry.duration; })
            .observe({ type: 'longtask', buffered: true });
    }";

impl Browser {
    /// Watches every page that is opened from now on.
    pub async fn watch_pages(&self) {
        let script = serde_json::json!({ "source": WATCH });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", script)
            .await;
    }

    /// What the page around a survey has seen of it.
    pub async fn seen(&self) -> Vec<String> {
        from_value(self.script("return window.seen").await).expect("a list of events")
    }

    /// How much the page's layout has moved so far.
    pub async fn moved(&self) -> f64 {
        let moved = self.script("return window.moved").await;
        moved.as_f64().expect("a page that is watched")
    }

    /// The same, from when the survey had its place.
    pub async fn shift(&self) -> f64 {
        let shift = self.script("return window.shift").await;
        shift.as_f64().expect("a page that is watched")
    }

    /// Goes into the frame that a script returns.
    pub async fn enter(&self, script: &str) {
        let frame = self.element(script).await;
        frame.enter_frame().await.expect("a frame");
    }

    /// Goes out of a frame.
    pub async fn leave(&self) {
        let client = self.client.clone();
        client.enter_parent_frame().await.expect("a page around");
    }

    /// Presses a key, wherever the focus is.
    pub async fn press(&self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            "ArrowDown" => 40,
            _ => 32,
        };
        for kind in ["keyDown", "keyUp"] {
            let mut event = serde_json::json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code
            });
            if key == "Enter" && kind == "keyDown" {
                event["text"] = Value::from("\r");
            }
            self.devtools("Input.dispatchKeyEvent", event).await;
        }
    }
}
