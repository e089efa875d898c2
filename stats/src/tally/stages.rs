//! The stages of sampling: which cluster each cell lies in, and how much of it was drawn.

use super::{CellKey, Drawn, Frame, Units, Within};
use crate::Error;
use crate::design::{Design, DesignError, Layout, LonelyPsu};

/// The sampled clusters and persons of a table.
pub(super) struct Stages {
    /// The clusters; none where persons were drawn at the first stage.
    pub clusters: Option<Design>,
    /// The persons drawn within each unit; none where all of a cluster were asked, or the
    /// outer stages tell all.
    pub persons: Option<Vec<Persons>>,
    /// The innermost cluster (of persons drawn at once: the stratum) of each row.
    pub unit: Vec<u32>,
}

/// The persons drawn within one unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Persons {
    /// How many.
    pub answers: f64,
    /// The sampling fraction.
    pub fraction: f64,
    /// The product of the fractions of all stages outside.
    pub outer: f64,
}

impl Persons {
    /// Whether they can add to the variance.
    pub fn counts(&self) -> bool {
        self.outer > 0.0
    }

    /// Whether it is one person, who was not all there is.
    pub fn is_lonely(&self) -> bool {
        self.counts() && self.answers == 1.0 && self.fraction < 1.0
    }
}

impl Stages {
    pub fn of(
        keys: &[CellKey],
        held: &[usize],
        count: &[f64],
        frame: &Frame<'_>,
    ) -> Result<Self, Error> {
        let (inner, last) = match frame.further.split_last() {
            Some((last, inner)) if matches!(last.units, Drawn::Persons) => (inner, Some(last)),
            _ => (frame.further, None),
        };
        let persons_inside = inner
            .iter()
            .any(|stage| matches!(stage.units, Drawn::Persons));
        if persons_inside || frame.units == Units::Persons && !frame.further.is_empty() {
            return Err(Error::Undefined {
                method: "a stage of sampling inside persons",
                reason: "persons are the last that can be drawn; name clusters before them",
            });
        }
        let mut stages = match frame.units {
            Units::Persons => Self::of_persons(keys, held),
            Units::Clusters => Self::of_clusters(keys, held, inner, frame)?,
        };
        let fraction = |key: &CellKey| match last {
            Some(stage) => (stage.fraction)(key),
            None => (frame.fraction)(key.stratum),
        };
        if frame.units == Units::Persons || last.is_some() {
            stages.count_persons(keys, held, count, &fraction, frame)?;
        }
        Ok(stages)
    }

    /// Persons drawn at once: the strata are the units.
    fn of_persons(keys: &[CellKey], held: &[usize]) -> Self {
        let strata = Codes::of(held.iter().map(|&row| keys[row].stratum));
        let numbers = keys.iter().map(|key| strata.number(&key.stratum) as u32);
        Self {
            clusters: None,
            persons: None,
            unit: numbers.collect(),
        }
    }

