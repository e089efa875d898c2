//! Bad input is refused with what, where and the remedy; it never panics.
#![allow(
    clippy::unwrap_used,
    reason = "what cannot be built must fail the test"
)]

use analysis::analyze;
use proptest::prelude::*;

const CSV: &str = "\
stratum,town,sex,age,x,y,w,fpc,frac,zero,bad,empty
a,1,f,18-34,1,0,10,40,0.5,0,1,
a,1,m,55+,2,1,10,40,0.5,0,NaN,
a,2,f,55+,3,1,12,40,0.5,0,-3,
b,1,m,18-34,4,0,8,30,0.25,0,inf,
b,2,f,55+,5,1,8,30,0.25,0,x,
b,2,m,18-34,6,0,9,30,0.25,0,1e999,
";

fn refusal(request: &str) -> String {
    match analyze::run(request, CSV) {
        Err(refusal) => refusal.to_string(),
        Ok(output) => panic!("{request} was not refused: {output:?}"),
    }
}

fn refused_design(design: &str) -> String {
    refusal(&format!(
        r#"{{"design": {design}, "estimates": [{{"statistic": "mean", "variable": "x"}}]}}"#
    ))
}

fn refused_estimate(estimate: &str) -> String {
    refusal(&format!(r#"{{"estimates": [{estimate}]}}"#))
}

fn refused_step(step: &str) -> String {
    refusal(&format!(
        r#"{{"design": {{"weights": "w"}}, "calibrate": [{step}],
            "estimates": [{{"statistic": "mean", "variable": "x"}}]}}"#
    ))
}

