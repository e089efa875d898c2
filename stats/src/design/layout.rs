//! What a sample looked like when it was drawn, in numbered strata and units.

use super::DesignError;
use super::numbering::{number, number_rows};
use super::population::{Corrections, check_constant};
use serde::{Deserialize, Serialize};

/// What to do with a stratum that holds one sampling unit, so that it shows no variance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LonelyPsu {
    /// Refuse the design.
    #[default]
    Fail,
    /// Let it add nothing.
    Remove,
    /// Take it as drawn with certainty: it adds nothing.
    Certainty,
    /// Take its deviation from the mean of all units instead of the stratum's own mean.
    Adjust,
    /// Let it add the average of the other strata.
    Average,
}

/// A sampling design as columns of equal length, one entry per row of the data.
#[derive(Debug, Clone, Copy, Default)]
pub struct Layout<'a> {
    /// The number of rows.
    pub rows: usize,
    /// The stratum of each row; `None` for one stratum.
    pub strata: Option<&'a [u32]>,
    /// The sampling units of each row, outermost stage first. Units are nested: the same
    /// number in another stratum, or in another outer unit, is another unit. Without
    /// clusters each row is a unit.
    pub clusters: &'a [&'a [u32]],
    /// Finite population corrections by stage, outermost first: all values up to 1 are
    /// sampling fractions, else population counts of units. Stages without one count as
    /// drawn from an infinite population.
    pub corrections: &'a [&'a [f64]],
    /// The rule for strata with one unit.
    pub lonely_psu: LonelyPsu,
}

/// A sampling design: nested stages of units, numbered so that the units of one stratum,
/// or of one outer unit, follow each other.
#[derive(Debug, Clone)]
pub struct Design {
    pub(super) stages: Vec<Stage>,
    pub(super) unit_of_row: Vec<u32>,
    pub(super) lonely_psu: LonelyPsu,
    has_strata: bool,
}

/// One stage of sampling: units drawn within groups (the strata at the first stage, the
/// units of the stage before at later ones).
#[derive(Debug, Clone)]
pub(super) struct Stage {
    /// The group of each unit; not decreasing.
    pub group: Vec<u32>,
    /// How many units each group holds in the sample.
    pub sampled: Vec<u32>,
    /// The sampling fraction in each group; 0 where the population is infinite.
    pub fraction: Vec<f64>,
    /// The product of the fractions of all stages outside each group.
    pub outer: Vec<f64>,
    /// A row of each group, to name it by.
    pub example: Vec<u32>,
    /// Whether a correction was given for this stage.
    pub corrected: bool,
}

impl Design {
    /// Numbers the units and checks the corrections.
    ///
    /// # Errors
    /// A [`DesignError`] for corrections that are no population sizes or fractions, vary
    /// within a stratum or unit, or fall short of the sample; for a stratum with one unit
    /// if the rule is to fail; [`crate::Error::Length`] for columns of unequal length.
    pub fn new(layout: &Layout<'_>) -> Result<Self, crate::Error> {
        check_lengths(layout)?;
        let stages = layout.clusters.len().max(1);
        let corrections = Corrections::read(layout.corrections, stages)?;
        let everyone = vec![
            0_u32;
            if layout.strata.is_none() {
                layout.rows
            } else {
                0
            }
        ];
        let strata = number(&everyone, layout.strata.unwrap_or(&everyone));
        let mut design = Self {
            stages: Vec::with_capacity(stages),
            unit_of_row: strata.of_row,
            lonely_psu: layout.lonely_psu,
            has_strata: layout.strata.is_some(),
        };
        let mut groups = strata.parent.len();
        for stage in 0..stages {
            let outside = &design.unit_of_row;
            let units = match layout.clusters.get(stage) {
                Some(codes) => number(outside, codes),
                None => number_rows(outside, groups),
            };
            let mut example = vec![0; groups];
            for (row, &group) in outside.iter().enumerate().rev() {
                example[group as usize] = row as u32;
            }
            let mut sampled = vec![0; groups];
            for &group in &units.parent {
                sampled[group as usize] += 1;
            }
            let values = corrections.column(stage);
            if let Some(values) = values {
                check_constant(stage, values, outside, &example)?;
            }
            let fraction = (0..groups)
                .map(|g| corrections.fraction(stage, example[g] as usize, sampled[g]))
                .collect::<Result<_, _>>()?;
            let outer = match design.stages.last() {
                None => vec![1.0; groups],
                Some(outer) => outer
                    .group
                    .iter()
                    .map(|&g| outer.outer[g as usize] * outer.fraction[g as usize])
                    .collect(),
            };
            groups = units.parent.len();
            design.stages.push(Stage {
                group: units.parent,
                sampled,
                fraction,
                outer,
                example,
                corrected: values.is_some(),
            });
            design.unit_of_row = units.of_row;
        }
        design.check_lonely()?;
        Ok(design)
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.unit_of_row.len()
    }

    /// The number of units of the innermost stage.
    pub fn units(&self) -> usize {
        self.stages.last().map_or(0, |stage| stage.group.len())
    }

