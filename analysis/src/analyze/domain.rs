//! Which rows an estimate is about.

use super::Refusal;
use super::condition::{Condition, compare};
use super::cross::Cross;
use super::plan::What;
use super::request::Literal;
use super::table::{Category, MISSING, Table};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The rows of one combination of `by` levels that meet the condition.
pub(super) struct Domain {
    /// The level of each `by` column; empty without `by`.
    pub by: BTreeMap<String, String>,
    /// Its rows, in the order of the data.
    pub rows: Vec<u32>,
}

/// The domains of an estimate: the combinations of `by` levels that hold a selected row,
/// or, without `by`, all selected rows together.
pub(super) fn domains(
    table: &Table,
    by: &[String],
    condition: Option<&Condition>,
) -> Result<Vec<Domain>, Refusal> {
    let selected = condition.map(|c| c.select(table)).transpose()?;
    let chosen = |row: usize| selected.as_ref().is_none_or(|selected| selected[row]);
    if by.is_empty() {
        let rows = (0..table.rows).filter(|&row| chosen(row));
        return Ok(vec![Domain {
            by: BTreeMap::new(),
            rows: rows.map(|row| row as u32).collect(),
        }]);
    }
    let cross = Cross::of(table, by)?;
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); cross.cells.len()];
    for (row, &cell) in cross.cell_of_row.iter().enumerate() {
        if cell != MISSING && chosen(row) {
            rows[cell as usize].push(row as u32);
        }
    }
    let mut domains = Vec::new();
    for (cell, rows) in cross.cells.iter().zip(rows) {
        if rows.is_empty() {
            continue;
        }
        let mut levels = BTreeMap::new();
        for (column, &code) in by.iter().zip(cell) {
            let category = table.category(column)?;
            levels.insert(column.clone(), category.levels[code as usize].clone());
        }
        domains.push(Domain { by: levels, rows });
    }
    domains.sort_by(|a, b| a.by.cmp(&b.by));
    Ok(domains)
}

/// The values that an estimate is made from: y, and x for a ratio.
pub(super) struct Values<'a> {
    pub y: Cow<'a, [f64]>,
    pub x: Option<&'a [f64]>,
    /// What to mind about them.
    pub warning: Option<String>,
}

impl<'a> Values<'a> {
    pub(super) fn of(table: &'a Table, what: &What) -> Result<Self, Refusal> {
        let mut warning = None;
        let (y, x) = match what {
            What::Mean(y) | What::Total(y) => (Cow::Borrowed(table.numbers(y)?), None),
            What::Ratio(y, x) => (Cow::Borrowed(table.numbers(y)?), Some(table.numbers(x)?)),
            What::Proportion(variable, literal) => {
                let category = table.category(variable)?;
                let (indicator, found) = indicator(category, literal);
                if !found {
                    warning = Some(format!("no row of the data has this value of {variable}"));
                }
                (Cow::Owned(indicator), None)
            }
        };
        Ok(Self { y, x, warning })
    }
}

/// 1 where the field equals the literal, 0 where not, NaN where it is empty; and whether
/// any level equals it.
fn indicator(category: &Category, literal: &Literal) -> (Vec<f64>, bool) {
    let equal: Vec<bool> = category
        .levels
        .iter()
        .map(|level| compare(level, literal).is_eq())
        .collect();
    let values = category
        .codes
        .iter()
        .map(|&code| match equal.get(code as usize) {
            Some(true) => 1.0,
            Some(false) => 0.0,
            None => f64::NAN,
        });
    (values.collect(), equal.contains(&true))
}
