//! Reads what was selected, again whenever the selection changes or an answer has come in. What is
//! shown stays until newer is there.

use super::api;
use crate::office::problem::Problem;
use crate::office::state::{Office, Results, Selection};
use leptos::prelude::*;
use std::sync::Arc;
use survey::Form;
use wasm_bindgen_futures::spawn_local;

/// Keeps `office.results` up to date. Only one reading is under way at a time; what changes
/// meanwhile is read right after it.
pub fn keep(office: Office) {
    let busy = StoredValue::new(false);
    let again = StoredValue::new(false);
    // What decides what is read; the table's order and measure do not.
    let queries = Memo::new(move |_| {
        office
            .selection
            .with(|selection| (selection.query(), selection.table_query()))
    });
    Effect::new(move || {
        // Read, not only tracked: a memo that nobody reads never learns what it depends on.
        queries.with(|_| ());
        office.refresh.track();
        if office.overview.with(Option::is_none) {
            return;
        }
        if busy.get_value() {
            again.set_value(true);
            return;
        }
        busy.set_value(true);
        office.loading.set(true);
        spawn_local(async move {
            loop {
                again.set_value(false);
                once(office).await;
                if !again.try_get_value().unwrap_or(false) {
                    break;
                }
            }
            // The page may be gone by now.
            let _ = busy.try_set_value(false);
            let _ = office.loading.try_set(false);
        });
    });
}

async fn once(office: Office) {
    let Some(selection) = office.selection.try_get_untracked() else {
        return;
    };
    let read = read(office, &selection).await;
    let current = office.selection.try_with_untracked(|now| {
        now.query() == selection.query() && now.table_query() == selection.table_query()
    });
    if current != Some(true) {
        return;
    }
    match read {
        Ok(results) => {
            office.results.set(Some(Arc::new(results)));
            office.problem.set(None);
        }
        Err(problem) => office.problem.set(Some(problem)),
    }
}

async fn read(office: Office, selection: &Selection) -> Result<Results, Problem> {
    let picture = api::picture(&selection.query()).await?;
    let table = match selection.table_query() {
        Some(query) => Some(api::picture(&query).await?),
        None => None,
    };
    let form = form(office, &picture.questionnaire, picture.version).await;
    Ok(Results {
        picture,
        table,
        form,
    })
}

/// The questionnaire behind a picture, read once. Without it the page shows codes for words.
async fn form(office: Office, questionnaire: &str, version: u32) -> Option<Arc<Form>> {
    let fits = |form: &Arc<Form>| {
        form.questionnaire.id == questionnaire && form.questionnaire.version == version
    };
    let known = office
        .results
        .try_with_untracked(|results| results.as_ref().and_then(|r| r.form.clone()))
        .flatten()
        .filter(fits);
    if known.is_some() {
        return known;
    }
    let read = Arc::new(api::form(questionnaire).await.ok()?);
    fits(&read).then_some(read)
}
