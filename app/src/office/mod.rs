//! The office (文明办): how warm the public is, beside how warm the government thinks it is.
//!
//! | module | holds |
//! |---|---|
//! | `dashboard` | the page: header, headline, pictures, table |
//! | `hero` | both temperatures and the gap, large |
//! | `thermometer` | the picture: readings, intervals and gaps on one scale |
//! | `breakdown` | the table by township, wave, mode or group |
//! | `embed` | the snippet for other people's pages, and where people come from |
//! | `definitions` | what a picture rests on and how it is computed |
//! | `sites` | the places with their posters |
//! | `controls`, `empty`, `problem` | what can be chosen; nothing there yet; what went wrong |
//! | `marks`, `scale`, `numbers`, `time` | the alphabet of the pictures |
//! | `sentences`, `words` | every text, in both languages |
//! | `state` | what the page knows |
//! | `browser` | fetching, signing in, live news: the only part that needs a browser |
//!
//! Everything but `browser` also compiles natively, so that tests and previews can draw it.

mod breakdown;
#[cfg(feature = "office")]
mod browser;
mod controls;
mod dashboard;
mod definitions;
mod embed;
mod empty;
mod hero;
mod marks;
mod numbers;
mod problem;
mod scale;
mod sentences;
mod sign_in;
mod sites;
mod state;
mod thermometer;
mod time;
mod weighting;
mod words;

pub use breakdown::{Measure, Sort};
#[cfg(feature = "office")]
pub use browser::start;
pub use dashboard::dashboard;
pub use embed::Wish;
pub use problem::Problem;
pub use sign_in::{SignIn, sign_in};
pub use state::{Listed, Live, Office, Overview, Results, Selection, View};
