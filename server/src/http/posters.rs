//! Posters for the office: of one site as SVG or PDF, of many as one PDF.

use super::problem::Problem;
use super::session::Reader;
use super::{Server, State};
use crate::posters::{self, File, Order, Places, PosterError};
use app::problems::ProblemKind;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use poster::link::GENERAL;
use poster::{Address, Size};
use serde::Deserialize;
use std::sync::Arc;

pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/api/v1/sites/{site}/poster.svg", get(one_svg))
        .route("/api/v1/sites/{site}/poster.pdf", get(one_pdf))
        .route("/api/v1/posters.pdf", get(many))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    /// `a4` or `a5`.
    size: Option<String>,
    /// The questionnaire; the residents' if none.
    q: Option<String>,
    /// A township or community; all sites if none.
    area: Option<String>,
    /// The language in which the browser is told why there is none.
    #[serde(rename = "lang")]
    _language: Option<String>,
}

type Asked = Result<Query<Parameters>, QueryRejection>;

async fn one_svg(
    state: State,
    _reader: Reader,
    Path(site): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let order = order(asked, Some(site))?;
    let file = drawn(state, move |server, address| {
        let font = server.config.font.as_deref();
        posters::svg(&server.catalogue, &order, address, font).map(|files| files.into_iter().next())
    })
    .await?
    .ok_or_else(|| Problem::internal(&"a site without a poster"))?;
    // A drawing is looked at in the browser; its name is for whoever saves it.
    Ok(sent(file, "image/svg+xml", "inline"))
}

async fn one_pdf(
    state: State,
    _reader: Reader,
    Path(site): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    pdf(state, order(asked, Some(site))?).await
}

async fn many(state: State, _reader: Reader, asked: Asked) -> Result<Response, Problem> {
    pdf(state, order(asked, None)?).await
}

async fn pdf(state: State, order: Order) -> Result<Response, Problem> {
    let file = drawn(state, move |server, address| {
        let font = server.config.font.as_deref();
        posters::pdf(&server.catalogue, &order, address, font)
    })
    .await?;
    Ok(sent(file, "application/pdf", "attachment"))
}

fn order(asked: Asked, site: Option<String>) -> Result<Order, Problem> {
    let Query(parameters) = asked.map_err(|error| invalid(error.body_text()))?;
    let size = match parameters.size {
        None => Size::default(),
        Some(name) => Size::parse(&name)
            .ok_or_else(|| invalid(format!("size: there is no {name}; write a4 or a5")))?,
    };
    let places = match (site, parameters.area) {
        (Some(_), Some(_)) => return Err(invalid("area: a site is asked for already".to_owned())),
        (Some(site), None) => Places::Sites(vec![site]),
        (None, Some(area)) => Places::Area(area),
        (None, None) => Places::All,
    };
    Ok(Order {
        places,
        questionnaire: parameters.q.unwrap_or_else(|| GENERAL.to_owned()),
        size,
    })
}

/// Draws away from the threads that serve: fonts are read from disk and cut to size.
async fn drawn<T: Send + 'static>(
    state: State,
    draw: impl FnOnce(&Server, &Address) -> Result<T, PosterError> + Send + 'static,
) -> Result<T, Problem> {
    let address = address(state.config.poster_url().as_deref())?;
    let server = Arc::clone(&state);
    tokio::task::spawn_blocking(move || draw(&server, &address))
        .await
        .map_err(|error| Problem::internal(&error))?
        .map_err(|error| problem(&error))
}

/// Where posters lead. A server that is only being tried out makes posters that lead to this
/// machine and say that they may not be put up; one that others can reach must know its name.
fn address(url: Option<&str>) -> Result<Address, Problem> {
    url.map(Address::new).ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            ProblemKind::NoPublicUrl,
            "A poster needs the address that people type. Start the server with \
             --public-url https://HOST.",
        )
    })
}

fn problem(error: &PosterError) -> Problem {
    let detail = error.to_string();
    match error {
        PosterError::UnknownSite(_)
        | PosterError::UnknownArea(_)
        | PosterError::NoSite(_)
        | PosterError::UnknownQuestionnaire(_) => {
            Problem::new(StatusCode::NOT_FOUND, ProblemKind::NoPoster, detail)
        }
        PosterError::Font(_) | PosterError::Fault { .. } => {
            tracing::warn!(%error, "a poster could not be drawn");
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                ProblemKind::Poster,
                detail,
            )
        }
    }
}

fn invalid(why: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, ProblemKind::InvalidRequest, why)
}

/// A file with a name for every browser (RFC 6266): in ASCII, and as it is.
fn sent(file: File, kind: &'static str, disposition: &str) -> Response {
    let name = format!(
        "{disposition}; filename=\"{}\"; filename*=UTF-8''{}",
        file.plain_name,
        utf8_percent_encode(&file.name, NON_ALPHANUMERIC)
    );
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, file.bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_others_reach_draws_no_poster_without_its_public_address() {
        let refused = address(None).unwrap_err();
        assert_eq!(refused.status(), StatusCode::CONFLICT);
        assert!(refused.detail().contains("--public-url"));
        let public = address(Some("https://wendu.example")).unwrap();
        assert!(!public.is_loopback());
        let trial = address(Some("http://127.0.0.1:8080")).unwrap();
        assert!(trial.is_loopback());
    }
}