#[test]
fn designs_are_refused_by_name() {
    for (design, part) in [
        (r#"{"strata": "nowhere"}"#, "no column \"nowhere\""),
        (r#"{"stratas": "stratum"}"#, "unknown field `stratas`"),
        (
            r#"{"weights": "sex"}"#,
            "row 1: \"f\" is not a finite number",
        ),
        (r#"{"weights": "empty"}"#, "\"empty\" is empty in row 1"),
        (r#"{"weights": "zero"}"#, "all weights are zero"),
        (r#"{"strata": "empty"}"#, "\"empty\" is empty in row 1"),
        (
            r#"{"strata": "x"}"#,
            "stratum \"1\" holds only one sampling unit",
        ),
        (
            r#"{"strata": "x", "lonely_psu": "average"}"#,
            "holds only one sampling unit",
        ),
        (
            r#"{"strata": "x", "lonely_psu": "guess"}"#,
            "unknown variant `guess`",
        ),
        (
            r#"{"strata": "stratum", "clusters": ["town", "sex"], "fpc": ["fpc"]}"#,
            "a unit of stratum \"a\" holds only one sampling unit at stage 2",
        ),
        (r#"{"fpc": ["zero"]}"#, "\"zero\", row 1: 0 is neither"),
        (
            r#"{"fpc": ["x"]}"#,
            "column \"x\" varies within the only stratum",
        ),
        (
            r#"{"strata": "stratum", "fpc": ["y"], "lonely_psu": "fail"}"#,
            "neither",
        ),
        (
            r#"{"strata": "stratum", "clusters": "town", "fpc": ["frac", "fpc"]}"#,
            "2 finite population",
        ),
        (
            r#"{"strata": "stratum", "clusters": ["town", "sex"], "fpc": ["fpc"], "lonely_psu": "remove"}"#,
            "name a weights column",
        ),
    ] {
        let message = refused_design(design);
        assert!(message.contains(part), "{design}: {message}");
    }
}

#[test]
fn estimates_are_refused_by_name() {
    for (estimate, part) in [
        (
            r#"{"statistic": "median", "variable": "x"}"#,
            "unknown variant `median`",
        ),
        (
            r#"{"statistic": "mean"}"#,
            "estimate 0 (mean): needs \"variable\"",
        ),
        (
            r#"{"statistic": "mean", "variable": "x", "equals": 1}"#,
            "takes no \"equals\"",
        ),
        (
            r#"{"statistic": "mean", "variable": "bad"}"#,
            "\"bad\", row 2: \"NaN\"",
        ),
        (
            r#"{"statistic": "mean", "variable": "x", "level": 1}"#,
            "level 1 is not between",
        ),
        (
            r#"{"statistic": "mean", "variable": "x", "by": "nowhere"}"#,
            "no column \"nowhere\"",
        ),
        (
            r#"{"statistic": "mean", "variable": "x", "where": "sex = 'f'"}"#,
            "expected ==",
        ),
        (
            r#"{"statistic": "mean", "variable": "x", "where": "age > 18"}"#,
            "\"18-34\" is not a finite",
        ),
        (
            r#"{"statistic": "proportion", "variable": "sex", "equals": "f", "interval": ["wald"]}"#,
            "wald",
        ),
        (
            r#"{"statistic": "difference", "of": [0, 1]}"#,
            "a difference that does not come before",
        ),
        (
            r#"{"statistic": "difference", "of": [7, 8]}"#,
            "the last one is 0",
        ),
        (
            r#"{"statistic": "chisq", "rows": "zero", "columns": "sex"}"#,
            "at least two rows",
        ),
        (
            r#"{"statistic": "chisq", "rows": "sex", "columns": "age", "test": "G"}"#,
            "G",
        ),
        (
            r#"{"statistic": "mean", "variable": "x", "variance": "brr"}"#,
            "the only stratum holds 6",
        ),
        (
            r#"{"statistic": "mean", "variable": "x", "variance": {"method": "bootstrap", "replicates": 1}}"#,
            "replicates = 1",
        ),
    ] {
        let message = refused_estimate(estimate);
        assert!(message.contains(part), "{estimate}: {message}");
    }
}

#[test]
fn calibrations_are_refused_by_name() {
    let sex = r#""margins": [{"by": "sex", "totals": {"f": 50, "m": 50}}]"#;
    for (step, part) in [
        (
            r#"{"method": "poststratify", "margins": [{"by": "sex", "totals": {"f": 50}}]}"#
                .to_owned(),
            "level \"m\" of sex is in the data",
        ),
        (
            r#"{"method": "rake", "margins": [{"by": ["sex", "age"], "totals":
                {"f|18-34": 1, "m|18-34": 1, "f|55+": 1, "m|55+": 1, "x|55+": 1}}]}"#
                .to_owned(),
            "level \"x|55+\" of sex × age has a population total, but no row",
        ),
        (
            r#"{"method": "rake", "margins": [{"by": "sex", "totals": {"f": 50, "m": 50}},
                {"by": "age", "totals": {"18-34": 50, "55+": 60}}]}"#
                .to_owned(),
            "margins disagree: age adds up to 110, but sex to 100",
        ),
        (
            r#"{"method": "linear", "margins": [{"by": "sex", "totals": {"f": -50, "m": 50}}]}"#
                .to_owned(),
            "the total of level \"f\" of sex is -50",
        ),
        (
            r#"{"method": "rake", "margins": [{"by": "empty", "totals": {"f": 50}}]}"#.to_owned(),
            "\"empty\" is empty in row 1, but it is a calibration margin",
        ),
        (
            r#"{"method": "rake", "margins": []}"#.to_owned(),
            "no margin",
        ),
        (
            format!(r#"{{"method": "logit", {sex}}}"#),
            "two finite bounds",
        ),
        (
            format!(r#"{{"method": "logit", {sex}, "bounds": [2, 3]}}"#),
            "lower < 1 < upper",
        ),
        (
            format!(r#"{{"method": "linear", {sex}, "bounds": [0.9, 1.1]}}"#),
            "step 1: infeasible",
        ),
        (
            format!(r#"{{"method": "poststratify", {sex}, "trim": {{"lower": 90, "upper": 80}}}}"#),
            "not an interval",
        ),
        (
            format!(r#"{{"method": "poststratify", {sex}, "trim": {{"lower": 90}}}}"#),
            "widen the limits",
        ),
    ] {
        let message = refused_step(&step);
        assert!(message.contains(part), "{step}: {message}");
    }
    let zero = CSV
        .replace(",12,", ",0,")
        .replace("55+,2,1,10", "55+,2,1,0")
        .replace("5,1,8", "5,1,0");
    let request = r#"{"design": {"weights": "w"}, "estimates": [], "calibrate":
        [{"method": "rake", "margins": [{"by": "age", "totals": {"18-34": 5, "55+": 5}}]}]}"#;
    let message = analyze::run(request, &zero).unwrap_err().to_string();
    assert!(
        message.contains("level \"55+\" of age have base weight zero"),
        "{message}"
    );
}

#[test]
fn replicates_refuse_what_they_cannot_repeat() {
    let message = refusal(
        r#"{"calibrate": [{"method": "poststratify", "margins": [{"by": "sex", "totals": {"f": 50, "m": 50}}],
             "trim": {"upper": 40}}],
            "estimates": [{"statistic": "mean", "variable": "x", "variance": "jackknife"}]}"#,
    );
    assert!(message.contains("cannot repeat a trimming"), "{message}");
}

#[test]
fn very_many_levels_are_answered_or_refused() {
    let rows: String = (0..100_000)
        .map(|row| format!("g{row},{}\n", row % 7))
        .collect();
    let csv = format!("g,x\n{rows}");
    let by = r#"{"estimates": [{"statistic": "mean", "variable": "x", "by": "g"}]}"#;
    assert_eq!(analyze::run(by, &csv).unwrap().estimates[0].len(), 100_000);
    let table = r#"{"estimates": [{"statistic": "chisq", "rows": "g", "columns": "x"}]}"#;
    let message = analyze::run(table, &csv).unwrap_err().to_string();
    assert!(message.contains("merge levels"), "{message}");
    let replicates = r#"{"estimates": [{"statistic": "mean", "variable": "x", "by": "g", "variance": "jackknife"}]}"#;
    let message = analyze::run(replicates, &csv).unwrap_err().to_string();
    assert!(message.contains("fewer domains"), "{message}");
}

#[test]
fn the_schema_describes_the_request() {
    let schema = analyze::schema();
    let text = schema.to_string();
    for field in [
        "lonely_psu",
        "calibrate",
        "estimates",
        "where",
        "poststratify",
        "numerator",
    ] {
        assert!(text.contains(field), "{field}");
    }
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        (-3_i32..4).prop_map(|x| x.to_string()),
        Just("1e308".to_owned()),
        Just("-0".to_owned()),
        Just("f".to_owned()),
        Just("\"a,b\"".to_owned()),
    ]
}

fn column() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("a"), Just("b"), Just("c"), Just("d")]
}

