//! The live picture: every indicator of every area, with raking and Taylor variances.

use crate::cost::processor_seconds;
use stats::Level;
use stats::design::LonelyPsu;
use stats::tally::{CellKey, Frame, Moments, Quantity, Sample, Scope, Table, Units};
use stats::weights::{Margin, Method};
use std::error::Error;
use std::time::Instant;

const INDICATORS: usize = 40;
const AREAS: u32 = 20;
const PSUS: u32 = 50;
/// Sex × five age groups.
const WEIGHTING: u32 = 10;
const ANSWERS: u32 = 12;
const RUNS: u32 = 15;

/// Prints how many milliseconds the whole picture takes, on average of some runs.
pub fn run() -> Result<(), Box<dyn Error>> {
    let table = table()?;
    let (start, before) = (Instant::now(), processor_seconds()?);
    let mut estimates = 0;
    for _ in 0..RUNS {
        estimates = picture(&table)?.len();
    }
    let each = 1e3 / f64::from(RUNS);
    println!("cells={}", table.keys().len());
    println!("estimates={estimates}");
    println!("ms={:.1}", (processor_seconds()? - before) * each);
    println!("elapsed_ms={:.1}", start.elapsed().as_secs_f64() * each);
    Ok(())
}

/// Ten thousand cells: areas × PSUs × weighting cells, one block (asked, score) per indicator.
fn table() -> Result<Table, stats::Error> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut table = Table::new(&[2; INDICATORS]);
    for area in 0..AREAS {
        for psu in 0..PSUS {
            for weighting in 0..WEIGHTING {
                let key = CellKey {
                    domain: area,
                    stratum: area,
                    psu,
                    inner: 0,
                    weighting,
                };
                for block in 0..INDICATORS {
                    let mut tally = Moments::new(2);
                    for _ in 0..ANSWERS {
                        let asked = random.f64() < 0.95;
                        let score = if asked { random.i64(0..=100) } else { 0 };
                        tally.add(&[i64::from(asked), score])?;
                    }
                    table.add(key, block, tally.view())?;
                }
            }
        }
    }
    Ok(table)
}

/// Weights, then each indicator's rate, standard error and interval in each area.
fn picture(table: &Table) -> Result<Vec<[f64; 4]>, stats::Error> {
    let frame = Frame {
        units: Units::Clusters,
        weight: &|key| 10.0 + f64::from(key.stratum),
        fraction: &|_| 0.1,
        further: &[],
        lonely_psu: LonelyPsu::Fail,
    };
    let mut sample = Sample::new(table, &frame)?;
    let margin = |level: fn(u32) -> u32, totals: &[f64]| Margin {
        level_of_cell: (0..WEIGHTING).map(level).collect(),
        totals: totals.to_vec(),
    };
    let sex = margin(|cell| cell / 5, &[1_300_000.0, 1_200_000.0]);
    let age = margin(|cell| cell % 5, &[400e3, 500e3, 600e3, 550e3, 450e3]);
    sample.calibrate(Method::Rake, &[sex, age])?;
    let mut rows = Vec::with_capacity(INDICATORS * AREAS as usize);
    for block in 0..INDICATORS {
        let rate = Quantity::Ratio {
            block,
            numerator: 1,
            denominator: 0,
        };
        for area in 0..AREAS {
            let estimate = sample.estimate(rate, Scope::Domains(&[area]))?;
            let limits = estimate.interval(Level::DEFAULT)?;
            let se = estimate.standard_error();
            rows.push([estimate.value, se, limits.lower, limits.upper]);
        }
    }
    Ok(rows)
}
