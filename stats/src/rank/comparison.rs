//! Which areas are surely above which: many one-sided comparisons under one error rate.
//!
//! For every ordered pair the claim "a is above b" is tested by T = (θ̂_a − θ̂_b)/se. The
//! probability of any false claim in the family is at most α, ties included.

use super::areas::Areas;
use crate::distribution::normal;
use crate::random::Random;
use crate::{Error, Level};

/// How the error rate of the family is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The studentised maximum: the critical value is the quantile of the largest T under
    /// equality, simulated with the covariance of the estimates. As in the source.
    StudentisedMax(Simulation),
    /// The same, stepwise: claims that are established leave the family, and the rest are
    /// judged more leniently (Romano and Wolf 2005, Econometrica 73, 1237–1282). The default.
    StudentisedMaxStepdown(Simulation),
    /// Bonferroni: no simulation, valid under any dependence, wider.
    Bonferroni,
    /// Holm 1979 (Scand. J. Statist. 6, 65–70): stepwise Bonferroni.
    Holm,
}

impl Default for Method {
    fn default() -> Self {
        Self::StudentisedMaxStepdown(Simulation::default())
    }
}

impl Method {
    /// The name under which the method is reported.
    pub fn name(self) -> &'static str {
        match self {
            Self::StudentisedMax(_) => "studentised_max",
            Self::StudentisedMaxStepdown(_) => "studentised_max_stepdown",
            Self::Bonferroni => "bonferroni",
            Self::Holm => "holm",
        }
    }

    fn simulation(self) -> Option<Simulation> {
        match self {
            Self::StudentisedMax(simulation) | Self::StudentisedMaxStepdown(simulation) => {
                Some(simulation)
            }
            Self::Bonferroni | Self::Holm => None,
        }
    }

    fn steps_down(self) -> bool {
        matches!(self, Self::StudentisedMaxStepdown(_) | Self::Holm)
    }
}

/// The simulation of a critical value. The same seed gives the same sets everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulation {
    /// How many times to draw. The default, 5,000, puts the error rate within ±0.6 points of 5 %.
    pub draws: usize,
    /// Where the stream begins.
    pub seed: u64,
}

impl Default for Simulation {
    fn default() -> Self {
        Self {
            draws: 5_000,
            seed: 0,
        }
    }
}

/// Pairs of areas compared at most; beyond it, memory and time are not those of a dashboard.
const MOST_AREAS: usize = 2_000;

/// Most draws × areas to hold, and most draws × comparisons to make.
const MOST_HELD: usize = 20_000_000;
const MOST_MADE: usize = 2_000_000_000;

/// The comparisons that are to be made among areas.
pub(super) struct Comparisons<'a> {
    areas: &'a Areas,
    method: Method,
    alpha: f64,
    /// Simulated errors of all areas, one row per draw.
    draws: Vec<Vec<f64>>,
}

/// Which claims "a is above b" are established.
pub(super) struct Established {
    count: usize,
    above: Vec<bool>,
}

impl Established {
    /// Whether `a` is surely above `b`.
    pub fn above(&self, a: usize, b: usize) -> bool {
        self.above.get(a * self.count + b).copied().unwrap_or(false)
    }
}

/// The claim that `a` is above `b`.
#[derive(Clone, Copy)]
struct Claim {
    a: usize,
    b: usize,
    standard_error: f64,
    /// T; infinite where the difference is known without error.
    statistic: f64,
}

