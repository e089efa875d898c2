//! `/oembed`: the questionnaire for content systems that embed by address (<https://oembed.com>).

use super::page::escaped;
use super::problem::Problem;
use super::{Server, State};
use app::problems::ProblemKind;
use axum::Router;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use survey::Language;

/// The frame's size where the content system asks for none smaller.
const WIDTH: u32 = 640;
const HEIGHT: u32 = 600;

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/oembed", get(show))
}

#[derive(Debug, Deserialize)]
struct Parameters {
    url: String,
    format: Option<String>,
    maxwidth: Option<u32>,
    maxheight: Option<u32>,
}

async fn show(
    state: State,
    headers: HeaderMap,
    Query(parameters): Query<Parameters>,
) -> Result<Response, Problem> {
    let home = home(&state, &headers);
    let path = parameters.url.strip_prefix(&home);
    let path = path.and_then(|path| path.strip_prefix("/s/"));
    let path = path.map(|path| path.split('#').next().unwrap_or_default());
    let (key, query) = path.map_or(("", ""), |path| path.split_once('?').unwrap_or((path, "")));
    let language = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "lang")
        .and_then(|(_, tag)| Language::from_tag(&tag));
    let id = state.config.widgets.questionnaire(key);
    let form = state.catalogue.newest(id).ok_or_else(|| {
        Problem::unknown_questionnaire("There is no questionnaire at this address of this server.")
    })?;
    let title = form.questionnaire.title(language.unwrap_or_default());
    // Without a wish it is the reader's browser that decides.
    let language = language.map_or(String::new(), |language| {
        format!("&lang={}", language.tag())
    });
    let width = parameters.maxwidth.unwrap_or(WIDTH).min(WIDTH);
    let height = parameters.maxheight.unwrap_or(HEIGHT).min(HEIGHT);
    let html = format!(
        "<iframe src=\"{home}/s/{key}?embed=fill{}\" width=\"{width}\" height=\"{height}\" \
         title=\"{}\" referrerpolicy=\"origin\" loading=\"lazy\" frameborder=\"0\"></iframe>",
        escaped(&language),
        escaped(title)
    );
    match parameters.format.as_deref() {
        None | Some("json") => Ok(axum::Json(json!({
            "version": "1.0", "type": "rich", "title": title, "provider_name": "Wendu 温度",
            "provider_url": home, "cache_age": 86400, "html": html, "width": width,
            "height": height,
        }))
        .into_response()),
        Some("xml") => {
            let xml = format!(
                "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?><oembed>\
                 <version>1.0</version><type>rich</type><title>{}</title>\
                 <provider_name>Wendu 温度</provider_name><provider_url>{home}</provider_url>\
                 <cache_age>86400</cache_age><html>{}</html><width>{width}</width>\
                 <height>{height}</height></oembed>",
                escaped(title),
                escaped(&html)
            );
            Ok(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], xml).into_response())
        }
        Some(_) => Err(Problem::new(
            StatusCode::NOT_IMPLEMENTED,
            ProblemKind::UnknownFormat,
            "Ask for json or xml.",
        )),
    }
}

/// The link by which a content system finds this.
pub fn discovery(server: &Server, headers: &HeaderMap, key: &str) -> String {
    let home = home(server, headers);
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("url", &format!("{home}/s/{key}"))
        .finish();
    format!(
        "<link rel=\"alternate\" type=\"application/json+oembed\" href=\"{home}/oembed?{query}\">"
    )
}

/// The address by which people reach this server.
fn home(server: &Server, headers: &HeaderMap) -> String {
    if let Some(url) = &server.config.public_url {
        return url.clone();
    }
    // Without a public address it is being tried out, by whatever local name.
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let named = host.map(|host| format!("http://{host}"));
    named
        .filter(|home| survey::campaign::is_origin(home))
        .unwrap_or_else(|| format!("http://{}", server.config.listen))
}
