//! Sequences that depend on the counts alone, looked at after every answer: enumerated.

use crate::page::{by_method, percent, table};
use stats::sequence::asymptotic::{self, Monitored};
use stats::sequence::{BetaPrior, beta_binomial_mixture, normal_mixture_mean};
use stats::{Error, Interval, Level, Sides, proportion};

const SHARES: [f64; 5] = [0.05, 0.1, 0.3, 0.5, 0.9];
const ANSWERS: usize = 5_000;

/// The limits after k of n said yes.
type Limits = fn(u64, u64) -> Result<Interval, Error>;

/// The section of the page.
pub fn section() -> Result<String, Error> {
    let sequences: [(&str, usize, Limits); 6] = [
        ("beta_binomial_mixture", 1, mixture),
        ("normal_mixture_hoeffding, n_opt = 500", 1, hoeffding),
        (
            "asymptotic_cs, n_opt = 500, from the 30th on",
            30,
            asymptotic,
        ),
        (
            "asymptotic_cs, n_opt = 500, from the 200th on",
            200,
            asymptotic,
        ),
        ("for comparison: wilson, from the 1st on", 1, wilson),
        ("for comparison: wilson, from the 200th on", 200, wilson),
    ];
    let mut rows = Vec::new();
    for (name, first, limits) in sequences {
        let mut row = vec![name.to_owned()];
        for p in SHARES {
            row.push(percent(always_holds(p, first, limits)?));
        }
        rows.push(row);
    }
    let head = SHARES.map(|p| format!("p = {p}"));
    Ok(format!(
        "\
## Sequences from counts (enumerated)

The probability that the 95 % interval holds the truth **every time** when looked at after each of
{ANSWERS} answers.

{}",
        table(&by_method(head), &rows)
    ))
}

/// The probability that no interval from the `first` answer on has missed p.
///
/// The state is the number of yes; what has missed leaves it. At each n the counts whose
/// interval holds p lie side by side, so that only the ends have to be looked at.
fn always_holds(p: f64, first: usize, limits: Limits) -> Result<f64, Error> {
    let mut alive = vec![1.0_f64];
    let mut lowest = 0_u64;
    for n in 1..=ANSWERS {
        let mut next = vec![0.0; alive.len() + 1];
        for (k, probability) in alive.iter().enumerate() {
            for (to, share) in [(k, 1.0 - p), (k + 1, p)] {
                if let Some(mass) = next.get_mut(to) {
                    *mass += share * probability;
                }
            }
        }
        alive = next;
        if n < first {
            continue;
        }
        let misses = |k: u64| limits(k, n as u64).map(|interval| !interval.contains(p));
        while !alive.is_empty() && misses(lowest + alive.len() as u64 - 1)? {
            alive.pop();
        }
        let mut gone = 0;
        while gone < alive.len() && misses(lowest + gone as u64)? {
            gone += 1;
        }
        alive.drain(..gone);
        lowest += gone as u64;
    }
    Ok(alive.iter().sum())
}

fn mixture(k: u64, n: u64) -> Result<Interval, Error> {
    beta_binomial_mixture(k, n, BetaPrior::default(), Level::DEFAULT)
}

fn hoeffding(k: u64, n: u64) -> Result<Interval, Error> {
    normal_mixture_mean(n, k as f64 / n as f64, 500.0, Level::DEFAULT)
}

fn asymptotic(k: u64, n: u64) -> Result<Interval, Error> {
    let p = k as f64 / n as f64;
    asymptotic::interval(
        Monitored::mean(n as f64, p, p * (1.0 - p))?,
        500.0,
        Level::DEFAULT,
    )
}

fn wilson(k: u64, n: u64) -> Result<Interval, Error> {
    proportion::interval(k, n, Level::DEFAULT, Sides::Two, proportion::Method::Wilson)
}
