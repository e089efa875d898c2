//! Answers on their way. The id makes a repeated sending harmless: the same id is the same
//! response, so whatever went wrong may simply be tried again.

use super::{acts, draft, embedding, window};
use crate::resident::session::{Complaint, Session, Stage, Trouble};
use js_sys::{Array, JSON, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::cell::Cell;
use std::time::Duration;
use survey::identity::ResponseId;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, Response};

/// How long to wait for an answer, and between one try and the next: 2, 4, 8 … 64 seconds.
const TIMEOUT: Duration = Duration::from_secs(20);
const FIRST_PAUSE_S: u64 = 2;
const LONGEST: u32 = 5;

thread_local! {
    /// Counts the tries, so that one that waits knows whether another has come before it.
    static TRIES: Cell<u32> = const { Cell::new(0) };
}

/// Sends the answers, and tries again for as long as that can help.
pub fn send(session: RwSignal<Session>) {
    attempt(session, 0);
}

/// The network is back.
pub fn back_online(session: RwSignal<Session>) {
    if session.with_untracked(|s| s.stage == Stage::Unsent(Trouble::Offline)) {
        send(session);
    }
}

fn attempt(session: RwSignal<Session>, failures: u32) {
    let this = TRIES.get() + 1;
    TRIES.set(this);
    session.update(|s| s.stage = Stage::Sending);
    spawn_local(async move {
        let trouble = match post(session)
            .await
            .unwrap_or(Reply::Trouble(Trouble::Offline))
        {
            Reply::Arrived => return arrived(session),
            Reply::Faulty(item, message) => {
                session.update(|s| {
                    s.show(item);
                    s.complain(Complaint::Said(message));
                });
                return acts::mend(session, true);
            }
            Reply::Trouble(trouble) => trouble,
        };
        session.update(|s| s.stage = Stage::Unsent(trouble));
        if trouble.passes() {
            let pause = Duration::from_secs(FIRST_PAUSE_S << failures.min(LONGEST));
            let again = move || {
                let waits = session.with_untracked(|s| s.stage == Stage::Unsent(trouble));
                if waits && TRIES.get() == this {
                    attempt(session, failures + 1);
                }
            };
            set_timeout(again, pause);
        }
    });
}

fn arrived(session: RwSignal<Session>) {
    session.update(|s| {
        draft::clear(&s.visit);
        let code = ResponseId::parse(&s.id).map(|id| id.withdrawal_code().to_string());
        s.stage = Stage::Sent(code.unwrap_or_default());
    });
    embedding::tell("wendu:completed");
    acts::focus("#question");
}

enum Reply {
    Arrived,
    /// The server names an item and what is wrong with its answer.
    Faulty(String, String),
    Trouble(Trouble),
}

async fn post(session: RwSignal<Session>) -> Result<Reply, JsValue> {
    let body = session
        .with_untracked(Session::submission)
        .serialize(&Serializer::json_compatible())?;
    let body = JSON::stringify(&body)?;
    let abort = AbortController::new()?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&body);
    request.set_signal(Some(&abort.signal()));
    let headers = Headers::new()?;
    headers.append("content-type", "application/json")?;
    request.set_headers(&headers);
    set_timeout(move || abort.abort(), TIMEOUT);
    let sent = window()?.fetch_with_str_and_init("/api/v1/responses", &request);
    let response: Response = JsFuture::from(sent).await?.unchecked_into();
    Ok(match response.status() {
        200 | 201 => Reply::Arrived,
        409 => Reply::Trouble(Trouble::Conflict),
        413 => Reply::Trouble(Trouble::TooLarge),
        422 => {
            let problem = JsFuture::from(response.json()?).await?;
            first_problem(&problem).unwrap_or(Reply::Trouble(Trouble::Refused))
        }
        429 | 500.. => Reply::Trouble(Trouble::Busy),
        _ => Reply::Trouble(Trouble::Refused),
    })
}

/// The first item at fault in a problem document (RFC 9457) of the server.
fn first_problem(document: &JsValue) -> Option<Reply> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let problems: Array = get(document, "problems")?.dyn_into().ok()?;
    let first = problems.get(0);
    Some(Reply::Faulty(
        get(&first, "item")?.as_string()?,
        get(&first, "message")?.as_string()?,
    ))
}
