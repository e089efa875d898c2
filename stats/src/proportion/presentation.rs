//! Whether an estimated proportion may be shown: the NCHS Data Presentation Standards.
//!
//! Source: Parker et al. (2017), National Center for Health Statistics, Vital and Health
//! Statistics 2(175), figure 1 and appendix.

use super::korn_graubard::{self, DesignEstimate, KornGraubard};
use crate::{Error, Level};
use serde::{Deserialize, Serialize};

/// What to do with an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It meets the standard.
    Show,
    /// It may be shown after a statistician has looked at it.
    Flag,
    /// It must not be shown.
    Suppress,
}

/// Why an estimate is flagged or suppressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Fewer than 30 persons, or an effective sample size below 30: suppress.
    SmallSample,
    /// An interval 30 points wide or wider: suppress.
    WideInterval,
    /// An interval wider than 5 points and than 130 % of the proportion: suppress.
    RelativelyWideInterval,
    /// Fewer than 8 degrees of freedom: flag.
    FewDegreesOfFreedom,
    /// Nobody, or everybody, has the characteristic: flag.
    NoEvents,
}

impl Reason {
    fn verdict(self) -> Verdict {
        match self {
            Self::SmallSample | Self::WideInterval | Self::RelativelyWideInterval => {
                Verdict::Suppress
            }
            Self::FewDegreesOfFreedom | Self::NoEvents => Verdict::Flag,
        }
    }
}

/// The standard's finding about one estimate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Presentation {
    /// Show, flag or suppress: the gravest of the reasons.
    pub verdict: Verdict,
    /// All that was found; empty if the estimate meets the standard.
    pub reasons: Vec<Reason>,
    /// The proportion may be shown, but 1 − p fails the relative width and must not be
    /// given by itself.
    pub complement_unreliable: bool,
    /// The 95 % interval on which the finding rests.
    #[serde(flatten)]
    pub interval: KornGraubard,
}

/// Applies the standard, which is defined at the 95 % level.
///
/// # Errors
/// As [`korn_graubard::interval`].
pub fn standard(estimate: DesignEstimate) -> Result<Presentation, Error> {
    const LEAST_SAMPLE: f64 = 30.0;
    const LEAST_DF: f64 = 8.0;
    const NARROW: f64 = 0.05;
    const WIDE: f64 = 0.30;
    const RELATIVELY_WIDE: f64 = 1.30;

    let kg = korn_graubard::interval(estimate, Level::DEFAULT)?;
    let DesignEstimate { p, n, df, .. } = estimate;
    let width = kg.interval.upper - kg.interval.lower;
    let between = width > NARROW && width < WIDE;
    let relatively_wide = |p: f64| between && width > RELATIVELY_WIDE * p;
    let edge = p == 0.0 || p == 1.0;
    let found = [
        (
            (n as f64).min(kg.n_eff_used) < LEAST_SAMPLE,
            Reason::SmallSample,
        ),
        (width >= WIDE, Reason::WideInterval),
        (!edge && relatively_wide(p), Reason::RelativelyWideInterval),
        (df < LEAST_DF, Reason::FewDegreesOfFreedom),
        (edge, Reason::NoEvents),
    ];
    let reasons: Vec<Reason> = found
        .into_iter()
        .filter_map(|(is, reason)| is.then_some(reason))
        .collect();
    let verdict = reasons.iter().map(|reason| reason.verdict()).max();
    let verdict = verdict.unwrap_or(Verdict::Show);
    Ok(Presentation {
        verdict,
        complement_unreliable: verdict != Verdict::Suppress && !edge && relatively_wide(1.0 - p),
        reasons,
        interval: kg,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(p: f64, se: f64, n: u64, df: f64) -> (Verdict, Vec<Reason>) {
        let presentation = standard(DesignEstimate { p, se, n, df }).unwrap();
        (presentation.verdict, presentation.reasons)
    }

    #[test]
    fn a_precise_estimate_is_shown() {
        assert_eq!(found(0.4, 0.01, 2400, 60.0), (Verdict::Show, vec![]));
    }

    #[test]
    fn few_persons_are_suppressed_even_where_the_design_is_efficient() {
        let (verdict, reasons) = found(0.5, 0.05, 29, 20.0);
        assert_eq!(verdict, Verdict::Suppress);
        assert!(reasons.contains(&Reason::SmallSample));
    }

    #[test]
    fn an_interval_wide_for_its_proportion_is_suppressed() {
        let (verdict, reasons) = found(0.05, 0.02, 200, 100.0);
        assert_eq!(verdict, Verdict::Suppress);
        assert_eq!(reasons, [Reason::RelativelyWideInterval]);
    }

    #[test]
    fn few_degrees_of_freedom_and_no_events_are_flagged() {
        let (verdict, reasons) = found(0.0, 0.0, 400, 7.0);
        assert_eq!(verdict, Verdict::Flag);
        assert_eq!(reasons, [Reason::FewDegreesOfFreedom, Reason::NoEvents]);
    }

    #[test]
    fn a_large_proportion_may_be_shown_where_its_complement_may_not() {
        let estimate = DesignEstimate {
            p: 0.95,
            se: 0.02,
            n: 200,
            df: 100.0,
        };
        let presentation = standard(estimate).unwrap();
        assert_eq!(presentation.verdict, Verdict::Show);
        assert!(presentation.complement_unreliable);
    }
}
