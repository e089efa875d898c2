//! Differences of two estimates from the same sample.

use super::Refusal;
use super::output::{EstimateRow, Row, defined};
use super::survey::Survey;
use stats::Level;
use stats::design::{Influence, ReplicateWeights, symmetric};
use std::collections::{BTreeMap, HashMap};

/// What a difference needs to know of one row of an estimate.
pub(super) struct Part {
    pub by: BTreeMap<String, String>,
    pub value: f64,
    pub deviation: Deviation,
}

pub(super) enum Deviation {
    Linearised(Influence),
    Replicated(Vec<f64>),
}

impl Survey<'_> {
    pub(super) fn difference(
        &self,
        index: usize,
        of: (usize, usize),
        level: Level,
        parts: &HashMap<usize, Vec<Part>>,
        replicates: Option<&ReplicateWeights<'_>>,
    ) -> Result<(Vec<Row>, Vec<Part>), Refusal> {
        let (Some(first), Some(second)) = (parts.get(&of.0), parts.get(&of.1)) else {
            return Err(self.refuse(index, "its two estimates must come before it"));
        };
        let whole = |parts: &[Part]| matches!(parts, [part] if part.by.is_empty());
        let columns = |parts: &[Part]| -> Option<Vec<String>> {
            parts.first().map(|part| part.by.keys().cloned().collect())
        };
        if !whole(first) && !whole(second) && columns(first) != columns(second) {
            return Err(self.refuse(
                index,
                "the rows of its two estimates cannot be paired: their \"by\" columns differ",
            ));
        }
        let (mut rows, mut differences) = (Vec::new(), Vec::new());
        for a in first {
            let partners = second.iter().filter(|b| {
                // One row without `by` is set against every domain of the other estimate.
                a.by == b.by || whole(first) || whole(second)
            });
            for b in partners {
                let value = a.value - b.value;
                let (deviation, variance) = match (&a.deviation, &b.deviation, replicates) {
                    (Deviation::Linearised(a), Deviation::Linearised(b), _) => {
                        let influence = Influence::combine(&[(1.0, a), (-1.0, b)]);
                        let variance = self.design.variance(&influence);
                        (Deviation::Linearised(influence), variance)
                    }
                    (Deviation::Replicated(a), Deviation::Replicated(b), Some(weights)) => {
                        let values: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
                        let variance = weights.covariance(&values, &values);
                        (Deviation::Replicated(values), variance)
                    }
                    _ => return Err(self.refuse(index, "its estimates' variances do not match")),
                };
                let by = if a.by.is_empty() { &b.by } else { &a.by };
                let method = replicates.map_or("Taylor linearisation", |w| w.scheme().name());
                let variance = if value.is_nan() { f64::NAN } else { variance };
                rows.push(Row::Estimate(
                    self.difference_row(by, value, variance, level, method),
                ));
                differences.push(Part {
                    by: by.clone(),
                    value,
                    deviation,
                });
            }
        }
        Ok((rows, differences))
    }

    fn difference_row(
        &self,
        by: &BTreeMap<String, String>,
        value: f64,
        variance: f64,
        level: Level,
        method: &'static str,
    ) -> EstimateRow {
        let df = self.design.whole_degrees_of_freedom();
        let limits = symmetric(value, variance.sqrt(), df, level).ok();
        EstimateRow {
            by: (!by.is_empty()).then(|| by.clone()),
            estimate: defined(value),
            se: defined(variance.sqrt()),
            df,
            level: level.get(),
            lower: limits.and_then(|limits| defined(limits.lower)),
            upper: limits.and_then(|limits| defined(limits.upper)),
            deff: None,
            n: None,
            n_effective: None,
            method,
            interval: None,
            warnings: Vec::new(),
        }
    }
}
