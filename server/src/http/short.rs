//! `/q/{site}`: the short link of a site's poster, by which people come to the site's form.

use super::arrival::preferred_language;
use super::page::Page;
use super::{Server, State};
use app::resident::render_lost;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use poster::link::GENERAL;
use serde::Deserialize;
use std::sync::Arc;

/// What every short link begins with.
pub const PATH: &str = "/q/";

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/q/{site}", get(follow))
}

#[derive(Deserialize)]
struct Wanted {
    /// Which questionnaire; the residents' if none.
    q: Option<String>,
}

async fn follow(
    state: State,
    Path(typed): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let site = state.catalogue.campaign.site_typed(&typed);
    let questionnaire = wanted.q.as_deref().unwrap_or(GENERAL);
    let form = state.catalogue.newest(questionnaire);
    let mut response = match (site, form) {
        // Not for ever: a site may be taken off the list, and printed posters stay.
        (Some(site), Some(form)) => {
            Redirect::temporary(&format!("/s/{}?site={}", form.questionnaire.id, site.code))
                .into_response()
        }
        (site, _) => {
            let site = site.map(|site| site.code.as_str());
            lost(preferred_language(&headers), site)
        }
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The page for a link that leads to no site or to no questionnaire.
fn lost(language: survey::Language, site: Option<&str>) -> Response {
    let content = render_lost(&format!("/s/{GENERAL}"), site);
    let title = language.pick("没有找到这个点位", "Unknown place");
    Page::new(language, title, &content, StatusCode::NOT_FOUND).respond()
}
