//! The office in the browser: fetching, signing in, live news.

mod api;
mod fetch;
mod news;
mod page;
mod reading;
mod sources;
mod window;

pub use page::start;
