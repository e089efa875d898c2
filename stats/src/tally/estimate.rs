//! Means, ratios, totals and indices from tallies, with their linearised variance.

use super::sample::Sample;
use super::variance::{Pieces, variance};
use crate::Error;
use crate::design::{Estimate, Spread};

/// What is estimated. Variables are counted from 0 within their block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Σ w x.
    Total {
        /// The block of the variable.
        block: usize,
        /// The variable.
        variable: usize,
    },
    /// Σ w x / Σ w over all answers.
    Mean {
        /// The block of the variable.
        block: usize,
        /// The variable.
        variable: usize,
    },
    /// Σ w y / Σ w d: with d the 0/1 mark of the denominator, a rate among those asked.
    Ratio {
        /// The block of both variables.
        block: usize,
        /// y.
        numerator: usize,
        /// d.
        denominator: usize,
    },
}

/// Which answers an estimate is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// All answers.
    Everyone,
    /// Those of some domains (each named once).
    Domains(&'a [u32]),
}

/// One part of a linear combination of estimates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term<'a> {
    /// What the estimate is multiplied by.
    pub coefficient: f64,
    /// What is estimated.
    pub quantity: Quantity,
    /// For whom.
    pub scope: Scope<'a>,
}

/// A term with its estimate: an answer's influence is
/// constant + Σ factor · variable, for answers in the scope.
pub(super) struct Applied {
    pub block: usize,
    pub rows: Vec<u32>,
    pub constant: f64,
    pub factors: [(usize, f64); 2],
    value: f64,
    n: i64,
    weights: f64,
    /// How many answers with the variable and a weight each row holds.
    present: Vec<i64>,
}

