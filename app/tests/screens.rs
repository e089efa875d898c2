//! What the server writes: every kind of question as a form that works by itself.
#![cfg(feature = "ssr")]
#![allow(missing_docs, clippy::unwrap_used)]

use app::resident::session::{Complaint, Outcome, Session, settle};
use app::resident::visit::{Progress, Step, Visit, field};
use app::resident::{Withdrawal, render_problem, render_screen, render_thanks, render_withdraw};
use survey::identity::ResponseId;
use survey::validation::Fault;
use survey::{Answer, Answers, Campaign, Form, Language, Mode, Questionnaire, fields};

fn visit() -> Visit {
    let questionnaire: Questionnaire = serde_json::from_str(include_str!(
        "../../survey/data/questionnaires/resident.json"
    ))
    .unwrap();
    let campaign: Campaign =
        serde_json::from_str(include_str!("../../survey/data/campaign.json")).unwrap();
    Visit {
        form: Form::new(questionnaire, &campaign.areas),
        mode: Mode::OwnDevice,
        site: None,
        area: None,
        origin: None,
        language: Language::Chinese,
        simulated: false,
        action: None,
        shared: false,
    }
}

fn one(code: &str) -> Answer {
    Answer::One(code.to_owned())
}

/// Someone who has heard of it and took part, so that every item is asked.
fn progress(at: &str) -> Progress {
    Progress {
        answers: Answers::from([
            ("heard".to_owned(), one("know")),
            ("took_part".to_owned(), one("yes")),
        ]),
        at: Some(at.to_owned()),
        ..Progress::default()
    }
}

/// The tags called `name` in some HTML, as they are written.
fn tags<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    let open = format!("<{name} ");
    html.split(&open as &str)
        .skip(1)
        .map(|rest| rest.split_once('>').unwrap().0)
        .collect()
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let tag = tag.split_once(&format!("{name}=\"") as &str)?.1;
    Some(tag.split_once('"').unwrap().0)
}

/// Name and value of the hidden fields.
fn hidden(html: &str) -> Vec<(&str, &str)> {
    tags(html, "input")
        .into_iter()
        .filter(|tag| attribute(tag, "type") == Some("hidden"))
        .map(|tag| {
            let value = attribute(tag, "value").unwrap_or_default();
            (attribute(tag, "name").unwrap(), value)
        })
        .collect()
}

#[test]
fn every_question_has_named_and_labelled_controls() {
    let visit = visit();
    for item in &visit.form.questionnaire.items {
        let html = render_screen(&visit, &progress(&item.id));
        let name = format!("name=\"{}\"", fields::field_name(&item.id));
        let choices = visit.form.choices(item);
        assert_eq!(
            html.matches(&name as &str).count(),
            choices.len().max(1),
            "{}",
            item.id
        );
        assert!(html.contains(&item.text.chinese), "{}", item.id);
        for choice in choices {
            let row = format!("<span>{}</span></label>", choice.text.chinese);
            assert!(html.contains(&row), "{} {}", item.id, choice.code);
        }
        if choices.is_empty() {
            assert!(html.contains("<label for=\"answer\">") && html.contains("id=\"answer\""));
        }
    }
}

#[test]
fn the_other_answers_travel_in_hidden_fields() {
    let visit = Visit {
        mode: Mode::Site,
        site: Some("M01".to_owned()),
        ..visit()
    };
    let mut progress = progress("times");
    let channels = Answer::Many(vec!["phone".to_owned(), "people".to_owned()]);
    progress.answers.insert("channels".to_owned(), channels);
    progress
        .answers
        .insert("times".to_owned(), Answer::Number(3.0));
    progress.response_id = "01933b5e-8f6a-7c3d-9a4e-5b6c7d8e9f01".to_owned();
    let html = render_screen(&visit, &progress);
    let hidden = hidden(&html);
    for expected in [
        (field::ID, "01933b5e-8f6a-7c3d-9a4e-5b6c7d8e9f01"),
        (field::VERSION, "1"),
        (field::AT, "times"),
        (field::LANGUAGE, "zh-CN"),
        (field::MODE, "site"),
        (field::SITE, "M01"),
        ("a.channels", "phone"),
        ("a.channels", "people"),
        ("a.heard", "know"),
    ] {
        assert!(hidden.contains(&expected), "{expected:?}");
    }
    assert!(hidden.iter().all(|(name, _)| *name != "a.times"));

    // Read back as the server reads them, with what stands in the shown field, nothing is lost.
    let shown = [("a.times", "3")];
    let read = fields::read(&visit.form, hidden.into_iter().chain(shown));
    assert_eq!(read, progress.answers);
}

#[test]
fn ticked_options_are_ticked_without_scripts() {
    let mut progress = progress("clean");
    progress.answers.insert("clean".to_owned(), one("fairly"));
    let html = render_screen(&visit(), &progress);
    let ticked: Vec<_> = tags(&html, "input")
        .into_iter()
        .filter(|tag| tag.contains(" checked"))
        .map(|tag| attribute(tag, "value").unwrap())
        .collect();
    assert_eq!(ticked, ["fairly"]);
}

