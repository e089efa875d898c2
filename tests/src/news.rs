//! A news site: a page on another origin, with a strict policy of its own, that embeds a survey.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A site that answers every request with one page.
pub struct NewsSite {
    pub origin: String,
    listener: Option<TcpListener>,
    serving: Option<JoinHandle<()>>,
}

impl NewsSite {
    /// Takes a free port; the page comes later, because server and site must know each other.
    pub async fn reserve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        NewsSite {
            // By its other name, so that it is another site and not only another port.
            origin: format!("http://localhost:{port}"),
            listener: Some(listener),
            serving: None,
        }
    }

    /// Serves `body` with a policy that allows nothing but scripts and frames of `wendu`.
    pub fn publish(&mut self, wendu: &str, body: &str) {
        let page = format!(
            "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>新闻</title><body>{body}</body></html>"
        );
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\
             Content-Security-Policy: default-src 'none'; script-src {wendu}; frame-src {wendu}; style-src 'none'\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{page}",
            page.len()
        );
        let listener = self.listener.take().expect("published once");
        self.serving = Some(tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let answer = answer.clone();
                tokio::spawn(async move {
                    let mut request = [0; 8192];
                    let _ = stream.read(&mut request).await;
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
