//! Where answers come from: how many saw a questionnaire, began, finished, by source.

use crate::rates::{Estimate, estimate};
use serde::{Deserialize, Serialize};
use stats::{Level, proportion};
use survey::Mode;

/// One source's counts, and what they say about its readers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceRow {
    /// How they came.
    pub mode: Mode,
    /// A site's code, the origin of the page around a widget, `unknown`, `other`, or nothing.
    pub place: String,
    /// How many pages were seen.
    pub views: u64,
    /// How many of them were answered at all.
    pub starts: u64,
    /// How many responses there are.
    pub completions: u64,
    /// Starts of views; `None` without views, or where more began than are known to have seen it.
    pub start_rate: Option<Estimate>,
    /// Completions of starts; `None` in the same cases.
    pub completion_rate: Option<Estimate>,
}

impl SourceRow {
    /// A source with its rates: Wilson's interval at 95 %.
    pub fn new(mode: Mode, place: &str, views: u64, starts: u64, completions: u64) -> SourceRow {
        let rate =
            |positive, n| estimate(positive, n, Level::DEFAULT, proportion::Method::Wilson).ok();
        SourceRow {
            mode,
            place: place.to_owned(),
            views,
            starts,
            completions,
            start_rate: rate(starts, views),
            completion_rate: rate(completions, starts),
        }
    }
}

/// A key by which pages of others embed a questionnaire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WidgetKey {
    /// The key in the snippet.
    pub key: String,
    /// Whose pages may embed it.
    pub origins: Vec<String>,
}

/// Every source of a questionnaire, and what `GET /api/v1/sources` returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceReport {
    /// Which questionnaire.
    pub questionnaire: String,
    /// The first day that was counted, such as `2026-11-24`; completions before it are left out.
    pub since: Option<String>,
    /// When this was counted, such as `2026-11-29T16:32:05+08:00`; `None` if only now.
    pub as_of: Option<String>,
    /// Whether the answers are simulated.
    pub simulated: bool,
    /// How it may be embedded.
    pub widgets: Vec<WidgetKey>,
    /// The sources, those with the most views first.
    pub rows: Vec<SourceRow>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_an_interval_or_is_not_shown() {
        let row = SourceRow::new(Mode::Widget, "https://news.example", 200, 50, 40);
        let rate = row.start_rate.unwrap();
        assert!((rate.value - 0.25).abs() < 1e-12 && rate.lower < 0.25 && rate.upper > 0.25);
        assert_eq!((rate.n, row.completion_rate.unwrap().n), (200, 50));
        let odd = SourceRow::new(Mode::OwnDevice, "", 0, 3, 5);
        assert_eq!((odd.start_rate, odd.completion_rate), (None, None));
    }
}