#[test]
fn what_people_write_is_text_and_stays_text() {
    let mut progress = progress("suggestion");
    let nasty = "</textarea><script>alert(\"&\")</script>";
    progress.answers.insert("suggestion".to_owned(), one(nasty));
    let html = render_screen(&visit(), &progress);
    assert!(!html.contains("<script>"));
    assert!(html.contains("&lt;/textarea>&lt;script>alert(\"&amp;\")"));
    progress.at = Some("clean".to_owned());
    let html = render_screen(&visit(), &progress);
    assert!(!html.contains("<script>"), "in a hidden field");
    assert!(!render_problem(Language::English, "<script>", "<script>").contains("<script>"));
    let unknown = render_withdraw(Language::English, false, Withdrawal::Unknown("\"><script>"));
    assert!(!unknown.contains("<script>"));
}

#[test]
fn a_fault_stands_beside_its_question() {
    let faulty = Progress {
        fault: Some(Fault::Required),
        ..progress("clean")
    };
    let html = render_screen(&visit(), &faulty);
    let (_, beside) = html.split_once("id=\"fault\" role=\"alert\"").unwrap();
    let (beside, _) = beside.split_once("class=\"choices\"").unwrap();
    assert!(beside.contains("请回答本题后再继续"));
    assert!(html.contains("<fieldset aria-describedby=\"fault\""));
    let well = render_screen(&visit(), &progress("clean"));
    assert!(!well.contains("请回答本题后再继续"));
}

#[test]
fn no_screen_needs_an_inline_style_or_script() {
    let visit = visit();
    let mut pages: Vec<String> = visit
        .form
        .questionnaire
        .items
        .iter()
        .map(|item| render_screen(&visit, &progress(&item.id)))
        .collect();
    pages.push(render_thanks(
        &visit,
        ResponseId::new(1_790_000_000_000, [7; 10]),
    ));
    pages.push(render_withdraw(Language::Chinese, false, Withdrawal::Ask));
    for page in pages {
        assert!(!page.contains("style=") && !page.contains("<script") && !page.contains(" on"));
    }
}

#[test]
fn the_page_does_not_tell_which_answers_count() {
    let lean = visit().lean();
    assert!(lean.form.questionnaire.indicators.is_empty());
    let json = serde_json::to_string(&lean).unwrap();
    assert_eq!(serde_json::from_str::<Visit>(&json).unwrap(), lean);
}

#[test]
fn english_speaks_english() {
    let english = Visit {
        language: Language::English,
        ..visit()
    };
    let html = render_screen(&english, &Progress::default());
    assert!(html.contains("Question 1 of 14") && html.contains("Resident survey"));
    assert!(html.contains("value=\"zh-CN\" lang=\"zh-CN\""));
}

#[test]
fn steps_are_what_the_buttons_say() {
    for step in [
        Step::Next,
        Step::Back,
        Step::Speak(Language::English),
        Step::Speak(Language::Chinese),
        Step::Enlarge(true),
        Step::Enlarge(false),
    ] {
        assert_eq!(Step::parse(step.as_str()), Some(step));
    }
    assert_eq!(Step::parse("elsewhere"), None);
}

#[test]
fn a_session_walks_through_and_back() {
    let mut session = Session::new(visit(), Progress::default());
    assert_eq!(session.step(Step::Next), Outcome::Faulty);
    assert_eq!(session.complaint, Some(Complaint::Found(Fault::Required)));
    session.answer_with(Some(one("unknown")));
    assert_eq!(session.complaint_text(), "", "mended");
    assert_eq!(session.step(Step::Next), Outcome::Moved);
    assert_eq!(session.item_id(), "slogans", "channels are not asked");
    assert_eq!(session.step(Step::Back), Outcome::Moved);
    assert_eq!(session.answer(), Some(&one("unknown")));
    assert_eq!(
        session.step(Step::Speak(Language::English)),
        Outcome::Stayed
    );
    assert_eq!(session.answer(), Some(&one("unknown")));
}

#[test]
fn an_earlier_gap_is_found_before_sending() {
    let mut session = Session::new(visit(), progress("township"));
    session.answer_with(Some(one("T01")));
    assert!(session.is_last());
    assert_eq!(session.step(Step::Next), Outcome::Faulty);
    assert_eq!(session.item_id(), "channels");
}

#[test]
fn an_exclusive_option_stands_alone_whichever_came_last() {
    let form = visit().form;
    let choices = form.choices(form.item("channels").unwrap());
    let codes = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    for (ticked, latest, left) in [
        (
            &["phone", "people", "forgotten"][..],
            "forgotten",
            &["forgotten"][..],
        ),
        (&["phone", "forgotten"], "phone", &["phone"]),
        (&["phone", "people"], "people", &["phone", "people"]),
        (&["phone"], "people", &["phone"]),
    ] {
        let before = codes(ticked);
        let mut ticked = before.clone();
        let ended = settle(choices, &mut ticked, latest);
        assert_eq!(ticked, codes(left));
        assert_eq!(ended.len() + ticked.len(), before.len(), "{ended:?}");
    }
}
