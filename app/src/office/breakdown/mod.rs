//! The results broken down by township, wave, mode or group, in a table whose intervals are drawn.

mod drawn;
mod order;
mod rows;
mod table;

pub use order::Sort;
pub use rows::Measure;
pub use table::table;
