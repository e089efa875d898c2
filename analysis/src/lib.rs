//! Questions to the statistics as JSON and CSV text, and their answers as JSON.
//!
//! This is the black-box contract of `wendu interval`, `wendu plan`, `wendu quantile`
//! and `wendu analyze`, kept free of files and processes so that the same code, and the
//! same reference cases, run natively and in WebAssembly.

pub mod analyze;
