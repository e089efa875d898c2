//! Tests of independence in a weighted two-way table (Rao & Scott 1984; Koch et al. 1975).

mod statistic;
mod table;

use super::Design;
use crate::Error;
use crate::distribution::{chi_squared, fisher_f};
use crate::named::named;
use crate::weights::Weighting;
use table::Table;

named! {
    /// How to test independence of rows and columns.
    "test of independence"
    pub enum IndependenceTest {
        /// Rao & Scott's second-order correction, referred to F.
        F = "F",
        /// Rao & Scott's first-order correction: Pearson's χ² over the mean design effect.
        ChiSquared = "Chisq",
        /// Wald's test of N_rc = N_r N_c / N, referred to F.
        Wald = "Wald",
        /// Wald's test with the small-sample adjustment of its denominator.
        AdjustedWald = "adjWald",
    }
}

/// The outcome of a test of independence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Independence {
    /// The test statistic, in the scale of its reference distribution (for
    /// [`IndependenceTest::ChiSquared`], Pearson's X² before correction).
    pub statistic: f64,
    /// Numerator degrees of freedom.
    pub ndf: f64,
    /// Denominator degrees of freedom; `None` for χ².
    pub ddf: Option<f64>,
    /// The p-value.
    pub p: f64,
    /// The answers that the table holds.
    pub n: usize,
}

/// Tests whether rows and columns of a two-way table are independent in the population.
///
/// `cells` lists, for each row of the data in the table, (data row, table row, table
/// column); tables have at least two rows and columns, each with weight.
///
/// # Errors
/// [`Error::NoData`] for a table with fewer than two rows or columns,
/// [`Error::OutOfRange`] for a table of more than 400 cells or without degrees of freedom,
/// [`Error::Undefined`] where the table's covariance is singular.
pub fn independence(
    design: &Design,
    weighting: &Weighting,
    cells: &[(u32, u32, u32)],
    test: IndependenceTest,
) -> Result<Independence, Error> {
    let of_totals = matches!(
        test,
        IndependenceTest::Wald | IndependenceTest::AdjustedWald
    );
    let table = Table::of(design, weighting, cells, of_totals)?;
    let (rows, columns) = (table.rows, table.columns);
    let free = (rows - 1) * (columns - 1);
    match test {
        IndependenceTest::F | IndependenceTest::ChiSquared => {
            let (trace, squared) = table.generalised_effects(free)?;
            let pearson = table.pearson();
            if test == IndependenceTest::ChiSquared {
                let ndf = free as f64;
                let p = chi_squared::sf(pearson / (trace / ndf), ndf)?;
                return Ok(table.outcome(pearson, ndf, None, p));
            }
            let ndf = trace * trace / squared;
            let ddf = ndf * table.df;
            let statistic = pearson / trace;
            let p = fisher_f::sf(statistic, ndf, ddf)?;
            Ok(table.outcome(statistic, ndf, Some(ddf), p))
        }
        IndependenceTest::Wald | IndependenceTest::AdjustedWald => {
            let q = free as f64;
            let wald = table.wald()?;
            let (statistic, ddf) = if test == IndependenceTest::Wald {
                (wald / q, table.df)
            } else {
                let ddf = table.df - q + 1.0;
                (wald * ddf / (q * table.df), ddf)
            };
            let p = fisher_f::sf(statistic, q, ddf)?;
            Ok(table.outcome(statistic, q, Some(ddf), p))
        }
    }
}

impl Table {
    fn outcome(&self, statistic: f64, ndf: f64, ddf: Option<f64>, p: f64) -> Independence {
        Independence {
            statistic,
            ndf,
            ddf,
            p,
            n: self.n,
        }
    }
}
