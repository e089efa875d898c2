//! A screen: the top line with its switches, the progress, one question, the buttons.

use super::live::{attribute, on, text};
use super::question::question;
use super::session::{Arrival, Draft, Session, Stage, Trouble};
use super::visit::{Step, field};
use super::words::Words;
use super::{icons, words};
use leptos::attr::AttributeValue;
use leptos::prelude::*;
use survey::questionnaire::Approval;
use survey::{Assistance, Mode};

/// The sheet on which everything stands. A page inside another page grows with its content
/// instead of filling the window.
pub fn sheet(embedded: bool, size: impl AttributeValue, content: impl IntoView) -> impl IntoView {
    view! {
        <div class=if embedded { "sheet embedded" } else { "sheet" } data-size=size>
            {content}
        </div>
    }
}

/// The attribute that makes a sheet's type large.
pub fn size(session: &Session) -> impl AttributeValue + use<> {
    attribute(session, |s| s.large.then(|| "large".to_owned()))
}

/// Whether a session is inside another page.
pub fn is_embedded(session: &Session) -> bool {
    session.visit.mode == Mode::Widget
}

/// The screen that asks.
pub fn screen(session: &Session) -> impl IntoView + use<> {
    let approval = session.visit.form.questionnaire.approval.as_ref();
    let approval = approval.map(|approval| approval_fields(session, approval));
    view! {
        // Enter in a field presses the first button of a form; that must be "next".
        <button
            class="unseen"
            name=field::TO
            value=Step::Next.as_str()
            tabindex="-1"
            aria-hidden="true"
        ></button>
        <header>{top(session)} {progress(session)}</header>
        <main>{notices(session)} {question(session)} {assistance(session)} {share(session)}</main>
        <footer class="buttons">{trouble(session)} {buttons(session)}</footer>
        {approval}
    }
}

pub(super) fn say(s: &Session, words: Words) -> String {
    words.get(s.language()).to_owned()
}

fn top(session: &Session) -> impl IntoView + use<> {
    let title = |s: &Session| s.visit.form.questionnaire.title(s.language()).to_owned();
    let other_language = |s: &Session| Some(s.language().other().tag().to_owned());
    let other_size = |s: &Session| Some(Step::Enlarge(!s.large).as_str().to_owned());
    let is_large = |s: &Session| Some(if s.large { "true" } else { "false" }.to_owned());
    view! {
        <div class="top">
            <h1>{text(session, title)}</h1>
            <button
                type="button"
                class="tool"
                data-unable=attribute(session, |s| on(!s.speaks))
                value="listen"
                aria-label=attribute(session, |s| Some(say(s, words::LISTEN)))
            >
                {icons::speaker()}
            </button>
            <button
                class="tool"
                name=field::TO
                value=attribute(session, other_language)
                lang=attribute(session, other_language)
            >
                {text(session, |s| words::switch(s.language().other()).to_owned())}
            </button>
            <button
                class="tool"
                name=field::TO
                value=attribute(session, other_size)
                aria-label=attribute(session, |s| Some(say(s, words::LARGE_TYPE)))
                aria-pressed=attribute(session, is_large)
            >
                "Aa"
            </button>
        </div>
    }
}

fn progress(session: &Session) -> impl IntoView + use<> {
    let place = |s: &Session| words::place(s.language(), s.place().0, s.place().1);
    let saved = |s: &Session| match s.draft {
        Draft::Kept => say(s, words::SAVED),
        Draft::Refused => say(s, words::NOT_SAVED),
        Draft::None if s.visit.is_shared() => say(s, words::SHARED),
        Draft::None => String::new(),
    };
    view! {
        <div class="progress">
            <progress
                max=attribute(session, |s| Some(s.place().1.to_string()))
                value=attribute(session, |s| Some(s.place().0.to_string()))
                aria-label=attribute(session, |s| Some(say(s, words::PROGRESS)))
            ></progress>
            <p>{text(session, place)}</p>
            <p role="status">{text(session, saved)}</p>
        </div>
    }
}

/// What a person must know before the question.
fn notices(session: &Session) -> impl IntoView + use<> {
    let introduction = |s: &Session| {
        let introduction = &s.visit.form.questionnaire.introduction;
        introduction.get(s.language()).to_owned()
    };
    view! {
        <p class="notice" hidden=attribute(session, |s| on(!s.visit.simulated))>
            {text(session, |s| say(s, words::SIMULATED))}
        </p>
        <p class="notice" hidden=attribute(session, |s| on(!s.restored))>
            {text(session, |s| say(s, words::RESTORED))}
            {link(session, "restart", |s| say(s, words::RESTART))}
        </p>
        {left(session)}
        <p class="introduction" hidden=attribute(session, |s| on(s.place().0 > 1))>
            {text(session, introduction)}
        </p>
    }
}

