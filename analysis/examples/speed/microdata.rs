//! A survey of a million rows: the file, and `analyze` on it. `survey.R` asks R the same.

use crate::cost::{peak_kilobytes, processor_seconds};
use analysis::analyze::{self, EstimateRow, Row};
use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::time::Instant;

const REQUEST: &str = r#"{
    "design": {"strata": "stratum", "clusters": ["town"], "weights": "weight"},
    "calibrate": [{"method": "rake", "margins": [
        {"by": ["sex"], "totals": {"f": 13000000, "m": 12000000}},
        {"by": ["age"], "totals": {"18-34": 8000000, "35-54": 9000000, "55+": 8000000}}]}],
    "estimates": [
        {"statistic": "mean", "variable": "satisfaction"},
        {"statistic": "proportion", "variable": "aware", "equals": 1},
        {"statistic": "ratio", "numerator": "spent", "denominator": "income"},
        {"statistic": "mean", "variable": "satisfaction", "by": ["area"]}]}"#;

/// Writes a stratified cluster sample: 10 strata of 100 towns, 20 areas of 50.
pub fn generate(file: &str, rows: u32) -> Result<(), Box<dyn Error>> {
    let mut random = fastrand::Rng::with_seed(2);
    let mut out = BufWriter::new(File::create(file)?);
    writeln!(
        out,
        "stratum,town,area,sex,age,weight,satisfaction,aware,spent,income"
    )?;
    let towns: Vec<f64> = (0..1_000).map(|_| random.f64()).collect();
    for row in 0..rows {
        let town = row % 1_000;
        let warmth = towns.get(town as usize).copied().unwrap_or_default();
        let stratum = town / 100;
        let sex = if random.f64() < 0.6 { "f" } else { "m" };
        let age = random.choice(["18-34", "35-54", "55+"]).unwrap_or("55+");
        let weight = 20 + stratum;
        let satisfaction = (60.0 * random.f64() + 40.0 * warmth).round();
        let aware = u8::from(random.f64() < 0.4 + 0.4 * warmth);
        let income = random.u32(1_000..9_000);
        let spent = (f64::from(income) * random.f64()).round();
        writeln!(
            out,
            "{stratum},{town},{},{sex},{age},{weight},{satisfaction},{aware},{spent},{income}",
            town / 50,
        )?;
    }
    Ok(out.flush()?)
}

/// Prints time, peak memory and the first estimates, reading of the file included.
pub fn run(file: &str) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let output = analyze::run_reader(REQUEST, BufReader::new(File::open(file)?))?;
    println!("seconds={:.3}", processor_seconds()?);
    println!("elapsed={:.3}", start.elapsed().as_secs_f64());
    println!("peak_kb={}", peak_kilobytes()?);
    for (name, rows) in ["mean", "proportion", "ratio", "area"]
        .iter()
        .zip(&output.estimates)
    {
        let Some(Row::Estimate(EstimateRow {
            estimate: Some(estimate),
            se: Some(se),
            ..
        })) = rows.first()
        else {
            return Err(format!("{name} has no estimate").into());
        };
        println!("{name}={estimate:.12}");
        println!("{name}_se={se:.12}");
    }
    Ok(())
}
