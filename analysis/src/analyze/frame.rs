//! The sampling design of the request, joined to the data.

use super::Refusal;
use super::request::{DesignSpec, LonelyPsu, OneOrMany};
use super::table::{Category, MISSING, Table};
use stats::Error;
use stats::design::{Design, DesignError, Layout, LonelyPsu as Rule};

/// The design and the base weights of the rows.
pub(super) fn frame(spec: &DesignSpec, table: &Table) -> Result<(Design, Vec<f64>), Refusal> {
    let complete = |column: &String| -> Result<&Category, Refusal> {
        let category = table.category(column)?;
        match category.codes.iter().position(|&code| code == MISSING) {
            None => Ok(category),
            Some(row) => Err(missing(column, row, "part of the design")),
        }
    };
    let complete_numbers = |column: &String, role| -> Result<&[f64], Refusal> {
        let numbers = table.numbers(column)?;
        match numbers.iter().position(|value| value.is_nan()) {
            None => Ok(numbers),
            Some(row) => Err(missing(column, row, role)),
        }
    };
    let strata = spec.strata.as_ref().map(complete).transpose()?;
    let cluster_names = spec.clusters.as_ref().map_or(&[][..], OneOrMany::as_slice);
    let clusters = cluster_names
        .iter()
        .map(|column| complete(column).map(|category| category.codes.as_slice()))
        .collect::<Result<Vec<_>, _>>()?;
    let corrections = spec.fpc.as_ref().map_or(&[][..], OneOrMany::as_slice);
    let corrections = corrections
        .iter()
        .map(|column| complete_numbers(column, "a finite population correction"))
        .collect::<Result<Vec<_>, _>>()?;
    let layout = Layout {
        rows: table.rows,
        strata: strata.map(|category| category.codes.as_slice()),
        clusters: &clusters,
        corrections: &corrections,
        lonely_psu: spec.lonely_psu.map_or(Rule::Fail, rule),
    };
    let named = |error: Error| Refusal::Design(name(&error, spec, strata));
    let design = Design::new(&layout).map_err(named)?;
    let base = match &spec.weights {
        Some(column) => complete_numbers(column, "the weight")?.to_vec(),
        None => design.expansion_weights().map_err(|e| named(e.into()))?,
    };
    Ok((design, base))
}

pub(super) fn missing(column: &str, row: usize, role: &'static str) -> Refusal {
    Refusal::Missing {
        column: column.to_owned(),
        row: row + 1,
        role,
    }
}

fn rule(rule: LonelyPsu) -> Rule {
    match rule {
        LonelyPsu::Fail => Rule::Fail,
        LonelyPsu::Remove => Rule::Remove,
        LonelyPsu::Certainty => Rule::Certainty,
        LonelyPsu::Adjust => Rule::Adjust,
        LonelyPsu::Average => Rule::Average,
    }
}

/// The error in the data's own names.
pub(super) fn name(error: &Error, spec: &DesignSpec, strata: Option<&Category>) -> String {
    let stratum = |row: usize| {
        let level = strata.and_then(|s| s.levels.get(*s.codes.get(row)? as usize));
        match level {
            Some(level) => format!("stratum \"{level}\""),
            None => "the only stratum".to_owned(),
        }
    };
    let correction = |stage: usize| {
        let columns = spec.fpc.as_ref().map_or(&[][..], OneOrMany::as_slice);
        columns.get(stage - 1).cloned().unwrap_or_default()
    };
    match error {
        Error::Design(DesignError::LonelyPsu { stage, row }) => format!(
            "{}{} holds only one sampling unit at stage {stage} (row {}); merge it with a similar \
             one, or set \"lonely_psu\" to remove, certainty, adjust or average",
            if *stage > 1 { "a unit of " } else { "" },
            stratum(*row),
            row + 1
        ),
        Error::Design(DesignError::Weight { row, value }) => format!(
            "column \"{}\", row {}: {value} is no weight; weights are finite and not negative",
            spec.weights.as_deref().unwrap_or("fpc"),
            row + 1
        ),
        Error::Design(DesignError::PopulationSize { stage, row, value }) => format!(
            "column \"{}\", row {}: {value} is neither a population count (above 1) nor a \
             sampling fraction (up to 1)",
            correction(*stage),
            row + 1
        ),
        Error::Design(DesignError::SampleExceedsPopulation {
            stage,
            row,
            sampled,
            population,
        }) => format!(
            "column \"{}\": {} holds {sampled} sampled units, more than its population of \
             {population} (row {})",
            correction(*stage),
            stratum(*row),
            row + 1
        ),
        Error::Design(DesignError::VaryingPopulation {
            stage,
            first,
            second,
        }) => format!(
            "column \"{}\" varies within {} at stage {stage}: rows {} and {} differ",
            correction(*stage),
            stratum(*first),
            first + 1,
            second + 1
        ),
        Error::Design(DesignError::NotPaired { row, units }) => format!(
            "balanced repeated replication needs two sampling units in every stratum; {} holds \
             {units}. Use the jackknife",
            stratum(*row)
        ),
        other => other.to_string(),
    }
}
