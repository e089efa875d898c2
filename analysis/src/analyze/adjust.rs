//! The calibration steps of the request, joined to the data.

use super::Refusal;
use super::cross::Cross;
use super::frame::missing;
use super::request::{Calibration, CalibrationMethod, Margin};
use super::table::{MISSING, Table};
use stats::Error;
use stats::design::Recalibration;
use stats::weights::{self, Bounds, Distance, Method, Weighting, WeightingError};
use std::collections::HashMap;

/// Runs all steps on the weights, and describes them for replicates.
pub(super) fn adjust(
    steps: &[Calibration],
    table: &Table,
    weighting: &mut Weighting,
) -> Result<Recalibration, Refusal> {
    if steps.is_empty() {
        return Ok(Recalibration::default());
    }
    let mut columns: Vec<String> = Vec::new();
    for column in steps
        .iter()
        .flat_map(|s| &s.margins)
        .flat_map(|m| m.by.as_slice())
    {
        if !columns.contains(column) {
            columns.push(column.clone());
        }
    }
    let cells = Cells {
        cross: complete(table, &columns)?,
        columns,
        table,
    };
    let mut recalibration = Recalibration {
        cell_of_row: cells.cross.cell_of_row.clone(),
        steps: Vec::new(),
    };
    for (s, step) in steps.iter().enumerate() {
        let refuse = |problem: String| Refusal::calibration(s, problem);
        let method = method(step).map_err(|e| refuse(e.to_string()))?;
        let margins = step
            .margins
            .iter()
            .map(|margin| cells.margin(s, margin))
            .collect::<Result<Vec<_>, _>>()?;
        let cell_of_row = cells.cross.cell_of_row.clone();
        weighting
            .calibrate(method, cell_of_row, &margins)
            .map_err(|e| refuse(name(&e, step)))?;
        if let Some(trim) = step.trim {
            let lower = trim.lower.unwrap_or(f64::NEG_INFINITY);
            let upper = trim.upper.unwrap_or(f64::INFINITY);
            weighting
                .trim(lower, upper, trim.strict)
                .map_err(|e| refuse(e.to_string()))?;
        }
        recalibration.steps.push((method, margins));
    }
    Ok(recalibration)
}

fn method(step: &Calibration) -> Result<Method, WeightingError> {
    let bounds = match step.bounds {
        None => Bounds::NONE,
        Some(bounds) => Bounds::try_from(bounds)?,
    };
    Ok(match step.method {
        CalibrationMethod::Poststratify => Method::PostStratify,
        CalibrationMethod::Rake if step.bounds.is_none() => Method::Rake,
        CalibrationMethod::Rake | CalibrationMethod::Raking => {
            Method::Calibrate(Distance::Raking(bounds))
        }
        CalibrationMethod::Linear => Method::Calibrate(Distance::Linear(bounds)),
        CalibrationMethod::Logit => Method::Calibrate(Distance::Logit(bounds)),
    })
}

/// The combinations of all margin columns; every row needs one.
fn complete(table: &Table, columns: &[String]) -> Result<Cross, Refusal> {
    for column in columns {
        let codes = &table.category(column)?.codes;
        if let Some(row) = codes.iter().position(|&code| code == MISSING) {
            return Err(missing(column, row, "a calibration margin"));
        }
    }
    Cross::of(table, columns)
}

/// The weighting cells and what their codes mean.
struct Cells<'a> {
    cross: Cross,
    columns: Vec<String>,
    table: &'a Table,
}

impl Cells<'_> {
    /// A margin over the cells: each cell's level is found by its name among the totals.
    fn margin(&self, step: usize, margin: &Margin) -> Result<weights::Margin, Refusal> {
        let by = margin.by.as_slice();
        let positions: Vec<usize> = by
            .iter()
            .filter_map(|column| self.columns.iter().position(|c| c == column))
            .collect();
        let level_of: HashMap<&str, u32> =
            margin.totals.keys().map(String::as_str).zip(0..).collect();
        let mut level_of_cell = Vec::with_capacity(self.cross.cells.len());
        for cell in &self.cross.cells {
            let mut names = Vec::with_capacity(by.len());
            for &position in &positions {
                let category = self.table.category(&self.columns[position])?;
                names.push(category.levels[cell[position] as usize].as_str());
            }
            let name = names.join("|");
            let level = level_of.get(name.as_str()).ok_or_else(|| {
                let by = by.join(" × ");
                Refusal::calibration(
                    step,
                    format!(
                        "level \"{name}\" of {by} is in the data but has no population total; \
                         add its total or recode it"
                    ),
                )
            })?;
            level_of_cell.push(*level);
        }
        Ok(weights::Margin {
            level_of_cell,
            totals: margin.totals.values().copied().collect(),
        })
    }
}

/// The error in the request's own names.
pub(super) fn name(error: &Error, step: &Calibration) -> String {
    let margin = |m: usize| match step.margins.get(m) {
        Some(margin) => margin.by.as_slice().join(" × "),
        None => format!("margin {m}"),
    };
    let level = |m: usize, level: usize| {
        let name = step.margins.get(m).and_then(|m| m.totals.keys().nth(level));
        format!(
            "level \"{}\" of {}",
            name.map_or("?", String::as_str),
            margin(m)
        )
    };
    let Error::Weighting(error) = error else {
        return error.to_string();
    };
    match *error {
        WeightingError::MarginsDisagree {
            margin: m,
            total,
            first,
        } => format!(
            "margins disagree: {} adds up to {total}, but {} to {first}; all margins must add \
             up to the same population",
            margin(m),
            margin(0)
        ),
        WeightingError::LevelAbsentInSample { margin, level: l } => format!(
            "{} has a population total, but no row of the data has it; merge it with another",
            level(margin, l)
        ),
        WeightingError::ZeroBaseWeight { margin, level: l } => format!(
            "all rows with {} have base weight zero, which no adjustment can raise",
            level(margin, l)
        ),
        WeightingError::Total {
            margin,
            level: l,
            value,
        } => format!(
            "the total of {} is {value}; totals count people",
            level(margin, l)
        ),
        WeightingError::Infeasible {
            margin,
            level: l,
            total,
            reached,
            iterations,
        } => format!(
            "infeasible: after {iterations} iterations {} stands at {reached} instead of {total}; \
             merge sparse levels or widen the bounds",
            level(margin, l)
        ),
        ref other => other.to_string(),
    }
}
