//! Where people come from: how many saw a questionnaire, how many began, by day, mode and place.
//! Counts only, nothing about anyone. They are gathered here and written together every few
//! seconds; a crash loses those of the last seconds, never an answer.

use crate::catalogue::Catalogue;
use crate::clock::{self, DAY_MS};
use crate::store::{Store, StoreError, Visits};
use crate::widgets::Widgets;
use app::resident::visit::Visit;
use axum::http::HeaderMap;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use survey::{Mode, Submission};

/// How often counts are written.
pub const PACE: Duration = Duration::from_secs(5);

/// A page around a widget that could not be verified.
pub const UNKNOWN: &str = "unknown";

/// A place that is none of the campaign's.
pub const OTHER: &str = "other";

/// Words in the names of programs that read pages without anybody looking.
const PROGRAMS: [&str; 4] = ["bot", "spider", "crawl", "slurp"];

/// What a visit is counted under. Its parts come from the campaign, so that nobody can make more
/// of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    questionnaire: String,
    mode: Mode,
    /// A site's code, the origin of the page around a widget, or nothing.
    place: String,
}

impl Source {
    /// The source of a visit that the server let in.
    pub fn of(visit: &Visit) -> Source {
        let questionnaire = &visit.form.questionnaire.id;
        Source::at(questionnaire, visit.mode, &visit.site, &visit.origin)
    }

    /// The source of answers. What they name as their place counts once they have been taken.
    pub fn of_answers(submission: &Submission) -> Source {
        Source::at(
            &submission.questionnaire,
            submission.mode,
            &submission.site,
            &submission.origin,
        )
    }

    fn at(
        questionnaire: &str,
        mode: Mode,
        site: &Option<String>,
        origin: &Option<String>,
    ) -> Source {
        let place = match mode {
            Mode::Widget => origin.as_deref().unwrap_or(UNKNOWN),
            _ => site.as_deref().unwrap_or_default(),
        };
        Source {
            questionnaire: questionnaire.to_owned(),
            mode,
            place: place.to_owned(),
        }
    }

    /// Reads what a page was given as its source; `None` if there is no such questionnaire or
    /// mode. A place that the campaign does not know is another place.
    pub fn read(text: &str, catalogue: &Catalogue, widgets: &Widgets) -> Option<Source> {
        let mut words = text.split(' ');
        let questionnaire = words.next().filter(|id| catalogue.newest(id).is_some())?;
        let mode = Mode::parse(words.next()?)?;
        let place = words.next().unwrap_or_default();
        let is_known = match mode {
            Mode::Widget => place == UNKNOWN || widgets.may_embed(questionnaire, place),
            _ => place.is_empty() || catalogue.campaign.site(place).is_some(),
        };
        Some(Source {
            questionnaire: questionnaire.to_owned(),
            mode,
            place: if is_known { place } else { OTHER }.to_owned(),
        })
    }
}

/// What of a visit could not be told when it happened, and comes with its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untold {
    /// That it began.
    Start,
    /// Nor that it was seen: the device had kept the page.
    View,
}

impl Untold {
    /// Reads the query under which answers are sent.
    pub fn read(query: Option<&str>) -> Option<Untold> {
        match query?.strip_prefix("untold=")? {
            "start" => Some(Untold::Start),
            "view" => Some(Untold::View),
            _ => None,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {}",
            self.questionnaire,
            self.mode.as_str(),
            self.place
        )
    }
}

/// The counts that are not written yet.
pub struct Sources {
    utc_offset_ms: i64,
    pending: Mutex<BTreeMap<(i64, Source), Counted>>,
    writing: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    views: i64,
    starts: i64,
}

impl Sources {
    /// Days begin at midnight in the campaign's time zone.
    pub fn new(catalogue: &Catalogue) -> Sources {
        Sources {
            utc_offset_ms: i64::from(catalogue.campaign.utc_offset_minutes) * 60_000,
            pending: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
        }
    }

    /// How far the campaign's midnight is from that of UTC.
    pub fn utc_offset_ms(&self) -> i64 {
        self.utc_offset_ms
    }

    /// Somebody sees a questionnaire; not a program, nor a page that is fetched in advance.
    pub fn view(&self, visit: &Visit, headers: &HeaderMap) {
        let says = |name: &str, words: &[&str]| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.is_some_and(|value| {
                let value = value.to_ascii_lowercase();
                words.iter().any(|word| value.contains(word))
            })
        };
        let in_advance = ["sec-purpose", "purpose"]
            .iter()
            .any(|name| says(name, &["prefetch"]));
        // A service worker that puts the page by: nobody looks at that. (Where it fetches the page for
        // somebody, the mode is `navigate`, though the destination is no document any more.)
        let by_a_script = says("sec-fetch-mode", &["cors", "same-origin"]);
        if !in_advance && !by_a_script && !says("user-agent", &PROGRAMS) {
            self.count(Source::of(visit), |counted| counted.views += 1);
        }
    }

    /// Somebody has answered a first question.
    pub fn start(&self, source: Source) {
        self.count(source, |counted| counted.starts += 1);
    }

    /// Answers have been taken of a visit of which not all could be told before.
    pub fn late(&self, source: Source, untold: Untold) {
        self.count(source, |counted| {
            counted.starts += 1;
            counted.views += i64::from(untold == Untold::View);
        });
    }

    fn count(&self, source: Source, add: impl FnOnce(&mut Counted)) {
        let day = (clock::now() + self.utc_offset_ms).div_euclid(DAY_MS);
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        add(pending.entry((day, source)).or_default());
    }

    /// Writes what was counted since the last time. What cannot be written is kept for the next.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn write(&self, store: &dyn Store) -> Result<(), StoreError> {
        // Whoever asks for counts waits for those that are on their way.
        let _writing = self.writing.lock().await;
        let taken = {
            let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *pending)
        };
        if taken.is_empty() {
            return Ok(());
        }
        let rows: Vec<Visits> = taken
            .iter()
            .map(|((day, source), counted)| Visits {
                questionnaire: source.questionnaire.clone(),
                day: *day,
                mode: source.mode.as_str().to_owned(),
                place: source.place.clone(),
                views: counted.views,
                starts: counted.starts,
            })
            .collect();
        let written = store.count_visits(&rows).await;
        if written.is_err() {
            let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, counted) in taken {
                let sum = pending.entry(key).or_default();
                sum.views += counted.views;
                sum.starts += counted.starts;
            }
        }
        written
    }
}
