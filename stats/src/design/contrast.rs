//! Linear combinations of estimates from one sample, and tests of them.

use super::estimate::Linearised;
use super::{Design, Influence, symmetric};
use crate::distribution::student_t;
use crate::{Error, Interval, Level};

/// A linear combination of estimates: a difference of domains, a change between waves, a
/// composite index, a gap.
#[derive(Debug, Clone)]
pub struct Contrast {
    /// Σ aᵢ θᵢ.
    pub value: f64,
    /// Its variance, all covariances of the parts in it.
    pub variance: f64,
    /// Degrees of freedom of the whole design.
    pub df: f64,
    /// Its influence, for contrasts of contrasts.
    pub influence: Influence,
}

/// The outcome of a t test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TTest {
    /// estimate ÷ standard error.
    pub t: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// The two-sided p-value.
    pub p: f64,
}

impl Design {
    /// Degrees of freedom of the whole design: primary sampling units less strata.
    pub fn whole_degrees_of_freedom(&self) -> f64 {
        self.psus() as f64 - self.strata() as f64
    }

    /// Combines estimates made under this design. Domains may overlap, as those of two
    /// waves of a panel do: what they share is in the influences (R's `svycontrast`).
    pub fn contrast(&self, parts: &[(f64, &Linearised)]) -> Contrast {
        let influences: Vec<(f64, &Influence)> = parts
            .iter()
            .map(|(a, part)| (*a, &part.influence))
            .collect();
        let influence = Influence::combine(&influences);
        Contrast {
            value: parts.iter().map(|(a, part)| a * part.estimate.value).sum(),
            variance: self.variance(&influence),
            df: self.whole_degrees_of_freedom(),
            influence,
        }
    }

    /// The covariance matrix of estimates made under this design, row by row.
    pub fn covariance_of(&self, estimates: &[&Linearised]) -> Vec<f64> {
        let influences: Vec<&Influence> = estimates.iter().map(|e| &e.influence).collect();
        self.covariance(&Influence::side_by_side(&influences))
    }
}

impl Contrast {
    /// The standard error.
    pub fn standard_error(&self) -> f64 {
        self.variance.sqrt()
    }

    /// value ∓ t(df) · se.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there is no degree of freedom.
    pub fn interval(&self, level: Level) -> Result<Interval, Error> {
        symmetric(self.value, self.standard_error(), self.df, level)
    }

    /// Tests whether the combination is zero.
    ///
    /// # Errors
    /// As [`t_test`].
    pub fn t_test(&self) -> Result<TTest, Error> {
        t_test(self.value, self.standard_error(), self.df)
    }
}

/// Tests whether an estimate differs from zero.
///
/// # Errors
/// [`Error::OutOfRange`] without degrees of freedom; [`Error::Undefined`] if the standard
/// error is zero or undefined.
pub fn t_test(value: f64, se: f64, df: f64) -> Result<TTest, Error> {
    if se.is_nan() || se <= 0.0 || value.is_nan() {
        return Err(Error::Undefined {
            method: "the t test",
            reason: "the standard error is zero or undefined; the sample shows no spread",
        });
    }
    let t = value / se;
    let p = 2.0 * student_t::sf(t.abs(), df)?;
    Ok(TTest { t, df, p })
}
