//! A table of tallies as a weighted sample.

use super::calibration::Calibration;
use super::{CellKey, Table};
use crate::Error;
use crate::design::{Design, DesignError, Layout, LonelyPsu};
use std::collections::HashMap;

/// What was drawn at the first stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    /// Every answer is its own sampling unit: variances come from cross-products.
    Persons,
    /// The units are the clusters named by [`CellKey::psu`]: variances come from their sums.
    Clusters,
}

/// How the tallied answers were drawn.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// What was drawn.
    pub units: Units,
    /// The base weight of every answer in a cell: constant within the cell.
    pub weight: &'a dyn Fn(&CellKey) -> f64,
    /// The sampling fraction of the first stage in a stratum; 0 for an infinite population.
    pub fraction: &'a dyn Fn(u32) -> f64,
    /// The rule for strata with one unit.
    pub lonely_psu: LonelyPsu,
}

impl std::fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame")
            .field("units", &self.units)
            .field("lonely_psu", &self.lonely_psu)
            .finish_non_exhaustive()
    }
}

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
///     let key = CellKey { domain: 0, stratum: 0, psu, weighting: 0 };
///     table.add(key, 0, tally.view())?;
/// }
/// let frame = Frame {
///     units: Units::Clusters,
///     weight: &|_| 20.0,
///     fraction: &|_| 0.0,
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
    pub(super) units: Units,
    /// The answers of each row.
    pub(super) count: Vec<f64>,
    /// The weight of each answer in a row.
    pub(super) weight: Vec<f64>,
    /// The stratum of each row, numbered from 0.
    pub(super) stratum: Vec<u32>,
    /// The primary sampling unit of each row, numbered from 0 by stratum.
    pub(super) psu: Vec<u32>,
    /// The weighting cell of each row, numbered from 0.
    pub(super) cell: Vec<u32>,
    /// The rows of each domain.
    pub(super) rows_of: HashMap<u32, Vec<u32>>,
    /// The caller's code of each weighting cell.
    pub(super) cell_codes: Vec<u32>,
    pub(super) calibration: Option<Calibration>,
    pub(super) design: Design,
    /// Answers and sampling fraction by stratum: the design of persons.
    pub(super) strata: Vec<Stratum>,
    pub(super) lonely_psu: LonelyPsu,
}

/// One stratum of persons.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stratum {
    pub answers: f64,
    pub fraction: f64,
}

impl<'a> Sample<'a> {
    /// Joins tallies with their design. Rows that hold no answer (any more) are passed over.
    ///
    /// # Errors
    /// [`Error::NoData`] without answers, [`Error::OutOfRange`] for a tally with a negative
    /// count or blocks that count different answers, [`DesignError`] for weights or
    /// sampling fractions that are none, and for lonely units if the rule is to fail
    /// (`row` is then a row of the table).
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
        let strata = Codes::of(held.iter().map(|&row| keys[row].stratum));
        let psus = Codes::of(held.iter().map(|&row| (keys[row].stratum, keys[row].psu)));
        let cells = Codes::of(held.iter().map(|&row| keys[row].weighting));
        let number = |row: usize| (keys[row].stratum, keys[row].psu);
        let mut rows_of: HashMap<u32, Vec<u32>> = HashMap::new();
        for &row in &held {
            rows_of
                .entry(keys[row].domain)
                .or_default()
                .push(row as u32);
        }
        let mut by_stratum: Vec<Stratum> = Vec::with_capacity(strata.sorted.len());
        for &code in &strata.sorted {
            let value = (frame.fraction)(code);
            if !(0.0..=1.0).contains(&value) {
                let row = keys.iter().position(|key| key.stratum == code).unwrap_or(0);
                return Err(DesignError::PopulationSize {
                    stage: 1,
                    row,
                    value,
                }
                .into());
            }
            by_stratum.push(Stratum {
                answers: 0.0,
                fraction: value,
            });
        }
        for &row in &held {
            by_stratum[strata.number(keys[row].stratum)].answers += count[row];
        }
        let sample = Self {
            design: clusters(&psus.sorted, &strata, &by_stratum, frame)?,
            stratum: keys
                .iter()
                .map(|key| strata.number(key.stratum) as u32)
                .collect(),
            psu: (0..rows)
                .map(|row| psus.number(number(row)) as u32)
                .collect(),
            cell: keys
                .iter()
                .map(|key| cells.number(key.weighting) as u32)
                .collect(),
            table,
            units: frame.units,
            count,
            weight,
            rows_of,
            cell_codes: cells.sorted,
            calibration: None,
            strata: by_stratum,
            lonely_psu: frame.lonely_psu,
        };
        sample.check_lonely()?;
        Ok(sample)
    }

    /// The present weight of an answer in each row of the table.
    pub fn weights(&self) -> &[f64] {
        &self.weight
    }

    fn check_lonely(&self) -> Result<(), Error> {
        if self.units == Units::Clusters {
            return Ok(());
        }
        let lonely = || (0..self.strata.len()).filter(|&s| self.strata[s].is_lonely());
        let none_left =
            self.lonely_psu == LonelyPsu::Average && lonely().count() == self.strata.len();
        match lonely().next() {
            Some(stratum) if self.lonely_psu == LonelyPsu::Fail || none_left => {
                let row = self.stratum.iter().position(|&s| s as usize == stratum);
                let row = row.unwrap_or(0);
                Err(DesignError::LonelyPsu { stage: 1, row }.into())
            }
            _ => Ok(()),
        }
    }
}

impl Stratum {
    /// Whether it shows no variance, and was not taken in full.
    pub(super) fn is_lonely(&self) -> bool {
        self.answers == 1.0 && self.fraction < 1.0
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

/// The design of clusters within strata, numbered as `psus` are.
fn clusters(
    psus: &[(u32, u32)],
    strata: &Codes<u32>,
    by_stratum: &[Stratum],
    frame: &Frame<'_>,
) -> Result<Design, Error> {
    let codes: Vec<u32> = psus.iter().map(|psu| strata.number(psu.0) as u32).collect();
    // Fractions of 0 (no correction) stand as populations without end.
    let mut drawn = vec![0.0; by_stratum.len()];
    codes.iter().for_each(|&code| drawn[code as usize] += 1.0);
    let populations: Vec<f64> = codes
        .iter()
        .map(|&code| match by_stratum[code as usize].fraction {
            fraction if fraction > 0.0 => drawn[code as usize] / fraction,
            _ => f64::INFINITY,
        })
        .collect();
    let census = by_stratum.iter().all(|stratum| stratum.fraction >= 1.0);
    let fractions = vec![1.0; codes.len()];
    let corrections = if census { &fractions } else { &populations };
    Design::new(&Layout {
        rows: codes.len(),
        strata: Some(&codes),
        clusters: &[],
        corrections: &[corrections],
        lonely_psu: match frame.units {
            Units::Clusters => frame.lonely_psu,
            // Not used for variances of persons.
            Units::Persons => LonelyPsu::Remove,
        },
    })
}

/// Codes in increasing order, and their positions.
struct Codes<T> {
    sorted: Vec<T>,
}

impl<T: Copy + Ord> Codes<T> {
    fn of(codes: impl Iterator<Item = T>) -> Self {
        let mut sorted: Vec<T> = codes.collect();
        sorted.sort_unstable();
        sorted.dedup();
        Self { sorted }
    }

    /// The position of a code; of the next one if it is not there (a row without answers,
    /// which counts for nothing).
    fn number(&self, code: T) -> usize {
        let position = self.sorted.partition_point(|&other| other < code);
        position.min(self.sorted.len().saturating_sub(1))
    }
}
