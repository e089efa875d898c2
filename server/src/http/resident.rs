//! `/s/{questionnaire}`: the page on which people answer, as a real form from the first byte.
//! Where scripts run, the app takes over in place; where they do not, these handlers carry the
//! person to the end with the same steps and the same rules.

use super::problem::Problem;
use super::{Server, State, assets, interview, responses, security};
use crate::clock;
use app::resident::session::{Complaint, Outcome, Session};
use app::resident::visit::{Progress, Step, Visit, field};
use app::resident::{
    Withdrawal, render_bar, render_problem, render_screen, render_thanks, render_withdraw,
};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use std::sync::Arc;
use survey::{Assistance, Language, Mode, fields, identity::ResponseId};

/// The page's frame where the site was not built into the server: the form, without an app.
const PLAIN_SHELL: &str = "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>温度</title>\
    <style nonce=\"{{__TRUNK NONCE__}}\"><!--critical-css--></style></head>\
    <body><div id=\"app\"><!--first-screen--></div><!--visit--></body></html>";

const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/resident.css"));

pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/s/{questionnaire}", get(first).post(step))
}

/// How a person came here.
#[derive(Debug, Default, Deserialize)]
struct Arrival {
    lang: Option<String>,
    site: Option<String>,
    area: Option<String>,
    mode: Option<String>,
    embed: Option<String>,
    from: Option<String>,
    shared: Option<String>,
}

async fn first(
    state: State,
    Path(questionnaire): Path<String>,
    Query(arrival): Query<Arrival>,
    headers: HeaderMap,
) -> Response {
    let language = arrival
        .lang
        .as_deref()
        .and_then(Language::from_tag)
        .unwrap_or_else(|| preferred_language(&headers));
    let visit = match visit(&state, &questionnaire, &arrival, language) {
        Ok(visit) => visit,
        Err((status, title, detail)) => return refusal(language, status, title, detail),
    };
    let progress = Progress {
        response_id: new_id(),
        started_at: clock::format(clock::now()),
        ..Progress::default()
    };
    screen(&state, &visit, &progress, StatusCode::OK)
}

type Refused = (StatusCode, &'static str, &'static str);

fn visit(
    server: &Server,
    questionnaire: &str,
    arrival: &Arrival,
    language: Language,
) -> Result<Visit, Refused> {
    let catalogue = &server.catalogue;
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
    let origin = arrival.from.clone().filter(|_| arrival.embed.is_some());
    let mode = match (
        &origin,
        &site,
        arrival.mode.as_deref().and_then(Mode::parse),
    ) {
        (Some(origin), ..) => {
            if !server.config.embed.allow(questionnaire, origin) {
                return Err((
                    StatusCode::FORBIDDEN,
                    language.pick(
                        "此网页未获准嵌入本问卷",
                        "This page may not embed the survey",
                    ),
                    language.pick(
                        "请联系问卷的主办单位开通。",
                        "Please ask the survey's office to allow this page's origin.",
                    ),
                ));
            }
            Mode::Widget
        }
        (None, _, Some(mode @ (Mode::Interviewer | Mode::Phone | Mode::Kiosk))) => mode,
        (None, Some(_), _) => Mode::Site,
        (None, None, _) => Mode::OwnDevice,
    };
    Ok(Visit {
        form: survey::Form::clone(form),
        mode,
        site,
        area,
        origin,
        language,
        simulated: catalogue.simulated,
        shared: arrival.shared.is_some(),
    })
}

async fn step(
    state: State,
    Path(questionnaire): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match take_step(&state, &questionnaire, &headers, body).await {
        Ok(response) => response,
        Err((language, problem)) => {
            let title = language.pick("暂时没能提交", "It could not be sent just now");
            let advice = language.pick(
                "您的回答还在。请稍候，再刷新本页重新提交。",
                "Your answers are still here. Please wait a moment, then reload this page.",
            );
            let page = render_problem(language, title, &[advice, " ", problem.detail()].concat());
            framed(language, title, &page, None, problem.status(), &[])
        }
    }
}

