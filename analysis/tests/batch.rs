//! What a batch promises whatever its lines contain.

use analysis::{Kind, batch, batch_lines};
use proptest::prelude::*;
use serde_json::{Value, json};
use stats::{Level, Sides, proportion::Method};

fn kind(name: &str) -> Kind {
    name.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn reply(name: &str, line: &str) -> Value {
    serde_json::from_str(&batch(kind(name), line)).unwrap_or_default()
}

/// The error of a line that must have one.
fn refusal(name: &str, line: &str) -> String {
    let reply = reply(name, line);
    assert!(reply.get("id").is_some(), "{reply}");
    reply["error"]
        .as_str()
        .map(str::to_owned)
        .unwrap_or_else(|| panic!("{line} gave {reply}"))
}

#[test]
fn a_bad_line_gives_its_id_and_error_and_the_rest_goes_on() {
    let text = concat!(
        r#"{"id":"good","method":"wilson","inputs":{"x":8,"n":10,"conf_level":0.95}}"#,
        "\n\nnot json\n",
        r#"{"id":7,"method":"wilson","inputs":{"x":11,"n":10}}"#,
        "\n",
        r#"{"method":"wald","inputs":{"x":1.0,"n":2,"note":"ignored"},"other":[]}"#,
    );
    let replies: Vec<Value> = batch_lines(kind("proportion"), text)
        .map(|line| serde_json::from_str(&line).unwrap_or_default())
        .collect();
    let [good, garbled, impossible, anonymous] = replies.as_slice() else {
        panic!("{replies:?}");
    };
    assert_eq!(good["id"], "good");
    assert_eq!(good["n"], 10);
    assert!(garbled["id"].is_null() && garbled["error"].is_string());
    assert_eq!(impossible["id"], 7);
    assert!(
        impossible["error"]
            .as_str()
            .is_some_and(|e| e.contains("successes = 11"))
    );
    assert_eq!(anonymous["estimate"], 0.5);
    assert!(anonymous.get("id").is_none());
}

#[test]
fn refusals_say_what_is_wrong_and_what_would_be_right() {
    let cases = [
        (
            "proportion",
            r#"{"method":"wilsn","inputs":{"x":1,"n":2}}"#,
            "clopper_pearson",
        ),
        (
            "proportion",
            r#"{"method":"wald","inputs":{"x":1}}"#,
            "missing field `n`",
        ),
        (
            "proportion",
            r#"{"method":"wald","inputs":{"x":1,"n":[3]}}"#,
            "inputs: n: invalid type",
        ),
        (
            "quantile",
            r#"{"fn":"beta_ppf","args":[0.5,2,"x"],"inputs":{}}"#,
            "[2]",
        ),
        (
            "gap",
            r#"{"method":"composite","inputs":{"index":"0.5*a"}}"#,
            "csv",
        ),
        (
            "gap",
            r#"{"method":"composite","inputs":{"csv":"a\n1\n0\n","index":"half*a"}}"#,
            "\"half\" in \"half*a\" is no number",
        ),
        (
            "gap",
            r#"{"method":"composite","inputs":{"csv":"a\n1\n0\n","index":"0.5*b"}}"#,
            "no column \"b\"",
        ),
        (
            "gap",
            r#"{"method":"gap_change","inputs":{"csv":"a,w\n1,1\n0,2\n1,1\n","index":"a","wave":"w","from":1,"to":3}}"#,
            "no row of wave 3; column \"w\" has 1, 2",
        ),
        (
            "gap",
            r#"{"method":"composite","inputs":{"mean":[0.5],"vcov":[[-1]],"coefficients":[1]}}"#,
            "a variance in it is negative",
        ),
        (
            "proportion",
            r#"{"method":"wald","inputs":{"x":-1,"n":3}}"#,
            "-1 is not a count",
        ),
        (
            "proportion",
            r#"{"method":"wald","inputs":{"x":0,"n":0}}"#,
            "no data",
        ),
        (
            "proportion",
            r#"{"method":"wald","inputs":{"x":1,"n":2,"conf_level":1.5}}"#,
            "level 1.5",
        ),
        (
            "proportion",
            r#"{"method":"wald","inputs":{"x":1,"n":2,"sides":"both"}}"#,
            "two-sided",
        ),
        (
            "proportion",
            r#"{"method":"logit","inputs":{"x":0,"n":2}}"#,
            "use wilson",
        ),
        ("proportion", r#"{"inputs":{"x":0,"n":2}}"#, "no \"method\""),
        ("proportion", "[]", "JSON object"),
        (
            "multinomial",
            r#"{"method":"goodman","inputs":{"counts":[3]}}"#,
            "two categories",
        ),
        (
            "paired",
            r#"{"method":"mcnemar","inputs":{"a":0,"b":0,"c":0,"d":0}}"#,
            "no data",
        ),
        (
            "mover",
            r#"{"inputs":[0.5,0.6,0.4,0.5,0.4,0.6]}"#,
            "lower limit",
        ),
        (
            "quantile",
            r#"{"fn":"beta_ppf","args":[0.5,1]}"#,
            "does not take 2 numbers",
        ),
        ("quantile", r#"{"fn":"gamma_ppf","args":[0.5,1]}"#, "tukey"),
        ("quantile", r#"{"fn":"t_ppf","args":[2,5]}"#, "p = 2"),
        (
            "plan",
            r#"{"method":"neyman","inputs":{"N":[1,2],"S":[1],"n":3}}"#,
            "as many as strata",
        ),
        (
            "plan",
            r#"{"method":"wilson_lower_reaches","inputs":{"p":0.9,"threshold":0.9}}"#,
            "below",
        ),
        (
            "test",
            r#"{"method":"BH","inputs":{"p":[0.1,1.1]}}"#,
            "p = 1.1",
        ),
        (
            "test",
            r#"{"method":"k_sample_chi2","inputs":{"x":[0,0],"n":[5,5]}}"#,
            "same answer",
        ),
    ];
    for (kind, line, part) in cases {
        let error = refusal(kind, line);
        assert!(error.contains(part), "{line}: {error}");
    }
    assert!("proportions".parse::<Kind>().is_err());
}

#[test]
fn a_single_estimate_carries_its_method_level_and_n() {
    let estimate = analysis::estimate_proportion(8, 10, Level::DEFAULT, Sides::Two, Method::Wilson);
    let mut estimate = serde_json::to_value(estimate.ok()).unwrap_or_default();
    for (limit, exact) in [
        ("lower", 0.490_162_471_536_641_7),
        ("upper", 0.943_317_848_545_624_7),
    ] {
        let got = estimate[limit].take().as_f64().unwrap_or_default();
        assert!((got - exact).abs() < 1e-15, "{limit} = {got}");
    }
    let rest = json!({
        "estimate": 0.8, "lower": null, "upper": null, "method": "wilson", "level": 0.95, "n": 10,
    });
    assert_eq!(estimate, rest);
}

#[test]
fn what_does_not_exist_is_null() {
    let nobody_changed = r#"{"method":"mcnemar","inputs":{"a":3,"b":0,"c":0,"d":1}}"#;
    let test = reply("paired", nobody_changed);
    assert!(test["chi2"].is_null() && test["p_asymptotic"].is_null());
    assert_eq!(test["p_exact"], 1.0);
    let edge = reply("proportion", r#"{"inputs":{"p":0,"se":0,"n":30,"df":29}}"#);
    assert!(edge["n_eff"].is_null() && edge["n_eff_used"] == 30.0);
}

#[test]
fn a_plan_for_the_field_counts_design_population_and_response() {
    let line = r#"{"method":"wilson_lower_reaches","inputs":{"p":0.93,"threshold":0.9,"sides":"lower",
        "deff":1.5,"N":5000,"response_rate":0.4}}"#;
    let plan = reply("plan", line);
    // 2.7055·0.09/0.0009 = 270.6, times 1.5, less the finite population, over 0.4
    assert_eq!(plan["n"], 376);
    assert_eq!(plan["invites"], 940);
}

#[test]
fn quantiles_are_also_asked_by_method_and_inputs() {
    let asked = reply(
        "quantile",
        r#"{"method":"t_ppf","inputs":{"args":[0.975,"Inf"]}}"#,
    );
    assert!(
        asked["value"]
            .as_f64()
            .is_some_and(|z| (z - 1.959_963_984_540_054).abs() < 1e-15)
    );
    let tukey = reply("quantile", r#"{"fn":"tukey_ppf","args":[0.95,3,10]}"#);
    assert!(
        tukey["value"]
            .as_f64()
            .is_some_and(|q| (q - 3.877_676_749).abs() < 1e-3)
    );
}

proptest! {
    #[test]
    fn no_line_breaks_a_batch(line in r#"(\PC|[{}\[\]",:0-9]){0,60}"#) {
        for &kind in Kind::ALL {
            let reply: Value = serde_json::from_str(&batch(kind, &line)).unwrap_or_default();
            prop_assert!(reply.is_object());
        }
    }

    #[test]
    fn no_inputs_break_a_method(
        key in "(x|n|p|k|df|counts|args|N|S|a|b|c|d|x1|n1|x2|n2|y|score|level|conf_level)",
        value in prop_oneof![
            Just(json!(null)), Just(json!("Inf")), Just(json!([])), Just(json!([[1]])), Just(json!({})),
            Just(json!(1e308)), Just(json!(-0.0)), Just(json!(u64::MAX)), any::<f64>().prop_map(|v| json!(v)),
        ],
        case in prop::sample::select(examples()),
    ) {
        let (kind, mut request) = case;
        request["inputs"][key.as_str()] = value.clone();
        if key == "args" { request["args"] = value; }
        let kind: Kind = kind.parse().map_err(|_| TestCaseError::fail("kind"))?;
        let reply: Value = serde_json::from_str(&batch(kind, &request.to_string())).unwrap_or_default();
        prop_assert!(reply.is_object());
    }
}

/// One good request of every kind of input.
fn examples() -> Vec<(&'static str, Value)> {
    vec![
        (
            "proportion",
            json!({"method": "mid_p", "inputs": {"x": 3, "n": 9}}),
        ),
        (
            "proportion",
            json!({"inputs": {"p": 0.3, "se": 0.05, "n": 90, "df": 20}}),
        ),
        (
            "proportion",
            json!({"method": "presentation", "inputs": {"p": 0.3, "se": 0.05, "n": 90, "df": 20}}),
        ),
        (
            "multinomial",
            json!({"method": "sison-glaz", "inputs": {"counts": [3, 4, 5]}}),
        ),
        (
            "difference",
            json!({"method": "mee", "inputs": {"x1": 3, "n1": 9, "x2": 4, "n2": 9}}),
        ),
        (
            "paired",
            json!({"method": "tango", "inputs": {"a": 3, "b": 9, "c": 4, "d": 9}}),
        ),
        (
            "plan",
            json!({"method": "wilson_width", "inputs": {"p": 0.3, "margin": 0.05}}),
        ),
        (
            "plan",
            json!({"method": "optimal_cost", "inputs": {"N": [3, 4], "S": [1, 2], "cost": [1, 1], "n": 5}}),
        ),
        (
            "quantile",
            json!({"fn": "f_ppf", "args": [0.3, 2, 3], "inputs": {}}),
        ),
        (
            "test",
            json!({"method": "studentized_range_cdf", "inputs": {"q": 3, "k": 3, "df": 9}}),
        ),
        (
            "test",
            json!({"method": "kendall", "inputs": {"x": [1, 2, 3], "y": [1, 3, 2]}}),
        ),
        (
            "test",
            json!({"method": "binom_test_two_sided_minlik", "inputs": {"x": 1, "n": 3, "p0": 0.2}}),
        ),
        (
            "test",
            json!({"method": "cochran_armitage_trend", "inputs": {"x": [1, 2], "n": [3, 4]}}),
        ),
        (
            "gap",
            json!({"method": "composite", "inputs": {"mean": [0.4], "vcov": [[0.1]], "coefficients": [1]}}),
        ),
        (
            "gap",
            json!({"method": "gap_change", "inputs": {"csv": "n,p,x\n1,1,0\n2,1,1\n1,2,1\n2,2,1\n",
                "index": "x", "wave": "p", "from": 1, "to": 2, "design": {"clusters": "n"}}}),
        ),
        (
            "test",
            json!({"method": "hommel", "inputs": {"p": [0.1, 0.2]}}),
        ),
    ]
}
