//! Intervals for a proportion estimated from a complex sample.
//!
//! Each is the binomial interval of a simple random sample of effective size
//! p(1 − p)/variance, with t in the place of z: R's `svyciprop` (survey 4.5).

use super::{Estimate, symmetric};
use crate::distribution::student_t;
use crate::named::named;
use crate::proportion::exact::clopper_pearson;
use crate::proportion::korn_graubard::{self, DesignEstimate};
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
        /// As the beta interval, but truncated at n and defined at 0 and 1: the interval of
        /// the NCHS standard ([`korn_graubard`]).
        KornGraubard = "korn_graubard",
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
    let se = estimate.standard_error();
    // The simple random sample of the same precision, and the t of the design.
    let effective = || {
        let t = student_t::critical(level, Sides::Two, estimate.df)?;
        let n = p * (1.0 - p) / estimate.variance;
        if n.is_finite() && n > 0.0 {
            Ok((Sample { x: n * p, n }, t))
        } else {
            Err(Error::Undefined {
                method: method.name(),
                reason: "the sample shows no spread; use korn_graubard, or an exact interval from the \
                         number of answers",
            })
        }
    };
    match method {
        ProportionMethod::Mean => symmetric(p, se, estimate.df, level),
        ProportionMethod::Logit | ProportionMethod::Xlogit => {
            let (sample, t) = effective()?;
            logit(sample, t)
        }
        ProportionMethod::Likelihood => {
            let (sample, t) = effective()?;
            likelihood_ratio(sample, t)
        }
        ProportionMethod::Wilson => {
            let (sample, t) = effective()?;
            Ok(wilson(sample, t))
        }
        ProportionMethod::Asin => {
            let (sample, t) = effective()?;
            Ok(asin(p, sample.n, t))
        }
        ProportionMethod::Beta => {
            let (sample, t) = effective()?;
            let simple = student_t::critical(level, Sides::Two, estimate.n as f64 - 1.0)?;
            let n = sample.n * (simple / t) * (simple / t);
            clopper_pearson(Sample { x: n * p, n }, level.alpha() / 2.0)
        }
        ProportionMethod::KornGraubard => {
            let estimate = DesignEstimate {
                p,
                se,
                n: estimate.n as u64,
                df: estimate.df,
            };
            Ok(korn_graubard::interval(estimate, level)?.interval)
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
