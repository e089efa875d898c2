//! Answers on their way. The id makes a repeated sending harmless: the same id is the same
//! response, so whatever went wrong may simply be tried again. Keeping and sending is done by
//! `app/js/queue.js`, which the service worker shares; here is what it means for the page.

use super::{acts, body, draft, page};
use crate::resident::session::{Arrival, Complaint, Left, Session, Stage, Trouble};
use js_sys::Array;

/// Sends the answers, and again for as long as that can help.
pub fn send(session: &mut Session) {
    session.stage = Stage::Sending;
    session.finished_at = page::now();
    let _ = body::write(&session.submission()).map(|body| page::put(&session.id, &body));
}

/// What `queue.js` tells of answers, of this visit and of earlier ones; see there.
pub fn hear(session: &mut Session, kind: &str, news: &Array) -> Option<()> {
    let number = |at: u32| news.get(at).as_f64().unwrap_or_default() as u32;
    if kind == "left" {
        session.left = Left {
            waiting: number(1),
            refused: number(2),
            sign_in: number(3) == 401,
        };
        return None;
    }
    let (stage, kept) = (session.stage.clone(), session.kept);
    if news.get(1).as_string().as_ref() != Some(&session.id) {
        return None;
    }
    let status = number(2);
    let (trouble, arrival) = match (kind, status) {
        ("kept", _) => {
            session.kept = true;
            draft::clear(&session.visit);
            return None;
        }
        // A line that is neither up nor down must not hold the next person up.
        ("slow", _) if stage == Stage::Sending && kept => (None, Arrival::Waits),
        ("sent", _) => (None, Arrival::Arrived),
        ("waits", 401 | 403) => (Some(Trouble::SignIn), Arrival::SignIn),
        ("waits", 0) => (Some(Trouble::Offline), Arrival::Waits),
        ("waits", _) => (Some(Trouble::Busy), Arrival::Waits),
        ("refused", 409) => (Some(Trouble::Conflict), Arrival::Refused),
        ("refused", 413) => (Some(Trouble::TooLarge), Arrival::Refused),
        ("refused", _) => (Some(Trouble::Refused), Arrival::Refused),
        _ => return None,
    };
    match (stage, trouble) {
        (Stage::Asking, _) => {}
        // Still before the person's eyes: what can be mended is shown.
        (Stage::Sending | Stage::Unsent(_), Some(trouble))
            if !kept || arrival == Arrival::Refused =>
        {
            let item = news.get(3).as_string();
            match item.zip(news.get(4).as_string()) {
                Some((item, message)) => {
                    session.show(item);
                    session.complain(Complaint::Said(message));
                    acts::mend(session, true);
                }
                None => session.stage = Stage::Unsent(trouble),
            }
        }
        (Stage::Done(Arrival::Arrived), _) => {}
        (before, _) => {
            draft::clear(&session.visit);
            session.stage = Stage::Done(arrival);
            if !matches!(before, Stage::Done(_)) {
                page::focus("#question");
            }
            if arrival == Arrival::Arrived {
                page::announce("wendu:completed");
            }
        }
    }
    Some(())
}
