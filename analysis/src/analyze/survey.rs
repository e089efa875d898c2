//! The data under their design and weights, and the estimates made from them.

use super::difference::{Deviation, Part};
use super::domain::{Domain, Values, domains};
use super::output::{Output, Row, TestRow, WeightSummary, defined};
use super::plan::{Plan, Planned, PlannedQuantity, VarianceMethod, What};
use super::request::{DesignSpec, Request};
use super::row::row;
use super::table::{MISSING, Table};
use super::{Refusal, adjust, condition::Condition, frame};
use stats::Error;
use stats::design::{
    Design, Estimator, IndependenceTest, Quantity, Recalibration, ReplicateWeights, Replicates,
    independence,
};
use stats::weights::{Weighting, kish_design_effect};
use std::collections::HashMap;

/// Domains × (replicates or calibrated rows) up to which an estimate is made.
const MOST_VISITS: f64 = 5e9;

/// A table of answers under a sampling design.
pub(super) struct Survey<'a> {
    spec: DesignSpec,
    pub(super) design: Design,
    base: Vec<f64>,
    weighting: Weighting,
    recalibration: Recalibration,
    trimmed: bool,
    request: &'a Request,
}

impl<'a> Survey<'a> {
    pub(super) fn new(request: &'a Request, table: &Table) -> Result<Self, Refusal> {
        let spec = request.design.clone().unwrap_or_default();
        let (design, base) = frame::frame(&spec, table)?;
        let steps = request.calibrate.as_deref().unwrap_or(&[]);
        let mut weighting = Weighting::new(base.clone())
            .map_err(|e| Refusal::Design(frame::name(&e, &spec, None)))?;
        let recalibration = adjust::adjust(steps, table, &mut weighting)?;
        Ok(Self {
            spec,
            design,
            base,
            weighting,
            recalibration,
            trimmed: steps.iter().any(|step| step.trim.is_some()),
            request,
        })
    }

    /// The weights, all adjustments made.
    pub(super) fn weighting(&self) -> &Weighting {
        &self.weighting
    }

    /// All estimates of the plan.
    pub(super) fn answer(&self, plan: &Plan, table: &Table) -> Result<Output, Refusal> {
        let mut estimator = Estimator::new(&self.design, &self.weighting)
            .map_err(|e| Refusal::Design(e.to_string()))?;
        let mut replicates: Vec<(VarianceMethod, ReplicateWeights<'_>)> = Vec::new();
        let mut rows: Vec<Vec<Row>> = plan.estimates.iter().map(|_| Vec::new()).collect();
        let mut parts: HashMap<usize, Vec<Part>> = HashMap::new();
        for (index, planned) in plan.estimates.iter().enumerate() {
            match planned {
                Planned::Quantity(quantity) => {
                    let method = quantity.variance;
                    let known = replicates.iter().position(|(known, _)| *known == method);
                    if known.is_none()
                        && let Some(weights) = self.replicate(index, method, table)?
                    {
                        replicates.push((method, weights));
                    }
                    let weights = replicates.iter().find(|(known, _)| *known == method);
                    let mut kept = Vec::new();
                    rows[index] = self.quantity(
                        index,
                        quantity,
                        table,
                        &mut estimator,
                        weights.map(|(_, weights)| weights),
                        &mut kept,
                    )?;
                    if quantity.kept {
                        parts.insert(index, kept);
                    }
                }
                Planned::Independence {
                    rows: r,
                    columns: c,
                    test,
                    condition,
                } => {
                    let row = self.independence(table, (r, c), *test, condition.as_ref());
                    rows[index] = vec![row.map_err(|e| self.refuse(index, e))?];
                }
                Planned::Difference { .. } => {}
            }
        }
        for (index, planned) in plan.estimates.iter().enumerate() {
            if let Planned::Difference { of, level } = *planned {
                let method = plan.variance_of(index);
                let weights = replicates.iter().find(|(known, _)| Some(*known) == method);
                let weights = weights.map(|(_, weights)| weights);
                let (row, part) = self.difference(index, of, level, &parts, weights)?;
                rows[index] = row;
                parts.insert(index, part);
            }
        }
        Ok(Output {
            estimates: rows,
            weights: self.summary(),
        })
    }

    pub(super) fn refuse(&self, index: usize, problem: impl ToString) -> Refusal {
        Refusal::Estimate {
            index,
            statistic: self.request.estimates[index].statistic.name(),
            problem: problem.to_string(),
        }
    }

    /// The replicate weights of a method; none for linearisation.
    fn replicate(
        &self,
        index: usize,
        method: VarianceMethod,
        table: &Table,
    ) -> Result<Option<ReplicateWeights<'_>>, Refusal> {
        let replicates = match method {
            VarianceMethod::Taylor => return Ok(None),
            VarianceMethod::Jackknife => Ok(Replicates::jackknife(&self.design)),
            VarianceMethod::Balanced { rho } => Replicates::balanced(&self.design, rho),
            VarianceMethod::Bootstrap { replicates, seed } => {
                Replicates::bootstrap(&self.design, replicates, seed)
            }
        };
        if self.trimmed {
            return Err(self.refuse(
                index,
                "replicates cannot repeat a trimming of weights; use linearisation, or bounds",
            ));
        }
        let strata = self
            .spec
            .strata
            .as_ref()
            .map(|c| table.category(c))
            .transpose()?;
        let name = |e: Error| self.refuse(index, frame::name(&e, &self.spec, strata));
        let weights = replicates.and_then(|replicates| {
            ReplicateWeights::new(&self.design, replicates, &self.base, &self.recalibration)
        });
        weights.map(Some).map_err(name)
    }

