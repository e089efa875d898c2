//! Raked estimates of a proportion from clusters: simulated.

use crate::page::{percent, simulation_error, table};
use fastrand::Rng;
use stats::design::{LonelyPsu, ProportionMethod, proportion_interval};
use stats::tally::{CellKey, Frame, Moments, Quantity, Sample, Scope, Table, Units};
use stats::weights::{Margin, Method};
use stats::{Error, Interval, Level, Sides, proportion};

const REPETITIONS: u32 = 1_000;
const STRATA: u32 = 4;
const PERSONS: u32 = 20;
/// Weighting cells, women first: sex × three age groups.
const POPULATION: [f64; 6] = [150.0, 200.0, 150.0, 150.0, 200.0, 150.0];
/// How readily each cell answers: women and the old more than others.
const READINESS: [f64; 6] = [0.6, 0.9, 1.2, 0.4, 0.6, 0.8];
/// What is added to the share of yes in each cell, and in each stratum.
const BY_CELL: [f64; 6] = [-0.05, 0.0, 0.05, -0.05, 0.0, 0.05];
const BY_STRATUM: [f64; 4] = [-0.04, -0.02, 0.02, 0.04];
const METHODS: [ProportionMethod; 5] = [
    ProportionMethod::Mean,
    ProportionMethod::Logit,
    ProportionMethod::Wilson,
    ProportionMethod::Beta,
    ProportionMethod::KornGraubard,
];

/// The section of the page.
pub fn section() -> Result<String, Error> {
    let mut rows = Vec::new();
    for p in [0.3, 0.9] {
        for psus in [4, 15] {
            for correlation in [0.0, 0.05, 0.2] {
                let case = Case {
                    p,
                    psus,
                    correlation,
                };
                rows.push(case.row()?);
            }
        }
    }
    let mut head = vec![
        "p".to_owned(),
        "PSUs a stratum".to_owned(),
        "ICC".to_owned(),
    ];
    head.extend(METHODS.iter().map(ToString::to_string));
    head.push("no design: wilson".to_owned());
    Ok(format!(
        "\
## Raked estimates from clusters (simulated)

{REPETITIONS} surveys of {STRATA} strata, {PERSONS} answers to a PSU, raked to sex and age because women and
the old answer more readily; level 95 %, standard error {} points. ICC is the correlation of answers
within a PSU. The last column takes the answers for a simple random sample: neither clusters nor
weights.

{}",
        simulation_error(REPETITIONS),
        table(&head, &rows)
    ))
}

/// A way to draw and to answer.
struct Case {
    p: f64,
    psus: u32,
    correlation: f64,
}

impl Case {
    fn row(&self) -> Result<Vec<String>, Error> {
        let mut random = Rng::with_seed(8);
        let mut held = [0; METHODS.len() + 1];
        for _ in 0..REPETITIONS {
            for (count, interval) in held.iter_mut().zip(self.survey(&mut random)?) {
                // An interval that is refused is a miss. The additions to p cancel.
                *count += u32::from(interval.is_some_and(|limits| limits.contains(self.p)));
            }
        }
        let mut row = vec![
            self.p.to_string(),
            self.psus.to_string(),
            self.correlation.to_string(),
        ];
        row.extend(held.map(|count| percent(f64::from(count) / f64::from(REPETITIONS))));
        Ok(row)
    }

    /// Every method's interval from one survey; the last without the design.
    fn survey(&self, random: &mut Rng) -> Result<[Option<Interval>; METHODS.len() + 1], Error> {
        let table = self.answers(random)?;
        let frame = Frame {
            units: Units::Clusters,
            weight: &|_| 1_000.0 / f64::from(STRATA * self.psus * PERSONS),
            fraction: &|_| 0.0,
            further: &[],
            lonely_psu: LonelyPsu::Fail,
        };
        let mut sample = Sample::new(&table, &frame)?;
        let margin = |level: fn(usize) -> usize, levels: usize| {
            let mut totals = vec![0.0; levels];
            for (cell, people) in POPULATION.iter().enumerate() {
                if let Some(total) = totals.get_mut(level(cell)) {
                    *total += people;
                }
            }
            let level_of_cell = (0..POPULATION.len())
                .map(|cell| level(cell) as u32)
                .collect();
            Margin {
                level_of_cell,
                totals,
            }
        };
        sample.calibrate(
            Method::Rake,
            &[margin(|cell| cell / 3, 2), margin(|cell| cell % 3, 3)],
        )?;
        let yes = Quantity::Mean {
            block: 0,
            variable: 0,
        };
        let estimate = sample.estimate(yes, Scope::Everyone)?;
        let mut intervals = [None; METHODS.len() + 1];
        for (interval, method) in intervals.iter_mut().zip(METHODS) {
            *interval = proportion_interval(&estimate, Level::DEFAULT, method).ok();
        }
        if let Some(last) = intervals.last_mut() {
            let count: i64 = (0..table.keys().len())
                .filter_map(|row| Some(table.tally(row, 0)?.sum(0)))
                .sum();
            let simple = proportion::Method::Wilson;
            let n = estimate.n as u64;
            *last = Some(proportion::interval(
                count as u64,
                n,
                Level::DEFAULT,
                Sides::Two,
                simple,
            )?);
        }
        Ok(intervals)
    }

    /// Answers come from cells by their readiness. With probability √ICC a person says what the
    /// PSU's common draw says, so that two of a PSU correlate by ICC.
    fn answers(&self, random: &mut Rng) -> Result<Table, Error> {
        let common = self.correlation.sqrt();
        let mut table = Table::new(&[1]);
        for (stratum, by_stratum) in (0..STRATA).zip(BY_STRATUM) {
            for psu in 0..self.psus {
                let draw = random.f64();
                for _ in 0..PERSONS {
                    let cell = cell(random);
                    let p = self.p + by_stratum + BY_CELL.get(cell).copied().unwrap_or_default();
                    let own = random.f64();
                    let follows = random.f64() < common;
                    let mut tally = Moments::new(1);
                    tally.add(&[i64::from(if follows { draw } else { own } < p)])?;
                    let key = CellKey {
                        domain: 0,
                        stratum,
                        psu,
                        inner: 0,
                        weighting: cell as u32,
                    };
                    table.add(key, 0, tally.view())?;
                }
            }
        }
        Ok(table)
    }
}

/// The weighting cell of the next person who answers.
fn cell(random: &mut Rng) -> usize {
    let willing = || {
        POPULATION
            .iter()
            .zip(READINESS)
            .map(|(people, ready)| people * ready)
    };
    let mut left = random.f64() * willing().sum::<f64>();
    let passed = willing().take_while(|share| {
        left -= share;
        left >= 0.0
    });
    passed.count().min(POPULATION.len() - 1)
}
