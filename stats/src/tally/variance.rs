//! The linearised variance of estimates from tallies.

use super::calibration::Calibration;
use super::estimate::Applied;
use super::sample::Sample;
use super::stages::Persons;
use crate::Error;
use crate::design::{Design, Influence, LonelyPsu};

/// An estimate's influence by row of the table, before calibration.
pub(super) struct Pieces {
    /// The rows that it reaches.
    rows: Vec<u32>,
    /// Σ w u over the answers of each.
    pub linear: Vec<f64>,
    /// Σ (w u)² over the answers of each; empty for clusters in several blocks, whose
    /// variances do not need it.
    square: Vec<f64>,
}

impl Pieces {
    pub(super) fn of(sample: &Sample<'_>, terms: &[Applied]) -> Result<Self, Error> {
        match terms {
            [term] => Ok(Self::of_one(sample, term)),
            _ => Self::of_several(sample, terms),
        }
    }

    /// The influence of one term: at most two variables of one block.
    fn of_one(sample: &Sample<'_>, term: &Applied) -> Self {
        let mut pieces = Self {
            rows: term.rows.clone(),
            linear: Vec::with_capacity(term.rows.len()),
            square: Vec::with_capacity(term.rows.len()),
        };
        for &row in &term.rows {
            let form = form(
                sample,
                row as usize,
                term.block,
                term.constant,
                &term.factors,
            );
            pieces.linear.push(form.0);
            pieces.square.push(form.1);
        }
        pieces
    }

    /// The influence of several terms: where their scopes overlap, they add up answer by
    /// answer, which needs cross-products if answers are the sampling units.
    fn of_several(sample: &Sample<'_>, terms: &[Applied]) -> Result<Self, Error> {
        let mut reaching: Vec<Vec<u32>> = vec![Vec::new(); sample.count.len()];
        for (t, term) in terms.iter().enumerate() {
            for &row in &term.rows {
                reaching[row as usize].push(t as u32);
            }
        }
        let mut pieces = Self {
            rows: Vec::new(),
            linear: Vec::new(),
            square: Vec::new(),
        };
        let mut factors = Vec::new();
        for (row, reaching) in reaching.iter().enumerate() {
            let here = || reaching.iter().map(|&t| &terms[t as usize]);
            let Some(first) = here().next() else {
                continue;
            };
            pieces.rows.push(row as u32);
            if here().all(|term| term.block == first.block) {
                factors.clear();
                factors.extend(here().flat_map(|term| term.factors));
                let constant = here().map(|term| term.constant).sum();
                let (linear, square) = form(sample, row, first.block, constant, &factors);
                pieces.linear.push(linear);
                pieces.square.push(square);
            } else if sample.persons.is_none() {
                let parts = here().map(|t| form(sample, row, t.block, t.constant, &t.factors).0);
                pieces.linear.push(parts.sum());
                pieces.square.push(f64::NAN);
            } else {
                return Err(Error::Undefined {
                    method: "the covariance between blocks of tallied variables",
                    reason: "answers are the sampling units and cross-products between blocks \
                             are not tallied; tally the variables in one block",
                });
            }
        }
        Ok(pieces)
    }

    /// Σ w u² over all answers.
    pub(super) fn unweighted_squares(&self, sample: &Sample<'_>) -> f64 {
        let rows = self.rows.iter().zip(&self.square);
        let squares = rows.map(|(&row, &square)| match sample.weight[row as usize] {
            weight if weight != 0.0 => square / weight,
            _ => 0.0,
        });
        squares.sum()
    }
}

/// Σ w u and Σ (w u)² over the answers of a row, for u = constant + Σ factor · variable.
fn form(
    sample: &Sample<'_>,
    row: usize,
    block: usize,
    constant: f64,
    factors: &[(usize, f64)],
) -> (f64, f64) {
    let Some(tally) = sample.table.tally(row, block) else {
        return (0.0, 0.0);
    };
    let n = tally.count() as f64;
    let mut linear = 0.0;
    let mut square = 0.0;
    for (position, &(i, a)) in factors.iter().enumerate() {
        if a == 0.0 {
            continue;
        }
        linear += a * tally.sum(i) as f64;
        square += a * a * tally.product(i, i) as f64;
        for &(j, b) in &factors[position + 1..] {
            square += 2.0 * a * b * tally.product(i, j) as f64;
        }
    }
    let weight = sample.weight[row];
    (
        weight * (constant * n + linear),
        weight * weight * (constant * constant * n + 2.0 * constant * linear + square),
    )
}

