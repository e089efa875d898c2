//! The views as HTML: what the server writes into the page.

use super::screen::{is_embedded, screen, sheet, size};
use super::session::{Arrival, Session, Stage};
use super::visit::{Progress, Visit, field};
use super::{ending, words};
use leptos::prelude::*;
use survey::{Language, fields, identity::ResponseId};

/// The screen that `progress` stands at, as a form that posts itself to `/s/{questionnaire}`.
/// Everything that the form must carry on is in hidden fields.
pub fn render_screen(visit: &Visit, progress: &Progress) -> String {
    let mut session = Session::new(visit.clone(), progress.clone());
    session.at = session
        .item()
        .map(|item| item.id.clone())
        .unwrap_or_default();
    let hidden = hidden(&session, progress.begun);
    let action = action(visit);
    html(|| {
        let content = view! {
            <form method="post" action=action autocomplete="off" novalidate>
                {hidden}
                {screen(&session)}
            </form>
        };
        sheet(is_embedded(&session), size(&session), content)
    })
}

/// The thank-you of a response that is on disk, with the code by which it can be withdrawn.
pub fn render_thanks(visit: &Visit, id: ResponseId) -> String {
    let progress = Progress {
        response_id: id.to_string(),
        ..Progress::default()
    };
    let mut session = Session::new(visit.clone(), progress);
    session.stage = Stage::Done(Arrival::Arrived);
    html(|| sheet(is_embedded(&session), (), ending::thanks(&session)))
}

/// A page that says why something cannot be had, and what to do.
pub fn render_problem(language: Language, title: &str, detail: &str) -> String {
    message(language, false, title, detail)
}

fn message(language: Language, large: bool, title: &str, detail: &str) -> String {
    let (title, detail) = (title.to_owned(), detail.to_owned());
    html(move || {
        let content = view! {
            <main lang=language.tag()>
                <h1>{title}</h1>
                <p>{detail}</p>
            </main>
        };
        plain(language, large, content)
    })
}

/// The page for a code that leads to no site: in both languages, with a way on to `action`, and
/// `site` where only the questionnaire is not known.
pub fn render_lost(action: &str, site: Option<&str>) -> String {
    let (action, site) = (action.to_owned(), site.map(str::to_owned));
    let site = site.map(|site| view! { <input type="hidden" name="site" value=site /> });
    html(move || {
        let content = view! {
            <form action=action lang="zh-CN">
                {site}
                <main>
                    <h1>{words::LOST_TITLE.get(Language::Chinese)}</h1>
                    <p>{words::LOST.get(Language::Chinese)}</p>
                    <br />
                    <p lang="en"><b>{words::LOST_TITLE.get(Language::English)}</b></p>
                    <p lang="en">{words::LOST.get(Language::English)}</p>
                </main>
                <footer class="buttons">
                    <button class="next">
                        {words::LOST_BUTTON.get(Language::Chinese)} " "
                        <span lang="en">{words::LOST_BUTTON.get(Language::English)}</span>
                    </button>
                </footer>
            </form>
        };
        plain(Language::Chinese, false, content)
    })
}

/// The form on a plain page, if it keeps the size of the type while it is sent.
const FORM: &str = "form";

/// The sheet of a page without the app, with a switch for large type of its own: a tick, so that
/// style alone can follow it where there are no scripts. Where there are, `enlarge.js` remembers it.
pub(super) fn plain(language: Language, large: bool, content: impl IntoView) -> impl IntoView {
    let switch = view! {
        <header class="top">
            <input
                class="unseen"
                type="checkbox"
                id="large"
                form=FORM
                name=field::LARGE
                value="1"
                checked=large
                aria-label=words::LARGE_TYPE.get(language)
            />
            <label class="tool" for="large" aria-hidden="true">
                "Aa"
            </label>
        </header>
    };
    sheet(false, (), (switch, content))
}

/// How far a withdrawal has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal<'c> {
    /// The code is asked for.
    Ask,
    /// Nothing goes with this code, as it was typed.
    Unknown(&'c str),
    /// The answers are deleted.
    Done,
}

/// The page `/withdraw`: a form that posts the field `code` to `/withdraw`, and whether the type is
/// large.
pub fn render_withdraw(language: Language, large: bool, state: Withdrawal) -> String {
    let typed = match state {
        Withdrawal::Done => {
            let title = words::WITHDRAW_DONE_TITLE.get(language);
            return message(language, large, title, words::WITHDRAW_DONE.get(language));
        }
        Withdrawal::Ask => None,
        Withdrawal::Unknown(typed) => Some(typed.to_owned()),
    };
    let fault = typed
        .is_some()
        .then(|| words::WITHDRAW_UNKNOWN.get(language));
    html(move || {
        let content = view! {
            <form
                id=FORM
                method="post"
                action="/withdraw"
                autocomplete="off"
                lang=language.tag()
            >
                <input type="hidden" name=field::LANGUAGE value=language.tag() />
                <main>
                    <h1><label for="code">{words::WITHDRAW_TITLE.get(language)}</label></h1>
                    <p>{words::WITHDRAW_ASK.get(language)}</p>
                    <div class="fault" id="fault" role="alert">{fault.map(|fault| view! { <p>{fault}</p> })}</div>
                    <input
                        class="field mono"
                        id="code"
                        name="code"
                        required
                        maxlength="40"
                        autocapitalize="characters"
                        spellcheck="false"
                        value=typed
                        aria-describedby="hint fault"
                    />
                    <p class="help" id="hint">{words::WITHDRAW_HINT.get(language)}</p>
                </main>
                <footer class="buttons">
                    <button class="next">{words::WITHDRAW_BUTTON.get(language)}</button>
                </footer>
            </form>
        };
        plain(language, large, content)
    })
}

/// The hidden fields: who, when, how, and the answers of the screens that are not shown.
fn hidden(session: &Session, begun: bool) -> Vec<impl IntoView + use<>> {
    let visit = &session.visit;
    let mut carried = session.answers.clone();
    carried.remove(&session.at);
    let optional = [
        (field::SITE, &visit.site),
        (field::AREA, &visit.area),
        (field::ORIGIN, &visit.origin),
    ];
    let fixed = [
        (field::ID, session.id.clone()),
        (field::VERSION, visit.form.questionnaire.version.to_string()),
        (field::AT, session.at.clone()),
        (field::STARTED, session.started_at.clone()),
        (field::LANGUAGE, visit.language.tag().to_owned()),
        (field::MODE, visit.mode.as_str().to_owned()),
    ];
    let known = optional
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.clone()?)));
    let large = session.large.then(|| (field::LARGE, "1".to_owned()));
    let begun = begun.then(|| (field::BEGUN, "1".to_owned()));
    let shared = visit.shared.then(|| (field::SHARED, "1".to_owned()));
    // Beside the last question it is asked, and so no hidden field.
    let assistance = session.assistance.filter(|_| !session.asks_assistance());
    let assistance = assistance.map(|kind| (field::ASSISTANCE, kind.as_str().to_owned()));
    fixed
        .into_iter()
        .chain(known)
        .chain(large)
        .chain(begun)
        .chain(shared)
        .chain(assistance)
        .map(|(name, value)| (name.to_owned(), value))
        .chain(fields::write(&carried))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect()
}

/// Where a visit's form is sent.
pub(super) fn action(visit: &Visit) -> String {
    let own = || ["/s/", &visit.form.questionnaire.id].concat();
    visit.action.clone().unwrap_or_else(own)
}

/// Draws a view once.
pub(super) fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    view().into_view().to_html()
}
