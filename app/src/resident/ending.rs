//! The thank-you.

use super::live::{attribute, on, text};
use super::screen::{left, say};
use super::session::{Arrival, Session, Stage};
use super::words;
use leptos::prelude::*;
use survey::{Mode, identity::ResponseId};

/// What stands on the page once a person is done: what became of the answers, and the code that
/// takes them back.
pub fn thanks(session: &Session) -> impl IntoView + use<> {
    let language = session.language();
    let questionnaire = &session.visit.form.questionnaire;
    // Where one device serves many people, the next one begins here.
    let visit = &session.visit;
    let shared = matches!(visit.mode, Mode::Interviewer | Mode::Phone) || visit.is_shared();
    let code = ResponseId::parse(&session.id).map(|id| id.withdrawal_code().to_string());
    let arrival = |s: &Session| match s.stage {
        Stage::Done(arrival) => say(s, arrival.words()),
        _ => String::new(),
    };
    let arrived =
        |s: &Session| (s.stage == Stage::Done(Arrival::Arrived)).then(|| "arrived".to_owned());
    view! {
        <header class="top">
            <h1>{questionnaire.title(language).to_owned()}</h1>
        </header>
        <main>
            <h2 id="question" tabindex="-1">
                {words::THANKS.get(language)}
            </h2>
            <p class="notice" role="status" data-arrival=attribute(session, arrived)>
                {text(session, arrival)}
            </p>
            {left(session)}
            <p>{questionnaire.closing.get(language).to_owned()}</p>
            <section class="code">
                <h3>{words::CODE.get(language)}</h3>
                <output>{code.unwrap_or_default()}</output>
                <p>{words::CODE_USE.get(language)}</p>
                <p>
                    <a
                        href=["/withdraw?lang=", language.tag()].concat()
                        target="_blank"
                        rel="noopener"
                    >
                        {words::WITHDRAW_LINK.get(language)}
                    </a>
                </p>
            </section>
        </main>
        <footer class="buttons" hidden=on(!shared)>
            <a class="next" href="">
                {words::ANOTHER.get(language)}
            </a>
        </footer>
    }
}