/// The variance of the estimate whose influence the pieces are.
pub(super) fn variance(sample: &Sample<'_>, pieces: &Pieces) -> f64 {
    let fitted = sample.calibration.as_ref().map(|c| fit(sample, c, pieces));
    let calibration = sample.calibration.as_ref().zip(fitted.as_deref());
    let clusters = sample.clusters.as_ref();
    let persons = sample.persons.as_ref();
    clusters.map_or(0.0, |design| {
        of_clusters(sample, design, pieces, calibration)
    }) + persons.map_or(0.0, |units| of_persons(sample, units, pieces, calibration))
}

/// The regression of the influence on the margins, by weighting cell.
fn fit(sample: &Sample<'_>, calibration: &Calibration, pieces: &Pieces) -> Vec<f64> {
    let mut totals = vec![0.0; calibration.factors.len()];
    for (&row, &value) in pieces.rows.iter().zip(&pieces.linear) {
        totals[sample.cell[row as usize] as usize] += value;
    }
    for (total, &factor) in totals.iter_mut().zip(&calibration.factors) {
        *total = if factor == 0.0 { 0.0 } else { *total / factor };
    }
    let mut fitted = Vec::new();
    calibration.regression.fit(&totals, &mut fitted);
    fitted
}

type Fitted<'a> = Option<(&'a Calibration, &'a [f64])>;

/// The variance between clusters, all stages.
fn of_clusters(
    sample: &Sample<'_>,
    design: &Design,
    pieces: &Pieces,
    calibration: Fitted<'_>,
) -> f64 {
    let mut totals = vec![0.0; design.units()];
    for (&row, &value) in pieces.rows.iter().zip(&pieces.linear) {
        totals[sample.unit[row as usize] as usize] += value;
    }
    if let Some((calibration, fitted)) = calibration {
        for (total, sum) in totals.iter_mut().zip(calibration.mass.linear(fitted)) {
            *total -= sum;
        }
    }
    design.variance(&Influence::dense(totals))
}

/// The variance between persons within the units that they were drawn in.
fn of_persons(
    sample: &Sample<'_>,
    units: &[Persons],
    pieces: &Pieces,
    calibration: Fitted<'_>,
) -> f64 {
    let mut sums = vec![(0.0, 0.0); units.len()];
    for (entry, &row) in pieces.rows.iter().enumerate() {
        let row = row as usize;
        let sum = &mut sums[sample.unit[row] as usize];
        sum.0 += pieces.linear[entry];
        sum.1 += pieces.square[entry];
        if let Some((_, fitted)) = calibration {
            let shift = sample.weight[row] * fitted[sample.cell[row] as usize];
            sum.1 -= 2.0 * shift * pieces.linear[entry];
        }
    }
    if let Some((calibration, fitted)) = calibration {
        let mass = &calibration.mass;
        for (sum, (linear, square)) in sums
            .iter_mut()
            .zip(mass.linear(fitted).zip(mass.square(fitted)))
        {
            sum.0 -= linear;
            sum.1 += square;
        }
    }
    let answers: f64 = units.iter().map(|unit| unit.answers).sum();
    let mean = sums.iter().map(|sum| sum.0).sum::<f64>() / answers;
    let (mut variance, mut lonely, mut counted) = (0.0, 0.0, 0.0);
    for (unit, &(sum, square)) in units.iter().zip(&sums) {
        if !unit.counts() {
            continue;
        }
        counted += 1.0;
        let (n, open) = (unit.answers, unit.outer * (1.0 - unit.fraction));
        if unit.is_lonely() {
            lonely += 1.0;
            if sample.lonely_psu == LonelyPsu::Adjust {
                variance += open * (sum - mean) * (sum - mean);
            }
        } else if n > 1.0 {
            // Rounding may leave nothing just below zero.
            variance += (open * n / (n - 1.0) * (square - sum * sum / n)).max(0.0);
        }
    }
    if sample.lonely_psu == LonelyPsu::Average && lonely > 0.0 {
        variance *= counted / (counted - lonely);
    }
    variance
}