    /// Clusters in one stage or several, as a design with a row for each innermost one.
    fn of_clusters(
        keys: &[CellKey],
        held: &[usize],
        inner: &[Within<'_>],
        frame: &Frame<'_>,
    ) -> Result<Self, Error> {
        // Stratum, primary sampling unit, and the clusters inside it.
        let path = |key: &CellKey| -> Vec<u32> {
            let further = inner.iter().filter_map(|stage| match stage.units {
                Drawn::Clusters(number) => Some(number(key)),
                Drawn::Persons => None,
            });
            [key.stratum, key.psu].into_iter().chain(further).collect()
        };
        let paths = Codes::of(held.iter().map(|&row| path(&keys[row])));
        let row_of: Vec<usize> = keys.iter().map(|key| paths.number(&path(key))).collect();
        let mut example = vec![0; paths.sorted.len()];
        for &row in held.iter().rev() {
            example[row_of[row]] = row;
        }
        let mut columns = Vec::with_capacity(inner.len() + 1);
        for stage in 0..=inner.len() {
            let fraction = |row: usize| match stage.checked_sub(1).and_then(|s| inner.get(s)) {
                None => (frame.fraction)(keys[row].stratum),
                Some(stage) => (stage.fraction)(&keys[row]),
            };
            columns.push(populations(stage, &paths.sorted, &example, &fraction)?);
        }
        let code = |position: usize| paths.sorted.iter().map(move |path| path[position]);
        let strata: Vec<u32> = code(0).collect();
        let units: Vec<Vec<u32>> = (1..=inner.len() + 1).map(|p| code(p).collect()).collect();
        let clusters: Vec<&[u32]> = units.iter().map(Vec::as_slice).collect();
        let corrections: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let design = Design::new(&Layout {
            rows: paths.sorted.len(),
            strata: Some(&strata),
            clusters: &clusters,
            corrections: &corrections,
            lonely_psu: frame.lonely_psu,
        })?;
        let unit = row_of
            .iter()
            .map(|&row| design.unit_of_row()[row])
            .collect();
        Ok(Self {
            clusters: Some(design),
            persons: None,
            unit,
        })
    }

    /// Counts the persons within each unit.
    fn count_persons(
        &mut self,
        keys: &[CellKey],
        held: &[usize],
        count: &[f64],
        fraction: &dyn Fn(&CellKey) -> f64,
        frame: &Frame<'_>,
    ) -> Result<(), Error> {
        let stage = 1 + frame.further.len();
        let mut persons: Vec<Option<Persons>> = Vec::new();
        for &row in held {
            let unit = self.unit[row] as usize;
            if persons.len() <= unit {
                persons.resize(unit + 1, None);
            }
            let fraction = checked(stage, row, fraction(&keys[row]))?;
            let outer = match &self.clusters {
                None => 1.0,
                Some(design) => design.drawn_of_unit(unit as u32),
            };
            let within = persons[unit].get_or_insert(Persons {
                answers: 0.0,
                fraction,
                outer,
            });
            within.answers += count[row];
        }
        let persons: Vec<Persons> = persons.into_iter().flatten().collect();
        let counted = persons.iter().filter(|unit| unit.counts()).count();
        let lonely = persons.iter().filter(|unit| unit.is_lonely()).count();
        let none_left = frame.lonely_psu == LonelyPsu::Average && lonely == counted;
        if let Some(unit) = persons.iter().position(Persons::is_lonely)
            && (frame.lonely_psu == LonelyPsu::Fail || none_left)
        {
            let row = self.unit.iter().position(|&u| u as usize == unit);
            let row = row.unwrap_or(0);
            return Err(DesignError::LonelyPsu { stage, row }.into());
        }
        self.persons = Some(persons);
        Ok(())
    }
}

/// How many units there are within the outer unit of each path, from how many of them were
/// drawn and which fraction that is; a fraction of 0 (no correction) has no end.
fn populations(
    stage: usize,
    paths: &[Vec<u32>],
    example: &[usize],
    fraction: &dyn Fn(usize) -> f64,
) -> Result<Vec<f64>, Error> {
    let mut populations = Vec::with_capacity(paths.len());
    for group in paths.chunk_by(|a, b| a[..=stage] == b[..=stage]) {
        let mut drawn: Vec<u32> = group.iter().map(|path| path[stage + 1]).collect();
        drawn.dedup();
        for _ in group {
            let row = example[populations.len()];
            let fraction = checked(stage + 1, row, fraction(row))?;
            populations.push(if fraction > 0.0 {
                drawn.len() as f64 / fraction
            } else {
                f64::INFINITY
            });
        }
    }
    Ok(populations)
}

/// A sampling fraction.
fn checked(stage: usize, row: usize, value: f64) -> Result<f64, Error> {
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    Err(DesignError::PopulationSize { stage, row, value }.into())
}

/// Codes in increasing order, and their positions.
pub(super) struct Codes<T> {
    pub sorted: Vec<T>,
}

impl<T: Ord> Codes<T> {
    pub fn of(codes: impl Iterator<Item = T>) -> Self {
        let mut sorted: Vec<T> = codes.collect();
        sorted.sort_unstable();
        sorted.dedup();
        Self { sorted }
    }

    /// The position of a code; of the next one if it is not there (a row without answers,
    /// which counts for nothing).
    pub fn number(&self, code: &T) -> usize {
        let position = self.sorted.partition_point(|other| other < code);
        position.min(self.sorted.len().saturating_sub(1))
    }
}
