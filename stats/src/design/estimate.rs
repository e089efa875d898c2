//! Totals, means and ratios with their linearised variance.

use super::{Accumulator, Design, Influence};
use crate::weights::Weighting;
use crate::{Error, Interval, Level, Sides, distribution::student_t};

/// What is estimated, from one or two values per row.
#[derive(Debug, Clone, Copy)]
pub enum Quantity<'a> {
    /// Σ w y.
    Total(&'a [f64]),
    /// Σ w y / Σ w; of a 0/1 variable, a proportion.
    Mean(&'a [f64]),
    /// Σ w y / Σ w x.
    Ratio(&'a [f64], &'a [f64]),
}

impl Quantity<'_> {
    /// The row's (y, x): x is 1 for a mean and unused for a total. `None` if one of its
    /// values is missing (NaN) or there is no such row.
    pub(super) fn pair(&self, row: usize) -> Option<(f64, f64)> {
        let (y, x) = match self {
            Self::Total(y) | Self::Mean(y) => (*y.get(row)?, 1.0),
            Self::Ratio(y, x) => (*y.get(row)?, *x.get(row)?),
        };
        (!y.is_nan() && !x.is_nan()).then_some((y, x))
    }
}

/// An estimate with its influence.
#[derive(Debug, Clone)]
pub struct Linearised {
    /// The estimate.
    pub estimate: Estimate,
    /// Its linearised variable by sampling unit; the weights are in it. Influences of
    /// several estimates give their covariances and contrasts.
    pub influence: Influence,
}

/// A point estimate and everything its uncertainty needs.
#[derive(Debug, Clone, Copy)]
pub struct Estimate {
    /// The estimate; NaN if no row of the domain has the variable.
    pub value: f64,
    /// Its variance.
    pub variance: f64,
    /// Degrees of freedom: primary sampling units less strata that hold rows of the domain.
    pub df: f64,
    /// Rows of the domain that have the variable.
    pub n: usize,
    /// Design-effect ingredients of the domain.
    pub(crate) spread: Spread,
}

/// What simple random sampling would have known: Σw and the weighted variance of the
/// linearised variable.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    pub weights: f64,
    pub variance: f64,
}

impl Estimate {
    /// The standard error.
    pub fn standard_error(&self) -> f64 {
        self.variance.sqrt()
    }

    /// estimate ∓ t(df) · se, never clipped to the scale of the variable.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there is no degree of freedom.
    pub fn interval(&self, level: Level) -> Result<Interval, Error> {
        symmetric(self.value, self.standard_error(), self.df, level)
    }
}

/// value ∓ t(df) · se.
///
/// # Errors
/// [`Error::OutOfRange`] if there is no degree of freedom.
pub fn symmetric(value: f64, se: f64, df: f64, level: Level) -> Result<Interval, Error> {
    let half = student_t::critical(level, Sides::Two, df)? * se;
    Ok(Interval {
        lower: value - half,
        upper: value + half,
    })
}

/// Estimates quantities of domains under one design and weighting.
///
/// ```
/// use stats::design::{Design, Estimator, Layout, Quantity};
/// use stats::weights::Weighting;
/// // Two strata of two towns each, three answers to a town.
/// let strata = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
/// let towns = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3];
/// let design = Design::new(&Layout {
///     rows: 12,
///     strata: Some(&strata),
///     clusters: &[&towns],
///     ..Layout::default()
/// })?;
/// let weighting = Weighting::new(vec![10.0; 12])?;
/// let warm = [1., 1., 0., 1., 0., 0., 1., 1., 1., 0., 1., 1.];
/// let rows: Vec<u32> = (0..12).collect();
/// let rate = Estimator::new(&design, &weighting)?
///     .estimate(Quantity::Mean(&warm), &rows)
///     .estimate;
/// assert_eq!((rate.value, rate.df, rate.n), (8.0 / 12.0, 2.0, 12));
/// assert!((rate.standard_error() - 0.11785).abs() < 1e-5);
/// # Ok::<(), stats::Error>(())
/// ```
#[derive(Debug)]
pub struct Estimator<'a> {
    design: &'a Design,
    weighting: &'a Weighting,
    sums: Accumulator<'a>,
    by_row: Vec<f64>,
}

