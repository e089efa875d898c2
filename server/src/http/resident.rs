//! `/s/{questionnaire}`: the page on which people answer, as a real form from the first byte.
//! Where scripts run, the app takes over in place; where they do not, these handlers carry the
//! person to the end with the same steps and the same rules.

use super::arrival::{
    Arrival, language_of, not_allowed, opened, preferred_language, refusal, visit,
};
use super::framing::{Framing, Parameters};
use super::page::Page;
use super::problem::Problem;
use super::{Server, State, assets, interview, oembed, responses};
use crate::clock;
use crate::sources::Source;
use app::resident::session::{Complaint, Outcome, Session};
use app::resident::visit::{Progress, Step, Visit, field};
use app::resident::{render_bar, render_broken_off, render_problem, render_screen, render_thanks};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use std::sync::Arc;
use survey::{Assistance, Language, Mode, Submission, fields, identity::ResponseId};

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/s/{key}", get(first).post(step))
}

async fn first(
    state: State,
    Path(key): Path<String>,
    Query(arrival): Query<Arrival>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    let language = arrival.language(&headers);
    let (visit, framing) = match opened(&state, &key, arrival, language, &parameters, &headers) {
        Ok(opened) => opened,
        Err(refused) => return refusal(language, refused),
    };
    let progress = Progress {
        response_id: new_id(),
        started_at: clock::format(clock::now()),
        ..Progress::default()
    };
    let place = Place {
        key: &key,
        framing: framing.as_ref(),
        said: "",
        head: match framing {
            None => oembed::discovery(&state, &headers, &key),
            Some(_) => String::new(),
        },
    };
    screen(&state, &visit, &progress, &place, StatusCode::OK)
}

/// Where a page stands.
struct Place<'p> {
    key: &'p str,
    framing: Option<&'p Framing>,
    /// What the page around it is told.
    said: &'static str,
    /// More for the page's head.
    head: String,
}

async fn step(
    state: State,
    Path(key): Path<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Ok(framing) = Framing::of(&state.config.widgets, &key, &parameters, &headers) else {
        let language = preferred_language(&headers);
        return refusal(language, not_allowed(language));
    };
    match take_step(&state, &key, framing.clone(), &headers, body).await {
        Ok(response) => response,
        Err((language, problem)) => {
            let title = language.pick("暂时没能提交", "It could not be sent just now");
            let advice = language.pick(
                "您的回答还在，刷新本页会再次提交。",
                " Your answers are still here; reloading this page sends them again.",
            );
            let told = [&problem.kind().told(language), advice].concat();
            let page = render_problem(language, title, &told);
            Page {
                framing: framing.as_ref(),
                ..Page::new(language, title, &page, problem.status())
            }
            .respond()
        }
    }
}

