//! `wendu schema`.

use super::Ended;
use std::process::ExitCode;

/// Prints a JSON Schema.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which kind of file
    #[arg(value_enum)]
    kind: Kind,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    Questionnaire,
    Campaign,
}

pub fn run(args: &Args) -> Ended {
    println!("{}", serde_json::to_string_pretty(&schema(args.kind))?);
    Ok(ExitCode::SUCCESS)
}

fn schema(kind: Kind) -> schemars::Schema {
    match kind {
        Kind::Questionnaire => schemars::schema_for!(survey::Questionnaire),
        Kind::Campaign => schemars::schema_for!(survey::Campaign),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schemas_are_those_of_the_code() {
        let published = [
            (
                Kind::Questionnaire,
                include_str!("../../../docs/schema/questionnaire.schema.json"),
            ),
            (
                Kind::Campaign,
                include_str!("../../../docs/schema/campaign.schema.json"),
            ),
        ];
        for (kind, text) in published {
            let published: serde_json::Value = serde_json::from_str(text).unwrap();
            let code = serde_json::to_value(schema(kind)).unwrap();
            assert_eq!(
                published, code,
                "write docs/schema anew with `wendu schema`"
            );
        }
    }
}