    fn quantity(
        &self,
        index: usize,
        plan: &PlannedQuantity,
        table: &Table,
        estimator: &mut Estimator<'_>,
        replicates: Option<&ReplicateWeights<'_>>,
        kept: &mut Vec<Part>,
    ) -> Result<Vec<Row>, Refusal> {
        let values = Values::of(table, &plan.what)?;
        let quantity = match (&plan.what, values.x) {
            (What::Total(_), _) => Quantity::Total(&values.y),
            (_, Some(x)) => Quantity::Ratio(&values.y, x),
            (_, None) => Quantity::Mean(&values.y),
        };
        let domains = domains(table, &plan.by, plan.condition.as_ref())?;
        let each = match replicates {
            Some(weights) => weights.scheme().len(),
            None if self.weighting.is_calibrated() => table.rows,
            None => 0,
        };
        if domains.len() as f64 * each as f64 > MOST_VISITS {
            return Err(self.refuse(
                index,
                format!(
                    "{} domains, each with all replicates or all calibrated rows, are too many; \
                     ask for fewer domains, or for linearisation without calibration",
                    domains.len()
                ),
            ));
        }
        let mut rows = Vec::new();
        for Domain { by, rows: domain } in domains {
            let linearised = estimator.estimate(quantity, &domain);
            let mut estimate = linearised.estimate;
            let mut warnings: Vec<String> = values.warning.iter().cloned().collect();
            let mut method = "Taylor linearisation";
            let mut replicated = None;
            if let Some(weights) = replicates {
                let values = weights.estimate(quantity, &domain);
                let lost = values.iter().filter(|value| value.is_nan()).count();
                if lost > 0 && estimate.n > 0 {
                    warnings.push(format!(
                        "{lost} of {} replicates leave the domain empty and were left out; use linearisation",
                        values.len()
                    ));
                }
                if estimate.n > 0 {
                    estimate.variance = weights.covariance(&values, &values);
                }
                estimate.df = self.design.whole_degrees_of_freedom();
                method = weights.scheme().name();
                replicated = Some(values);
            }
            rows.push(Row::Estimate(row(plan, &by, &estimate, method, warnings)));
            if plan.kept {
                kept.push(Part {
                    by,
                    value: estimate.value,
                    deviation: match replicated {
                        Some(values) => Deviation::Replicated(values),
                        None => Deviation::Linearised(linearised.influence),
                    },
                });
            }
        }
        Ok(rows)
    }

    fn independence(
        &self,
        table: &Table,
        (rows, columns): (&str, &str),
        test: IndependenceTest,
        condition: Option<&Condition>,
    ) -> Result<Row, String> {
        let text = |refusal: Refusal| refusal.to_string();
        let selected = condition
            .map(|c| c.select(table))
            .transpose()
            .map_err(text)?;
        let (r, c) = (
            table.category(rows).map_err(text)?,
            table.category(columns).map_err(text)?,
        );
        // Levels are numbered anew, because some may be outside the condition.
        let (mut row_levels, mut column_levels) = (Levels::default(), Levels::default());
        let mut cells = Vec::new();
        for (row, (&r, &c)) in r.codes.iter().zip(&c.codes).enumerate() {
            let chosen = selected.as_ref().is_none_or(|selected| selected[row]);
            if chosen && r != MISSING && c != MISSING {
                cells.push((row as u32, row_levels.number(r), column_levels.number(c)));
            }
        }
        let outcome =
            independence(&self.design, &self.weighting, &cells, test).map_err(|e| e.to_string())?;
        Ok(Row::Test(TestRow {
            test: test.name(),
            statistic: defined(outcome.statistic),
            ndf: outcome.ndf,
            ddf: outcome.ddf,
            p: defined(outcome.p),
            n: outcome.n,
            warnings: Vec::new(),
        }))
    }

    fn summary(&self) -> WeightSummary {
        let weights = self.weighting.weights();
        WeightSummary {
            sum: weights.iter().sum(),
            min: weights.iter().copied().fold(f64::INFINITY, f64::min),
            max: weights.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            kish_deff: kish_design_effect(weights).ok(),
            first20: weights.iter().take(20).copied().collect(),
        }
    }
}

/// Numbers levels in order of appearance.
#[derive(Default)]
struct Levels(HashMap<u32, u32>);

impl Levels {
    fn number(&mut self, code: u32) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(code).or_insert(next)
    }
}
