//! The thank-you.

use super::visit::Visit;
use super::words;
use leptos::prelude::*;
use survey::Mode;

/// What stands on the page after the answers have arrived, with the code that takes them back.
pub fn thanks(visit: &Visit, code: String) -> impl IntoView + use<> {
    let language = visit.language;
    let questionnaire = &visit.form.questionnaire;
    // Where one device serves many people, the next one begins here.
    let another = matches!(visit.mode, Mode::Interviewer | Mode::Phone | Mode::Kiosk);
    view! {
        <header class="top">
            <h1>{questionnaire.title(language).to_owned()}</h1>
        </header>
        <main>
            <h2 id="question" tabindex="-1">
                {words::THANKS.get(language)}
            </h2>
            <p>{questionnaire.closing.get(language).to_owned()}</p>
            <section class="code">
                <h3>{words::CODE.get(language)}</h3>
                <output>{code}</output>
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
        {another
            .then(|| {
                view! {
                    <footer class="buttons">
                        <a class="next" href="">
                            {words::ANOTHER.get(language)}
                        </a>
                    </footer>
                }
            })}
    }
}
