//! The conditions of `where`: comparisons joined by `and`, `or`, `not` and parentheses.

mod parse;

use super::request::Literal;
use super::{Refusal, table::Table};
use std::cmp::Ordering;

/// A condition on a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    Compare(String, Comparison, Literal),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }

    /// Whether only the equality of the two sides matters.
    pub(super) fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// Three-valued, as in SQL and R: a comparison with a missing value is neither true nor
/// false, so that neither it nor its negation selects the row.
type Truth = Option<bool>;

impl Condition {
    /// Calls `visit` with each comparison's column, operator and literal.
    pub(super) fn visit(&self, visit: &mut impl FnMut(&str, Comparison, &Literal)) {
        match self {
            Self::Compare(column, comparison, literal) => visit(column, *comparison, literal),
            Self::And(a, b) | Self::Or(a, b) => {
                a.visit(visit);
                b.visit(visit);
            }
            Self::Not(a) => a.visit(visit),
        }
    }

    /// Whether the condition is true, row by row.
    pub(super) fn select(&self, table: &Table) -> Result<Vec<bool>, Refusal> {
        let truths = self.evaluate(table)?;
        Ok(truths
            .into_iter()
            .map(|truth| truth == Some(true))
            .collect())
    }

    fn evaluate(&self, table: &Table) -> Result<Vec<Truth>, Refusal> {
        Ok(match self {
            Self::Not(a) => {
                let mut truths = a.evaluate(table)?;
                truths.iter_mut().for_each(|t| *t = t.map(|t| !t));
                truths
            }
            Self::And(a, b) => join(a.evaluate(table)?, b.evaluate(table)?, false),
            Self::Or(a, b) => join(a.evaluate(table)?, b.evaluate(table)?, true),
            Self::Compare(column, comparison, Literal::Number(number))
                if !comparison.is_equality() =>
            {
                let values = table.numbers(column)?;
                let compare = |x: &f64| x.partial_cmp(number).map(|o| comparison.holds(o));
                values.iter().map(compare).collect()
            }
            Self::Compare(column, comparison, literal) => {
                let category = table.category(column)?;
                let by_level: Vec<Truth> = category
                    .levels
                    .iter()
                    .map(|level| Some(comparison.holds(compare(level, literal))))
                    .collect();
                let truth = |&code: &u32| by_level.get(code as usize).copied().flatten();
                category.codes.iter().map(truth).collect()
            }
        })
    }
}

/// `and` if `decisive` is false, `or` if it is true: one decisive side settles it, else an
/// unknown side leaves it open.
fn join(mut a: Vec<Truth>, b: Vec<Truth>, decisive: bool) -> Vec<Truth> {
    for (a, b) in a.iter_mut().zip(b) {
        *a = match (*a, b) {
            (Some(a), _) if a == decisive => Some(decisive),
            (_, Some(b)) if b == decisive => Some(decisive),
            (Some(_), Some(_)) => Some(!decisive),
            _ => None,
        };
    }
    a
}

/// How a level of the data compares with a literal: a number with a number's value (text
/// that is no number counts as greater), a text with a text.
pub(super) fn compare(level: &str, literal: &Literal) -> Ordering {
    match literal {
        Literal::Number(number) => match level.trim().parse::<f64>() {
            Ok(value) => value.partial_cmp(number).unwrap_or(Ordering::Greater),
            Err(_) => Ordering::Greater,
        },
        Literal::Text(text) => level.cmp(text),
        Literal::Truth(truth) => {
            let word = if *truth { "true" } else { "false" };
            level.to_ascii_lowercase().as_str().cmp(word)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::table;

    fn rows(condition: &str) -> Vec<usize> {
        let csv = "sex,age,a b,score\nf,18-34,1,60\nm,55+,2,\nf,,3.0,40.5\n,55+,x,61\n";
        let condition = Condition::parse(condition).unwrap();
        let mut needs = table::Needs::default();
        needs.condition(&condition);
        let table = table::read(csv.as_bytes(), &needs).unwrap();
        let selected = condition.select(&table).unwrap();
        (0..selected.len()).filter(|&row| selected[row]).collect()
    }

    #[test]
    fn comparisons_bind_tighter_than_not_and_or() {
        assert_eq!(rows("sex == 'f'"), [0, 2]);
        assert_eq!(rows("score >= 60 or sex == 'f' and age == '18-34'"), [0, 3]);
        assert_eq!(
            rows("(score >= 60 or sex == 'f') and not age == '55+'"),
            [0]
        );
        assert_eq!(rows("`a b` == 3"), [2]);
        assert_eq!(rows("`a b` != 3"), [0, 1, 3]);
        assert_eq!(rows("score<61 AND score>40.4"), [0, 2]);
    }

    #[test]
    fn a_missing_value_meets_neither_a_comparison_nor_its_negation() {
        assert_eq!(rows("sex != 'f'"), [1]);
        assert_eq!(rows("not sex == 'f'"), [1]);
        assert_eq!(rows("not (sex == 'f' or score > 100)"), [] as [usize; 0]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_where_it_stands() {
        for (condition, at) in [
            ("", 1),
            ("sex", 4),
            ("sex == f", 8),
            ("sex == 'f", 8),
            ("sex == 'f' sex", 12),
            ("(sex == 'f'", 12),
            ("性 == 'f' )", 10),
        ] {
            match Condition::parse(condition) {
                Err(Refusal::Condition { at: found, .. }) => assert_eq!(found, at, "{condition}"),
                other => panic!("{condition}: {other:?}"),
            }
        }
        let deep = "not ".repeat(100_000) + "a == 1";
        assert!(Condition::parse(&deep).is_err());
        let long = "a == 1 and ".repeat(100_000) + "a == 1";
        assert!(Condition::parse(&long).is_err());
    }
}
