//! Reading aloud, where the browser can.

use super::page;
use crate::resident::session::Session;

/// Reads the question and its options, or falls silent.
pub fn toggle(session: &Session) {
    let (Some(item), language) = (session.item(), session.language()) else {
        return;
    };
    let choices = session.visit.form.choices(item);
    let texts = [&item.text]
        .into_iter()
        .chain(&item.help)
        .chain(choices.iter().map(|c| &c.text));
    let text: Vec<&str> = texts.map(|text| text.get(language)).collect();
    page::speak(&text.join("。\n"), language.tag());
}

/// Falls silent.
pub fn stop() {
    page::speak("", "");
}