/// Which finished answers this device still keeps, and what can be done.
pub fn left(session: &Session) -> impl IntoView + use<> {
    let waiting = |s: &Session| {
        let language = s.language();
        let waiting = words::waiting(language, s.left.waiting);
        [waiting, words::refused(language, s.left.refused)].concat()
    };
    let help = |s: &Session| match s.left.refused {
        0 => String::new(),
        _ => say(s, words::NOT_TAKEN_HELP),
    };
    // Of the answers that have just been finished the thank-you itself speaks.
    let is_empty = |s: &Session| {
        let own = u32::from(s.stage == Stage::Done(Arrival::Waits));
        on(s.left.waiting + s.left.refused <= own)
    };
    let is_taken = |s: &Session| on(s.left.refused == 0);
    view! {
        <div class="notice" hidden=attribute(session, is_empty)>
            <p role="status">{text(session, waiting)} {text(session, help)}</p>
            <a href="/interview" hidden=attribute(session, |s| on(!s.left.sign_in))>
                {text(session, |s| say(s, words::SIGN_IN_LINK))}
            </a>
            <span hidden=attribute(session, is_taken)>
                {link(session, "requeue", |s| say(s, words::TRY))} {link(session, "discard", |s| say(s, words::FORGET))}
            </span>
        </div>
    }
}

/// A button within a text, for the app alone.
fn link(
    session: &Session,
    value: &'static str,
    words: fn(&Session) -> String,
) -> impl IntoView + use<> {
    view! {
        <button type="button" class="link" value=value>
            {text(session, words)}
        </button>
    }
}

/// How the interviewer helped, asked beside the last question.
fn assistance(session: &Session) -> Option<impl IntoView + use<>> {
    let interviewer = session.visit.mode == Mode::Interviewer;
    interviewer.then(|| {
        let kinds: [fn(&Session) -> String; 3] = [
            |s| say(s, words::ALONE),
            |s| say(s, words::READ_ALOUD),
            |s| say(s, words::FILLED_IN),
        ];
        let rows: Vec<_> = Assistance::ALL
            .into_iter()
            .zip(kinds)
            .map(|(kind, words)| {
                let ticked = session.assistance == Some(kind);
                view! {
                    <label class="choice">
                        <input
                            type="radio"
                            name=field::ASSISTANCE
                            value=kind.as_str()
                            checked=ticked
                        />
                        <span>{text(session, words)}</span>
                    </label>
                }
            })
            .collect();
        view! {
            <fieldset
                class="question"
                hidden=attribute(session, |s| on(!s.asks_assistance()))
            >
                <legend class="help">{text(session, |s| say(s, words::ASSISTANCE))}</legend>
                <div class="choices">{rows}</div>
            </fieldset>
        }
    })
}

/// Others use this device too: said on the first screen, before there is anything to find.
fn share(session: &Session) -> impl IntoView + use<> {
    let is_over = |s: &Session| {
        let is_own = matches!(s.visit.mode, Mode::OwnDevice | Mode::Site);
        on(!is_own || s.visit.shared || s.place().0 > 1)
    };
    view! {
        <p hidden=attribute(session, is_over)>
            <button class="link" name=field::TO value=Step::Share.as_str()>
                {text(session, |s| say(s, words::SHARE))}
            </button>
        </p>
    }
}

/// Why the answers did not arrive, and what to do.
fn trouble(session: &Session) -> impl IntoView + use<> {
    let reason = |s: &Session| match s.stage {
        Stage::Unsent(trouble) => say(s, trouble.words()),
        _ => String::new(),
    };
    let is_well = |s: &Session| on(!matches!(s.stage, Stage::Unsent(_)));
    let is_free = |s: &Session| on(s.stage != Stage::Unsent(Trouble::Conflict));
    view! {
        <div class="trouble" role="alert">
            <p hidden=attribute(session, is_well)>
                {icons::attention()} {text(session, reason)}
                <span hidden=attribute(session, is_free)>
                    {link(session, "restart", |s| say(s, words::RESTART))}
                </span>
            </p>
        </div>
    }
}

fn buttons(session: &Session) -> impl IntoView + use<> {
    let next = |s: &Session| {
        let words = match s.stage {
            Stage::Sending => words::SENDING,
            Stage::Unsent(_) => words::RETRY,
            _ if s.is_last() => words::SUBMIT,
            _ => words::NEXT,
        };
        say(s, words)
    };
    let is_busy = |s: &Session| (s.stage == Stage::Sending).then(|| "true".to_owned());
    view! {
        <button
            class="back"
            name=field::TO
            value=Step::Back.as_str()
            hidden=attribute(session, |s| on(s.place().0 < 2))
        >
            {text(session, |s| say(s, words::BACK))}
        </button>
        <button
            class="next"
            name=field::TO
            value=Step::Next.as_str()
            aria-disabled=attribute(session, is_busy)
        >
            {text(session, next)}
            {icons::onward()}
        </button>
    }
}

/// The header fields of a form approved under the statistics law, below the first question.
fn approval_fields(session: &Session, approval: &Approval) -> impl IntoView + use<> {
    let lines: Vec<_> = approval
        .fields()
        .into_iter()
        .map(|(name, value)| view! { <li>{[name, value].concat()}</li> })
        .collect();
    view! {
        <aside class="approval" lang="zh-CN" hidden=attribute(session, |s| on(s.place().0 > 1))>
            <ul>{lines}</ul>
        </aside>
    }
}
