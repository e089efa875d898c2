//! `wendu analyze`: design-based estimates from any CSV file, without a server.

use super::Ended;
use serde_json::Value;
use std::path::PathBuf;
use std::process::ExitCode;

/// Estimates means, totals, ratios, proportions and tests from a survey's CSV file under its
/// sampling design (docs/STATISTICS.md has a worked example).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The design and the estimates that are asked for
    #[arg(long, value_name = "DESIGN.json", required_unless_present = "schema")]
    design: Option<PathBuf>,
    /// The answers (UTF-8, with a header)
    #[arg(long, value_name = "FILE.csv", required_unless_present = "schema")]
    data: Option<PathBuf>,
    /// Print JSON with full precision
    #[arg(long)]
    json: bool,
    /// Print the JSON Schema of DESIGN.json
    #[arg(long)]
    schema: bool,
}

pub fn run(args: &Args) -> Ended {
    let (Some(design), Some(data), false) = (&args.design, &args.data, args.schema) else {
        println!(
            "{}",
            serde_json::to_string_pretty(&analysis::analyze::schema())?
        );
        return Ok(ExitCode::SUCCESS);
    };
    let request =
        std::fs::read_to_string(design).map_err(|e| format!("{}: {e}", design.display()))?;
    let file = std::fs::File::open(data).map_err(|e| format!("{}: {e}", data.display()))?;
    let output = analysis::analyze::run_reader(&request, std::io::BufReader::new(file))
        .map_err(|refusal| refusal.to_string())?;
    let output = serde_json::to_value(&output)?;
    if args.json {
        println!("{output}");
    } else {
        print(&output);
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the estimates as a person reads them: one row to a line, one block to an estimate.
fn print(output: &Value) {
    for (number, rows) in output["estimates"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        println!("estimate {number}");
        for row in rows.as_array().into_iter().flatten() {
            let fields = row.as_object().into_iter().flatten();
            let parts: Vec<String> = fields
                .filter(|(_, value)| !value.is_null() && **value != Value::Array(Vec::new()))
                .map(|(name, value)| match value.as_f64() {
                    Some(number) => format!("{name} {}", rounded(number)),
                    None => format!("{name} {value}"),
                })
                .collect();
            println!("  {}", parts.join("  "));
        }
    }
}

fn rounded(number: f64) -> String {
    if number.fract() == 0.0 {
        number.to_string()
    } else {
        format!("{number:.5}")
    }
}
