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
pub mod gap;
mod interval;
pub mod kendall;
mod linear;
pub mod mover;
pub mod multiplicity;
mod named;
pub mod planning;
pub mod proportion;
mod random;
pub mod rank;
pub mod selection;
pub mod sequence;
pub mod small_area;
mod special;
pub mod stratified_tables;
pub mod tally;
pub mod trend;
pub mod weights;

pub use error::Error;
pub use interval::{Interval, Level, Sides};
