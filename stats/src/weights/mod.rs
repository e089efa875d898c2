//! Adjusting weights to what is known of the population.

mod error;

pub use error::WeightingError;