async fn take_step(
    server: &Server,
    questionnaire: &str,
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
    let language = value(field::LANGUAGE)
        .as_deref()
        .and_then(Language::from_tag)
        .unwrap_or_else(|| preferred_language(headers));
    let origin = value(field::ORIGIN);
    let arrival = Arrival {
        lang: None,
        site: value(field::SITE),
        area: value(field::AREA),
        mode: value(field::MODE),
        embed: origin.as_ref().map(|_| String::new()),
        from: origin,
        shared: value(field::SHARED),
    };
    let mut visit = match visit(server, questionnaire, &arrival, language) {
        Ok(visit) => visit,
        Err((status, title, detail)) => return Ok(refusal(language, status, title, detail)),
    };
    // A person who began with an older version ends with it.
    if let Some(version) = value(field::VERSION).and_then(|text| text.parse().ok())
        && let Some(form) = server.catalogue.version(questionnaire, version)
    {
        visit.form = survey::Form::clone(form);
    }
    let answers = fields::read(
        &visit.form,
        pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())),
    );
    let progress = Progress {
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
    let mut session = Session::new(visit, progress);
    let outcome = session.step(wanted);
    if outcome == Outcome::Complete {
        let submission = session.submission();
        let device = interview::grant(server, headers, submission.mode)
            .await
            .map_err(|problem| (language, problem))?;
        let (_, id) = responses::take(server, submission, device, language)
            .await
            .map_err(|problem| (language, problem))?;
        let page = render_thanks(&session.visit, id);
        let title = session.visit.form.questionnaire.title(language).to_owned();
        let ancestors = server.config.embed.of(questionnaire);
        return Ok(framed(
            language,
            &title,
            &page,
            None,
            StatusCode::OK,
            ancestors,
        ));
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
        assistance: session.assistance,
    };
    Ok(screen(server, &session.visit, &progress, status))
}

fn form_pairs(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The page with one screen, and the questionnaire as JSON for the app.
fn screen(server: &Server, visit: &Visit, progress: &Progress, status: StatusCode) -> Response {
    let questionnaire = &visit.form.questionnaire;
    let html = render_screen(visit, progress);
    // `<` must not end the script element from inside a text.
    let json = serde_json::to_string(&visit.clone().lean())
        .unwrap_or_default()
        .replace('<', "\\u003c");
    let mut data = format!("<script type=\"application/json\" id=\"visit\">{json}</script>");
    let mode = match visit.mode {
        Mode::Interviewer => Some("interview"),
        _ if visit.is_shared() => Some("kiosk"),
        _ => None,
    };
    if visit.mode == Mode::Interviewer {
        data.push_str(&bar(server, visit));
    }
    if let Some(path) = mode.and_then(assets::path) {
        data.push_str(&format!("<script type=\"module\" src=\"{path}\"></script>"));
    }
    let ancestors = server.config.embed.of(&questionnaire.id);
    framed(
        visit.language,
        questionnaire.title(visit.language),
        &html,
        Some(&data),
        status,
        ancestors,
    )
}

fn refusal(language: Language, status: StatusCode, title: &str, detail: &str) -> Response {
    framed(
        language,
        title,
        &render_problem(language, title, detail),
        None,
        status,
        &[],
    )
}

/// The page for a short link that leads to no site.
pub fn lost_page(language: Language, questionnaire: &str, site: Option<&str>) -> Response {
    let content = app::resident::render_lost(&format!("/s/{questionnaire}"), site);
    let title = language.pick("没有找到这个点位", "Unknown place");
    framed(language, title, &content, None, StatusCode::NOT_FOUND, &[])
}

/// The page for taking answers back.
pub fn withdrawal_page(language: Language, state: Withdrawal<'_>, status: StatusCode) -> Response {
    let title = language.pick("撤回我的回答", "Withdraw my answers");
    framed(
        language,
        title,
        &render_withdraw(language, state),
        None,
        status,
        &[],
    )
}

/// A page without the app.
pub fn plain_page(language: Language, title: &str, page: &str, status: StatusCode) -> Response {
    framed(language, title, page, None, status, &[])
}

/// Where the interviewer is: the site, else the area.
fn bar(server: &Server, visit: &Visit) -> String {
    let campaign = &server.catalogue.campaign;
    let site = visit.site.as_deref().and_then(|code| campaign.site(code));
    let township = || campaign.township_of(visit.area.as_deref()?);
    let place = match site {
        Some(site) => Some(&site.name),
        None => township().map(|area| &area.name),
    };
    render_bar(
        visit.language,
        place.map_or("", |name| name.get(visit.language)),
    )
}

/// Puts content into the built shell. Without data for the app, the app is left out.
fn framed(
    language: Language,
    title: &str,
    content: &str,
    data: Option<&str>,
    status: StatusCode,
    ancestors: &[String],
) -> Response {
    let built = data.and_then(|_| assets::text("/assets/resident/index.html"));
    let nonce = security::nonce();
    let page = built
        .unwrap_or(PLAIN_SHELL)
        .replace("{{__TRUNK NONCE__}}", &nonce)
        .replacen("lang=\"zh-CN\"", &format!("lang=\"{}\"", language.tag()), 1)
        .replacen(
            "<title>温度</title>",
            &format!("<title>{}</title>", escaped(title)),
            1,
        )
        .replacen("<!--critical-css-->", STYLE, 1)
        .replacen("<!--visit-->", data.unwrap_or(""), 1)
        .replacen("<!--first-screen-->", content, 1);
    let mut response = (status, Html(page)).into_response();
    let headers = response.headers_mut();
    security::page_policy(headers, &nonce, ancestors);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !ancestors.is_empty() {
        headers.insert(
            "cross-origin-resource-policy",
            HeaderValue::from_static("cross-origin"),
        );
    }
    response
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
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
