//! A server whose pages are of another build from some moment on: a proxy before the real one that
//! gives the page's files other names, and knows only those of the build that is served.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The proxy.
pub struct Rebuilt {
    pub origin: String,
    is_new: Arc<AtomicBool>,
    serving: JoinHandle<()>,
}

impl Rebuilt {
    /// Before `server`, at first as it is.
    pub async fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let is_new = Arc::new(AtomicBool::new(false));
        let (server, flag) = (server.to_owned(), is_new.clone());
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, server.clone(), flag.clone()));
            }
        });
        Rebuilt {
            origin: format!("http://127.0.0.1:{port}"),
            is_new,
            serving,
        }
    }

    /// From now on another build is served.
    pub fn rebuild(&self) {
        self.is_new.store(true, Ordering::SeqCst);
    }
}

impl Drop for Rebuilt {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The names of another build: every digest begins with other letters.
const OLD: &str = "/assets/resident/resident-";
const NEW: &str = "/assets/resident/resident-new";

async fn answer(mut stream: TcpStream, server: String, is_new: Arc<AtomicBool>) -> Option<()> {
    let mut request = Vec::new();
    let (head, length) = loop {
        let mut part = [0; 8192];
        let read = stream.read(&mut part).await.ok()?;
        request.extend_from_slice(part.get(..read)?);
        if read == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.to_ascii_lowercase();
            let length = length
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            break (head.to_owned(), length.unwrap_or(0usize));
        }
    };
    let body = head.len() + 4;
    while request.len() < body + length {
        let mut part = [0; 8192];
        let read = stream.read(&mut part).await.ok()?;
        request.extend_from_slice(part.get(..read)?);
    }
    let mut words = head.split_whitespace();
    let (method, path) = (words.next()?, words.next()?);
    let new = is_new.load(Ordering::SeqCst);
    // A server has the files of its own build only.
    let known = !path.starts_with(OLD) || path.starts_with(NEW) == new;
    let asked = if known {
        path.replacen(NEW, OLD, 1)
    } else {
        "/gone".to_owned()
    };
    let client = reqwest::Client::new();
    let sent = client
        .request(method.parse().ok()?, format!("{server}{asked}"))
        .header("content-type", "application/json")
        .body(request.get(body..)?.to_vec())
        .send()
        .await
        .ok()?;
    let status = sent.status();
    let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
    for name in ["content-type", "content-security-policy", "cache-control"] {
        if let Some(value) = sent.headers().get(name) {
            head.push_str(&format!("{name}: {}\r\n", value.to_str().ok()?));
        }
    }
    let mut bytes = sent.bytes().await.ok()?.to_vec();
    let is_text = head.contains("text/html") || path == "/sw.js";
    if new && is_text {
        bytes = String::from_utf8(bytes)
            .ok()?
            .replace(OLD, NEW)
            .into_bytes();
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", bytes.len()));
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(&bytes).await.ok()
}
