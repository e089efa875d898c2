//! The write path: from what a client sent to what is on disk.

mod accept;
mod writer;

pub use accept::{Refusal, accept};
pub use writer::{Changed, Writer};
