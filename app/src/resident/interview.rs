//! What an interviewer sees before the first interview: signing in, and where the device is.

use super::render::{html, plain};
use super::screen::sheet;
use super::visit::Visit;
use super::words::{self, Words};
use leptos::prelude::*;
use survey::{Area, Campaign, Language, Questionnaire, Site, Text};

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
        plain(language, false, content)
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
    let questionnaires: Vec<_> = set_up
        .questionnaires
        .iter()
        .map(|q| {
            view! { <option value=q.id.clone()>{q.title(language).to_owned()}</option> }
        })
        .collect();
    let device = words::device(language, set_up.device);
    let places = places(set_up.campaign, language);
    html(move || {
        let say = |words: Words| words.get(language);
        let content = view! {
            <form id="set-up" action="/interview/start" lang=language.tag()>
                <main>
                    <h1>{say(words::INTERVIEW)}</h1>
                    <p>{say(words::INTERVIEW_ONCE)}</p>
                    <p class="help">{device}</p>
                    <p><label for="questionnaire">{say(words::INTERVIEW_FORM)}</label></p>
                    <select class="field" id="questionnaire" name="questionnaire">{questionnaires}</select>
                    {places}
                </main>
                <footer class="buttons">
                    <button class="next">{say(words::INTERVIEW_BEGIN)}</button>
                </footer>
            </form>
        };
        plain(language, false, content)
    })
}

/// Over an interviewer's form: the line that says where he is and how many are done, and what the
/// line opens to choose another place. The choice is made by `app/js/interview.js` alone, so that
/// it needs no network; without scripts the line leads to `/interview`.
pub fn render_bar(language: Language, campaign: &Campaign, place: Option<&Text>) -> String {
    let none = words::INTERVIEW_NOWHERE.get(language);
    let place = place.map_or(none, |name| name.get(language)).to_owned();
    let places = places(campaign, language);
    html(move || {
        let say = |words: Words| words.get(language);
        view! {
            <nav class="bar" lang=language.tag()>
                <span id="place" data-none=none>{place}</span>
                <span>{say(words::TODAY)} " " <b id="today">"0"</b></span>
                <a href="/interview">{say(words::CHANGE)}</a>
                <button type="button" class="link" aria-controls="drop" data-unable>
                    {say(words::DROP)}
                </button>
            </nav>
            <dialog id="places" lang=language.tag() aria-labelledby="places-title">
                <h2 id="places-title">{say(words::CHANGE_PLACE)}</h2>
                <p class="help">{say(words::CHANGE_FROM_HERE)}</p>
                {places}
                <button type="button" class="next">{say(words::CHANGE_TAKE)}</button>
                <button type="button">{say(words::CHANGE_LEAVE)}</button>
                <a href="/interview">{say(words::CHANGE_FORM)}</a>
            </dialog>
        }
    })
}

/// In place of an interviewer's form: that an interview was broken off and what can be done with
/// it, and the question that stands before it is dropped. `app/js/interview.js` shows one or the
/// other, or takes them away; the app waits for that before it brings answers back.
pub fn render_broken_off(visit: &Visit) -> String {
    let language = visit.language;
    let draft = visit.draft();
    html(move || {
        let say = |words: Words| words.get(language);
        let (before, after) = words::broken_off(language);
        let asking = view! {
            <main>
                <h1 tabindex="-1">{before} <time>"--:--"</time> {after}</h1>
                <p>{say(words::BROKEN_OFF_HELP)}</p>
            </main>
            <footer class="buttons">
                <button type="button" class="back">{say(words::DROP_ANEW)}</button>
                <button type="button" class="next">{say(words::BROKEN_OFF_RESUME)}</button>
            </footer>
        };
        // What leaves stands where the finger has just been: tapping twice drops nothing.
        let sure = view! {
            <main>
                <h1 tabindex="-1">{say(words::DROP_ASK)}</h1>
                <p>{say(words::DROP_HELP)}</p>
            </main>
            <footer class="buttons">
                <button type="button" class="back">{say(words::DROP_LEAVE)}</button>
                <button type="button" class="next">{say(words::DROP_SURE)}</button>
            </footer>
        };
        view! {
            <div id="broken-off" data-draft=draft lang=language.tag() hidden>
                {sheet(false, (), asking)}
            </div>
            <div id="drop" lang=language.tag() hidden>{sheet(false, (), sure)}</div>
        }
    })
}

/// Where interviews can take place: a site, an area, both or neither. Each site names its area,
/// and is listed under its township.
fn places(campaign: &Campaign, language: Language) -> impl IntoView + use<> {
    let sites: Vec<_> = campaign
        .areas
        .iter()
        .map(|township| {
            let sites = campaign.sites_in(&township.code);
            let sites: Vec<_> = sites.map(|site| site_option(site, language)).collect();
            let (name, code) = (
                township.name.get(language).to_owned(),
                township.code.clone(),
            );
            let is_there = !sites.is_empty();
            is_there.then(|| view! { <optgroup label=name data-area=code>{sites}</optgroup> })
        })
        .collect();
    let areas: Vec<_> = campaign
        .areas
        .iter()
        .map(|township| {
            let below = township.communities.iter();
            let below: Vec<_> = below.map(|c| area_option(c, "　", language)).collect();
            (area_option(township, "", language), below)
        })
        .collect();
    let none = || view! { <option value="">{words::INTERVIEW_NONE.get(language)}</option> };
    view! {
        <p><label for="site">{words::INTERVIEW_SITE.get(language)}</label></p>
        <select class="field" id="site" name="site">{none()} {sites}</select>
        <p><label for="area">{words::INTERVIEW_AREA.get(language)}</label></p>
        <select class="field" id="area" name="area">{none()} {areas}</select>
    }
}

fn site_option(site: &Site, language: Language) -> impl IntoView + use<> {
    let (kind, name) = (site.kind.get(language), site.name.get(language));
    let text = [name, " · ", kind].concat();
    let (code, name, area) = (site.code.clone(), name.to_owned(), site.area.clone());
    view! { <option value=code data-name=name data-area=area>{text}</option> }
}

fn area_option(area: &Area, indent: &str, language: Language) -> impl IntoView + use<> {
    let name = area.name.get(language);
    let (code, text) = (area.code.clone(), [indent, name].concat());
    view! { <option value=code data-name=name.to_owned()>{text}</option> }
}
