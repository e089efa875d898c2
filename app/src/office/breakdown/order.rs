//! The order of the rows, which is no ranking.

use super::rows::BreakdownRow;
use crate::office::numbers::Reading;
use std::cmp::Ordering;

/// What the rows are ordered by. Rows without data come last, unless the order is the given one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By the estimate, the highest first.
    #[default]
    Estimate,
    /// By the gap, the widest first.
    Gap,
    /// By name.
    Name,
    /// By sample size, the largest first.
    Size,
    /// As given: the order of waves, age bands, codes.
    Given,
}

impl Sort {
    /// All of them, with the words by which they are chosen.
    pub const ALL: [(Sort, &'static str); 5] = [
        (Sort::Estimate, "estimate"),
        (Sort::Gap, "gap"),
        (Sort::Name, "name"),
        (Sort::Size, "n"),
        (Sort::Given, "given"),
    ];

    /// The sort of a word.
    pub fn parse(word: &str) -> Option<Sort> {
        Sort::ALL
            .iter()
            .find_map(|(sort, known)| (*known == word).then_some(*sort))
    }
}

/// Puts the rows of a breakdown (without the whole) in order.
pub fn sort(rows: &mut [BreakdownRow], by: Sort) {
    let value = |reading: &Option<Reading>| reading.map(|r| r.value);
    match by {
        // An order of its own is kept, with its empty places.
        Sort::Given => return,
        Sort::Estimate => rows.sort_by(|a, b| highest_first(value(&a.own), value(&b.own))),
        Sort::Gap => rows.sort_by(|a, b| highest_first(value(&a.gap), value(&b.gap))),
        Sort::Size => rows.sort_by_key(|row| std::cmp::Reverse(row.n)),
        Sort::Name => rows.sort_by(|a, b| by_name(&a.name, &b.name)),
    }
    rows.sort_by_key(|row| row.own.is_none());
}

fn highest_first(a: Option<f64>, b: Option<f64>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => b.total_cmp(&a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// The browser knows the order of Chinese names (pinyin); elsewhere code points must do.
#[cfg(all(feature = "office", target_arch = "wasm32"))]
fn by_name(a: &str, b: &str) -> Ordering {
    js_sys::JsString::from(a)
        .locale_compare(
            b,
            &js_sys::Array::of1(&"zh-CN".into()),
            &js_sys::Object::new(),
        )
        .cmp(&0)
}

#[cfg(not(all(feature = "office", target_arch = "wasm32")))]
fn by_name(a: &str, b: &str) -> Ordering {
    a.cmp(b)
}

/// How many pairs of neighbours with data there are, and how many of them have intervals that
/// overlap.
pub fn overlaps(rows: &[BreakdownRow]) -> (usize, usize) {
    let readings: Vec<Reading> = rows.iter().filter_map(|row| row.own).collect();
    let pairs = readings.windows(2).filter_map(|pair| match pair {
        [a, b] => Some(a.lower <= b.upper && b.lower <= a.upper),
        _ => None,
    });
    pairs.fold((0, 0), |(all, overlapping), overlap| {
        (all + 1, overlapping + usize::from(overlap))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, n: u64, value: Option<f64>) -> BreakdownRow {
        BreakdownRow {
            code: Some(name.to_owned()),
            name: name.to_owned(),
            n,
            own: value.map(|value| Reading {
                value,
                lower: value - 5.0,
                upper: value + 5.0,
                n,
            }),
            government: None,
            gap: None,
        }
    }

    fn names(rows: &[BreakdownRow]) -> Vec<&str> {
        rows.iter().map(|row| row.name.as_str()).collect()
    }

    #[test]
    fn rows_without_data_come_last_unless_the_order_is_given() {
        let given = [
            row("b", 3, Some(40.0)),
            row("a", 0, None),
            row("d", 9, Some(70.0)),
            row("c", 5, Some(45.0)),
        ];
        let sorted = |by: Sort| {
            let mut rows = given.to_vec();
            sort(&mut rows, by);
            names(&rows).join("")
        };
        assert_eq!(sorted(Sort::Estimate), "dcba");
        assert_eq!(sorted(Sort::Name), "bcda");
        assert_eq!(sorted(Sort::Size), "dcba");
        assert_eq!(sorted(Sort::Given), "badc");
    }

    #[test]
    fn overlapping_neighbours_are_counted() {
        let rows = [
            row("d", 9, Some(70.0)),
            row("c", 5, Some(45.0)),
            row("b", 3, Some(40.0)),
            row("a", 0, None),
        ];
        assert_eq!(overlaps(&rows), (2, 1));
        assert_eq!(overlaps(&[]), (0, 0));
    }

    #[test]
    fn every_sort_has_its_word() {
        for (sort, word) in Sort::ALL {
            assert_eq!(Sort::parse(word), Some(sort));
        }
        assert_eq!(Sort::parse("rank"), None);
    }
}
