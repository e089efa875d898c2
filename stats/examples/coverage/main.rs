//! How often each interval holds the truth, beside what it promises: run by
//! `cargo xtask bench coverage`, which writes `docs/COVERAGE.md`.
//!
//! Enumeration where the outcomes can be enumerated, otherwise seeded simulation.

mod differences;
mod page;
mod proportions;
mod raked;
mod ranks;
mod sequences;
mod series;

use std::error::Error;
use std::time::Instant;

const HEAD: &str = "\
# Coverage

How often each interval of [STATISTICS.md](STATISTICS.md) holds the truth, in %. Written by
`cargo xtask bench coverage`; not edited by hand. *Enumerated* figures are sums over all outcomes and
exact to the last digit shown; *simulated* ones are seeded and have the standard error given.
";

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("coverage FILE")?;
    let mut text = HEAD.to_owned();
    for (name, section) in [
        (
            "proportions",
            proportions::section as fn() -> Result<String, stats::Error>,
        ),
        ("differences", differences::section),
        ("sequences from counts", sequences::section),
        ("sequences from series", series::section),
        ("ranks", ranks::section),
        ("raked estimates", raked::section),
    ] {
        let start = Instant::now();
        text.push('\n');
        text.push_str(section()?.trim_end());
        text.push('\n');
        eprintln!("  {name}: {:.1} s", start.elapsed().as_secs_f64());
    }
    Ok(std::fs::write(file, text)?)
}
