//! Confidence sets for ranks, and tiers: simulated.

use crate::page::{Grid, percent, simulation_error, table};
use fastrand::Rng;
use stats::rank::{Areas, Coverage, Method, Simulation, Spread, rank_sets, tiers};
use stats::{Error, Level};

const REPETITIONS: u32 = 1_000;
const ANSWERS: u32 = 200;
const QUICK: Simulation = Simulation {
    draws: 1_000,
    seed: 6,
};
const METHODS: [Method; 4] = [
    Method::StudentisedMaxStepdown(QUICK),
    Method::StudentisedMax(QUICK),
    Method::Holm,
    Method::Bonferroni,
];

/// The section of the page.
pub fn section() -> Result<String, Error> {
    let truths: [(&str, Vec<f64>); 3] = [
        ("6 areas, two ties", vec![0.9, 0.9, 0.8, 0.8, 0.75, 0.5]),
        ("10 areas, all equal", vec![0.7; 10]),
        (
            "10 areas, evenly spread",
            (0..10).map(|i| 0.4 + 0.05 * f64::from(i)).collect(),
        ),
    ];
    let mut rows = Vec::new();
    for (name, truth) in &truths {
        for method in METHODS {
            let mut row = vec![format!("{name}: {}", method.name())];
            row.extend(coverage(truth, method)?);
            rows.push(row);
        }
    }
    let head = ["case and method", "marginal", "simultaneous", "tiers"];
    Ok(format!(
        "\
## Ranks (simulated)

{REPETITIONS} repetitions with {ANSWERS} yes/no answers an area, standard errors estimated, level 95 %;
standard error {} points. Marginal: each area's own set, mean over areas (and the least). Simultaneous:
all sets at once. Tiers: all order between tiers is true. Equal areas share their ranks, and each of their sets
has to hold all of them.

{}",
        simulation_error(REPETITIONS),
        table(&head, &rows)
    ))
}

fn coverage(truth: &[f64], method: Method) -> Result<[String; 3], Error> {
    let mut random = Rng::with_seed(7);
    let mut each = vec![0_u32; truth.len()];
    let (mut all, mut ordered) = (0, 0);
    for _ in 0..REPETITIONS {
        let areas = areas(truth, &mut random)?;
        let covers = |coverage| -> Result<Vec<bool>, Error> {
            let found = rank_sets(&areas, coverage, method, Level::DEFAULT)?;
            let pairs = found.sets.iter().zip(truth);
            Ok(pairs
                .map(|(set, &p)| {
                    let above = truth.iter().filter(|&&other| other > p).count();
                    let below = truth.iter().filter(|&&other| other < p).count();
                    set.best <= 1 + above && truth.len() - below <= set.worst
                })
                .collect())
        };
        for (count, covered) in each.iter_mut().zip(covers(Coverage::Marginal)?) {
            *count += u32::from(covered);
        }
        all += u32::from(
            covers(Coverage::Simultaneous)?
                .iter()
                .all(|&covered| covered),
        );
        ordered += u32::from(in_order(
            truth,
            &tiers(&areas, method, Level::DEFAULT)?.tiers,
        ));
    }
    let share = |count: u32| f64::from(count) / f64::from(REPETITIONS);
    Ok([
        Grid::of(each.into_iter().map(share)).cell(),
        percent(share(all)),
        percent(share(ordered)),
    ])
}

fn areas(truth: &[f64], random: &mut Rng) -> Result<Areas, Error> {
    let n = f64::from(ANSWERS);
    let mut share = |p: f64| {
        let yes = (0..ANSWERS).filter(|_| random.f64() < p).count();
        yes as f64 / n
    };
    let estimates: Vec<f64> = truth.iter().map(|&p| share(p)).collect();
    let errors: Vec<f64> = estimates
        .iter()
        .map(|p| (p * (1.0 - p) / n).sqrt())
        .collect();
    Areas::new(&estimates, Spread::Independent(&errors))
}

/// Whether every area is truly above all areas of later tiers.
fn in_order(truth: &[f64], tiers: &[Vec<usize>]) -> bool {
    let value = |area: &usize| truth.get(*area).copied().unwrap_or(f64::NAN);
    tiers.windows(2).all(|pair| match pair {
        [upper, lower] => {
            let least = upper.iter().map(value).fold(f64::INFINITY, f64::min);
            lower.iter().map(value).all(|p| p < least)
        }
        _ => true,
    })
}
