//! Intervals for one proportion, and for several categories: enumerated.

use crate::page::{Grid, binomial_row, by_method, names, percent, table};
use stats::proportion::multinomial::{self, Method as Simultaneous};
use stats::proportion::{Method, interval};
use stats::{Error, Interval, Level, Sides};

const SIZES: [u64; 5] = [5, 10, 30, 100, 400];
const SHARES: [f64; 6] = [0.01, 0.05, 0.1, 0.2, 0.3, 0.5];

/// The section of the page.
pub fn section() -> Result<String, Error> {
    let mut text = "\
## Proportions (enumerated)

Mean over p = 0.005, 0.010, …, 0.995, and the least of these in parentheses. An interval that is
refused (logit at x = 0 and x = n) counts as a miss.

**Two-sided, 95 %**

"
    .to_owned();
    text += &summary(0.95, Sides::Two)?;
    for level in [0.9, 0.99] {
        text += &format!("**Two-sided, {} %**\n\n", 100.0 * level);
        text += &summary(level, Sides::Two)?;
    }
    text += "**Lower limit only, 95 %**\n\n";
    text += &summary(0.95, Sides::Lower)?;
    for n in [30, 100] {
        text += &format!("**Two-sided, 95 %, n = {n}, by p**\n\n");
        text += &by_share(n)?;
    }
    text += "\
**Several categories at once, 95 %**: the probability that all categories' intervals hold.

";
    text += &categories()?;
    Ok(text)
}

/// The interval of every possible count; `None` where it is refused.
fn intervals(n: u64, level: Level, sides: Sides, method: Method) -> Vec<Option<Interval>> {
    (0..=n)
        .map(|x| interval(x, n, level, sides, method).ok())
        .collect()
}

fn coverage(intervals: &[Option<Interval>], probabilities: &[f64], p: f64) -> f64 {
    let outcomes = intervals.iter().zip(probabilities);
    let held = outcomes.filter(|(interval, _)| interval.is_some_and(|i| i.contains(p)));
    held.map(|(_, probability)| probability).sum()
}

fn summary(level: f64, sides: Sides) -> Result<String, Error> {
    let level = Level::new(level)?;
    let shares: Vec<f64> = (1..200).map(|i| f64::from(i) / 200.0).collect();
    let mut rows: Vec<Vec<String>> = names(Method::ALL);
    for n in SIZES {
        let outcomes: Vec<Vec<f64>> = shares
            .iter()
            .map(|&p| binomial_row(n, p))
            .collect::<Result<_, _>>()?;
        for (row, &method) in rows.iter_mut().zip(Method::ALL) {
            let limits = intervals(n, level, sides, method);
            let points = shares.iter().zip(&outcomes);
            row.push(Grid::of(points.map(|(&p, outcomes)| coverage(&limits, outcomes, p))).cell());
        }
    }
    let head = SIZES.map(|n| format!("n = {n}"));
    Ok(table(&by_method(head), &rows))
}

fn by_share(n: u64) -> Result<String, Error> {
    let mut rows = names(Method::ALL);
    for (row, &method) in rows.iter_mut().zip(Method::ALL) {
        let limits = intervals(n, Level::DEFAULT, Sides::Two, method);
        for p in SHARES {
            row.push(percent(coverage(&limits, &binomial_row(n, p)?, p)));
        }
    }
    let head = SHARES.map(|p| format!("p = {p}"));
    Ok(table(&by_method(head), &rows))
}

fn categories() -> Result<String, Error> {
    let cases: [(u64, [f64; 3]); 5] = [
        (20, [0.2, 0.3, 0.5]),
        (60, [0.2, 0.3, 0.5]),
        (60, [0.33, 0.33, 0.34]),
        (60, [0.05, 0.15, 0.8]),
        (60, [0.01, 0.04, 0.95]),
    ];
    let methods = [Simultaneous::Goodman, Simultaneous::SisonGlaz];
    let mut rows = Vec::new();
    for (n, shares) in cases {
        let mut row = vec![format!("n = {n}, p = {shares:?}")];
        for method in methods {
            row.push(percent(all_hold(n, shares, method)?));
        }
        rows.push(row);
    }
    Ok(table(&["case", "goodman", "sison-glaz"], &rows))
}

fn all_hold(n: u64, shares: [f64; 3], method: Simultaneous) -> Result<f64, Error> {
    let [first, second, _] = shares;
    let outer = binomial_row(n, first)?;
    let mut held = 0.0;
    for (a, outer) in (0..).zip(outer) {
        // Given the first count, the second is binomial among the rest.
        for (b, inner) in (0..).zip(binomial_row(n - a, second / (1.0 - first))?) {
            let limits = multinomial::intervals(&[a, b, n - a - b], Level::DEFAULT, method)?;
            if limits
                .iter()
                .zip(shares)
                .all(|(limits, p)| limits.contains(p))
            {
                held += outer * inner;
            }
        }
    }
    Ok(held)
}