impl<'a> Estimator<'a> {
    /// Joins a design and the weights of the same rows.
    ///
    /// # Errors
    /// [`Error::Length`] if they do not have the same number of rows.
    pub fn new(design: &'a Design, weighting: &'a Weighting) -> Result<Self, Error> {
        let rows = weighting.weights().len();
        if design.rows() != rows {
            return Err(Error::Length {
                name: "the weights",
                expected: design.rows(),
                got: rows,
            });
        }
        Ok(Self {
            design,
            weighting,
            sums: Accumulator::new(design, 1),
            by_row: Vec::new(),
        })
    }

    /// Estimates `quantity` over the domain that `domain` lists by row (each row once).
    ///
    /// Linearisation: a total's own values; a mean's (y − ȳ)/Σw; a ratio's (y − R x)/Σwx;
    /// residuals of the calibration regressions of these if the weights were calibrated
    /// (Woodruff 1971; Särndal, Swensson & Wretman 1992, §5.5–5.7 and 6.6). Assumes
    /// samples large enough for the linear term to dominate.
    pub fn estimate(&mut self, quantity: Quantity<'_>, domain: &[u32]) -> Linearised {
        let weights = self.weighting.weights();
        let present = || {
            domain.iter().filter_map(|&row| {
                let row = row as usize;
                let (y, x) = quantity.pair(row)?;
                Some((row, *weights.get(row)?, y, x))
            })
        };
        let (mut n, mut sum_w, mut sum_y, mut sum_x) = (0, 0.0, 0.0, 0.0);
        for (_, w, y, x) in present() {
            n += 1;
            sum_w += w;
            sum_y += w * y;
            sum_x += w * x;
        }
        let (value, slope, divisor) = match quantity {
            Quantity::Total(_) if n == 0 => (f64::NAN, 0.0, 1.0),
            Quantity::Total(_) => (sum_y, 0.0, 1.0),
            Quantity::Mean(_) | Quantity::Ratio(..) => (sum_y / sum_x, sum_y / sum_x, sum_x),
        };
        let influence_of = |y: f64, x: f64| (y - slope * x) / divisor;
        let mean = present()
            .map(|(_, w, y, x)| w * influence_of(y, x))
            .sum::<f64>()
            / sum_w;
        let mut squares = 0.0;
        for (row, w, y, x) in present() {
            let z = influence_of(y, x);
            squares += w * (z - mean) * (z - mean);
            // As in R's degf, rows without weight do not make a unit present.
            if w != 0.0
                && let Some(sum) = self.sums.unit_of_row(row)
            {
                sum[0] += w * z;
            }
        }
        let domain_sums = self.sums.take();
        let df = self.design.degrees_of_freedom(domain_sums.units());
        let influence = if self.weighting.is_calibrated() {
            self.by_row.clear();
            self.by_row.resize(weights.len(), 0.0);
            for (row, w, y, x) in present() {
                self.by_row[row] = w * influence_of(y, x);
            }
            self.weighting.residualise(&mut self.by_row);
            for (row, &value) in self.by_row.iter().enumerate() {
                if let Some(sum) = self.sums.unit_of_row(row) {
                    sum[0] += value;
                }
            }
            self.sums.take()
        } else {
            domain_sums
        };
        let n_f = n as f64;
        let variance = if value.is_nan() {
            f64::NAN
        } else {
            self.design.variance(&influence)
        };
        let spread = Spread {
            weights: sum_w,
            variance: n_f / (n_f - 1.0) * squares / sum_w,
        };
        Linearised {
            estimate: Estimate {
                value,
                variance,
                df,
                n,
                spread,
            },
            influence,
        }
    }
}
