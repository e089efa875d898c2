//! What non-response leaves possible.

use super::{finite, out_of_range, share};
use crate::distribution::normal;
use crate::special::edge::edge_above_zero;
use crate::{Error, Interval, Level};

/// A question that some of those invited did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonresponse {
    yes: u64,
    respondents: u64,
    invited: u64,
}

/// Worst-case bounds, and a confidence interval for the truth within them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Manski {
    /// All who did not answer would have said no … yes.
    pub bounds: Interval,
    /// Their width: exactly the rate of non-response.
    pub width: f64,
    /// The critical value c of Imbens and Manski, between the one- and the two-sided z.
    pub critical: f64,
    /// lower − c se … upper + c se, cut to \[0, 1\].
    pub interval: Interval,
}

impl Nonresponse {
    /// `yes` of `respondents` who answered, of `invited`.
    ///
    /// # Errors
    /// [`Error::NoData`] if nobody was invited or answered; [`Error::OutOfRange`] for more
    /// respondents than invited, or more yes than respondents.
    pub fn new(yes: u64, respondents: u64, invited: u64) -> Result<Self, Error> {
        share(yes, respondents)?;
        if respondents > invited {
            return Err(out_of_range(
                "respondents",
                respondents as f64,
                "at most the number of invited",
            ));
        }
        Ok(Self {
            yes,
            respondents,
            invited,
        })
    }

    /// Bounds with no assumption about those who did not answer: q r … q r + 1 − r, for q yes
    /// among respondents and response rate r; with the interval of Imbens and Manski for the
    /// true share, whose c solves Φ(c + Δ/max se) − Φ(−c) = level.
    ///
    /// Source: Manski 1989 (J. Human Resources 24, 343–360); Imbens and Manski 2004
    /// (Econometrica 72, 1845–1857). The standard errors of the two ends are
    /// binomial over all invited.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if no c is found, which no level in (0, 1) brings about.
    pub fn manski(self, level: Level) -> Result<Manski, Error> {
        let invited = self.invited as f64;
        let missing = (self.invited - self.respondents) as f64;
        let bounds = Interval {
            lower: self.yes as f64 / invited,
            upper: (self.yes as f64 + missing) / invited,
        };
        let width = missing / invited;
        let standard_error = |p: f64| (p * (1.0 - p) / invited).sqrt();
        let (below, above) = (standard_error(bounds.lower), standard_error(bounds.upper));
        let largest = below.max(above);
        // Without any spread the two ends are infinitely far apart, or one.
        let apart = if width == 0.0 { 0.0 } else { width / largest };
        let covered = |c: f64| normal::cdf(c + apart) - normal::cdf(-c);
        let critical =
            edge_above_zero(1.0, 10, |c| covered(c) <= level.get()).ok_or(Error::NotConverged {
                what: "the critical value of Imbens and Manski",
                iterations: 10,
            })?;
        Ok(Manski {
            bounds,
            width,
            critical,
            interval: Interval {
                lower: (bounds.lower - critical * below).max(0.0),
                upper: (bounds.upper + critical * above).min(1.0),
            },
        })
    }

    /// Bounds if the share among those who did not answer differs from that of the
    /// respondents by no less than `delta_min` and no more than `delta_max`, within \[0, 1\].
    ///
    /// Source: pattern-mixture sensitivity analysis, Little and Rubin 2019, *Statistical
    /// Analysis with Missing Data*, 3rd ed., chapter 15.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for deltas that are not finite or in the wrong order.
    pub fn delta_bounded(self, delta_min: f64, delta_max: f64) -> Result<Interval, Error> {
        finite("delta_min", delta_min)?;
        finite("delta_max", delta_max)?;
        if delta_min > delta_max {
            return Err(out_of_range("delta_min", delta_min, "at most delta_max"));
        }
        let rate = self.yes as f64 / self.respondents as f64;
        let response = self.respondents as f64 / self.invited as f64;
        let overall =
            |delta: f64| rate * response + (rate + delta).clamp(0.0, 1.0) * (1.0 - response);
        Ok(Interval {
            lower: overall(delta_min),
            upper: overall(delta_max),
        })
    }
}
