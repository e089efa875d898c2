//! The page: the door, or the dashboard of someone who is signed in.

use super::news::News;
use super::{api, reading, sources, window};
use crate::office::dashboard::dashboard;
use crate::office::problem::Problem;
use crate::office::sign_in::{SignIn, sign_in};
use crate::office::state::{Live, Office};
use crate::office::words;
use leptos::prelude::*;
use std::sync::Arc;
use survey::Language;
use wasm_bindgen_futures::spawn_local;

/// How often a connection that the browser has given up is tried again.
const RECONNECT_MS: i32 = 5_000;

/// Whether someone is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Door {
    /// Being found out.
    Unknown,
    /// Nobody.
    Closed,
    /// Somebody.
    Open,
    /// The server could not be asked.
    Unreachable(Problem),
}

/// Puts the office into the page.
pub fn start() {
    window::clear();
    leptos::mount::mount_to_body(page);
}

fn page() -> AnyView {
    let language = RwSignal::new(window::language().unwrap_or_default());
    Effect::new(move || window::set_language(language.get()));
    let door = RwSignal::new(Door::Unknown);
    let form = SignIn::new(language);
    knock(door, language);
    let shown = move || match door.get() {
        Door::Unknown => {
            view! { <p class="page loading">{words::LOADING.get(language.get())}</p> }.into_any()
        }
        Door::Closed => sign_in(form, move |password| enter(form, door, password)),
        Door::Open => open(form, door),
        Door::Unreachable(problem) => view! {
            <div class="page"><div class="problem" role="alert">
                <p>{move || problem.told(language.get())}</p>
                <button type="button" on:click=move |_| knock(door, language)>
                    {move || words::RETRY.get(language.get())}
                </button>
            </div></div>
        }
        .into_any(),
    };
    view! { {shown} }.into_any()
}

/// Asks who is signed in.
fn knock(door: RwSignal<Door>, language: RwSignal<Language>) {
    spawn_local(async move {
        match api::session().await {
            Ok(session) => {
                if let (None, Some(own)) = (window::language(), session.language) {
                    language.set(own);
                }
                door.set(Door::Open);
            }
            Err(Problem::SignedOut) => door.set(Door::Closed),
            Err(problem) => door.set(Door::Unreachable(problem)),
        }
    });
}

fn enter(form: SignIn, door: RwSignal<Door>, password: String) {
    form.busy.set(true);
    spawn_local(async move {
        match api::sign_in(password).await {
            Ok(()) => {
                form.password.set(String::new());
                form.notice.set(None);
                door.set(Door::Open);
            }
            Err(problem) => form.refused(&problem),
        }
        form.busy.set(false);
    });
}

/// The dashboard, from the first reading to the sign-out.
fn open(form: SignIn, door: RwSignal<Door>) -> AnyView {
    let office = Office::new(form.language);
    office.origin.set(window::origin());
    load_campaign(office);
    reading::keep(office);
    sources::keep(office);
    listen(office);

    let close = move |notice: Option<String>| {
        form.notice.set(notice);
        door.set(Door::Closed);
    };
    Effect::new(move || {
        if office.problem.get() == Some(Problem::SignedOut) {
            let language = form.language.get_untracked();
            close(Some(words::SESSION_OVER.get(language).to_owned()));
        }
    });
    Effect::new(move || {
        if office.leave.get() > 0 {
            spawn_local(async move {
                // Signed out here in any case; a session that the server could not be told to end
                // ends by itself.
                let _ = api::sign_out().await;
                close(None);
            });
        }
    });
    let measure = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        if let Some(element) = measure.get() {
            window::watch_width(&element, office.width);
        }
    });
    view! {
        <div class="page measure"><div node_ref=measure></div></div>
        {dashboard(office)}
    }
    .into_any()
}

/// Reads the campaign, and again when someone asks to try again.
fn load_campaign(office: Office) {
    Effect::new(move || {
        office.refresh.track();
        if office.overview.with_untracked(Option::is_some) {
            return;
        }
        spawn_local(async move {
            match api::campaign().await {
                Ok(overview) => {
                    if office.overview.try_with_untracked(Option::is_none) == Some(true) {
                        office.selection.set(overview.first_selection());
                        office.overview.set(Some(Arc::new(overview)));
                    }
                }
                Err(problem) => {
                    let _ = office.problem.try_set(Some(problem));
                }
            }
        });
    });
}

/// Listens for news as long as the dashboard is open.
fn listen(office: Office) {
    let news = StoredValue::new_local(News::listen(office));
    window::every(RECONNECT_MS, move || {
        let over = news
            .try_with_value(|news| news.as_ref().is_none_or(News::is_over))
            .unwrap_or(false);
        if over && office.live.try_get_untracked() == Some(Live::Lost) {
            let _ = news.try_update_value(|news| *news = News::listen(office));
        }
    });
}
