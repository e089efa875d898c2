//! Telling the page around this one that something happened; never what was answered. A few lines
//! of script that the server writes into embedded pages hear it and pass it on, see
//! `server/src/http/framing`.

use super::window;
use web_sys::Event;

/// Tells that something happened, by an event of the window.
pub fn tell(what: &str) {
    if let (Ok(window), Ok(event)) = (window(), Event::new(what)) {
        let _ = window.dispatch_event(&event);
    }
}
