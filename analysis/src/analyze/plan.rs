//! The request, checked: every estimate with exactly the fields it needs.

use super::Refusal;
use super::condition::Condition;
use super::request::{
    DesignEffect, EstimateSpec, Literal, OneOrMany, ReplicateMethod, Request, Statistic, Variance,
};
use super::table::Needs;
use stats::Level;
use stats::design::{IndependenceTest, ProportionMethod, Reference};

/// What to read and what to estimate.
#[derive(Debug)]
pub(super) struct Plan {
    pub columns: Needs,
    pub estimates: Vec<Planned>,
}

/// One estimate of the request.
#[derive(Debug)]
pub(super) enum Planned {
    Quantity(PlannedQuantity),
    Difference {
        of: (usize, usize),
        level: Level,
    },
    Independence {
        rows: String,
        columns: String,
        test: IndependenceTest,
        condition: Option<Condition>,
    },
}

/// A mean, total, proportion or ratio over domains.
#[derive(Debug)]
pub(super) struct PlannedQuantity {
    pub what: What,
    pub by: Vec<String>,
    pub condition: Option<Condition>,
    pub level: Level,
    pub design_effect: Option<Reference>,
    pub intervals: Vec<ProportionMethod>,
    pub variance: VarianceMethod,
    /// Whether a difference refers to it, so that its influence must be kept.
    pub kept: bool,
}

#[derive(Debug)]
pub(super) enum What {
    Mean(String),
    Total(String),
    Proportion(String, Literal),
    Ratio(String, String),
}

/// How a variance is found, with all settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum VarianceMethod {
    Taylor,
    Jackknife,
    Balanced { rho: f64 },
    Bootstrap { replicates: usize, seed: u64 },
}

impl From<Option<Variance>> for VarianceMethod {
    fn from(variance: Option<Variance>) -> Self {
        let (method, rho, replicates, seed) = match variance {
            None => (ReplicateMethod::Taylor, None, None, None),
            Some(Variance::Named(method)) => (method, None, None, None),
            Some(Variance::Set {
                method,
                rho,
                replicates,
                seed,
            }) => (method, rho, replicates, seed),
        };
        match method {
            ReplicateMethod::Taylor => Self::Taylor,
            ReplicateMethod::Jackknife => Self::Jackknife,
            ReplicateMethod::Brr => Self::Balanced { rho: 0.0 },
            ReplicateMethod::Fay => Self::Balanced {
                rho: rho.unwrap_or(0.5),
            },
            ReplicateMethod::Bootstrap => Self::Bootstrap {
                replicates: replicates.unwrap_or(500),
                seed: seed.unwrap_or(1),
            },
        }
    }
}

impl Statistic {
    /// Its name in the request.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Total => "total",
            Self::Proportion => "proportion",
            Self::Ratio => "ratio",
            Self::Difference => "difference",
            Self::Chisq => "chisq",
        }
    }
}

impl Plan {
    pub(super) fn new(request: &Request) -> Result<Self, Refusal> {
        let mut plan = Self {
            columns: Needs::default(),
            estimates: Vec::with_capacity(request.estimates.len()),
        };
        if let Some(design) = &request.design {
            design.strata.iter().for_each(|c| plan.columns.category(c));
            let clusters = design.clusters.iter().flat_map(OneOrMany::as_slice);
            clusters.for_each(|c| plan.columns.category(c));
            design.weights.iter().for_each(|c| plan.columns.number(c));
            let corrections = design.fpc.iter().flat_map(OneOrMany::as_slice);
            corrections.for_each(|c| plan.columns.number(c));
        }
        for step in request.calibrate.iter().flatten() {
            let columns = step.margins.iter().flat_map(|m| m.by.as_slice());
            columns.for_each(|c| plan.columns.category(c));
        }
        for (index, spec) in request.estimates.iter().enumerate() {
            let planned = Fields { index, spec }.plan()?;
            plan.need(&planned);
            plan.estimates.push(planned);
        }
        plan.check_differences(request)?;
        Ok(plan)
    }

    fn need(&mut self, planned: &Planned) {
        match planned {
            Planned::Quantity(quantity) => {
                match &quantity.what {
                    What::Mean(y) | What::Total(y) => self.columns.number(y),
                    What::Proportion(variable, _) => self.columns.category(variable),
                    What::Ratio(y, x) => {
                        self.columns.number(y);
                        self.columns.number(x);
                    }
                }
                quantity.by.iter().for_each(|c| self.columns.category(c));
                quantity
                    .condition
                    .iter()
                    .for_each(|c| self.columns.condition(c));
            }
            Planned::Difference { .. } => {}
            Planned::Independence {
                rows,
                columns,
                condition,
                ..
            } => {
                self.columns.category(rows);
                self.columns.category(columns);
                condition.iter().for_each(|c| self.columns.condition(c));
            }
        }
    }

