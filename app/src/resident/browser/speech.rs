//! Reading aloud, where the browser can.

use super::window;
use crate::resident::session::Session;
use js_sys::Reflect;
use web_sys::{SpeechSynthesis, SpeechSynthesisUtterance};

/// Whether the browser has a voice.
pub fn can_speak() -> bool {
    window().is_ok_and(|window| Reflect::has(&window, &"speechSynthesis".into()) == Ok(true))
}

fn synthesis() -> Option<SpeechSynthesis> {
    can_speak().then(|| window().ok()?.speech_synthesis().ok())?
}

/// Reads the question and its options, or falls silent.
pub fn toggle(session: &Session) {
    let Some(synthesis) = synthesis() else {
        return;
    };
    let was_speaking = synthesis.speaking();
    synthesis.cancel();
    if was_speaking {
        return;
    }
    let (Some(item), language) = (session.item(), session.language()) else {
        return;
    };
    let choices = session.visit.form.choices(item);
    let texts = [&item.text]
        .into_iter()
        .chain(&item.help)
        .chain(choices.iter().map(|c| &c.text));
    let text: Vec<&str> = texts.map(|text| text.get(language)).collect();
    if let Ok(utterance) = SpeechSynthesisUtterance::new_with_text(&text.join("。\n")) {
        utterance.set_lang(language.tag());
        synthesis.speak(&utterance);
    }
}

/// Falls silent.
pub fn stop() {
    if let Some(synthesis) = synthesis() {
        synthesis.cancel();
    }
}
