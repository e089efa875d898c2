//! Intervals for a proportion estimated from a complex sample.
//!
//! Each is the binomial interval of a simple random sample of effective size
//! p(1 − p)/variance, with t in the place of z: R's `svyciprop` (survey 4.5).

use super::{Estimate, symmetric};
use crate::distribution::student_t;
use crate::named::named;
use crate::proportion::exact::clopper_pearson;
use crate::proportion::likelihood::likelihood_ratio;
use crate::proportion::{Sample, logit, wilson};
use crate::{Error, Interval, Level, Sides};

named! {
    /// How to find an interval for a proportion under a design.
    "interval method for a proportion under a design"
    pub enum ProportionMethod {
        /// Wald on the log-odds scale; what a logistic regression on a constant gives.
        Logit = "logit",
        /// All p whose likelihood ratio, scaled by the design effect, is not rejected
        /// (Rao & Scott 1984): the exact root, where R interpolates a profile.
        Likelihood = "likelihood",
        /// Wald on the arcsine–square-root scale, cut where that scale ends.
        Asin = "asin",
        /// Clopper–Pearson at an effective size adjusted for degrees of freedom (Korn &
        /// Graubard 1998), not truncated at n.
        Beta = "beta",
        /// estimate ∓ t·se, not clipped to [0, 1].
        Mean = "mean",
        /// Wald on the log-odds scale, in closed form.
        Xlogit = "xlogit",
        /// Wilson's score interval at the effective size.
        Wilson = "wilson",
    }
}

/// The interval for the proportion that `estimate` (a mean of a 0/1 variable) estimates.
///
/// # Errors
/// [`Error::OutOfRange`] without degrees of freedom or for an estimate that is no
/// proportion, [`Error::NoData`] for an empty domain, [`Error::Undefined`] at 0, 1 or
/// variance 0 (except for the mean), where the design shows no spread: use the exact
/// interval of [`crate::proportion`] with the number of answers.
pub fn proportion_interval(
    estimate: &Estimate,
    level: Level,
    method: ProportionMethod,
) -> Result<Interval, Error> {
    let p = estimate.value;
    if p.is_nan() {
        return Err(Error::NoData("no row of the domain has the variable"));
    }
    if !(0.0..=1.0).contains(&p) {
        return Err(Error::OutOfRange {
            name: "the proportion",
            value: p,
            expected: "between 0 and 1",
        });
    }
    if method == ProportionMethod::Mean {
        return symmetric(p, estimate.standard_error(), estimate.df, level);
    }
    let t = student_t::critical(level, Sides::Two, estimate.df)?;
    let n = p * (1.0 - p) / estimate.variance;
    if !(n.is_finite() && n > 0.0) {
        return Err(Error::Undefined {
            method: method.name(),
            reason: "the sample shows no spread; use an exact interval from the number of answers",
        });
    }
    let effective = Sample { x: n * p, n };
    match method {
        ProportionMethod::Mean => symmetric(p, estimate.standard_error(), estimate.df, level),
        ProportionMethod::Logit | ProportionMethod::Xlogit => logit(effective, t),
        ProportionMethod::Likelihood => likelihood_ratio(effective, t),
        ProportionMethod::Wilson => Ok(wilson(effective, t)),
        ProportionMethod::Asin => Ok(asin(p, n, t)),
        ProportionMethod::Beta => {
            let simple = student_t::critical(level, Sides::Two, estimate.n as f64 - 1.0)?;
            let n = n * (simple / t) * (simple / t);
            clopper_pearson(Sample { x: n * p, n }, level.alpha() / 2.0)
        }
    }
}

/// sin²(asin √p ∓ t/(2√n)). R's `svyciprop` lets the angle run past 0 or π/2, where the
/// sine folds back and the limit moves inwards; here the limit is then 0 or 1.
fn asin(p: f64, n: f64, t: f64) -> Interval {
    let centre = p.sqrt().asin();
    let half = t / (2.0 * n.sqrt());
    let at = |angle: f64| angle.clamp(0.0, std::f64::consts::FRAC_PI_2).sin().powi(2);
    Interval {
        lower: at(centre - half),
        upper: at(centre + half),
    }
}
