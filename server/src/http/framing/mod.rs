//! Pages inside other people's pages: who frames this one, how it is to look, and the few lines
//! of script with which it talks to the page around it.

mod theme;

pub use theme::Theme;

use crate::widgets::Widgets;
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use survey::campaign::is_origin;

/// Tells the page around this one how high this page is and that something happened, never what
/// was answered; and only to the origin that the server has allowed. Where the server could not
/// see which page that is (a browser that sends no referrer), the browser may know.
/// The height is told as soon as the frame knows how wide it is: below what is in view it is not
/// drawn and observes nothing, and it is there that it can grow without moving anything before a
/// reader's eyes.
pub const INSIDE: &str = include_str!("inside.js");

/// Lets the office try a page: what it would keep or send stays in its memory. (That the server
/// stores nothing of it is the server's own doing.)
pub const TRYING: &str = include_str!("trying.js");

/// Tells the server, once, that somebody has begun to answer. What cannot be told it leaves in
/// `untold`, from where `app/js/queue.js` takes it along with the answers: the view, too, if the page
/// was one that the device had kept, which has no id in it. (In a sandbox nobody may read the
/// answer's status; it is 0 there.)
pub const BEGUN: &str = include_str!("begun.js");

/// What embed.js says in a page's address.
#[derive(Debug, Default, Deserialize)]
pub struct Parameters {
    embed: Option<String>,
    from: Option<String>,
    theme: Option<String>,
    color: Option<String>,
    size: Option<String>,
    preview: Option<String>,
}

/// How a page stands inside another one.
#[derive(Debug, Clone)]
pub struct Framing {
    key: String,
    /// The origin of the page around it, as embed.js says it, if it may embed this widget.
    host: Option<String>,
    /// Whether the browser said the same.
    verified: bool,
    /// Whether the frame has a height of its own, instead of following its content.
    fills: bool,
    /// Whether the office only tries it: nothing is counted or stored.
    preview: bool,
    /// This server's name and port, as the browser has them.
    server: Option<String>,
    ancestors: Vec<String>,
    theme: Theme,
}

/// The page around this one may not embed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAllowed;

impl Framing {
    /// How the page at `/s/{key}` is framed; `None` if it stands by itself.
    ///
    /// # Errors
    /// [`NotAllowed`].
    pub fn of(
        widgets: &Widgets,
        key: &str,
        parameters: &Parameters,
        headers: &HeaderMap,
    ) -> Result<Option<Framing>, NotAllowed> {
        // A link to an embedded page that is opened by itself embeds nothing.
        let by_itself = text(headers, "sec-fetch-dest").is_some_and(|dest| dest == "document");
        let Some(embed) = parameters.embed.as_deref().filter(|_| !by_itself) else {
            return Ok(None);
        };
        let referrer = text(headers, header::REFERER.as_str()).and_then(origin_of);
        let preview = parameters.preview.is_some();
        let allowed = widgets.origins(key);
        let may = |origin: &str| allowed.iter().any(|known| known == origin);
        let host = match parameters.from.as_deref().or(referrer) {
            Some(from) if preview => is_origin(from).then_some(from),
            Some(from) if may(from) => Some(from),
            // Without embed.js nobody claims anything; the browser shows it to no others anyway.
            Some(_) if parameters.from.is_none() && !allowed.is_empty() => None,
            None if !allowed.is_empty() || preview => None,
            _ => return Err(NotAllowed),
        };
        Ok(Some(Framing {
            key: key.to_owned(),
            host: host.map(str::to_owned),
            verified: !preview && host.is_some() && host == referrer,
            fills: embed == "fill",
            preview,
            server: text(headers, header::HOST.as_str())
                .filter(|host| is_origin(&format!("http://{host}")))
                .map(str::to_owned),
            ancestors: match preview {
                true => vec!["'self'".to_owned()],
                false => allowed.to_vec(),
            },
            theme: Theme::read(
                parameters.theme.as_deref(),
                parameters.color.as_deref(),
                parameters.size.as_deref(),
            ),
        }))
    }

    /// The origin of the page around this one, if the browser said so.
    pub fn verified_origin(&self) -> Option<&str> {
        self.host.as_deref().filter(|_| self.verified)
    }

