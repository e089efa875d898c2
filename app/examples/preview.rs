//! Writes every kind of the resident's screens as HTML files, to look at:
//! `cargo run -p app --features ssr --example preview -- FOLDER`.

use app::resident::visit::{Progress, Visit};
use app::resident::{Withdrawal, render_problem, render_screen, render_thanks, render_withdraw};
use std::path::Path;
use survey::validation::Fault;
use survey::{Answer, Campaign, Form, Language, Mode, Questionnaire};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| std::fs::read_to_string(root.join(path));
    let questionnaire: Questionnaire =
        serde_json::from_str(&read("survey/data/questionnaires/resident.json")?)?;
    let campaign: Campaign = serde_json::from_str(&read("survey/data/campaign.json")?)?;
    let css = [read("style/tokens.css")?, read("style/resident.css")?].concat();
    let shell = read("app/index.html")?.replace("<!--critical-css-->", &css);

    let visit = Visit {
        form: Form::new(questionnaire, &campaign.areas),
        mode: Mode::OwnDevice,
        site: None,
        area: None,
        origin: None,
        language: Language::Chinese,
        simulated: false,
    }
    .lean();
    let english = Visit {
        language: Language::English,
        ..visit.clone()
    };
    let one = |code: &str| Answer::One(code.to_owned());
    let at = |id: &str, answer: Option<Answer>, fault: Option<Fault>| {
        let mut progress = Progress {
            at: Some(id.to_owned()),
            fault,
            ..Progress::default()
        };
        progress.answers.insert("heard".to_owned(), one("know"));
        progress.answers.insert("took_part".to_owned(), one("yes"));
        if let Some(answer) = answer {
            progress.answers.insert(id.to_owned(), answer);
        }
        progress
    };
    let range = Fault::OutOfRange {
        min: "1".to_owned(),
        max: "90".to_owned(),
    };
    let channels = Answer::Many(vec!["community".to_owned(), "phone".to_owned()]);
    let large = Progress {
        large: true,
        ..at("clean", Some(one("fairly")), None)
    };
    let simulated = Visit {
        simulated: true,
        ..visit.clone()
    };
    let code = "1HKA-39QZ-8F2M-XW7R-0C5N";
    let pages = [
        ("first", render_screen(&visit, &Progress::default())),
        (
            "first-english",
            render_screen(&english, &Progress::default()),
        ),
        (
            "first-simulated",
            render_screen(&simulated, &Progress::default()),
        ),
        ("single", render_screen(&visit, &at("heard", None, None))),
        (
            "multiple",
            render_screen(&visit, &at("channels", Some(channels), None)),
        ),
        (
            "rating",
            render_screen(&visit, &at("clean", Some(one("fairly")), None)),
        ),
        (
            "rating-fault",
            render_screen(&visit, &at("clean", None, Some(Fault::Required))),
        ),
        ("rating-large", render_screen(&visit, &large)),
        (
            "text",
            render_screen(
                &visit,
                &at(
                    "suggestion",
                    Some(one("垃圾桶太少，早市散了没人扫。")),
                    None,
                ),
            ),
        ),
        (
            "number-fault",
            render_screen(&visit, &at("times", Some(Answer::Number(0.0)), Some(range))),
        ),
        ("area", render_screen(&visit, &at("township", None, None))),
        ("thanks", render_thanks(&visit, code)),
        (
            "problem",
            render_problem(
                Language::Chinese,
                "没有这份问卷",
                "请核对网址，或重新扫描二维码。",
            ),
        ),
        (
            "withdraw",
            render_withdraw(Language::Chinese, Withdrawal::Ask),
        ),
        (
            "withdraw-unknown",
            render_withdraw(Language::Chinese, Withdrawal::Unknown("ABCD")),
        ),
        (
            "withdraw-done",
            render_withdraw(Language::English, Withdrawal::Done),
        ),
    ];
    std::fs::create_dir_all(&folder)?;
    for (name, page) in pages {
        let html = shell.replace("<!--first-screen-->", &page);
        std::fs::write(Path::new(&folder).join(name).with_extension("html"), html)?;
    }
    Ok(())
}
