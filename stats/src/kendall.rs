//! Kendall's rank correlation; with time as one variable, the Mann–Kendall trend test.
//!
//! Sources: Kendall (1970), Rank Correlation Methods, ch. 4–5; the concordances after
//! Knight (1966), JASA 61:436–439. As R's `cor.test(method = "kendall")`.

use crate::Error;
use crate::distribution::normal;
use serde::Serialize;

/// Below this many pairs, and without ties, the p-value is exact (as in R).
const EXACT_BELOW: usize = 50;

/// Kendall's τ-b and the test that it is 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Kendall {
    /// τ-b, from −1 to 1.
    pub tau: f64,
    /// Concordant minus discordant pairs.
    pub s: f64,
    /// S over its standard deviation under independence, ties allowed for.
    pub z: f64,
    /// The two-sided p-value.
    pub p: f64,
    /// Whether `p` comes from all permutations rather than from `z`.
    pub exact: bool,
}

/// The rank correlation of x and y, given pair by pair.
///
/// # Errors
/// [`Error::OutOfRange`] for lists of unequal length, fewer than two pairs, or a value
/// that is not a number; [`Error::Undefined`] if x or y does not vary.
pub fn correlation(x: &[f64], y: &[f64]) -> Result<Kendall, Error> {
    let pairs = sorted_pairs(x, y)?;
    let n = pairs.len() as f64;
    let x_ties = Ties::of(pairs.iter().map(|pair| pair.0));
    let both_tied: f64 = runs(pairs.iter().copied())
        .map(|run| run * (run - 1.0) / 2.0)
        .sum();
    let mut ys: Vec<f64> = pairs.iter().map(|pair| pair.1).collect();
    let discordant = inversions(&mut ys);
    let y_ties = Ties::of(ys.iter().copied());

    let all = n * (n - 1.0) / 2.0;
    let s = all - x_ties.pairs - y_ties.pairs + both_tied - 2.0 * discordant;
    let comparable = (all - x_ties.pairs) * (all - y_ties.pairs);
    if comparable == 0.0 {
        return Err(Error::Undefined {
            method: "Kendall's rank correlation",
            reason: "one of the variables does not vary",
        });
    }
    let variance = (n * (n - 1.0) * (2.0 * n + 5.0) - x_ties.fifth - y_ties.fifth) / 18.0
        + 2.0 * x_ties.pairs * y_ties.pairs / (n * (n - 1.0))
        + if n > 2.0 {
            x_ties.triples * y_ties.triples / (9.0 * n * (n - 1.0) * (n - 2.0))
        } else {
            0.0
        };
    let z = s / variance.sqrt();
    let exact = pairs.len() < EXACT_BELOW && x_ties.pairs == 0.0 && y_ties.pairs == 0.0;
    let p = if exact {
        exact_p(pairs.len(), discordant as usize)
    } else {
        2.0 * normal::sf(z.abs())
    };
    Ok(Kendall {
        tau: s / comparable.sqrt(),
        s,
        z,
        p: p.min(1.0),
        exact,
    })
}

fn sorted_pairs(x: &[f64], y: &[f64]) -> Result<Vec<(f64, f64)>, Error> {
    if x.len() != y.len() || x.len() < 2 {
        return Err(Error::OutOfRange {
            name: "y",
            value: y.len() as f64,
            expected: "as many values as x, at least two",
        });
    }
    if let Some(&value) = x.iter().chain(y).find(|value| value.is_nan()) {
        return Err(Error::OutOfRange {
            name: "x, y",
            value,
            expected: "numbers only; leave incomplete pairs out",
        });
    }
    // −0 and 0 are the same value, but not the same bits.
    let mut pairs: Vec<_> = x.iter().zip(y).map(|(&x, &y)| (x + 0.0, y + 0.0)).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    Ok(pairs)
}

/// What ties take from the number of comparable pairs and from the variance.
#[derive(Default)]
struct Ties {
    /// Σ t(t−1)/2
    pairs: f64,
    /// Σ t(t−1)(2t+5)
    fifth: f64,
    /// Σ t(t−1)(t−2)
    triples: f64,
}

impl Ties {
    /// The ties of sorted values.
    fn of(sorted: impl Iterator<Item = f64>) -> Self {
        runs(sorted).fold(Self::default(), |ties, t| Self {
            pairs: ties.pairs + t * (t - 1.0) / 2.0,
            fifth: ties.fifth + t * (t - 1.0) * (2.0 * t + 5.0),
            triples: ties.triples + t * (t - 1.0) * (t - 2.0),
        })
    }
}

/// The lengths of the runs of equal items.
fn runs<T: PartialEq>(items: impl Iterator<Item = T>) -> impl Iterator<Item = f64> {
    let mut items = items.peekable();
    std::iter::from_fn(move || {
        let first = items.next()?;
        let mut length = 1.0;
        while items.next_if(|item| *item == first).is_some() {
            length += 1.0;
        }
        Some(length)
    })
}

/// Sorts the values by merging and counts the pairs that stood in the wrong order.
fn inversions(values: &mut [f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let (left, right) = values.split_at_mut(values.len() / 2);
    let mut count = inversions(left) + inversions(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let mut waiting = left.iter().peekable();
    for &value in right.iter() {
        while let Some(&smaller) = waiting.next_if(|&&other| other <= value) {
            merged.push(smaller);
        }
        count += waiting.len() as f64;
        merged.push(value);
    }
    merged.extend(waiting);
    values.copy_from_slice(&merged);
    count
}

/// The two-sided probability, over all orders of n items, of a number of inversions as
/// far from its mean as the observed one.
fn exact_p(n: usize, inversions: usize) -> f64 {
    // share[k] is the share of orders with k inversions; item m adds 0 to m − 1 of them.
    let mut share = vec![1.0];
    for m in 2..=n {
        let length = share.len() + m - 1;
        let next = (0..length).map(|k| {
            let from = (k + 1).saturating_sub(m).min(share.len());
            let to = (k + 1).min(share.len());
            share.get(from..to).unwrap_or_default().iter().sum::<f64>() / m as f64
        });
        share = next.collect();
    }
    let up_to: f64 = share.iter().take(inversions + 1).sum();
    let from: f64 = share.iter().skip(inversions).sum();
    2.0 * up_to.min(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_ties_the_p_value_is_exact() {
        // 4 items, one inversion: (1 + 3)/24 on one side.
        let kendall = correlation(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0]).unwrap();
        assert!((kendall.tau - 4.0 / 6.0).abs() < 1e-15);
        assert!((kendall.p - 8.0 / 24.0).abs() < 1e-15 && kendall.exact);
    }

    #[test]
    fn ties_enter_tau_b_and_the_variance() {
        // R: cor.test(c(1,2,2,3), c(1,2,3,3), method = "kendall")
        let kendall = correlation(&[1.0, 2.0, 2.0, 3.0], &[1.0, 2.0, 3.0, 3.0]).unwrap();
        assert!((kendall.tau - 0.8).abs() < 1e-15);
        assert_eq!(kendall.s, 4.0);
        assert!(!kendall.exact);
    }

    #[test]
    fn a_constant_has_no_rank_correlation() {
        assert!(correlation(&[1.0, 1.0], &[1.0, 2.0]).is_err());
        assert!(correlation(&[1.0, f64::NAN], &[1.0, 2.0]).is_err());
    }
}
