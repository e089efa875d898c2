//! Design-based estimation: what was drawn, and the variance that follows from it.

mod error;

pub use error::DesignError;
