//! Composite indices of a sample, Σ aₖ · meanₖ, and how they change between waves.

use super::domain::{Domain, Values, domains};
use super::plan::{Plan, What};
use super::request::{Calibration, DesignSpec, Literal, Request};
use super::survey::Survey;
use super::table::{self, Table};
use super::{Refusal, condition, condition::Condition};
use stats::design::{Design, Estimator, Linearised, Quantity};

/// Estimates up to which their covariance matrix is given.
const MOST_ESTIMATES: usize = 200;

/// What an index is made of, and from which rows.
pub(crate) struct IndexOf {
    pub design: DesignSpec,
    pub calibrate: Vec<Calibration>,
    /// Only rows that meet it.
    pub condition: Option<String>,
    /// Each column with its coefficient.
    pub parts: Vec<(String, f64)>,
}

/// An index, or its change, with the estimates that it is made of.
pub(crate) struct Index {
    /// A name for each estimate: the column, or `wave:column`.
    pub names: Vec<String>,
    pub estimates: Vec<f64>,
    /// Their covariance matrix, row by row.
    pub covariance: Vec<f64>,
    pub value: f64,
    pub variance: f64,
    pub df: f64,
}

/// The index of all rows that meet the condition. Degrees of freedom are those of the domain.
pub(crate) fn index(csv: &str, of: &IndexOf) -> Result<Index, Refusal> {
    with_survey(csv, of, None, |survey, table| {
        let domain = rows(table, of, None)?;
        let domain = domain.first().map_or(&[][..], |domain| &domain.rows);
        let means = means(
            survey,
            table,
            of,
            &[("the rows selected".to_owned(), domain)],
        )?;
        let parts: Vec<(f64, &Linearised)> = coefficients(of).zip(&means).collect();
        let df = means.iter().map(|mean| mean.estimate.df);
        let df = df.fold(f64::INFINITY, f64::min);
        let names = of.parts.iter().map(|(column, _)| column.clone());
        Ok(put_together(
            &survey.design,
            names.collect(),
            &means,
            &parts,
            Some(df),
        ))
    })
}

/// The change of the index from one level of the column `wave` to another; who answered in
/// both is in both. The estimates of all waves are given, column after column.
pub(crate) fn change(
    csv: &str,
    of: &IndexOf,
    wave: &str,
    from: &Literal,
    to: &Literal,
) -> Result<Index, Refusal> {
    with_survey(csv, of, Some(wave), |survey, table| {
        let mut waves = rows(table, of, Some(wave))?;
        let level = |domain: &Domain| domain.by.get(wave).cloned().unwrap_or_default();
        let number = |domain: &Domain| level(domain).trim().parse::<f64>().ok();
        if waves.iter().all(|domain| number(domain).is_some()) {
            waves.sort_by(|a, b| number(a).partial_cmp(&number(b)).unwrap_or(a.by.cmp(&b.by)));
        }
        if waves.len() * of.parts.len() > MOST_ESTIMATES {
            return Err(refuse(format!(
                "column \"{wave}\" has {} levels; is it the wave? Up to {MOST_ESTIMATES} estimates \
                 are compared",
                waves.len()
            )));
        }
        let place = |wanted: &Literal| {
            let mut places = waves.iter().map(level);
            let found = places.position(|level| condition::compare(&level, wanted).is_eq());
            found.ok_or_else(|| {
                let known: Vec<String> = waves.iter().map(level).collect();
                refuse(format!(
                    "no row of wave {}; column \"{wave}\" has {}",
                    written(wanted),
                    known.join(", ")
                ))
            })
        };
        let (from, to) = (place(from)?, place(to)?);
        let named: Vec<(String, &[u32])> = waves
            .iter()
            .map(|domain| (level(domain), domain.rows.as_slice()))
            .collect();
        let means = means(survey, table, of, &named)?;
        let columns = means.chunks(named.len());
        let parts: Vec<(f64, &Linearised)> = coefficients(of)
            .zip(columns)
            .flat_map(|(a, waves)| [(a, waves.get(to)), (-a, waves.get(from))])
            .filter_map(|(a, mean)| Some((a, mean?)))
            .collect();
        let names = of.parts.iter().flat_map(|(column, _)| {
            named
                .iter()
                .map(move |(level, _)| format!("{level}:{column}"))
        });
        Ok(put_together(
            &survey.design,
            names.collect(),
            &means,
            &parts,
            None,
        ))
    })
}

/// Reads the columns that are needed, under their design and weights.
fn with_survey<T>(
    csv: &str,
    of: &IndexOf,
    wave: Option<&str>,
    estimate: impl FnOnce(&Survey<'_>, &Table) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    if of.parts.is_empty() {
        return Err(refuse("the index has no part"));
    }
    if let Some((column, a)) = of.parts.iter().find(|(_, a)| !a.is_finite()) {
        return Err(refuse(format!("the coefficient of {column} is {a}")));
    }
    let request = Request {
        design: Some(of.design.clone()),
        calibrate: Some(of.calibrate.clone()),
        estimates: Vec::new(),
    };
    let mut needs = Plan::new(&request)?.columns;
    of.parts.iter().for_each(|(column, _)| needs.number(column));
    wave.into_iter().for_each(|column| needs.category(column));
    if let Some(condition) = &of.condition {
        needs.condition(&Condition::parse(condition)?);
    }
    let table = table::read(csv.as_bytes(), &needs)?;
    estimate(&Survey::new(&request, &table)?, &table)
}

fn rows(table: &Table, of: &IndexOf, wave: Option<&str>) -> Result<Vec<Domain>, Refusal> {
    let condition = of.condition.as_deref().map(Condition::parse).transpose()?;
    let by: Vec<String> = wave.into_iter().map(str::to_owned).collect();
    domains(table, &by, condition.as_ref())
}

/// The mean of every part in every domain, column after column.
fn means(
    survey: &Survey<'_>,
    table: &Table,
    of: &IndexOf,
    domains: &[(String, &[u32])],
) -> Result<Vec<Linearised>, Refusal> {
    let mut estimator = Estimator::new(&survey.design, survey.weighting())
        .map_err(|error| Refusal::Design(error.to_string()))?;
    let mut means = Vec::with_capacity(of.parts.len() * domains.len());
    for (column, _) in &of.parts {
        let values = Values::of(table, &What::Mean(column.clone()))?;
        for (name, rows) in domains {
            let mean = estimator.estimate(Quantity::Mean(&values.y), rows);
            if mean.estimate.value.is_nan() {
                return Err(refuse(format!(
                    "column \"{column}\" has no value in {name}"
                )));
            }
            means.push(mean);
        }
    }
    Ok(means)
}

fn coefficients(of: &IndexOf) -> impl Iterator<Item = f64> {
    of.parts.iter().map(|(_, a)| *a)
}

fn put_together(
    design: &Design,
    names: Vec<String>,
    means: &[Linearised],
    parts: &[(f64, &Linearised)],
    df: Option<f64>,
) -> Index {
    let all: Vec<&Linearised> = means.iter().collect();
    let contrast = design.contrast(parts);
    Index {
        names,
        estimates: means.iter().map(|mean| mean.estimate.value).collect(),
        covariance: design.covariance_of(&all),
        value: contrast.value,
        variance: contrast.variance,
        df: df.unwrap_or(contrast.df),
    }
}

fn written(literal: &Literal) -> String {
    match literal {
        Literal::Truth(truth) => truth.to_string(),
        Literal::Number(number) => number.to_string(),
        Literal::Text(text) => format!("\"{text}\""),
    }
}

fn refuse(problem: impl Into<String>) -> Refusal {
    Refusal::Index(problem.into())
}
