//! How a person comes to a questionnaire: what the address says, the page around, the language;
//! and what is told to those who cannot be let in.

use super::Server;
use super::framing::{Framing, Parameters};
use super::page::Page;
use app::resident::render_problem;
use app::resident::visit::Visit;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use survey::{Language, Mode};

/// How a person came here.
#[derive(Debug, Default, Deserialize)]
pub struct Arrival {
    pub lang: Option<String>,
    pub site: Option<String>,
    pub area: Option<String>,
    pub mode: Option<String>,
    pub shared: Option<String>,
    /// Whether the page stands inside another one, and where its form is sent then.
    #[serde(skip)]
    pub framed: Option<String>,
    /// The origin of that other page, as far as it is known.
    #[serde(skip)]
    pub origin: Option<String>,
}

impl Arrival {
    /// The language that was asked for, or else that of the browser.
    pub fn language(&self, headers: &HeaderMap) -> Language {
        language_of(self.lang.as_deref(), headers)
    }
}

/// What is constant while a person answers, and how the page is framed; it counts as a view.
///
/// # Errors
/// What to tell instead.
pub fn opened(
    server: &Server,
    key: &str,
    mut arrival: Arrival,
    language: Language,
    parameters: &Parameters,
    headers: &HeaderMap,
) -> Result<(Visit, Option<Framing>), Refused> {
    let framing = Framing::of(&server.config.widgets, key, parameters, headers)
        .map_err(|_| not_allowed(language))?;
    arrival.framed = framing.as_ref().map(Framing::action);
    let origin = framing.as_ref().and_then(Framing::verified_origin);
    arrival.origin = origin.map(str::to_owned);
    let visit = visit(server, key, &arrival, language)?;
    if !framing.as_ref().is_some_and(Framing::is_preview) {
        server.sources.view(&visit, headers);
    }
    Ok((visit, framing))
}

/// What is constant while a person answers the questionnaire or widget called `key`.
///
/// # Errors
/// What to tell instead.
pub fn visit(
    server: &Server,
    key: &str,
    arrival: &Arrival,
    language: Language,
) -> Result<Visit, Refused> {
    let catalogue = &server.catalogue;
    let widgets = &server.config.widgets;
    let questionnaire = widgets.questionnaire(key);
    let form = catalogue.newest(questionnaire).ok_or((
        StatusCode::NOT_FOUND,
        language.pick("没有这份问卷", "There is no such survey"),
        language.pick(
            "请检查网址，或重新扫描二维码。",
            "Please check the address, or scan the code again.",
        ),
    ))?;
    let site = arrival
        .site
        .clone()
        .filter(|code| catalogue.campaign.site(code).is_some());
    let area = arrival
        .area
        .clone()
        .filter(|code| catalogue.campaign.township_of(code).is_some());
    if let Some(origin) = &arrival.origin
        && !widgets.may_embed(questionnaire, origin)
    {
        return Err(not_allowed(language));
    }
    let inside = arrival.framed.is_some() || arrival.origin.is_some();
    let mode = match (&site, arrival.mode.as_deref().and_then(Mode::parse)) {
        _ if inside => Mode::Widget,
        (_, Some(mode @ (Mode::Interviewer | Mode::Phone | Mode::Kiosk))) => mode,
        (Some(_), _) => Mode::Site,
        (None, _) => Mode::OwnDevice,
    };
    Ok(Visit {
        form: survey::Form::clone(form),
        mode,
        site,
        area,
        origin: arrival.origin.clone(),
        language,
        simulated: catalogue.simulated,
        action: arrival.framed.clone(),
        shared: arrival.shared.is_some(),
    })
}

/// A status, a title and what to do.
pub type Refused = (StatusCode, &'static str, &'static str);

/// A page that may not embed the survey.
pub fn not_allowed(language: Language) -> Refused {
    (
        StatusCode::FORBIDDEN,
        language.pick(
            "此网页未获准嵌入本问卷",
            "This page may not embed the survey",
        ),
        language.pick(
            "请联系问卷的主办单位开通。",
            "Please ask the survey's office to allow this page's origin.",
        ),
    )
}

/// A page that says why something cannot be had.
pub fn refusal(language: Language, (status, title, detail): Refused) -> Response {
    let page = render_problem(language, title, detail);
    Page::new(language, title, &page, status).respond()
}

/// The language of a tag, or else the browser's.
pub fn language_of(tag: Option<&str>, headers: &HeaderMap) -> Language {
    tag.and_then(Language::from_tag)
        .unwrap_or_else(|| preferred_language(headers))
}

/// Chinese unless the browser prefers English to it.
pub fn preferred_language(headers: &HeaderMap) -> Language {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| {
            value
                .split([',', ';'])
                .find_map(|tag| Language::from_tag(tag.trim()))
        })
        .unwrap_or_default()
}