async fn take_step(
    server: &Server,
    key: &str,
    framing: Option<Framing>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, (Language, Problem)> {
    let bytes = responses::read_body(headers, body)
        .await
        .map_err(|problem| (preferred_language(headers), problem))?;
    let pairs: Vec<(String, String)> = form_pairs(&bytes);
    let value = |name: &str| {
        pairs
            .iter()
            .find(|(n, v)| n == name && !v.is_empty())
            .map(|(_, v)| v.clone())
    };
    let language = language_of(value(field::LANGUAGE).as_deref(), headers);
    // Whether the page around this one was known was found out when it was opened.
    let claimed = framing.as_ref().and_then(Framing::claimed_origin);
    let origin =
        value(field::ORIGIN).filter(|origin| claimed.is_none_or(|claimed| claimed == origin));
    let framing = framing.map(|framing| framing.known_to_be(origin.as_deref()));
    let arrival = Arrival {
        lang: None,
        site: value(field::SITE),
        area: value(field::AREA),
        mode: value(field::MODE),
        framed: framing.as_ref().map(Framing::action),
        origin,
        shared: value(field::SHARED),
    };
    let mut visit = match visit(server, key, &arrival, language) {
        Ok(visit) => visit,
        Err(refused) => return Ok(refusal(language, refused)),
    };
    // A person who began with an older version ends with it.
    if let Some(version) = value(field::VERSION).and_then(|text| text.parse().ok())
        && let Some(form) = server
            .catalogue
            .version(server.config.widgets.questionnaire(key), version)
    {
        visit.form = survey::Form::clone(form);
    }
    let answers = fields::read(
        &visit.form,
        pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())),
    );
    let begun = value(field::BEGUN).is_some();
    let begins = !begun && answers.iter().next().is_some();
    let is_preview = framing.as_ref().is_some_and(Framing::is_preview);
    if begins && !is_preview {
        server.sources.start(Source::of(&visit));
    }
    let progress = Progress {
        begun: begun || begins,
        answers,
        at: value(field::AT),
        fault: None,
        response_id: value(field::ID).unwrap_or_else(new_id),
        started_at: value(field::STARTED).unwrap_or_else(|| clock::format(clock::now())),
        large: value(field::LARGE).is_some(),
        assistance: value(field::ASSISTANCE)
            .as_deref()
            .and_then(Assistance::parse),
    };
    let wanted = value(field::TO)
        .as_deref()
        .and_then(Step::parse)
        .unwrap_or(Step::Next);
    let begun = progress.begun;
    let mut session = Session::new(visit, progress);
    let outcome = session.step(wanted);
    if outcome == Outcome::Complete {
        let submission = session.submission();
        let id = match is_preview {
            true => trial_id(),
            false => take(server, headers, submission, language)
                .await
                .map_err(|problem| (language, problem))?,
        };
        let page = render_thanks(&session.visit, id);
        let title = session.visit.form.questionnaire.title(language).to_owned();
        return Ok(Page {
            ancestors: server.config.widgets.origins(key),
            framing: framing.as_ref(),
            said: "completed",
            module: forgetting(&session.visit),
            ..Page::new(language, &title, &page, StatusCode::OK)
        }
        .respond());
    }
    let status = if outcome == Outcome::Faulty {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let progress = Progress {
        fault: match session.complaint {
            Some(Complaint::Found(fault)) => Some(fault),
            _ => None,
        },
        answers: session.answers,
        at: Some(session.at).filter(|id| !id.is_empty()),
        response_id: session.id,
        started_at: session.started_at,
        large: session.large,
        begun,
        assistance: session.assistance,
    };
    let moved = outcome == Outcome::Moved && wanted == Step::Next;
    let place = Place {
        key,
        framing: framing.as_ref(),
        // The teaser leads here with the first answer, and stays at its question.
        said: if moved || begins { "answered" } else { "" },
        head: String::new(),
    };
    Ok(screen(server, &session.visit, &progress, &place, status))
}

/// Takes what was answered to disk.
async fn take(
    server: &Server,
    headers: &HeaderMap,
    submission: Submission,
    language: Language,
) -> Result<ResponseId, Problem> {
    let device = interview::grant(server, headers, submission.mode).await?;
    let (_, id) = responses::take(server, submission, device, language).await?;
    Ok(id)
}

/// The id of nothing: the office tries how the end looks.
fn trial_id() -> ResponseId {
    ResponseId::new(0, [0; 10])
}

fn form_pairs(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The page with one screen, and the questionnaire as JSON for the app.
fn screen(
    server: &Server,
    visit: &Visit,
    progress: &Progress,
    place: &Place<'_>,
    status: StatusCode,
) -> Response {
    let questionnaire = &visit.form.questionnaire;
    let html = render_screen(visit, progress);
    let title = questionnaire.title(visit.language);
    let module = match visit.mode {
        Mode::Interviewer => assets::path("interview"),
        _ => forgetting(visit),
    };
    let is_preview = place.framing.is_some_and(Framing::is_preview);
    let source = (!progress.begun && !is_preview).then(|| Source::of(visit).to_string());
    let foot = match visit.mode {
        Mode::Interviewer => [bar(server, visit), render_broken_off(visit)].concat(),
        _ => String::new(),
    };
    Page {
        data: serde_json::to_string(&visit.clone().lean()).ok(),
        ancestors: server.config.widgets.origins(place.key),
        framing: place.framing,
        said: place.said,
        module,
        head: place.head.clone(),
        foot,
        source,
        ..Page::new(visit.language, title, &html, status)
    }
    .respond()
}

/// The script that clears the screen for the next person, where there is one.
fn forgetting(visit: &Visit) -> Option<&'static str> {
    visit.is_shared().then(|| assets::path("kiosk")).flatten()
}

/// Where the interviewer is, the site or else the area, and where else he could be.
fn bar(server: &Server, visit: &Visit) -> String {
    let campaign = &server.catalogue.campaign;
    let site = visit.site.as_deref().and_then(|code| campaign.site(code));
    let area = || campaign.area_called(visit.area.as_deref()?);
    let place = site.map(|site| &site.name).or_else(area);
    render_bar(visit.language, campaign, place)
}

/// An id for a browser without scripts. Without randomness it is empty, and sending it later is
/// refused rather than risking two people under one id.
fn new_id() -> String {
    let mut random = [0u8; 10];
    match getrandom::fill(&mut random) {
        Ok(()) => {
            let now = u64::try_from(clock::now()).unwrap_or(0);
            ResponseId::new(now, random).to_string()
        }
        Err(_) => String::new(),
    }
}