impl Sample<'_> {
    /// Estimates one quantity. The degrees of freedom are those of the units and strata
    /// that hold an answer in its denominator.
    ///
    /// From the same answers it equals [`crate::design::Estimator`] on microdata, variance
    /// included, because weights are constant within a cell.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there is no such block or variable, or a domain is named
    /// twice, [`Error::NoData`] if no answer in the scope counts.
    pub fn estimate(&self, quantity: Quantity, scope: Scope<'_>) -> Result<Estimate, Error> {
        let term = self.apply(&Term {
            coefficient: 1.0,
            quantity,
            scope,
        })?;
        let pieces = Pieces::of(self, std::slice::from_ref(&term))?;
        let n = term.n as f64;
        let mean = pieces.linear.iter().sum::<f64>() / term.weights;
        let squares = pieces.unweighted_squares(self) - term.weights * mean * mean;
        Ok(Estimate {
            value: term.value,
            variance: variance(self, &pieces),
            df: self.degrees_of_freedom(&term),
            n: term.n as usize,
            spread: Spread {
                weights: term.weights,
                variance: n / (n - 1.0) * squares / term.weights,
            },
        })
    }

    /// Estimates a linear combination: a composite index Σ aₖ pₖ, a difference between
    /// domains or waves, a gap. All covariances are in it. The degrees of freedom are
    /// those of the whole design; the number of answers is that of the smallest term; the
    /// design effect is undefined.
    ///
    /// # Errors
    /// As [`estimate`](Self::estimate); [`Error::Undefined`] if persons are the sampling
    /// units and terms with overlapping scopes lie in different blocks, whose
    /// cross-products are not tallied.
    pub fn combine(&self, terms: &[Term<'_>]) -> Result<Estimate, Error> {
        let applied = terms
            .iter()
            .map(|term| self.apply(term))
            .collect::<Result<Vec<_>, _>>()?;
        let smallest = applied.iter().map(|term| term.n).min();
        let Some(smallest) = smallest else {
            return Err(Error::NoData("a combination needs at least one term"));
        };
        let pieces = Pieces::of(self, &applied)?;
        Ok(Estimate {
            value: applied.iter().map(|term| term.value).sum(),
            variance: variance(self, &pieces),
            df: match &self.clusters {
                Some(design) => design.whole_degrees_of_freedom(),
                None => self.count.iter().sum::<f64>() - self.units() as f64,
            },
            n: smallest as usize,
            spread: Spread {
                weights: f64::NAN,
                variance: f64::NAN,
            },
        })
    }

    /// Kish's effective number of answers in a scope, (Σw)²/Σw²: what unequal weights leave of
    /// them. 0 where there are none.
    pub fn effective_n(&self, scope: Scope<'_>) -> f64 {
        let (mut sum, mut squares) = (0.0, 0.0);
        for row in self.rows(scope).unwrap_or_default() {
            let (weight, count) = (self.weight[row as usize], self.count[row as usize]);
            sum += weight * count;
            squares += weight * weight * count;
        }
        if squares > 0.0 {
            sum * sum / squares
        } else {
            0.0
        }
    }

    fn apply(&self, term: &Term<'_>) -> Result<Applied, Error> {
        let rows = self.rows(term.scope)?;
        let (block, numerator, denominator) = match term.quantity {
            Quantity::Total { block, variable } | Quantity::Mean { block, variable } => {
                (block, variable, None)
            }
            Quantity::Ratio {
                block,
                numerator,
                denominator,
            } => (block, numerator, Some(denominator)),
        };
        let variables = self.table.blocks().get(block).copied().unwrap_or(0);
        let highest = numerator.max(denominator.unwrap_or(0));
        if highest >= variables {
            return Err(Error::OutOfRange {
                name: "the tallied variable",
                value: highest as f64,
                expected: "one of its block's variables, counted from 0",
            });
        }
        let (mut n, mut weights, mut above, mut below) = (0, 0.0, 0.0, 0.0);
        let mut present = Vec::with_capacity(rows.len());
        for &row in &rows {
            let row = row as usize;
            let Some(tally) = self.table.tally(row, block) else {
                continue;
            };
            let marked = match denominator {
                // A 0/1 mark says who has the variable; any other divisor, everyone.
                Some(d) if tally.sum(d) == tally.product(d, d) => tally.sum(d),
                _ => tally.count(),
            };
            let weight = self.weight[row];
            n += marked;
            weights += weight * marked as f64;
            above += weight * tally.sum(numerator) as f64;
            below += weight * denominator.map_or(tally.count(), |d| tally.sum(d)) as f64;
            present.push(if weight == 0.0 { 0 } else { marked });
        }
        if n <= 0 || weights == 0.0 {
            return Err(Error::NoData("no answer in the scope counts"));
        }
        let a = term.coefficient;
        let (value, constant, factors) = match (term.quantity, denominator) {
            (Quantity::Total { .. }, _) => (above, 0.0, [(numerator, a), (numerator, 0.0)]),
            (_, None) => {
                let ratio = above / below;
                (
                    ratio,
                    -a * ratio / below,
                    [(numerator, a / below), (numerator, 0.0)],
                )
            }
            (_, Some(d)) => {
                let ratio = above / below;
                (
                    ratio,
                    0.0,
                    [(numerator, a / below), (d, -a * ratio / below)],
                )
            }
        };
        if !value.is_finite() {
            return Err(Error::NoData("the denominator is zero"));
        }
        Ok(Applied {
            block,
            rows,
            constant,
            factors,
            value: a * value,
            n,
            weights,
            present,
        })
    }

    fn rows(&self, scope: Scope<'_>) -> Result<Vec<u32>, Error> {
        match scope {
            Scope::Everyone => Ok((0..self.count.len() as u32)
                .filter(|&row| self.count[row as usize] > 0.0)
                .collect()),
            Scope::Domains(domains) => {
                let mut rows = Vec::new();
                for (position, domain) in domains.iter().enumerate() {
                    if domains[..position].contains(domain) {
                        return Err(Error::OutOfRange {
                            name: "the domain",
                            value: f64::from(*domain),
                            expected: "each domain once",
                        });
                    }
                    rows.extend(self.rows_of.get(domain).into_iter().flatten());
                }
                Ok(rows)
            }
        }
    }

    fn degrees_of_freedom(&self, term: &Applied) -> f64 {
        let present = term.rows.iter().zip(&term.present);
        let present = present.filter(|(_, answers)| **answers > 0);
        let mut units: Vec<u32> = present.map(|(&row, _)| self.unit[row as usize]).collect();
        units.sort_unstable();
        units.dedup();
        match &self.clusters {
            Some(design) => design.degrees_of_freedom(&units),
            None => (term.present.iter().sum::<i64>() - units.len() as i64) as f64,
        }
    }
}
