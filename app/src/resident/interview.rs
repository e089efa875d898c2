//! What an interviewer sees before the first interview: signing in, and where the device is.

use super::render::html;
use super::screen::sheet;
use super::words::{self, Words};
use leptos::prelude::*;
use survey::{Area, Campaign, Language, Questionnaire};

/// Why signing in failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFault {
    /// The password is wrong, or none has been set.
    WrongPassword,
    /// Too many wrong ones.
    Locked {
        /// How long to wait.
        seconds: u64,
    },
}

/// The page `/interview` for a device that has not signed in.
pub fn render_sign_in(language: Language, fault: Option<SignInFault>) -> String {
    let fault = fault.map(|fault| match fault {
        SignInFault::WrongPassword => words::INTERVIEW_WRONG.get(language).to_owned(),
        SignInFault::Locked { seconds } => words::locked(language, seconds),
    });
    html(move || {
        let say = |words: Words| words.get(language);
        let content = view! {
            <form method="post" action="/interview" lang=language.tag()>
                <main>
                    <h1>{say(words::INTERVIEW)}</h1>
                    <p>{say(words::INTERVIEW_ASK)}</p>
                    <div class="fault" role="alert">{fault.map(|fault| view! { <p>{fault}</p> })}</div>
                    <p><label for="password">{say(words::INTERVIEW_PASSWORD)}</label></p>
                    <input
                        class="field"
                        id="password"
                        name="password"
                        type="password"
                        required
                        autocomplete="current-password"
                    />
                    <p><label for="device">{say(words::INTERVIEW_DEVICE)}</label></p>
                    <input class="field" id="device" name="device" maxlength="32" autocomplete="off" />
                    <p class="help">{say(words::INTERVIEW_DEVICE_HELP)}</p>
                </main>
                <footer class="buttons">
                    <button class="next">{say(words::SIGN_IN_LINK)}</button>
                </footer>
            </form>
        };
        sheet(false, || None, content)
    })
}

/// What the page `/interview` offers to a device that has signed in.
pub struct SetUp<'a> {
    /// The language of the page.
    pub language: Language,
    /// Where interviews can take place.
    pub campaign: &'a Campaign,
    /// What can be asked.
    pub questionnaires: &'a [&'a Questionnaire],
    /// The device's number.
    pub device: i64,
}

/// The page `/interview` for a device that has signed in.
pub fn render_set_up(set_up: &SetUp) -> String {
    let language = set_up.language;
    let option = |value: &str, text: String| {
        let value = value.to_owned();
        view! { <option value=value>{text}</option> }
    };
    let questionnaires: Vec<_> = set_up
        .questionnaires
        .iter()
        .map(|q| option(&q.id, q.title(language).to_owned()))
        .collect();
    let sites = set_up.campaign.sites.iter();
    let sites: Vec<_> = sites
        .map(|site| {
            let (kind, name) = (site.kind.get(language), site.name.get(language));
            option(&site.code, [name, " · ", kind].concat())
        })
        .collect();
    let area =
        |area: &Area, indent: &str| option(&area.code, [indent, area.name.get(language)].concat());
    let areas: Vec<_> = set_up
        .campaign
        .areas
        .iter()
        .flat_map(|township| {
            let below = township.communities.iter().map(|c| area(c, "　"));
            std::iter::once(area(township, ""))
                .chain(below)
                .collect::<Vec<_>>()
        })
        .collect();
    let device = words::device(language, set_up.device);
    html(move || {
        let say = |words: Words| words.get(language);
        let none = || view! { <option value="">{say(words::INTERVIEW_NONE)}</option> };
        let content = view! {
            <form action="/interview/start" lang=language.tag()>
                <main>
                    <h1>{say(words::INTERVIEW)}</h1>
                    <p>{say(words::INTERVIEW_ONCE)}</p>
                    <p class="help">{device}</p>
                    <p><label for="questionnaire">{say(words::INTERVIEW_FORM)}</label></p>
                    <select class="field" id="questionnaire" name="questionnaire">{questionnaires}</select>
                    <p><label for="site">{say(words::INTERVIEW_SITE)}</label></p>
                    <select class="field" id="site" name="site">{none()} {sites}</select>
                    <p><label for="area">{say(words::INTERVIEW_AREA)}</label></p>
                    <select class="field" id="area" name="area">{none()} {areas}</select>
                </main>
                <footer class="buttons">
                    <button class="next">{say(words::INTERVIEW_BEGIN)}</button>
                </footer>
            </form>
        };
        sheet(false, || None, content)
    })
}

/// The interviewer's line above the form: where he is, and how many are done.
pub fn render_bar(language: Language, place: &str) -> String {
    let place = place.to_owned();
    html(move || {
        view! {
            <nav class="bar" lang=language.tag()>
                <span>{place}</span>
                <span>
                    {words::TODAY.get(language)} " " <b id="today">"0"</b>
                </span>
                <a href="/interview">{words::CHANGE.get(language)}</a>
            </nav>
        }
    })
}
