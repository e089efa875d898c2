//! Sequences that depend on the whole series, looked at after every answer: simulated.

use crate::page::{by_method, percent, simulation_error, table};
use fastrand::Rng;
use stats::sequence::asymptotic::{self, Monitored};
use stats::sequence::{
    BetaPrior, EmpiricalBernstein, GammaExponentialMean, Hedge, Observations, Running, Sampling,
    beta_binomial_difference, empirical_bernstein, gamma_exponential_mean, hedged_running,
    hoeffding,
};
use stats::{Error, Interval, Level};

const PATHS: u32 = 400;
const ANSWERS: usize = 300;
const POPULATION: usize = 400;

/// Whether every interval over a series holds the mean.
type Holds = fn(Observations, f64) -> Result<bool, Error>;

/// The section of the page.
pub fn section() -> Result<String, Error> {
    Ok(format!(
        "\
## Sequences from series (simulated)

The share of {PATHS} paths on which the 95 % interval held the truth **every time** when looked at after
each of {ANSWERS} answers. Standard error {} points. The scale has five points with mean 0.675.

{}**Differences** of two proportions, one answer on each side in turn:

{}",
        simulation_error(PATHS),
        means()?,
        differences()?
    ))
}

fn means() -> Result<String, Error> {
    let sequences: [(&str, Holds); 4] = [
        ("hedged_betting", betting),
        ("predmix_empbern", bernstein),
        ("predmix_hoeffding", |series, mean| {
            Ok(all(&hoeffding(series, Level::DEFAULT), mean))
        }),
        ("gamma_exponential_mixture_empirical_bernstein", mixture),
    ];
    let mut rows = Vec::new();
    for (name, holds) in sequences {
        let mut row = vec![name.to_owned()];
        for (draw, mean) in [
            (yes(0.1), 0.1),
            (yes(0.5), 0.5),
            (Box::new(five_points) as Box<dyn Fn(&mut Rng) -> f64>, 0.675),
        ] {
            let mut random = Rng::with_seed(3);
            row.push(share(|| {
                let series: Vec<f64> = (0..ANSWERS).map(|_| draw(&mut random)).collect();
                holds(Observations::new(&series)?, mean)
            })?);
        }
        rows.push(row);
    }
    let mut random = Rng::with_seed(4);
    let without = share(|| {
        let mut everyone: Vec<f64> = (0..POPULATION).map(|_| five_points(&mut random)).collect();
        random.shuffle(&mut everyone);
        let mean = everyone.iter().sum::<f64>() / POPULATION as f64;
        let asked = Observations::new(everyone.get(..ANSWERS).unwrap_or_default())?;
        let sampling = Sampling::WithoutReplacement {
            population: POPULATION as u64,
        };
        let tuning = EmpiricalBernstein::default();
        Ok(all(
            &empirical_bernstein(asked, sampling, tuning, Level::DEFAULT)?,
            mean,
        ))
    })?;
    let name = format!("predmix_empbern_wor, {ANSWERS} of {POPULATION}");
    rows.push(vec![name, String::new(), String::new(), without]);
    Ok(table(
        &["method", "yes/no, p = 0.1", "yes/no, p = 0.5", "scale"],
        &rows,
    ))
}

fn differences() -> Result<String, Error> {
    let truths = [(0.6, 0.5), (0.9, 0.7), (0.3, 0.3)];
    let mixture = |first, second| {
        beta_binomial_difference(first, second, BetaPrior::default(), Level::DEFAULT)
    };
    let asymptotic = |first: (u64, u64), second: (u64, u64)| {
        let side = |(k, n): (u64, u64)| {
            let (p, n) = (k as f64 / n as f64, n as f64);
            Monitored::mean(n, p, p * (1.0 - p))
        };
        let difference = asymptotic::difference(side(first)?, side(second)?, 0.0)?;
        asymptotic::interval(difference, 200.0, Level::DEFAULT)
    };
    let mut rows = Vec::new();
    for (name, from, limits) in [
        (
            "beta_binomial_difference",
            1,
            &mixture as &dyn Fn((u64, u64), (u64, u64)) -> Result<Interval, Error>,
        ),
        (
            "asymptotic_cs_difference, n_opt = 200, from 30 a side on",
            30,
            &asymptotic,
        ),
    ] {
        let mut row = vec![name.to_owned()];
        for (p1, p2) in truths {
            let mut random = Rng::with_seed(5);
            row.push(share(|| {
                let (mut k1, mut k2) = (0, 0);
                for n in 1..=ANSWERS as u64 / 2 {
                    k1 += u64::from(random.f64() < p1);
                    k2 += u64::from(random.f64() < p2);
                    if n >= from && !limits((k1, n), (k2, n))?.contains(p1 - p2) {
                        return Ok(false);
                    }
                }
                Ok(true)
            })?);
        }
        rows.push(row);
    }
    let head = truths.map(|(p1, p2)| format!("{p1} − {p2}"));
    Ok(table(&by_method(head), &rows))
}

/// The share of paths that hold, in %.
fn share(mut holds: impl FnMut() -> Result<bool, Error>) -> Result<String, Error> {
    let mut held = 0;
    for _ in 0..PATHS {
        held += u32::from(holds()?);
    }
    Ok(percent(f64::from(held) / f64::from(PATHS)))
}

fn yes(p: f64) -> Box<dyn Fn(&mut Rng) -> f64> {
    Box::new(move |random| f64::from(random.f64() < p))
}

/// 0, ¼, ½, ¾, 1 with probabilities 5, 10, 20, 40 and 25 %.
fn five_points(random: &mut Rng) -> f64 {
    let u = random.f64();
    let steps = [0.05, 0.15, 0.35, 0.75].iter().filter(|&&step| u >= step);
    steps.count() as f64 / 4.0
}

fn all(intervals: &[Interval], mean: f64) -> bool {
    intervals.iter().all(|interval| interval.contains(mean))
}

fn betting(series: Observations, mean: f64) -> Result<bool, Error> {
    // All intervals hold the mean just when their intersection does.
    let last = hedged_running(series, Hedge::default(), Level::DEFAULT)?.pop();
    Ok(matches!(last, Some(Running::Stable(interval)) if interval.contains(mean)))
}

fn bernstein(series: Observations, mean: f64) -> Result<bool, Error> {
    let (sampling, tuning) = (Sampling::default(), EmpiricalBernstein::default());
    Ok(all(
        &empirical_bernstein(series, sampling, tuning, Level::DEFAULT)?,
        mean,
    ))
}

fn mixture(series: Observations, mean: f64) -> Result<bool, Error> {
    let times: Vec<usize> = (1..=series.count()).collect();
    let tuning = GammaExponentialMean::default();
    Ok(all(
        &gamma_exponential_mean(series, &times, tuning, Level::DEFAULT)?,
        mean,
    ))
}
