//! A table of tallies as a weighted sample.

use super::calibration::Calibration;
use super::stages::{Codes, Persons, Stages};
use super::{Frame, Table};
use crate::Error;
use crate::design::{Design, DesignError, LonelyPsu};
use std::collections::HashMap;

/// Tallied answers with their design and weights: what estimates are made from.
///
/// ```
/// use stats::design::LonelyPsu;
/// use stats::tally::{CellKey, Frame, Moments, Quantity, Sample, Scope, Table, Units};
/// // One block with the variables (d, y): asked, and warm.
/// let mut table = Table::new(&[2]);
/// for (psu, warm) in [(0, 3), (1, 1), (2, 4)] {
///     let mut tally = Moments::new(2);
///     for answer in 0..5 {
///         tally.add(&[1, i64::from(answer < warm)])?;
///     }
///     let key = CellKey { psu, ..CellKey::default() };
///     table.add(key, 0, tally.view())?;
/// }
/// let frame = Frame {
///     units: Units::Clusters,
///     weight: &|_| 20.0,
///     fraction: &|_| 0.0,
///     further: &[],
///     lonely_psu: LonelyPsu::Fail,
/// };
/// let warm = Quantity::Ratio { block: 0, numerator: 1, denominator: 0 };
/// let rate = Sample::new(&table, &frame)?.estimate(warm, Scope::Everyone)?;
/// assert_eq!((rate.value, rate.n, rate.df), (8.0 / 15.0, 15, 2.0));
/// # Ok::<(), stats::Error>(())
/// ```
#[derive(Debug)]
pub struct Sample<'a> {
    pub(super) table: &'a Table,
    /// The answers of each row.
    pub(super) count: Vec<f64>,
    /// The weight of each answer in a row.
    pub(super) weight: Vec<f64>,
    /// The innermost cluster of each row; a cluster for each stratum where persons were
    /// drawn at the first stage.
    pub(super) unit: Vec<u32>,
    /// The weighting cell of each row, numbered from 0.
    pub(super) cell: Vec<u32>,
    /// The rows of each domain.
    pub(super) rows_of: HashMap<u32, Vec<u32>>,
    /// The caller's code of each weighting cell.
    pub(super) cell_codes: Vec<u32>,
    pub(super) calibration: Option<Calibration>,
    /// The clusters; none where persons were drawn at the first stage.
    pub(super) clusters: Option<Design>,
    /// The persons, where they were drawn: within each unit.
    pub(super) persons: Option<Vec<Persons>>,
    pub(super) lonely_psu: LonelyPsu,
}

impl<'a> Sample<'a> {
    /// Joins tallies with their design. Rows that hold no answer (any more) are passed over.
    ///
    /// # Errors
    /// [`Error::NoData`] without answers, [`Error::OutOfRange`] for a tally with a negative
    /// count or blocks that count different answers, [`DesignError`] for weights or
    /// sampling fractions that are none, and for lonely units if the rule is to fail;
    /// [`Error::Undefined`] for a stage inside persons.
    pub fn new(table: &'a Table, frame: &Frame<'_>) -> Result<Self, Error> {
        let rows = table.keys().len();
        let mut count = Vec::with_capacity(rows);
        let mut weight = Vec::with_capacity(rows);
        for (row, key) in table.keys().iter().enumerate() {
            count.push(answers(table, row)?);
            let value = (frame.weight)(key);
            if !(value.is_finite() && value >= 0.0) {
                return Err(DesignError::Weight { row, value }.into());
            }
            weight.push(value);
        }
        if count.iter().all(|&n| n == 0.0) {
            return Err(Error::NoData("the tallies hold no answers"));
        }
        if weight.iter().zip(&count).all(|(&w, &n)| w * n == 0.0) {
            return Err(DesignError::AllWeightsZero.into());
        }
        let held: Vec<usize> = (0..rows).filter(|&row| count[row] > 0.0).collect();
        let keys = table.keys();
        let cells = Codes::of(held.iter().map(|&row| keys[row].weighting));
        let mut rows_of: HashMap<u32, Vec<u32>> = HashMap::new();
        for &row in &held {
            rows_of
                .entry(keys[row].domain)
                .or_default()
                .push(row as u32);
        }
        let Stages {
            clusters,
            persons,
            unit,
        } = Stages::of(keys, &held, &count, frame)?;
        Ok(Self {
            unit,
            cell: keys
                .iter()
                .map(|key| cells.number(&key.weighting) as u32)
                .collect(),
            table,
            count,
            weight,
            rows_of,
            cell_codes: cells.sorted,
            calibration: None,
            clusters,
            persons,
            lonely_psu: frame.lonely_psu,
        })
    }

    /// The present weight of an answer in each row of the table.
    pub fn weights(&self) -> &[f64] {
        &self.weight
    }

    /// The number of innermost clusters, or of strata where persons were drawn at once.
    pub(super) fn units(&self) -> usize {
        match (&self.clusters, &self.persons) {
            (Some(design), _) => design.units(),
            (None, persons) => persons.as_ref().map_or(0, Vec::len),
        }
    }
}

/// The answers of a row: the count that all its blocks share.
fn answers(table: &Table, row: usize) -> Result<f64, Error> {
    let mut counts = (0..table.blocks().len())
        .filter_map(|block| table.tally(row, block))
        .map(|tally| tally.count());
    let first = counts.next().unwrap_or(0);
    let same = counts.all(|count| count == first);
    if same && first >= 0 {
        Ok(first as f64)
    } else {
        Err(Error::OutOfRange {
            name: "the count of a tally",
            value: first as f64,
            expected: "not negative, and the same in all blocks of a cell",
        })
    }
}