    /// A difference refers to two estimates before it, found by the same variance method.
    fn check_differences(&mut self, request: &Request) -> Result<(), Refusal> {
        for index in 0..self.estimates.len() {
            let Planned::Difference { of, .. } = self.estimates[index] else {
                continue;
            };
            let fields = Fields {
                index,
                spec: &request.estimates[index],
            };
            for part in [of.0, of.1] {
                match self.estimates.get_mut(part) {
                    Some(Planned::Quantity(quantity)) => quantity.kept = true,
                    Some(Planned::Difference { .. }) if part < index => {}
                    Some(Planned::Difference { .. }) => {
                        return Err(fields.refuse(format!(
                            "\"of\" names estimate {part}, a difference that does not come before it"
                        )));
                    }
                    Some(Planned::Independence { .. }) => {
                        return Err(fields.refuse(format!(
                            "\"of\" names estimate {part}, a test, which has no difference"
                        )));
                    }
                    None => {
                        return Err(fields.refuse(format!(
                            "\"of\" names estimate {part}, but the last one is {}",
                            request.estimates.len() - 1
                        )));
                    }
                }
            }
            if self.variance_of(of.0) != self.variance_of(of.1) {
                return Err(fields.refuse(
                    "its two estimates need the same variance method, for their covariance",
                ));
            }
        }
        Ok(())
    }

    /// The variance method of an estimate; a difference has that of its parts.
    pub(super) fn variance_of(&self, mut index: usize) -> Option<VarianceMethod> {
        for _ in 0..=self.estimates.len() {
            match self.estimates.get(index)? {
                Planned::Quantity(quantity) => return Some(quantity.variance),
                Planned::Difference { of, .. } => index = of.0,
                Planned::Independence { .. } => return None,
            }
        }
        None
    }
}

/// The fields of one estimate, while they are checked.
struct Fields<'a> {
    index: usize,
    spec: &'a EstimateSpec,
}

impl Fields<'_> {
    fn refuse(&self, problem: impl Into<String>) -> Refusal {
        Refusal::Estimate {
            index: self.index,
            statistic: self.spec.statistic.name(),
            problem: problem.into(),
        }
    }

    fn need<T: Clone>(&self, field: &'static str, value: &Option<T>) -> Result<T, Refusal> {
        let value = value.clone();
        value.ok_or_else(|| self.refuse(format!("needs \"{field}\"")))
    }

    fn plan(&self) -> Result<Planned, Refusal> {
        let spec = self.spec;
        self.refuse_foreign()?;
        let level =
            Level::new(spec.level.unwrap_or(0.95)).map_err(|e| self.refuse(e.to_string()))?;
        let condition = spec
            .condition
            .as_deref()
            .map(Condition::parse)
            .transpose()?;
        let what = match spec.statistic {
            Statistic::Mean => What::Mean(self.need("variable", &spec.variable)?),
            Statistic::Total => What::Total(self.need("variable", &spec.variable)?),
            Statistic::Proportion => What::Proportion(
                self.need("variable", &spec.variable)?,
                self.need("equals", &spec.equals)?,
            ),
            Statistic::Ratio => What::Ratio(
                self.need("numerator", &spec.numerator)?,
                self.need("denominator", &spec.denominator)?,
            ),
            Statistic::Difference => {
                let of = self.need("of", &spec.of)?;
                return Ok(Planned::Difference { of, level });
            }
            Statistic::Chisq => {
                let test = spec.test.as_deref().unwrap_or("F");
                return Ok(Planned::Independence {
                    rows: self.need("rows", &spec.rows)?,
                    columns: self.need("columns", &spec.columns)?,
                    test: test
                        .parse::<IndependenceTest>()
                        .map_err(|e| self.refuse(e.to_string()))?,
                    condition,
                });
            }
        };
        let methods = spec.interval.iter().flat_map(OneOrMany::as_slice);
        let intervals = methods
            .map(|method| method.parse::<ProportionMethod>())
            .collect::<Result<_, _>>()
            .map_err(|e| self.refuse(e.to_string()))?;
        Ok(Planned::Quantity(PlannedQuantity {
            what,
            by: spec
                .by
                .iter()
                .flat_map(OneOrMany::as_slice)
                .cloned()
                .collect(),
            condition,
            level,
            design_effect: spec.deff.map(|deff| match deff {
                DesignEffect::SrsWithoutReplacement => Reference::SrsWithoutReplacement,
                DesignEffect::SrsWithReplacement => Reference::SrsWithReplacement,
            }),
            intervals,
            variance: spec.variance.into(),
            kept: false,
        }))
    }

    /// Refuses fields that the statistic would silently ignore.
    fn refuse_foreign(&self) -> Result<(), Refusal> {
        use Statistic::{Chisq, Difference, Mean, Proportion, Ratio, Total};
        let s = self.spec;
        let quantities = &[Mean, Total, Proportion, Ratio][..];
        let fields: [(&str, bool, &[Statistic]); 14] = [
            ("variable", s.variable.is_some(), &[Mean, Total, Proportion]),
            ("equals", s.equals.is_some(), &[Proportion]),
            ("numerator", s.numerator.is_some(), &[Ratio]),
            ("denominator", s.denominator.is_some(), &[Ratio]),
            ("of", s.of.is_some(), &[Difference]),
            ("rows", s.rows.is_some(), &[Chisq]),
            ("columns", s.columns.is_some(), &[Chisq]),
            ("test", s.test.is_some(), &[Chisq]),
            ("by", s.by.is_some(), quantities),
            (
                "where",
                s.condition.is_some(),
                &[Mean, Total, Proportion, Ratio, Chisq],
            ),
            (
                "level",
                s.level.is_some(),
                &[Mean, Total, Proportion, Ratio, Difference],
            ),
            ("deff", s.deff.is_some(), quantities),
            ("interval", s.interval.is_some(), &[Proportion]),
            ("variance", s.variance.is_some(), quantities),
        ];
        for (field, present, statistics) in fields {
            if present && !statistics.contains(&s.statistic) {
                return Err(self.refuse(format!("takes no \"{field}\"")));
            }
        }
        Ok(())
    }
}
