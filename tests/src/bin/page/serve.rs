//! The two pages beside ours: files in memory, compressed with brotli 11, kept connections.

use crate::forms::Form;
use axum::Router;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::routing::get;
use std::io::Read;
use std::path::Path;

pub struct Site {
    origin: String,
}

const SURVEYJS: [(&str, &str, &str); 3] = [
    ("/core.css", "survey-core/survey-core.min.css", "text/css"),
    (
        "/core.js",
        "survey-core/survey.core.min.js",
        "text/javascript",
    ),
    (
        "/ui.js",
        "survey-js-ui/survey-js-ui.min.js",
        "text/javascript",
    ),
];

impl Site {
    /// Serves the form as plain HTML and in SurveyJS.
    pub async fn start(form: &Form, node_modules: &Path) -> Site {
        let html = "text/html; charset=utf-8";
        let mut router = file(Router::new(), "/bare.html", html, form.html().as_bytes());
        router = file(router, "/surveyjs.html", html, surveyjs(form).as_bytes());
        for (path, name, kind) in SURVEYJS {
            let name = node_modules.join(name);
            let bytes = std::fs::read(&name).unwrap_or_else(|e| panic!("{}: {e}", name.display()));
            router = file(router, path, kind, &bytes);
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("its address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Site { origin }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

/// As its makers' guide says: style in the head, the two scripts, the model.
fn surveyjs(form: &Form) -> String {
    format!(
        "<!doctype html><html lang=zh-CN><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{}</title><link rel=stylesheet href=/core.css><script defer src=/core.js></script>\
         <script defer src=/ui.js></script><div id=survey></div>\
         <script type=module>new Survey.Model({}).render(document.getElementById('survey'))</script>",
        form.title,
        form.surveyjs()
    )
}

fn file(router: Router, path: &'static str, kind: &'static str, bytes: &[u8]) -> Router {
    let mut small = Vec::new();
    // Reading from memory does not fail.
    let _ = brotli::CompressorReader::new(bytes, 4096, 11, 22).read_to_end(&mut small);
    let answer = move || async move { ([(CONTENT_TYPE, kind), (CONTENT_ENCODING, "br")], small) };
    router.route(path, get(answer))
}