    /// The number of primary sampling units.
    pub fn psus(&self) -> usize {
        self.stages.first().map_or(0, |stage| stage.group.len())
    }

    /// The number of strata.
    pub fn strata(&self) -> usize {
        self.stages.first().map_or(0, |stage| stage.sampled.len())
    }

    /// Whether the design names strata (even if there is only one).
    pub fn is_stratified(&self) -> bool {
        self.has_strata
    }

    /// The innermost unit of each row.
    pub fn unit_of_row(&self) -> &[u32] {
        &self.unit_of_row
    }

    /// The primary sampling unit of an innermost unit.
    pub fn psu_of_unit(&self, unit: u32) -> u32 {
        let inner = self.stages.get(1..).unwrap_or(&[]);
        inner
            .iter()
            .rev()
            .fold(unit, |unit, stage| stage.group[unit as usize])
    }

    /// The product of the sampling fractions of all stages that led to an innermost unit.
    pub(crate) fn drawn_of_unit(&self, unit: u32) -> f64 {
        self.stages.last().map_or(1.0, |stage| {
            let group = stage.group[unit as usize] as usize;
            stage.outer[group] * stage.fraction[group]
        })
    }

    /// The stratum of a primary sampling unit.
    pub fn stratum_of_psu(&self, psu: u32) -> u32 {
        self.stages[0].group[psu as usize]
    }

    /// Degrees of freedom: primary sampling units less strata, counted over those that
    /// hold one of `units` (innermost units in increasing order), as R's
    /// `degf(subset(design))`.
    pub fn degrees_of_freedom(&self, units: &[u32]) -> f64 {
        let (mut psus, mut strata) = (0_u32, 0_u32);
        let mut last = None;
        for &unit in units {
            let psu = self.psu_of_unit(unit);
            let stratum = self.stratum_of_psu(psu);
            if last.is_none_or(|(before, _)| before != psu) {
                psus += 1;
            }
            if last.is_none_or(|(_, before)| before != stratum) {
                strata += 1;
            }
            last = Some((psu, stratum));
        }
        f64::from(psus) - f64::from(strata)
    }

    /// The weights that follow from the sampling fractions: their inverse, multiplied over
    /// the stages. Without any correction all are 1.
    ///
    /// # Errors
    /// [`DesignError::WeightsUnknown`] if only some stages have a correction.
    pub fn expansion_weights(&self) -> Result<Vec<f64>, DesignError> {
        let known = self.stages.iter().filter(|stage| stage.corrected).count();
        if known == 0 {
            return Ok(vec![1.0; self.rows()]);
        }
        if let Some(stage) = self.stages.iter().position(|stage| !stage.corrected) {
            return Err(DesignError::WeightsUnknown { stage: stage + 1 });
        }
        let mut weights = Vec::with_capacity(self.rows());
        for (row, &unit) in self.unit_of_row.iter().enumerate() {
            let mut weight = 1.0;
            let mut unit = unit;
            for stage in self.stages.iter().rev() {
                unit = stage.group[unit as usize];
                weight /= stage.fraction[unit as usize];
            }
            if !f64::is_finite(weight) {
                return Err(DesignError::Weight { row, value: weight });
            }
            weights.push(weight);
        }
        Ok(weights)
    }

    fn check_lonely(&self) -> Result<(), DesignError> {
        for (s, stage) in self.stages.iter().enumerate() {
            let lonely = stage.lonely().next();
            let none_left = self.lonely_psu == LonelyPsu::Average
                && stage.lonely().count() == stage.counted().count();
            if let Some(group) = lonely
                && (self.lonely_psu == LonelyPsu::Fail || none_left)
            {
                return Err(DesignError::LonelyPsu {
                    stage: s + 1,
                    row: stage.example[group] as usize,
                });
            }
        }
        Ok(())
    }
}

/// A group whose sampling fraction is this close to 1 was taken in full.
pub(super) const CENSUS: f64 = 1.0 - 1e-7;

impl Stage {
    /// The groups whose units can add to the variance.
    pub(super) fn counted(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.sampled.len()).filter(|&group| self.outer[group] > 0.0)
    }

    /// The groups with one unit that were not taken in full.
    pub(super) fn lonely(&self) -> impl Iterator<Item = usize> + '_ {
        self.counted()
            .filter(|&group| self.sampled[group] == 1 && self.fraction[group] < CENSUS)
    }
}

fn check_lengths(layout: &Layout<'_>) -> Result<(), crate::Error> {
    let columns = layout.strata.iter().map(|s| ("the strata column", s.len()));
    let columns = columns.chain(
        layout
            .clusters
            .iter()
            .map(|c| ("a cluster column", c.len())),
    );
    let columns = columns.chain(
        layout
            .corrections
            .iter()
            .map(|c| ("an fpc column", c.len())),
    );
    for (name, got) in columns {
        if got != layout.rows {
            return Err(crate::Error::Length {
                name,
                expected: layout.rows,
                got,
            });
        }
    }
    Ok(())
}
