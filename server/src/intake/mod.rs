//! The write path: from what a client sent to what is on disk.

mod accept;
mod writer;

pub use accept::{FieldProblem, Refusal, accept};
pub use writer::{Busy, Changed, Writer};
