//! One request to the server: within a time, and what kind of problem it is if it refuses.

use crate::office::problem::Problem;
use crate::problems::ProblemKind;
use gloo_net::http::{Method, RequestBuilder, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// How long an answer may take.
const PATIENCE_MS: i32 = 12_000;

/// Asks and reads the JSON of the answer.
pub async fn json<T: DeserializeOwned>(path: &str) -> Result<T, Problem> {
    read(send(Method::GET, path, None).await?).await
}

/// Sends a body (or none) and gives the answer, if it is a success.
pub async fn send(method: Method, path: &str, body: Option<String>) -> Result<Response, Problem> {
    let timer = Timer::start();
    let signal = timer.as_ref().map(|timer| timer.controller.signal());
    let request = RequestBuilder::new(path)
        .method(method)
        .header("accept", "application/json")
        .abort_signal(signal.as_ref());
    let sent = match body {
        Some(body) => match request
            .header("content-type", "application/json")
            .body(body)
        {
            Ok(request) => request.send().await,
            Err(_) => return Err(Problem::Unreadable),
        },
        None => request.send().await,
    };
    let response = sent.map_err(|_| {
        if signal.is_some_and(|signal| signal.aborted()) {
            Problem::Timeout
        } else {
            Problem::Network
        }
    })?;
    if response.ok() {
        Ok(response)
    } else {
        Err(refusal(response).await)
    }
}

/// Reads the JSON of an answer.
pub async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Problem> {
    let text = response.text().await.map_err(|_| Problem::Network)?;
    serde_json::from_str(&text).map_err(|_| Problem::Unreadable)
}

/// Problem details (RFC 9457), as far as the page needs them: the words are its own.
#[derive(Default, Deserialize)]
struct Details {
    #[serde(default, rename = "type")]
    kind: String,
}

async fn refusal(response: Response) -> Problem {
    let status = response.status();
    if status == 401 {
        return Problem::SignedOut;
    }
    let retry_after = response
        .headers()
        .get("retry-after")
        .and_then(|seconds| seconds.parse().ok());
    let text = response.text().await.unwrap_or_default();
    let details: Details = serde_json::from_str(&text).unwrap_or_default();
    Problem::Refused {
        status,
        kind: ProblemKind::of(&details.kind),
        retry_after,
    }
}

/// Breaks a request off when the time is up; stopped when it goes out of scope.
struct Timer {
    controller: web_sys::AbortController,
    handle: i32,
    _on_time: Closure<dyn FnMut()>,
}

impl Timer {
    fn start() -> Option<Timer> {
        let controller = web_sys::AbortController::new().ok()?;
        let on_time = {
            let controller = controller.clone();
            Closure::<dyn FnMut()>::new(move || controller.abort())
        };
        let handle = web_sys::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                on_time.as_ref().unchecked_ref(),
                PATIENCE_MS,
            )
            .ok()?;
        Some(Timer {
            controller,
            handle,
            _on_time: on_time,
        })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.handle);
        }
    }
}
