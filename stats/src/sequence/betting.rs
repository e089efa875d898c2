//! The hedged betting sequence: a mean is refuted by winning money against it.
//!
//! Against each candidate m two gamblers play, one betting that the mean is higher, one that
//! it is lower. If m is true, neither can expect to grow rich. Every m against which
//! neither has reached 1/α is kept.

use super::running::meet;
use super::{EmpiricalBernstein, Observations, Running, Sampling};
use crate::special::edge::edge_within;
use crate::{Error, Interval, Level};

/// How the stake is split and how bold the bets are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hedge {
    /// The share θ of the stake on "the mean is higher", between 0 and 1. Default ½.
    pub theta: f64,
    /// The boldest bet as a share c of what would ruin: λ ≤ c/m upwards, c/(1−m) downwards.
    /// Above 0, below 1. Default ½.
    pub boldness: f64,
    /// How the observations were drawn.
    pub sampling: Sampling,
}

impl Default for Hedge {
    fn default() -> Self {
        Self {
            theta: 0.5,
            boldness: 0.5,
            sampling: Sampling::WithReplacement,
        }
    }
}

/// Limits are found to this width; each halving costs a pass over the series.
const TOLERANCE: f64 = 1e-13;

/// The longest series for which an interval after every observation, or the running
/// intersection, is given: time grows with the square, and a page would be kept waiting.
const LONGEST: usize = 5_000;

/// The hedged capital sequence after every observation: {m : max(θ K⁺(m), (1−θ) K⁻(m)) ≤ 1/α}.
///
/// Usually the narrowest for bounded means. The bets are predictable plug-ins, independent of
/// m but for truncation, so both capitals are monotone in m and the limits exact. Time grows
/// with the square of the length; [`hedged_at`] costs one pass for each of some fifty halvings.
///
/// Source: Waudby-Smith and Ramdas 2024 (JRSS B 86, 1–27), section 4.1 (hedged capital)
/// and the section on sampling without replacement.
///
/// # Errors
/// [`Error::OutOfRange`] for a tuning outside its range, a population smaller than the sample,
/// or more than 5,000 observations; [`Error::Undefined`] if some mean is refuted from either
/// side and no mean is left, which no stable mean brings about.
pub fn hedged(
    observations: Observations,
    hedge: Hedge,
    level: Level,
) -> Result<Vec<Interval>, Error> {
    check_length(observations)?;
    let game = Game::new(observations, hedge, level)?;
    let times = 1..=observations.count();
    times.map(|time| not_empty(game.interval(time))).collect()
}

fn check_length(observations: Observations) -> Result<(), Error> {
    if observations.count() <= LONGEST {
        return Ok(());
    }
    Err(Error::OutOfRange {
        name: "observations",
        value: observations.count() as f64,
        expected: "at most 5,000 for betting after every one; ask at single times instead",
    })
}

/// A set of means that is not empty.
fn not_empty(interval: Interval) -> Result<Interval, Error> {
    if interval.lower <= interval.upper {
        return Ok(interval);
    }
    Err(Error::Undefined {
        method: "the betting confidence set",
        reason: "no mean is compatible with the series; it drifts",
    })
}

/// The hedged capital sequence after the first `time` observations only.
///
/// # Errors
/// As [`hedged`], for a series of any length; also if `time` is 0 or later than the last
/// observation.
pub fn hedged_at(
    observations: Observations,
    time: usize,
    hedge: Hedge,
    level: Level,
) -> Result<Interval, Error> {
    if time == 0 || time > observations.count() {
        return Err(Error::OutOfRange {
            name: "time",
            value: time as f64,
            expected: "from 1 to the number of observations",
        });
    }
    not_empty(Game::new(observations, hedge, level)?.interval(time))
}

/// The running intersection of the hedged sequence, or the drift that empties it.
///
/// Same answer as [`super::running_intersection`] on [`hedged`], at a fraction of the cost: a
/// limit is sought anew only when the standing one is refuted.
///
/// # Errors
/// As [`hedged`], but an empty set is drift.
pub fn hedged_running(
    observations: Observations,
    hedge: Hedge,
    level: Level,
) -> Result<Vec<Running>, Error> {
    check_length(observations)?;
    let game = Game::new(observations, hedge, level)?;
    let mut before = Interval {
        lower: 0.0,
        upper: 1.0,
    };
    let mut drift = None;
    let path = (1..=observations.count()).map(|time| {
        if let Some(drift) = drift {
            return Running::Drift(drift);
        }
        let lower_stands = game.up.keeps(time, before.lower);
        let upper_stands = game.down.keeps(time, 1.0 - before.upper);
        let latest = match (lower_stands, upper_stands) {
            (true, true) => before,
            _ => game.interval(time),
        };
        let state = meet(before, latest, time);
        match state {
            Running::Stable(both) => before = both,
            Running::Drift(found) => drift = Some(found),
        }
        state
    });
    Ok(path.collect())
}

/// Both gamblers' bets.
struct Game {
    up: Gambler,
    down: Gambler,
}

impl Game {
    fn new(observations: Observations, hedge: Hedge, level: Level) -> Result<Self, Error> {
        super::probability("theta", hedge.theta)?;
        super::probability("trunc_scale", hedge.boldness)?;
        hedge.sampling.check(observations)?;
        let series = observations.values();
        let alpha = level.alpha();
        Ok(Self {
            up: Gambler::new(series.to_vec(), hedge, alpha * hedge.theta),
            down: Gambler::new(
                series.iter().map(|x| 1.0 - x).collect(),
                hedge,
                alpha * (1.0 - hedge.theta),
            ),
        })
    }

    fn interval(&self, time: usize) -> Interval {
        Interval {
            lower: self.up.limit(time),
            upper: 1.0 - self.down.limit(time),
        }
    }
}

/// One who bets that the mean of `series` exceeds m.
struct Gambler {
    series: Vec<f64>,
    bets: Vec<f64>,
    boldness: f64,
    sampling: Sampling,
    /// ln of the capital that refutes.
    enough: f64,
}

impl Gambler {
    fn new(series: Vec<f64>, hedge: Hedge, alpha: f64) -> Self {
        let enough = -alpha.ln();
        Self {
            bets: EmpiricalBernstein::default().weights(&series, enough),
            series,
            boldness: hedge.boldness,
            sampling: hedge.sampling,
            enough,
        }
    }

    /// The smallest mean not refuted by the first `time` observations, rounded outwards.
    fn limit(&self, time: usize) -> f64 {
        let edge = edge_within(TOLERANCE, 1.0, 0.0, |m| self.keeps(time, m));
        (edge - TOLERANCE).max(0.0)
    }

    /// Whether the capital won against `m` falls short of refuting it.
    fn keeps(&self, time: usize, m: f64) -> bool {
        let (mut log_capital, mut sum) = (0.0, 0.0);
        for (i, (x, bet)) in self.series.iter().zip(&self.bets).take(time).enumerate() {
            // Without replacement, m implies the mean of those who are left.
            let rest = match self.sampling.unseen_before(i + 1) {
                Some(unseen) => (m * (unseen + i as f64) - sum) / unseen,
                None => m,
            };
            if rest < -TOLERANCE {
                return false;
            }
            let rest = rest.max(0.0);
            log_capital += (bet.min(self.boldness / rest) * (x - rest)).ln_1p();
            sum += x;
        }
        log_capital <= self.enough
    }
}
