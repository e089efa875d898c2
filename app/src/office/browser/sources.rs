//! Reads where people come from, as long as somebody looks; and copies snippets.

use super::{api, window};
use crate::office::state::{Office, View};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// Keeps `office.sources` up to date while its page is looked at.
pub fn keep(office: Office) {
    let questionnaire = Memo::new(move |_| office.selection.with(|s| s.questionnaire.clone()));
    Effect::new(move || {
        let questionnaire = questionnaire.get();
        office.refresh.track();
        if office.view.get() != View::Embed || questionnaire.is_empty() {
            return;
        }
        spawn_local(async move {
            match api::sources(&questionnaire).await {
                Ok(report) => {
                    let current = office
                        .selection
                        .try_with_untracked(|s| s.questionnaire == questionnaire);
                    let same = office
                        .sources
                        .try_with_untracked(|known| known.as_deref() == Some(&report));
                    // The same again must not draw a field anew that somebody is typing in.
                    if current == Some(true) && same == Some(false) {
                        let _ = office.sources.try_set(Some(Arc::new(report)));
                    }
                }
                Err(problem) => {
                    let _ = office.problem.try_set(Some(problem));
                }
            }
        });
    });
    Effect::new(move || {
        let text = office.copy.get();
        if !text.is_empty() {
            window::copy(&text);
        }
    });
}
