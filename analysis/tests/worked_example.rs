//! The figures of the worked example in the documentation are those of the code.
#![allow(clippy::unwrap_used, reason = "what cannot be read must fail the test")]

use analysis::analyze::{self, EstimateRow, Row};

fn documentation(file: &str) -> String {
    let path = format!("{}/../docs/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn row(row: &Row) -> &EstimateRow {
    match row {
        Row::Estimate(row) => row,
        Row::Test(test) => panic!("{test:?} is no estimate"),
    }
}

#[test]
fn the_documented_figures_are_computed() {
    let request = documentation("examples/warmth.json");
    let output = analyze::run(&request, &documentation("examples/warmth.csv")).unwrap();
    let [knows, by_stratum, hill, river, difference, test] = output.estimates.as_slice() else {
        panic!("not six estimates");
    };
    let text = documentation("STATISTICS.md");
    let documented = |line: String| assert!(text.contains(&line), "{line}");

    let knows = row(&knows[0]);
    let logit = knows.interval.as_ref().unwrap()["logit"];
    documented(format!(
        "| knows the programme | {:.3} | {:.3} | {} | logit {:.3} to {:.3} | {} |",
        knows.estimate.unwrap(),
        knows.se.unwrap(),
        knows.df,
        logit.lower.unwrap(),
        logit.upper.unwrap(),
        knows.n.unwrap(),
    ));
    for (name, rows) in [
        ("satisfaction, hill", hill),
        ("satisfaction, river", river),
        ("hill − river", difference),
    ] {
        let row = row(&rows[0]);
        documented(format!(
            "| {name} | {:.2} | {:.2} | {} | {:.2} to {:.2} | {}",
            row.estimate.unwrap(),
            row.se.unwrap(),
            row.df,
            row.lower.unwrap(),
            row.upper.unwrap(),
            row.n.map_or(String::new(), |n| format!("{n} |")),
        ));
    }
    assert_eq!(row(&by_stratum[0]).estimate, row(&hill[0]).estimate);
    let Row::Test(test) = &test[0] else {
        panic!("the last one is a test");
    };
    documented(format!(
        "F = {:.2} on\n{} and {} degrees of freedom, p = {:.2}",
        test.statistic.unwrap(),
        test.ndf,
        test.ddf.unwrap(),
        test.p.unwrap()
    ));
}
