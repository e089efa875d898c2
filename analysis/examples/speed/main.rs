//! How fast estimates are: run by `cargo xtask bench stats`.
//!
//!     speed tallies             40 indicators × 20 areas from 10,000 tally cells
//!     speed generate FILE ROWS  a survey as CSV
//!     speed microdata FILE      `wendu analyze` on it
//!
//! Figures are printed as NAME=VALUE; times are processor times, `elapsed` is the clock's.

mod cost;
mod microdata;
mod tallies;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["tallies"] => tallies::run(),
        ["generate", file, rows] => microdata::generate(file, rows.parse()?),
        ["microdata", file] => microdata::run(file),
        _ => Err("speed tallies | generate FILE ROWS | microdata FILE".into()),
    }
}
