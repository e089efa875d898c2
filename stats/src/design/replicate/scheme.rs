//! Which replicates there are, and how their deviations add up to a variance.

use super::sums::PsuSums;
use crate::Error;
use crate::design::layout::CENSUS;
use crate::design::{Design, DesignError, LonelyPsu};
use crate::random::Random;

/// A set of replicates: how each changes the weights of the primary sampling units, and
/// how much its squared deviation counts.
#[derive(Debug, Clone)]
pub struct Replicates {
    name: &'static str,
    changes: Changes,
    scales: Vec<f64>,
}

#[derive(Debug, Clone)]
enum Changes {
    /// Leave one unit out and raise the others of its stratum.
    LeaveOut(Vec<LeftOut>),
    /// A factor for each unit, `psus` to a replicate.
    Factors { psus: usize, factors: Vec<f64> },
}

#[derive(Debug, Clone, Copy)]
struct LeftOut {
    psu: u32,
    stratum: u32,
    /// What the others' weights are multiplied by.
    raise: f64,
    /// Whether "the others" are those of all strata, because the stratum has no other.
    overall: bool,
}

/// Replicates × units up to which factors are kept.
const MOST_FACTORS: usize = 50_000_000;

impl Replicates {
    /// The jackknife: each primary sampling unit in turn is left out, and the others of
    /// its stratum are raised by n/(n − 1). JK1 without strata, JKn with them (Rust & Rao
    /// 1996, §3). Only the correction of the first stage enters.
    ///
    /// A lonely unit has no replicate under "remove" and "certainty"; under "adjust" it is
    /// set against the whole sample; under "average" the other strata's scales are raised.
    pub fn jackknife(design: &Design) -> Self {
        let stage = &design.stages[0];
        let lonely = stage.lonely().count() as f64;
        let strata = stage.sampled.len() as f64;
        let average = if design.lonely_psu == LonelyPsu::Average && lonely < strata {
            strata / (strata - lonely)
        } else {
            1.0
        };
        let mut left_out = Vec::new();
        let mut scales = Vec::new();
        for (psu, &stratum) in stage.group.iter().enumerate() {
            let n = f64::from(stage.sampled[stratum as usize]);
            let fraction = stage.fraction[stratum as usize];
            let overall = n == 1.0;
            if fraction >= CENSUS || (overall && design.lonely_psu != LonelyPsu::Adjust) {
                continue;
            }
            let others = if overall { design.psus() as f64 } else { n };
            let share = (others - 1.0) / others;
            left_out.push(LeftOut {
                psu: psu as u32,
                stratum,
                raise: 1.0 / share,
                overall,
            });
            let open = 1.0 - fraction;
            scales.push(if overall {
                open * share * share
            } else {
                average * open * share
            });
        }
        Self {
            name: if design.is_stratified() {
                "jackknife (JKn)"
            } else {
                "jackknife (JK1)"
            },
            changes: Changes::LeaveOut(left_out),
            scales,
        }
    }

    /// Balanced repeated replication of two units per stratum (McCarthy 1969), softened by
    /// Fay's ρ (Judkins 1990): the factors are 2 − ρ and ρ. ρ = 0 gives half-samples.
    /// Ignores finite population corrections.
    ///
    /// # Errors
    /// [`DesignError::NotPaired`] unless every stratum holds two units,
    /// [`Error::OutOfRange`] for ρ outside [0, 1) or too many strata.
    pub fn balanced(design: &Design, fay: f64) -> Result<Self, Error> {
        if !(0.0..1.0).contains(&fay) {
            return Err(Error::OutOfRange {
                name: "Fay's rho",
                value: fay,
                expected: "at least 0 and below 1, for example 0.3",
            });
        }
        let stage = &design.stages[0];
        if let Some(group) = stage.sampled.iter().position(|&n| n != 2) {
            return Err(DesignError::NotPaired {
                row: stage.example[group] as usize,
                units: stage.sampled[group] as usize,
            }
            .into());
        }
        // Rows of a Hadamard matrix by Sylvester's construction; column 0 is constant.
        let count = (design.strata() + 1).next_power_of_two();
        check_size(count, design.psus())?;
        let mut factors = Vec::with_capacity(count * design.psus());
        for replicate in 0..count {
            for psu in 0..design.psus() {
                let stratum = stage.group[psu] as usize;
                let negative = (replicate & (stratum + 1)).count_ones() % 2 == 1;
                let first = psu % 2 == 0;
                factors.push(if first != negative { 2.0 - fay } else { fay });
            }
        }
        let scale = 1.0 / (count as f64 * (1.0 - fay) * (1.0 - fay));
        Ok(Self {
            name: if fay == 0.0 {
                "balanced repeated replication"
            } else {
                "balanced repeated replication (Fay)"
            },
            changes: Changes::Factors {
                psus: design.psus(),
                factors,
            },
            scales: vec![scale; count],
        })
    }

