//! The thank-you.

use super::words;
use leptos::prelude::*;
use survey::Language;

/// What stands on the page after the answers have arrived. `closing` is the questionnaire's word
/// on what happens with them.
pub fn thanks(language: Language, title: String, closing: String, code: String) -> impl IntoView {
    view! {
        <header class="top"><h1>{title}</h1></header>
        <main>
            <h2 id="question" tabindex="-1">{words::THANKS.get(language)}</h2>
            <p>{closing}</p>
            <section class="code">
                <h3>{words::CODE.get(language)}</h3>
                <output>{code}</output>
                <p>{words::CODE_USE.get(language)}</p>
                <p>
                    <a href=["/withdraw?lang=", language.tag()].concat() target="_blank" rel="noopener">
                        {words::WITHDRAW_LINK.get(language)}
                    </a>
                </p>
            </section>
        </main>
    }
}
