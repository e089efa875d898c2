//! One estimate as a row of the answer.

use super::output::{EstimateRow, Limits, defined};
use super::plan::PlannedQuantity;
use stats::design::{Estimate, proportion_interval};
use std::collections::BTreeMap;

/// One domain's row.
pub(super) fn row(
    plan: &PlannedQuantity,
    by: &BTreeMap<String, String>,
    estimate: &Estimate,
    method: &'static str,
    mut warnings: Vec<String>,
) -> EstimateRow {
    if estimate.n == 0 {
        warnings.push("no row of this domain has the variable".to_owned());
    } else if estimate.df < 1.0 {
        warnings.push(
            "no degrees of freedom: the domain lies in one sampling unit per stratum".to_owned(),
        );
    }
    let limits = estimate.interval(plan.level).ok();
    let interval = (!plan.intervals.is_empty()).then(|| {
        let mut intervals = BTreeMap::new();
        for &kind in &plan.intervals {
            let limits = match proportion_interval(estimate, plan.level, kind) {
                Ok(interval) => Limits {
                    lower: defined(interval.lower),
                    upper: defined(interval.upper),
                },
                Err(error) => {
                    warnings.push(error.to_string());
                    Limits::default()
                }
            };
            intervals.insert(kind.name(), limits);
        }
        intervals
    });
    EstimateRow {
        by: (!by.is_empty()).then(|| by.clone()),
        estimate: defined(estimate.value),
        se: defined(estimate.standard_error()),
        df: estimate.df,
        level: plan.level.get(),
        lower: limits.and_then(|limits| defined(limits.lower)),
        upper: limits.and_then(|limits| defined(limits.upper)),
        deff: plan
            .design_effect
            .and_then(|reference| defined(estimate.design_effect(reference))),
        n: Some(estimate.n),
        n_effective: defined(estimate.effective_n()),
        method,
        interval,
        warnings,
    }
}
