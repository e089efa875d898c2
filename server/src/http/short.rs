//! `/q/{site}`: the short link of a site's poster, by which people come to the site's form.

use super::resident::{lost_page, preferred_language};
use super::{Server, State};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, header};
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
        (site, _) => lost_page(
            preferred_language(&headers),
            GENERAL,
            site.map(|site| site.code.as_str()),
        ),
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
