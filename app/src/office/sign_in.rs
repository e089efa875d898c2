//! The door: one password.

use super::problem::Problem;
use super::words;
use leptos::prelude::*;
use survey::Language;

/// What the sign-in form knows.
#[derive(Clone, Copy)]
pub struct SignIn {
    /// The language of the page.
    pub language: RwSignal<Language>,
    /// The password as it is typed.
    pub password: RwSignal<String>,
    /// Whether the server is being asked.
    pub busy: RwSignal<bool>,
    /// Why it did not work, or why one has to sign in again.
    pub notice: RwSignal<Option<String>>,
}

impl SignIn {
    /// An empty form.
    pub fn new(language: RwSignal<Language>) -> SignIn {
        SignIn {
            language,
            password: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            notice: RwSignal::new(None),
        }
    }

    /// Shows why it did not work.
    pub fn refused(self, problem: &Problem) {
        self.notice
            .set(Some(problem.at_sign_in(self.language.get_untracked())));
    }
}

/// The form; `submit` is called with a password that is not empty.
pub fn sign_in(form: SignIn, submit: impl Fn(String) + Clone + 'static) -> AnyView {
    let send = move || {
        let language = form.language.get_untracked();
        let password = form.password.get_untracked();
        if password.is_empty() {
            form.notice
                .set(Some(words::PASSWORD_EMPTY.get(language).to_owned()));
        } else if !form.busy.get_untracked() {
            form.notice.set(None);
            submit(password);
        }
    };
    let told = move |phrase: words::Phrase| move || phrase.get(form.language.get());
    view! {
        <main class="sign-in">
            <form novalidate on:submit=move |event| {
                event.prevent_default();
                send();
            }>
                <p class="office-name">{told(words::PRODUCT)}</p>
                <h1>{told(words::SIGN_IN_TITLE)}</h1>
                {move || form.notice.get().map(|notice| view! {
                    <p class="error" id="sign-in-error" role="alert">{notice}</p>
                })}
                <label for="password">{told(words::PASSWORD)}</label>
                <input id="password" name="password" type="password" autocomplete="current-password" autofocus
                    aria-describedby="sign-in-error sign-in-hint"
                    aria-invalid=move || form.notice.get().is_some().to_string()
                    on:input=move |event| form.password.set(event_target_value(&event))/>
                <p class="hint" id="sign-in-hint">{told(words::SIGN_IN_HINT)}</p>
                <button type="submit" class="primary" prop:disabled=move || form.busy.get()>
                    {move || if form.busy.get() { words::SIGNING_IN } else { words::SIGN_IN }.get(form.language.get())}
                </button>
                <button type="button" class="link" on:click=move |_| form.language.update(|l| *l = l.other())>
                    {told(words::OTHER_LANGUAGE)}
                </button>
            </form>
        </main>
    }
    .into_any()
}
