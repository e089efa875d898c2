//! The Korn–Graubard interval: Clopper–Pearson at the effective sample size of a complex
//! design, as the NCHS Data Presentation Standards for Proportions use it.
//!
//! Sources: Korn & Graubard (1998), Survey Methodology 24:193–201; Parker et al. (2017),
//! National Center for Health Statistics, Vital and Health Statistics 2(175).

use crate::distribution::{beta, student_t};
use crate::{Error, Interval, Level, Sides};
use serde::{Deserialize, Serialize};

/// An estimated proportion as a complex design gives it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DesignEstimate {
    /// The weighted proportion, 0 to 1.
    pub p: f64,
    /// Its standard error under the design.
    pub se: f64,
    /// The number of persons it rests on.
    pub n: u64,
    /// The degrees of freedom of the standard error: PSUs minus strata.
    pub df: f64,
}

/// The interval and how the sample size behind it came about.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct KornGraubard {
    /// p(1−p)/se²: the size of the simple random sample with this precision; `None` at
    /// p = 0 or 1, and where the standard error is 0.
    pub n_eff: Option<f64>,
    /// (t of n − 1 df / t of the design's df)², which makes up for an uncertain `se`.
    pub df_adjustment: f64,
    /// What the interval used: `n_eff` times the adjustment, but never above n; n at
    /// p = 0 or 1.
    pub n_eff_used: f64,
    /// Whether n was the smaller.
    pub truncated: bool,
    /// The limits.
    #[serde(flatten)]
    pub interval: Interval,
}

/// The interval for a proportion from a complex design.
///
/// # Errors
/// [`Error::NoData`] for n = 0; [`Error::OutOfRange`] for p outside [0, 1], a negative
/// standard error or degrees of freedom that are not positive.
pub fn interval(estimate: DesignEstimate, level: Level) -> Result<KornGraubard, Error> {
    let DesignEstimate { p, se, n, df } = estimate;
    check(estimate)?;
    let size = n as f64;
    let edge = p == 0.0 || p == 1.0;
    let n_eff = (!edge && se > 0.0).then(|| p * (1.0 - p) / (se * se));
    // One person leaves no degree of freedom to compare with: no adjustment.
    let df_adjustment = if n > 1 {
        let simple = student_t::critical(level, Sides::Two, size - 1.0)?;
        (simple / student_t::critical(level, Sides::Two, df)?).powi(2)
    } else {
        1.0
    };
    let adjusted = n_eff.map_or(size, |n_eff| n_eff * df_adjustment);
    let n_eff_used = adjusted.min(size);
    let tail = Sides::Two.tail(level);
    let (successes, failures) = (n_eff_used * p, n_eff_used * (1.0 - p));
    let interval = Interval {
        lower: match p {
            0.0 => 0.0,
            _ => beta::quantile(tail, successes, failures + 1.0)?,
        },
        upper: match p {
            1.0 => 1.0,
            _ => beta::quantile(1.0 - tail, successes + 1.0, failures)?,
        },
    };
    Ok(KornGraubard {
        n_eff,
        df_adjustment,
        n_eff_used,
        truncated: adjusted > size,
        interval,
    })
}

fn check(estimate: DesignEstimate) -> Result<(), Error> {
    let DesignEstimate { p, se, n, df } = estimate;
    let refuse = |name, value, expected| {
        Err(Error::OutOfRange {
            name,
            value,
            expected,
        })
    };
    if n == 0 {
        return Err(Error::NoData("nobody answered"));
    }
    if !(0.0..=1.0).contains(&p) {
        return refuse("p", p, "a proportion between 0 and 1");
    }
    if !(se >= 0.0 && se.is_finite()) {
        return refuse("se", se, "a standard error of 0 or more");
    }
    if df.is_nan() || df <= 0.0 {
        return refuse(
            "df",
            df,
            "positive degrees of freedom: more PSUs than strata",
        );
    }
    Ok(())
}
