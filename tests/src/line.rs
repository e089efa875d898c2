//! A bad line: a proxy before the real server that hangs, loses replies, or says that it is busy.

use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the line does with what passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// All passes.
    Good,
    /// Nothing comes back, and nobody hangs up, until the state changes.
    Hangs,
    /// Answers of people reach the server and are stored; what it says is lost.
    LosesReplies,
    /// Breaks off in the middle of people's answers.
    BreaksOff,
    /// People's answers hear that they should come back after so many seconds.
    Busy(u32),
}

/// The proxy.
pub struct Line {
    pub origin: String,
    state: watch::Sender<State>,
    sent: Arc<Mutex<Vec<Instant>>>,
    serving: JoinHandle<()>,
}

impl Line {
    /// A good line to the server at `host`, as in `127.0.0.1:8080`.
    pub async fn to(host: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let (state, states) = watch::channel(State::Good);
        let sent = Arc::new(Mutex::new(Vec::new()));
        let (host, times) = (host.to_owned(), sent.clone());
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass(stream, host.clone(), states.clone(), times.clone()));
            }
        });
        Line {
            origin: format!("http://127.0.0.1:{port}"),
            state,
            sent,
            serving,
        }
    }

    /// From now on it does so.
    pub fn becomes(&self, state: State) {
        self.state.send_replace(state);
    }

    /// When people's answers were sent.
    pub fn sent(&self) -> Vec<Instant> {
        self.sent.lock().expect("a list").clone()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn pass(
    mut browser: TcpStream,
    host: String,
    mut states: watch::Receiver<State>,
    sent: Arc<Mutex<Vec<Instant>>>,
) -> Option<()> {
    let request = read(&mut browser).await?;
    let state = *states.borrow_and_update();
    let is_answer = request.starts_with(b"POST /api/v1/responses");
    if is_answer {
        sent.lock().ok()?.push(Instant::now());
    }
    match state {
        State::Hangs => {
            states.wait_for(|state| *state != State::Hangs).await.ok()?;
        }
        State::Busy(seconds) if is_answer => {
            let busy = format!(
                "HTTP/1.1 503 Service Unavailable\r\nRetry-After: {seconds}\r\n\
                 Connection: close\r\nContent-Length: 0\r\n\r\n"
            );
            browser.write_all(busy.as_bytes()).await.ok()?;
        }
        State::BreaksOff if is_answer => {
            let mut server = TcpStream::connect(&host).await.ok()?;
            let half = request.get(..request.len() - 40)?;
            server.write_all(half).await.ok()?;
        }
        state => {
            let mut server = TcpStream::connect(&host).await.ok()?;
            server.write_all(&request).await.ok()?;
            let mut reply = Vec::new();
            server.read_to_end(&mut reply).await.ok()?;
            if !(is_answer && state == State::LosesReplies) {
                browser.write_all(&reply).await.ok()?;
            }
        }
    }
    Some(())
}

/// One request, as the last of its connection.
async fn read(browser: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let (head, body) = loop {
        let text = String::from_utf8_lossy(&request);
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            break (head.to_owned(), head.len() + 4);
        }
        more(browser, &mut request).await?;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let is_it = name.eq_ignore_ascii_case("content-length");
        is_it.then(|| value.parse::<usize>().ok()).flatten()
    });
    while request.len() < body + length.unwrap_or(0) {
        more(browser, &mut request).await?;
    }
    let lines = head.lines();
    let others = lines.filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let head: String = others.flat_map(|line| [line, "\r\n"]).collect();
    let head = format!("{head}Connection: close\r\n\r\n");
    Some([head.as_bytes(), request.get(body..)?].concat())
}

async fn more(browser: &mut TcpStream, request: &mut Vec<u8>) -> Option<()> {
    let mut part = [0; 8192];
    let read = browser.read(&mut part).await.ok()?;
    request.extend_from_slice(part.get(..read)?);
    (read > 0).then_some(())
}
