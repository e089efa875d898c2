//! Estimates from tallies: mergeable sufficient statistics instead of a scan of all answers.
//!
//! A *tally* is the matrix of counts, sums and cross-products of a few whole-number
//! variables over the answers of one cell (stratum × primary sampling unit × weighting
//! cell × domain). Tallies form a commutative group: they merge in any order, and an
//! answer that is withdrawn subtracts exactly. Because weights are constant within a
//! weighting cell, weighted totals and their Taylor-linearised variance are exact
//! functions of them (Lohr 2022, Sampling, §9.1; Deville & Särndal 1992).

mod calibration;
mod estimate;
mod frame;
mod moments;
mod sample;
mod stages;
mod table;
mod variance;
mod view;

pub use estimate::{Quantity, Scope, Term};
pub use frame::{Drawn, Frame, Units, Within};
pub use moments::Moments;
pub use sample::Sample;
pub use table::{CellKey, Table};
pub use view::MomentsRef;