    /// The rescaled bootstrap (Rao & Wu 1988; Rao, Wu & Yue 1992): n − 1 units of each
    /// stratum are drawn with replacement and raised by n/(n − 1). The same `seed` gives
    /// the same replicates on every machine. Ignores finite population corrections;
    /// lonely units keep their weight.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for fewer than 2 replicates, or too many.
    pub fn bootstrap(design: &Design, count: usize, seed: u64) -> Result<Self, Error> {
        if count < 2 {
            return Err(Error::OutOfRange {
                name: "replicates",
                value: count as f64,
                expected: "at least 2, better 500",
            });
        }
        let psus = design.psus();
        check_size(count, psus)?;
        let stage = &design.stages[0];
        let mut random = Random::seeded(seed);
        let mut factors = vec![0.0; count * psus];
        for replicate in factors.chunks_exact_mut(psus.max(1)) {
            let mut first = 0;
            for &n in &stage.sampled {
                let units = &mut replicate[first..first + n as usize];
                first += n as usize;
                if n == 1 {
                    units[0] = 1.0;
                    continue;
                }
                let raise = f64::from(n) / f64::from(n - 1);
                for _ in 1..n {
                    units[random.below(n) as usize] += raise;
                }
            }
        }
        Ok(Self {
            name: "rescaled bootstrap",
            changes: Changes::Factors { psus, factors },
            scales: vec![1.0 / (count as f64 - 1.0); count],
        })
    }

    /// How many replicates there are.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Whether there is none: every stratum was taken in full.
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    /// What the scheme is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The weighted sums by cell under one replicate.
    pub(super) fn totals(&self, replicate: usize, sums: &PsuSums, totals: &mut [(f64, f64)]) {
        match &self.changes {
            Changes::LeaveOut(left_out) => {
                let change = left_out[replicate];
                let raised = if change.overall {
                    sums.totals()
                } else {
                    sums.stratum(change.stratum as usize)
                };
                let more = change.raise - 1.0;
                for ((total, all), raised) in totals.iter_mut().zip(sums.totals()).zip(raised) {
                    *total = (all.0 + more * raised.0, all.1 + more * raised.1);
                }
                for &(cell, y, x) in sums.psu(change.psu as usize) {
                    let total = &mut totals[cell as usize];
                    total.0 -= change.raise * y;
                    total.1 -= change.raise * x;
                }
            }
            Changes::Factors { psus, factors } => {
                totals.fill((0.0, 0.0));
                let factors = &factors[replicate * psus..(replicate + 1) * psus];
                for (psu, factor) in factors.iter().enumerate() {
                    for &(cell, y, x) in sums.psu(psu) {
                        let total = &mut totals[cell as usize];
                        total.0 += factor * y;
                        total.1 += factor * x;
                    }
                }
            }
        }
    }

    /// Σ scale (a − ā)(b − b̄) over the replicates that have both values.
    pub(super) fn covariance(&self, a: &[f64], b: &[f64]) -> f64 {
        let both = || {
            a.iter()
                .zip(b)
                .zip(&self.scales)
                .filter(|((a, b), _)| !a.is_nan() && !b.is_nan())
        };
        let n = both().count() as f64;
        let mean_a = both().map(|((a, _), _)| a).sum::<f64>() / n;
        let mean_b = both().map(|((_, b), _)| b).sum::<f64>() / n;
        if n == 0.0 && !self.is_empty() {
            return f64::NAN;
        }
        both()
            .map(|((a, b), scale)| scale * (a - mean_a) * (b - mean_b))
            .sum()
    }
}

fn check_size(count: usize, psus: usize) -> Result<(), Error> {
    let size = count.saturating_mul(psus);
    if size <= MOST_FACTORS {
        return Ok(());
    }
    Err(Error::OutOfRange {
        name: "replicates × sampling units",
        value: size as f64,
        expected: "at most 50 million; use linearisation or the jackknife",
    })
}
