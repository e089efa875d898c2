//! `wendu interval`, `wendu plan` and `wendu quantile`: the statistics without a server.

use super::Ended;
use analysis::{Kind, Request, batch, estimate_proportion};
use serde_json::{Map, Value};
use stats::{Level, Sides, proportion};
use std::borrow::Cow;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How questions are put in JSON.
#[derive(Debug, clap::Args)]
pub struct BatchArgs {
    /// The method's name, as in docs/STATISTICS.md
    #[arg(long)]
    method: Option<String>,
    /// The method's inputs as a JSON object
    #[arg(long, value_name = "JSON")]
    inputs: Option<String>,
    /// Answer many questions: a JSON object with method and inputs on each line ("-" reads standard input)
    #[arg(long, value_name = "FILE.jsonl", conflicts_with = "inputs")]
    batch: Option<PathBuf>,
    /// Print JSON with full precision
    #[arg(long)]
    json: bool,
}

/// Computes confidence intervals.
///
/// Example: wendu interval proportion --successes 8 --trials 10 --method wilson --level 0.95 --json
#[derive(Debug, clap::Args)]
pub struct IntervalArgs {
    /// What the interval is for: proportion, multinomial, difference, paired, mover, sequence, ranks, test, selection, small-area, gap
    kind: String,
    /// How many of the trials succeeded (proportion)
    #[arg(long, requires = "trials")]
    successes: Option<u64>,
    /// How many trials there were (proportion)
    #[arg(long, requires = "successes")]
    trials: Option<u64>,
    /// The confidence level (proportion)
    #[arg(long, default_value_t = 0.95)]
    level: f64,
    #[command(flatten)]
    batch: BatchArgs,
}

/// Quantiles (_ppf), distribution functions (_cdf) and upper tails (_sf).
///
/// Example: wendu quantile t 0.975 30
#[derive(Debug, clap::Args)]
pub struct QuantileArgs {
    /// beta, t, f, chi2, normal or tukey; with _cdf or _sf for the other functions
    distribution: Option<String>,
    /// The probability, then the distribution's parameters
    #[arg(allow_negative_numbers = true)]
    numbers: Vec<f64>,
    #[command(flatten)]
    batch: BatchArgs,
}

pub fn interval(args: &IntervalArgs) -> Ended {
    let kind: Kind = args.kind.parse()?;
    let (Some(successes), Some(trials)) = (args.successes, args.trials) else {
        return ask(kind, &args.batch);
    };
    let method = match &args.batch.method {
        Some(name) => name.parse()?,
        None => proportion::Method::Wilson,
    };
    let level = Level::new(args.level)?;
    let estimate = estimate_proportion(successes, trials, level, Sides::Two, method)?;
    if args.batch.json {
        println!("{}", serde_json::to_string(&estimate)?);
    } else {
        println!(
            "{:.1} % ({:.1}–{:.1} %), {} at {} %, n = {}",
            100.0 * estimate.estimate,
            100.0 * estimate.interval.lower,
            100.0 * estimate.interval.upper,
            estimate.method,
            100.0 * args.level,
            estimate.n
        );
    }
    Ok(ExitCode::SUCCESS)
}

pub fn plan(args: &BatchArgs) -> Ended {
    ask("plan".parse()?, args)
}

pub fn quantile(args: &QuantileArgs) -> Ended {
    let kind: Kind = "quantile".parse()?;
    let Some(distribution) = &args.distribution else {
        return ask(kind, &args.batch);
    };
    if args.numbers.is_empty() {
        return ask(kind, &args.batch);
    }
    let function = if distribution.contains('_') {
        distribution.clone()
    } else {
        format!("{distribution}_ppf")
    };
    let numbers = Value::from(args.numbers.clone());
    let inputs = Map::from_iter([("args".to_owned(), numbers)]);
    print(
        &kind.answer(&Request::new(&function, inputs))?,
        args.batch.json,
    );
    Ok(ExitCode::SUCCESS)
}

fn ask(kind: Kind, args: &BatchArgs) -> Ended {
    if let Some(path) = &args.batch {
        let text = if path.as_os_str() == "-" {
            std::io::read_to_string(std::io::stdin())?
        } else {
            std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?
        };
        let beside = path.parent().unwrap_or(Path::new(""));
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            writeln!(out, "{}", batch(kind, &with_data(line, beside)))?;
        }
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let (Some(method), Some(inputs)) = (&args.method, &args.inputs) else {
        return Err("give --method and --inputs, or --batch FILE.jsonl (see --help)".into());
    };
    let inputs: Map<String, Value> =
        serde_json::from_str(inputs).map_err(|error| format!("--inputs: {error}"))?;
    print(&kind.answer(&Request::new(method, inputs))?, args.json);
    Ok(ExitCode::SUCCESS)
}

/// A line that names its data gets them: a CSV file's text as `csv` for `data`, and the list of
/// that name in `e_sequences.json` for `sequence`, both looked for beside the batch and in `csv`
/// there. The statistics
/// themselves open no files; what cannot be read is left for them to refuse.
fn with_data<'l>(line: &'l str, beside: &Path) -> Cow<'l, str> {
    let Ok(Value::Object(mut request)) = serde_json::from_str(line) else {
        return Cow::Borrowed(line);
    };
    let named = |key: &str| {
        let within = |outer: &str| request.get(outer)?.get(key);
        let value = request.get(key).or_else(|| within("inputs"));
        value.or_else(|| within("design")).and_then(Value::as_str)
    };
    let open = |path: PathBuf| std::fs::read_to_string(path).ok();
    let read = |file: &str| open(beside.join(file)).or_else(|| open(beside.join("csv").join(file)));
    let csv = named("data")
        .filter(|_| !request.contains_key("csv"))
        .and_then(read);
    let sequence = named("sequence").and_then(|name| {
        let all: Value = serde_json::from_str(&read("e_sequences.json")?).ok()?;
        all.get("sequences")?.get(name).cloned()
    });
    if csv.is_none() && sequence.is_none() {
        return Cow::Borrowed(line);
    }
    request.extend(csv.map(|text| ("csv".to_owned(), text.into())));
    request.extend(sequence.map(|list| ("sequence".to_owned(), list)));
    Cow::Owned(Value::Object(request).to_string())
}

fn print(answer: &Map<String, Value>, json: bool) {
    if json {
        println!("{}", Value::Object(answer.clone()));
    } else {
        for (name, value) in answer {
            println!("{name}: {value}");
        }
    }
}
