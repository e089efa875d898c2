//! Whether a submission can be taken, and what it becomes.

use crate::catalogue::Catalogue;
use crate::clock;
use crate::store::Response;
use crate::widgets::Widgets;
use report::{Cell, group_key, variables};
use sha2::{Digest, Sha256};
use survey::validation::Problem;
use survey::{Answer, Form, Mode, Submission, flow, identity::ResponseId, validation};

/// Why a submission cannot be taken.
#[derive(Debug)]
pub enum Refusal {
    /// There is no such questionnaire, or no such version of it.
    UnknownQuestionnaire {
        /// What was asked for.
        questionnaire: String,
        /// Which version.
        version: u32,
    },
    /// A part of the submission other than the answers is wrong.
    Fields(Vec<FieldProblem>),
    /// Answers are wrong.
    Answers(Vec<Problem>),
}

/// What is wrong with a part of a submission.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldProblem {
    /// The part at fault.
    pub field: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// Checks a submission and turns it into what is kept.
///
/// # Errors
/// [`Refusal`], naming every part at fault.
pub fn accept(
    catalogue: &Catalogue,
    widgets: &Widgets,
    submission: Submission,
    received_at: i64,
) -> Result<Response, Refusal> {
    let form = catalogue
        .version(&submission.questionnaire, submission.version)
        .ok_or_else(|| Refusal::UnknownQuestionnaire {
            questionnaire: submission.questionnaire.clone(),
            version: submission.version,
        })?;
    let mut problems = Vec::new();
    let id = ResponseId::parse(&submission.id)
        .map_err(|error| problems.push(problem("id", error.to_string())));
    let started_at = clock::parse(&submission.started_at);
    if started_at.is_none() {
        let message = "is no RFC 3339 time; write for example 2026-11-23T08:30:00Z";
        problems.push(problem("started_at", message.to_owned()));
    }
    // A clock that was set back meanwhile says nothing; that is no fault of the answers.
    let finished_at = match submission.finished_at.as_deref().map(clock::parse) {
        Some(None) => {
            let message = "is no RFC 3339 time; leave it out if unknown";
            problems.push(problem("finished_at", message.to_owned()));
            None
        }
        Some(Some(time)) => {
            Some(time).filter(|time| started_at.is_some_and(|began| began <= *time))
        }
        None => None,
    };
    if submission.assistance.is_some() && submission.mode != Mode::Interviewer {
        let message = "belongs to mode interviewer only; leave it out";
        problems.push(problem("assistance", message.to_owned()));
    }
    problems.extend(place_problems(catalogue, widgets, &submission));
    let (Ok(id), Some(started_at), true) = (id, started_at, problems.is_empty()) else {
        return Err(Refusal::Fields(problems));
    };
    validation::check_all(form, &submission.answers).map_err(Refusal::Answers)?;
    Ok(response(
        catalogue,
        form,
        submission,
        id,
        (started_at, finished_at),
        received_at,
    ))
}

fn problem(field: &'static str, message: String) -> FieldProblem {
    FieldProblem { field, message }
}

fn place_problems(
    catalogue: &Catalogue,
    widgets: &Widgets,
    submission: &Submission,
) -> Vec<FieldProblem> {
    let campaign = &catalogue.campaign;
    let mut problems = Vec::new();
    if let Some(area) = &submission.area
        && campaign.township_of(area).is_none()
    {
        problems.push(problem(
            "area",
            "is no area of this campaign; leave it out if unknown".into(),
        ));
    }
    match (&submission.site, submission.mode) {
        (Some(site), _) if campaign.site(site).is_none() => {
            problems.push(problem(
                "site",
                "is no site of this campaign; scan the code again".into(),
            ));
        }
        (None, Mode::Site) => {
            problems.push(problem(
                "site",
                "is missing; mode site needs the site's code".into(),
            ));
        }
        _ => {}
    }
    match (&submission.origin, submission.mode) {
        (Some(origin), Mode::Widget) if widgets.may_embed(&submission.questionnaire, origin) => {}
        (Some(_), Mode::Widget) => problems.push(problem(
            "origin",
            "may not embed this questionnaire; allow it with `wendu serve --embed`".into(),
        )),
        (Some(_), _) => {
            problems.push(problem(
                "origin",
                "belongs to mode widget only; leave it out".into(),
            ));
        }
        // In mode widget: what could not be verified is unknown, not guessed.
        (None, _) => {}
    }
    problems
}

fn response(
    catalogue: &Catalogue,
    form: &Form,
    mut submission: Submission,
    id: ResponseId,
    (started_at, finished_at): (i64, Option<i64>),
    received_at: i64,
) -> Response {
    let questionnaire = &form.questionnaire;
    // In one form, as the fingerprint needs it.
    submission.id = id.to_string();
    let fingerprint = fingerprint(&submission);
    let answers = flow::only_counted(questionnaire, submission.answers);
    let answered = questionnaire
        .area_item()
        .and_then(|item| match answers.get(&item.id) {
            Some(Answer::One(code)) => Some(code.as_str()),
            _ => None,
        });
    let campaign = &catalogue.campaign;
    let wave = campaign.wave_of(catalogue.day_zero, started_at, received_at);
    Response {
        id,
        questionnaire: questionnaire.id.clone(),
        version: questionnaire.version,
        cell: Cell {
            wave: wave.map(|wave| wave.id.clone()).unwrap_or_default(),
            area: campaign.area_of(
                answered,
                submission.area.as_deref(),
                submission.site.as_deref(),
            ),
            mode: submission.mode,
            group: group_key(questionnaire, &answers),
        },
        site: submission.site,
        origin: submission.origin,
        language: submission.language,
        started_at,
        received_at,
        finished_at,
        assistance: submission.assistance,
        device: None,
        variables: variables(questionnaire, &answers),
        fingerprint,
        answers,
    }
}

/// A digest of everything that was sent, in one canonical form: the answers are sorted, and the id
/// is in lower case already.
fn fingerprint(canonical: &Submission) -> [u8; 16] {
    // Serialising strings, lists and finite numbers cannot fail; were it to, every replay would
    // be a conflict rather than a loss.
    let bytes = serde_json::to_vec(canonical).unwrap_or_default();
    let digest = Sha256::digest(&bytes);
    let mut first = [0; 16];
    first
        .iter_mut()
        .zip(digest.iter())
        .for_each(|(to, from)| *to = *from);
    first
}
