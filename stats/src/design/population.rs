//! Finite population corrections: how much of each stratum was drawn.

use super::DesignError;

/// Corrections by stage, as population counts or as sampling fractions.
pub(super) struct Corrections<'a> {
    columns: &'a [&'a [f64]],
    fractions: bool,
}

impl<'a> Corrections<'a> {
    /// Checks the values: all columns hold fractions in (0, 1], or else counts.
    pub fn read(columns: &'a [&'a [f64]], stages: usize) -> Result<Self, DesignError> {
        if columns.len() > stages {
            return Err(DesignError::TooManyCorrections {
                corrections: columns.len(),
                stages,
            });
        }
        for (s, column) in columns.iter().enumerate() {
            let bad = column
                .iter()
                .position(|value| value.is_nan() || *value <= 0.0);
            if let Some(row) = bad {
                return Err(DesignError::PopulationSize {
                    stage: s + 1,
                    row,
                    value: column[row],
                });
            }
        }
        Ok(Self {
            columns,
            fractions: columns.iter().all(|c| c.iter().all(|&value| value <= 1.0)),
        })
    }

    /// The values of one stage.
    pub fn column(&self, stage: usize) -> Option<&'a [f64]> {
        self.columns.get(stage).copied()
    }

    /// The sampling fraction in the group of `row`, of which `sampled` units were drawn.
    pub fn fraction(&self, stage: usize, row: usize, sampled: u32) -> Result<f64, DesignError> {
        let Some(&value) = self.column(stage).and_then(|column| column.get(row)) else {
            return Ok(0.0);
        };
        if self.fractions {
            return Ok(value);
        }
        let fraction = f64::from(sampled) / value;
        if fraction > 1.0 + 1e-9 {
            return Err(DesignError::SampleExceedsPopulation {
                stage: stage + 1,
                row,
                sampled: sampled as usize,
                population: value,
            });
        }
        Ok(fraction.min(1.0))
    }
}

/// Checks that a correction is the same for all rows of a group.
pub(super) fn check_constant(
    stage: usize,
    values: &[f64],
    group_of_row: &[u32],
    example: &[u32],
) -> Result<(), DesignError> {
    for (row, (&value, &group)) in values.iter().zip(group_of_row).enumerate() {
        let first = example[group as usize] as usize;
        let same = value == values[first] || (value - values[first]).abs() <= 1e-9 * value;
        if !same {
            return Err(DesignError::VaryingPopulation {
                stage: stage + 1,
                first,
                second: row,
            });
        }
    }
    Ok(())
}