fn estimate() -> impl Strategy<Value = String> {
    let variance = prop_oneof![
        Just("taylor"),
        Just("jackknife"),
        Just("brr"),
        Just("bootstrap")
    ];
    (column(), column(), column(), variance, 0_usize..6).prop_map(|(a, b, by, variance, kind)| {
        let common = format!(r#""by": "{by}", "deff": "srs_with_replacement", "variance": "{variance}""#);
        match kind {
            0 => format!(r#"{{"statistic": "mean", "variable": "{a}", {common}}}"#),
            1 => format!(r#"{{"statistic": "total", "variable": "{a}", "where": "{b} > 0"}}"#),
            2 => format!(r#"{{"statistic": "ratio", "numerator": "{a}", "denominator": "{b}"}}"#),
            3 => format!(
                r#"{{"statistic": "proportion", "variable": "{a}", "equals": 1,
                     "interval": ["logit", "likelihood", "asin", "beta", "mean", "wilson", "korn_graubard"], {common}}}"#
            ),
            4 => format!(r#"{{"statistic": "chisq", "rows": "{a}", "columns": "{b}", "test": "Wald"}}"#),
            _ => r#"{"statistic": "difference", "of": [0, 1]}"#.to_owned(),
        }
    })
}

proptest! {
    #[test]
    fn no_data_and_no_request_panics(
        rows in proptest::collection::vec((value(), value(), value(), value()), 0..12),
        estimates in proptest::collection::vec(estimate(), 0..5),
        (strata, cluster, weights) in (column(), column(), column()),
        keys in 0_u8..16,
    ) {
        let mut csv = "a,b,c,d\n".to_owned();
        for (a, b, c, d) in rows {
            csv += &format!("{a},{b},{c},{d}\n");
        }
        let mut design = vec![r#""lonely_psu": "adjust""#.to_owned()];
        if keys & 1 > 0 { design.push(format!(r#""strata": "{strata}""#)); }
        if keys & 2 > 0 { design.push(format!(r#""clusters": ["{cluster}", "{strata}"]"#)); }
        if keys & 4 > 0 { design.push(format!(r#""weights": "{weights}""#)); }
        if keys & 8 > 0 { design.push(format!(r#""fpc": "{weights}""#)); }
        let request = format!(
            r#"{{"design": {{{}}}, "estimates": [{}]}}"#,
            design.join(", "),
            estimates.join(", ")
        );
        let answer = analyze::run(&request, &csv);
        if let Ok(output) = answer {
            prop_assert!(serde_json::to_string(&output).is_ok());
        }
    }

    #[test]
    fn no_text_panics(request in ".{0,60}", csv in ".{0,60}", condition in "[a-c ()=!<>'0-9andort.]{0,30}") {
        let _ = analyze::run(&request, &csv);
        let request = serde_json::json!({"estimates": [
            {"statistic": "mean", "variable": "a", "where": condition}
        ]});
        let _ = analyze::run(&request.to_string(), "a,b,c\n1,2,3\n");
    }
}