    /// The origin of the page around this one, as it says itself.
    pub fn claimed_origin(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The same, where an earlier page has seen who is around.
    pub fn known_to_be(mut self, origin: Option<&str>) -> Framing {
        self.verified = origin.is_some() && self.host.as_deref() == origin;
        self
    }

    /// The origins that may frame the page.
    pub fn ancestors(&self) -> &[String] {
        &self.ancestors
    }

    /// Whether the office only tries it.
    pub fn is_preview(&self) -> bool {
        self.preview
    }

    /// This server's name and port, as the browser has them.
    pub fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// The look that was asked for.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// Where the page's form is sent: the page's own address, made from what was understood.
    pub fn action(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("embed", if self.fills { "fill" } else { "1" });
        if let Some(host) = &self.host {
            query.append_pair("from", host);
        }
        for (name, value) in self.theme.parameters() {
            query.append_pair(name, &value);
        }
        if self.preview {
            query.append_pair("preview", "1");
        }
        format!("/s/{}?{}", self.key, query.finish())
    }

    /// A page's style as it is to look in the frame.
    pub fn style(&self, style: &str) -> String {
        let mut style = self.theme.apply(style);
        style.push_str(if self.fills {
            ".embedded{min-height:100vh;min-height:100dvh}"
        } else {
            // A scrollbar would come and go while the frame grows, and wrap the text anew.
            "html{scrollbar-width:none}"
        });
        style
    }

    /// The attributes of the script [`INSIDE`]; `said` is what has just happened, if anything.
    pub fn script_attributes(&self, said: &str) -> Option<String> {
        // An origin has no character that means anything in HTML.
        let host = self.host.as_deref()?;
        let unverified = if self.verified || self.preview {
            ""
        } else {
            " data-unverified=1"
        };
        let said = if said.is_empty() {
            String::new()
        } else {
            format!(" data-said={said}")
        };
        Some(format!(" data-host=\"{host}\"{unverified}{said}"))
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The origin of an address, as browsers write it.
fn origin_of(address: &str) -> Option<&str> {
    let start = address.find("://")? + 3;
    let length = address.get(start..)?.find(['/', '?', '#']);
    let origin = address.get(..length.map_or(address.len(), |length| start + length))?;
    is_origin(origin).then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const NEWS: &str = "https://news.example";

    fn of(
        from: Option<&str>,
        headers: &[(&'static str, &str)],
    ) -> Result<Option<Framing>, NotAllowed> {
        let mut widgets = Widgets::default();
        widgets.allow("resident", NEWS).unwrap();
        let parameters = Parameters {
            embed: Some("1".to_owned()),
            from: from.map(str::to_owned),
            ..Parameters::default()
        };
        let headers = headers
            .iter()
            .map(|(name, value)| {
                let name = axum::http::HeaderName::from_static(name);
                (name, HeaderValue::from_str(value).unwrap())
            })
            .collect();
        Framing::of(&widgets, "resident", &parameters, &headers)
    }

    fn verified(from: Option<&str>, referrer: &str) -> Option<String> {
        let framing = of(from, &[("referer", referrer)]).unwrap().unwrap();
        framing.verified_origin().map(str::to_owned)
    }

    #[test]
    fn a_host_is_known_when_it_and_the_browser_say_the_same() {
        assert_eq!(
            verified(Some(NEWS), "https://news.example/").as_deref(),
            Some(NEWS)
        );
        assert_eq!(
            verified(None, "https://news.example/a?b#c").as_deref(),
            Some(NEWS)
        );
        for other in [
            "https://news.example.evil/",
            "https://evil-news.example/",
            "https://m.news.example/",
            "http://news.example/",
            "https://news.example:8443/",
            "https://news.example:443/",
            "https://news.example./",
            "https://NEWS.example/",
            "https://user@news.example/",
            "https://evil.example/https://news.example/",
            "null",
            "about:blank",
            "",
        ] {
            assert_eq!(verified(Some(NEWS), other), None, "{other}");
        }
        let silent = of(Some(NEWS), &[]).unwrap().unwrap();
        assert_eq!(silent.verified_origin(), None, "unknown, not guessed");
        assert_eq!(silent.claimed_origin(), Some(NEWS));
    }

    #[test]
    fn who_is_not_allowed_gets_nothing() {
        for from in [
            "https://news.example.evil",
            "http://news.example",
            "null",
            "",
        ] {
            assert_eq!(of(Some(from), &[]).err(), Some(NotAllowed), "{from}");
        }
    }

    #[test]
    fn an_embedded_page_opened_by_itself_is_a_page_like_any_other() {
        let opened = of(Some(NEWS), &[("sec-fetch-dest", "document")]);
        assert!(opened.unwrap().is_none());
        assert!(
            of(Some(NEWS), &[("sec-fetch-dest", "iframe")])
                .unwrap()
                .is_some()
        );
    }
}