impl<'a> Comparisons<'a> {
    pub fn new(areas: &'a Areas, method: Method, level: Level) -> Result<Self, Error> {
        let count = areas.count();
        limit("areas", count, MOST_AREAS, "at most 2,000 areas")?;
        let mut draws = Vec::new();
        if let Some(simulation) = method.simulation() {
            let work = simulation.draws.saturating_mul(count);
            limit(
                "draws × areas",
                work,
                MOST_HELD,
                "fewer draws, or Bonferroni or Holm",
            )?;
            let pairs = work.saturating_mul(count - 1);
            limit(
                "draws × pairs",
                pairs,
                MOST_MADE,
                "fewer draws, or Bonferroni or Holm",
            )?;
            if (simulation.draws as f64 + 1.0) * level.alpha() < 1.0 {
                return Err(Error::OutOfRange {
                    name: "draws",
                    value: simulation.draws as f64,
                    expected: "at least 1/α draws, better 100/α",
                });
            }
            let mut random = Random::seeded(simulation.seed);
            draws = (0..simulation.draws)
                .map(|_| areas.errors((0..count).map(|_| random.normal()).collect()))
                .collect();
        }
        Ok(Self {
            areas,
            method,
            alpha: level.alpha(),
            draws,
        })
    }

    /// All ordered pairs as one family.
    pub fn all_pairs(&self) -> Result<Established, Error> {
        let count = self.areas.count();
        let pairs = (0..count).flat_map(|a| (0..count).map(move |b| (a, b)));
        self.judge(pairs)
    }

    /// The pairs of one area with all others as one family.
    pub fn pairs_with(&self, area: usize) -> Result<Established, Error> {
        let count = self.areas.count();
        let pairs = (0..count).flat_map(|other| [(area, other), (other, area)]);
        self.judge(pairs)
    }

    fn judge(&self, pairs: impl Iterator<Item = (usize, usize)>) -> Result<Established, Error> {
        let count = self.areas.count();
        let mut above = vec![false; count * count];
        let mut open: Vec<Claim> = pairs
            .filter(|(a, b)| a != b)
            .map(|(a, b)| self.claim(a, b))
            .collect();
        while !open.is_empty() {
            let critical = self.critical(&open)?;
            let before = open.len();
            open.retain(|claim| {
                let established = claim.statistic > critical;
                if let (true, Some(cell)) = (established, above.get_mut(claim.a * count + claim.b))
                {
                    *cell = true;
                }
                !established
            });
            // A single step, or nothing more to be had.
            if open.len() == before || !self.method.steps_down() {
                break;
            }
        }
        Ok(Established { count, above })
    }

    fn claim(&self, a: usize, b: usize) -> Claim {
        let estimate = |i: usize| self.areas.estimates().get(i).copied().unwrap_or(f64::NAN);
        let standard_error = self.areas.standard_error(a, b);
        let difference = estimate(a) - estimate(b);
        let statistic = if difference == 0.0 {
            0.0
        } else {
            difference / standard_error
        };
        Claim {
            a,
            b,
            standard_error,
            statistic,
        }
    }

    /// The value that the largest T of the open claims exceeds with probability α at most if
    /// none of them is true.
    fn critical(&self, open: &[Claim]) -> Result<f64, Error> {
        if self.draws.is_empty() {
            return normal::quantile(self.alpha / open.len() as f64).map(|z| -z);
        }
        let mut largest: Vec<f64> = self.draws.iter().map(|errors| most(errors, open)).collect();
        let rank = ((1.0 - self.alpha) * (largest.len() as f64 + 1.0)).ceil() as usize;
        let rank = rank.clamp(1, largest.len()) - 1;
        let (_, critical, _) = largest.select_nth_unstable_by(rank, f64::total_cmp);
        Ok(*critical)
    }
}

/// The largest studentised difference in one draw.
fn most(errors: &[f64], claims: &[Claim]) -> f64 {
    let error = |i: usize| errors.get(i).copied().unwrap_or(0.0);
    let statistics = claims
        .iter()
        .filter(|claim| claim.standard_error > 0.0)
        .map(|claim| (error(claim.a) - error(claim.b)) / claim.standard_error);
    statistics.fold(0.0, f64::max)
}

fn limit(
    name: &'static str,
    value: usize,
    most: usize,
    expected: &'static str,
) -> Result<(), Error> {
    if value <= most {
        return Ok(());
    }
    Err(Error::OutOfRange {
        name,
        value: value as f64,
        expected,
    })
}
