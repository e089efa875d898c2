//! The frame of every page that residents see: the built shell, or a plain one without it.

use super::framing::{BEGUN, Framing, INSIDE, TRYING};
use super::{assets, security};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use survey::Language;

/// The page's frame where the site was not built into the server: the form, without an app.
const PLAIN_SHELL: &str = "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
    <meta name=\"color-scheme\" content=\"light dark\"><title>温度</title>\
    <style nonce=\"{{__TRUNK NONCE__}}\"><!--critical-css--></style></head>\
    <body><div id=\"app\"><!--first-screen--></div><!--visit--></body></html>";

/// Large type, for who has chosen it at an earlier visit (`app::resident::browser::draft`): before
/// the first picture, so that nothing moves when the app takes over, and on pages without it.
const LARGE: &str = include_str!("large.js");

/// The switch for large type where there is no app that has one.
const ENLARGE: &str = include_str!("enlarge.js");

const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/resident.css"));

/// A page.
pub struct Page<'p> {
    pub language: Language,
    pub title: &'p str,
    /// What is shown, as HTML.
    pub content: &'p str,
    /// What the app needs to know, as JSON. Without it the app is left out.
    pub data: Option<String>,
    /// The address of one more module of script.
    pub module: Option<&'static str>,
    /// More for the page's head, as HTML.
    pub head: String,
    /// More after the content, as HTML.
    pub foot: String,
    pub status: StatusCode,
    /// Who may frame it.
    pub ancestors: &'p [String],
    /// How it is framed, if it is.
    pub framing: Option<&'p Framing>,
    /// What the page around it is told at once.
    pub said: &'static str,
    /// As what a first answer counts, if it is still to come.
    pub source: Option<String>,
}

impl<'p> Page<'p> {
    /// A page with nothing but its content.
    pub fn new(language: Language, title: &'p str, content: &'p str, status: StatusCode) -> Self {
        Page {
            language,
            title,
            content,
            data: None,
            module: None,
            head: String::new(),
            foot: String::new(),
            status,
            ancestors: &[],
            framing: None,
            said: "",
            source: None,
        }
    }

    /// The page as it is sent.
    pub fn respond(self) -> Response {
        let preview = self.framing.filter(|framing| framing.is_preview());
        let data = self.data.as_deref();
        let built = data.and_then(|_| assets::text("/assets/resident/index.html"));
        let nonce = security::nonce();
        let style = self.framing.map(|framing| framing.style(STYLE));
        let schemes = self
            .framing
            .map_or("light dark", |framing| framing.theme().schemes());
        let title = format!("<title>{}</title>{}", escaped(self.title), self.head);
        let page = built
            .unwrap_or(PLAIN_SHELL)
            .replace("{{__TRUNK NONCE__}}", &nonce)
            .replacen(
                "lang=\"zh-CN\"",
                &format!("lang=\"{}\"", self.language.tag()),
                1,
            )
            .replacen(
                "content=\"light dark\"",
                &format!("content=\"{schemes}\""),
                1,
            )
            .replacen("<title>温度</title>", &title, 1)
            .replacen("<!--critical-css-->", style.as_deref().unwrap_or(STYLE), 1)
            .replacen("<!--visit-->", &self.end(data, &nonce), 1)
            .replacen("<!--first-screen-->", self.content, 1);
        let mut response = (self.status, Html(page)).into_response();
        let headers = response.headers_mut();
        let ancestors = self.framing.map_or(self.ancestors, Framing::ancestors);
        match preview {
            Some(framing) => security::preview_policy(headers, &nonce, framing.server()),
            None => security::page_policy(headers, &nonce, ancestors),
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if !ancestors.is_empty() {
            let cross_origin = HeaderValue::from_static("cross-origin");
            headers.insert("cross-origin-resource-policy", cross_origin);
        }
        response
    }

    /// What stands at the end of the page: data for the app, and the scripts of few lines.
    fn end(&self, data: Option<&str>, nonce: &str) -> String {
        let mut end = String::new();
        if let Some(json) = data {
            // `<` must not end the script element from inside a text.
            let json = json.replace('<', "\\u003c");
            end = format!("<script type=\"application/json\" id=\"visit\">{json}</script>");
        }
        end.push_str(&self.foot);
        if let Some(path) = self.module {
            end.push_str(&format!("<script type=\"module\" src=\"{path}\"></script>"));
        }
        if self.framing.is_some_and(Framing::is_preview) {
            // Before the app, whose module waits for the end of the page.
            end.push_str(&format!("<script nonce=\"{nonce}\">{TRYING}</script>"));
        }
        let enlarge = if data.is_none() { ENLARGE } else { "" };
        end.push_str(&format!(
            "<script nonce=\"{nonce}\">{LARGE}{enlarge}</script>"
        ));
        if let Some(attributes) = self.framing.and_then(|f| f.script_attributes(self.said)) {
            end.push_str(&format!(
                "<script nonce=\"{nonce}\"{attributes}>{INSIDE}</script>"
            ));
        }
        if let Some(source) = &self.source {
            let source = escaped(source);
            end.push_str(&format!(
                "<script nonce=\"{nonce}\" data-source=\"{source}\">{BEGUN}</script>"
            ));
        }
        end
    }
}

/// A text as it stands in HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
