//! News of answers by server-sent events. The browser connects again by itself.

use crate::office::state::{Live, Office};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, EventSource};

/// A connection; it is closed when this is dropped.
pub struct News {
    source: EventSource,
    _heard: [Closure<dyn FnMut(Event)>; 3],
}

impl News {
    /// Listens for tallies. `None` if the browser cannot.
    pub fn listen(office: Office) -> Option<News> {
        let source = EventSource::new("/api/v1/events").ok()?;
        let opened = Closure::<dyn FnMut(Event)>::new(move |_| {
            // What came in while the line was down is read now.
            if office.live.try_get_untracked() == Some(Live::Lost) {
                refresh(office);
            }
            let _ = office.live.try_set(Live::Connected);
        });
        let failed = Closure::<dyn FnMut(Event)>::new(move |_| {
            let _ = office.live.try_set(Live::Lost);
        });
        // A tally of any form: the gap rests on two of them.
        let tally = Closure::<dyn FnMut(Event)>::new(move |_| {
            let _ = office.live.try_set(Live::Connected);
            refresh(office);
        });
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        source
            .add_event_listener_with_callback("tally", tally.as_ref().unchecked_ref())
            .ok()?;
        Some(News {
            source,
            _heard: [opened, failed, tally],
        })
    }

    /// Whether the browser has given up (the server refused) and someone must connect anew.
    pub fn is_over(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for News {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

fn refresh(office: Office) {
    let _ = office.refresh.try_update(|n| *n = n.wrapping_add(1));
}
