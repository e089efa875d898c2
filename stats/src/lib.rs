//! What may be said from a sample, and how surely.
//!
//! Pure functions from counts and tallies to estimates with their intervals.
//! No I/O, no clock, no HTTP, no browser: the same code runs in the server
//! and in WebAssembly. Every method names its source and is held by reference
//! cases in `tests/reference/`.

pub mod design;
pub mod difference;
pub mod distribution;
mod error;
mod interval;
mod linear;
pub mod mover;
mod named;
pub mod proportion;
mod special;
pub mod tally;
pub mod weights;

pub use error::Error;
pub use interval::{Interval, Level, Sides};
