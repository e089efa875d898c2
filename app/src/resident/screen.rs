//! A screen: the top line with its switches, the progress, one question, the buttons.

use super::question::question;
use super::session::{Draft, Session, Stage};
use super::visit::{Step, field};
use super::{icons, words};
use leptos::prelude::*;
use survey::questionnaire::Approval;
use survey::{Language, Mode};

/// The sheet on which everything stands. A page inside another page grows with its content
/// instead of filling the window.
pub fn sheet(
    embedded: bool,
    large: impl Fn() -> bool + Send + Sync + 'static,
    content: impl IntoView,
) -> impl IntoView {
    view! {
        <div
            class=if embedded { "sheet embedded" } else { "sheet" }
            data-size=move || large().then_some("large")
        >
            {content}
        </div>
    }
}

/// The screen that asks.
pub fn screen(session: RwSignal<Session>) -> impl IntoView {
    view! {
        {top(session)}
        {progress(session)}
        <main>
            {introduction(session)}
            {question(session)}
            <div class="trouble" role="alert">{trouble(session)}</div>
        </main>
        {buttons(session)}
        {approval(session)}
    }
}

/// Whether a session is inside another page.
pub fn is_embedded(session: RwSignal<Session>) -> bool {
    session.with_untracked(|s| s.visit.mode == Mode::Widget)
}

fn top(session: RwSignal<Session>) -> impl IntoView {
    let language = move || session.with(Session::language);
    let large = move || session.with(|s| s.large);
    view! {
        <header class="top">
            <h1>
                {move || session.with(|s| s.visit.form.questionnaire.title(s.language()).to_owned())}
            </h1>
            <button
                type="button"
                class="tool"
                class:unable=move || session.with(|s| !s.speaks)
                value="listen"
                aria-label=move || words::LISTEN.get(language())
            >
                {icons::speaker()}
            </button>
            <button
                class="tool"
                name=field::TO
                value=move || Step::Speak(language().other()).as_str()
                lang=move || language().other().tag()
            >
                {move || words::switch(language().other())}
            </button>
            <button
                class="tool"
                name=field::TO
                value=move || Step::Enlarge(!large()).as_str()
                aria-label=move || words::LARGE_TYPE.get(language())
                aria-pressed=move || if large() { "true" } else { "false" }
            >
                "Aa"
            </button>
        </header>
    }
}

fn progress(session: RwSignal<Session>) -> impl IntoView {
    let place = move || session.with(Session::place);
    let saved = move |s: &Session| match s.draft {
        Draft::Kept => words::SAVED.get(s.language()),
        Draft::Refused => words::NOT_SAVED.get(s.language()),
        Draft::None | Draft::Restored => "",
    };
    view! {
        <div class="progress">
            <progress
                max=move || place().1
                value=move || place().0
                aria-label=move || words::PROGRESS.get(session.with(Session::language))
            ></progress>
            <p>{move || words::place(session.with(Session::language), place().0, place().1)}</p>
            <p role="status">{move || session.with(saved)}</p>
        </div>
    }
}

/// Stands above the first question; and what a person must know on any screen.
fn introduction(session: RwSignal<Session>) -> impl IntoView {
    view! {
        {session
            .with_untracked(|s| s.visit.simulated)
            .then(|| view! {
                <p class="notice">{move || words::SIMULATED.get(session.with(Session::language))}</p>
            })}
        {move || session.with(|s| (s.draft == Draft::Restored).then(|| restored(s.language())))}
        {move || {
            session.with(|s| {
                (s.place().0 == 1).then(|| {
                    let text = s.visit.form.questionnaire.introduction.get(s.language()).to_owned();
                    view! { <p class="introduction">{text}</p> }
                })
            })
        }}
    }
}

fn restored(language: Language) -> impl IntoView {
    view! { <p class="notice">{words::RESTORED.get(language)} {restart(language)}</p> }
}

fn restart(language: Language) -> impl IntoView {
    view! {
        <button type="button" class="link" value="restart">{words::RESTART.get(language)}</button>
    }
}

/// Why the answers did not arrive, and what to do.
fn trouble(session: RwSignal<Session>) -> impl IntoView {
    move || {
        session.with(|s| match s.stage {
            Stage::Unsent(trouble) => Some(view! {
                <p>
                    {icons::attention()}
                    {trouble.words().get(s.language())}
                    {(trouble == super::session::Trouble::Conflict)
                        .then(|| restart(s.language()))}
                </p>
            }),
            _ => None,
        })
    }
}

fn buttons(session: RwSignal<Session>) -> impl IntoView {
    let next = move |s: &Session| {
        match s.stage {
            Stage::Sending => words::SENDING,
            Stage::Unsent(_) => words::RETRY,
            _ if s.is_last() => words::SUBMIT,
            _ => words::NEXT,
        }
        .get(s.language())
    };
    view! {
        <footer class="buttons">
            {move || {
                session.with(|s| {
                    (s.place().0 > 1).then(|| view! {
                        <button class="back" name=field::TO value=Step::Back.as_str()>
                            {words::BACK.get(s.language())}
                        </button>
                    })
                })
            }}
            <button
                class="next"
                name=field::TO
                value=Step::Next.as_str()
                aria-disabled=move || session.with(|s| (s.stage == Stage::Sending).then_some("true"))
            >
                {move || session.with(next)}
                {icons::onward()}
            </button>
        </footer>
    }
}

/// The header fields of a form approved under the statistics law, below the first question.
fn approval(session: RwSignal<Session>) -> impl IntoView {
    move || {
        session.with(|s| {
            let approval = s.visit.form.questionnaire.approval.as_ref()?;
            (s.place().0 == 1).then(|| approval_fields(approval))
        })
    }
}

fn approval_fields(approval: &Approval) -> impl IntoView + use<> {
    let fields: Vec<_> = [
        ("表号", &approval.form_number),
        ("制定机关", &approval.issued_by),
        ("文号", &approval.document_number),
        ("批准机关", &approval.approved_by),
        ("批准文号", &approval.approval_number),
        ("有效期至", &approval.valid_until),
    ]
    .into_iter()
    .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value.clone()}</dd></div> })
    .collect();
    view! { <dl class="approval" lang="zh-CN">{fields}</dl> }
}
