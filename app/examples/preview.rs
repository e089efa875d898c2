//! Writes every kind of the resident's screens as HTML files, to look at:
//! `cargo run -p app --features ssr --example preview -- FOLDER [SHELL]`. With the shell that Trunk
//! has built they run the app, too.

use app::resident::visit::{Progress, Visit};
use app::resident::{Withdrawal, render_problem, render_screen, render_thanks, render_withdraw};
use std::path::Path;
use survey::validation::Fault;
use survey::{Answer, Campaign, Form, Language, Mode, Questionnaire, identity::ResponseId};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| std::fs::read_to_string(root.join(path));
    let questionnaire: Questionnaire =
        serde_json::from_str(&read("survey/data/questionnaires/resident.json")?)?;
    let campaign: Campaign = serde_json::from_str(&read("survey/data/campaign.json")?)?;
    let css = [read("style/tokens.css")?, read("style/resident.css")?].concat();
    let shell = std::env::args()
        .nth(2)
        .unwrap_or("app/index.html".to_owned());
    let shell = read(&shell)?.replace("<!--critical-css-->", &css);

    let visit = Visit {
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
    let widget = Visit {
        mode: Mode::Widget,
        origin: Some("http://127.0.0.1:8092".to_owned()),
        ..visit.clone()
    };
    let simulated = Visit {
        simulated: true,
        ..visit.clone()
    };
    let cases = [
        ("first", &visit, Progress::default()),
        ("first-english", &english, Progress::default()),
        ("first-simulated", &simulated, Progress::default()),
        ("first-widget", &widget, Progress::default()),
        ("multiple", &visit, at("channels", Some(channels), None)),
        ("rating", &visit, at("clean", Some(one("fairly")), None)),
        (
            "rating-fault",
            &visit,
            at("clean", None, Some(Fault::Required)),
        ),
        ("rating-large", &visit, large),
        (
            "text",
            &visit,
            at(
                "suggestion",
                Some(one("垃圾桶太少，早市散了没人扫。")),
                None,
            ),
        ),
        (
            "number-fault",
            &visit,
            at("times", Some(Answer::Number(0.0)), Some(range)),
        ),
        ("area", &visit, at("township", None, None)),
    ];
    let plain = [
        (
            "thanks",
            render_thanks(&visit, ResponseId::new(1_790_000_000_000, [7; 10])),
        ),
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
            render_withdraw(Language::Chinese, false, Withdrawal::Ask),
        ),
        (
            "withdraw-unknown",
            render_withdraw(Language::Chinese, false, Withdrawal::Unknown("ABCD")),
        ),
        (
            "withdraw-done",
            render_withdraw(Language::English, false, Withdrawal::Done),
        ),
    ];
    let pages = cases
        .iter()
        .map(|(name, visit, progress)| (*name, *visit, render_screen(visit, progress)))
        .chain(plain.into_iter().map(|(name, page)| (name, &visit, page)));
    std::fs::create_dir_all(&folder)?;
    for (name, visit, page) in pages {
        let visit = serde_json::to_string(visit)?.replace('<', "\\u003c");
        let data = format!("<script type=\"application/json\" id=\"visit\">{visit}</script>");
        let html = shell.replace("<!--first-screen-->", &page).replace(
            "<!--visit-->",
            if page.contains("\"_at\"") { &data } else { "" },
        );
        std::fs::write(Path::new(&folder).join(name).with_extension("html"), html)?;
    }
    Ok(())
}
