//! Intervals for the difference of two proportions: enumerated over both counts.

use crate::page::{Grid, binomial_row, by_method, names, table};
use stats::difference::paired::{self, Table};
use stats::difference::{Method, interval};
use stats::{Error, Level};

const SIZES: [(u64, u64); 4] = [(10, 10), (30, 30), (50, 20), (100, 100)];
/// The true share who say yes both times, and the shares who change in either direction.
const CHANGES: [(f64, f64, f64); 4] = [
    (0.4, 0.1, 0.1),
    (0.5, 0.2, 0.05),
    (0.8, 0.1, 0.02),
    (0.2, 0.3, 0.2),
];

/// The section of the page.
pub fn section() -> Result<String, Error> {
    let mut text = "\
## Differences (enumerated)

**Independent samples, 95 %**: mean over p1, p2 = 0.05, 0.15, …, 0.95, and the least.

"
    .to_owned();
    text += &independent()?;
    text += "\
**The same persons twice, 95 %**: mean over four joint distributions, and the least.

";
    text += &twice()?;
    Ok(text)
}

fn independent() -> Result<String, Error> {
    let shares: Vec<f64> = (0..10).map(|i| 0.05 + 0.1 * f64::from(i)).collect();
    let mut rows = names(Method::ALL);
    for (n1, n2) in SIZES {
        let outcomes = |n| {
            shares
                .iter()
                .map(|&p| binomial_row(n, p))
                .collect::<Result<Vec<_>, _>>()
        };
        let (first, second) = (outcomes(n1)?, outcomes(n2)?);
        for (row, &method) in rows.iter_mut().zip(Method::ALL) {
            let mut coverage = vec![0.0; shares.len() * shares.len()];
            for x1 in 0..=n1 {
                for x2 in 0..=n2 {
                    let limits = interval(x1, n1, x2, n2, Level::DEFAULT, method)?;
                    let pairs = shares
                        .iter()
                        .zip(&first)
                        .flat_map(|p1| shares.iter().zip(&second).map(move |p2| (p1, p2)));
                    for (((p1, first), (p2, second)), held) in pairs.zip(&mut coverage) {
                        if limits.contains(p1 - p2) {
                            *held += at(first, x1) * at(second, x2);
                        }
                    }
                }
            }
            row.push(Grid::of(coverage).cell());
        }
    }
    let head = SIZES.map(|(n1, n2)| format!("n = {n1}, {n2}"));
    Ok(table(&by_method(head), &rows))
}

fn twice() -> Result<String, Error> {
    let sizes = [15, 30, 60];
    let mut rows = names(paired::Method::ALL);
    for n in sizes {
        for (row, &method) in rows.iter_mut().zip(paired::Method::ALL) {
            let held = CHANGES.iter().map(|&truth| holds_twice(n, truth, method));
            let held: Vec<f64> = held.collect::<Result<_, _>>()?;
            row.push(Grid::of(held).cell());
        }
    }
    let head = sizes.map(|n| format!("n = {n}"));
    Ok(table(&by_method(head), &rows))
}

/// Sums over all tables; the counts one after the other are binomial among the rest.
fn holds_twice(n: u64, truth: (f64, f64, f64), method: paired::Method) -> Result<f64, Error> {
    let (both, lost, won) = truth;
    let mut held = 0.0;
    for (b, first) in (0..).zip(binomial_row(n, lost)?) {
        for (c, second) in (0..).zip(binomial_row(n - b, won / (1.0 - lost))?) {
            let rest = n - b - c;
            let same = both / (1.0 - lost - won);
            for (a, third) in (0..).zip(binomial_row(rest, same)?) {
                let table = Table {
                    a,
                    b,
                    c,
                    d: rest - a,
                };
                let limits = paired::interval(table, Level::DEFAULT, method);
                if limits.is_ok_and(|limits| limits.contains(lost - won)) {
                    held += first * second * third;
                }
            }
        }
    }
    Ok(held)
}

fn at(probabilities: &[f64], x: u64) -> f64 {
    usize::try_from(x)
        .ok()
        .and_then(|x| probabilities.get(x))
        .copied()
        .unwrap_or(0.0)
}
