//! Every reference case through the door that the commands use.

mod cases;

use cases::{cases, hold, text};
use serde_json::{Value, json};

#[test]
fn proportions() {
    hold(
        "proportion",
        &cases("a_proportion_ci.json", "cases"),
        1702,
        0.0,
    );
}

#[test]
fn multinomial_proportions() {
    hold(
        "multinomial",
        &cases("a_proportion_ci.json", "multinomial"),
        15,
        0.0,
    );
}

#[test]
fn differences() {
    hold(
        "difference",
        &cases("b_difference_ci.json", "cases"),
        279,
        0.0,
    );
}

#[test]
fn paired_differences() {
    hold("paired", &cases("b_difference_ci.json", "paired"), 75, 0.0);
}

#[test]
fn korn_graubard() {
    hold(
        "proportion",
        &cases("c2b_korn_graubard_nchs.json", "cases"),
        72,
        0.0,
    );
}

#[test]
fn composite_index_gap_change_and_mover() {
    let mut cases = cases("c8_gap_index.json", "cases");
    for case in &mut cases {
        if let Some(data) = case["design"]["data"].as_str() {
            case["csv"] = text(&format!("csv/{data}")).into();
        }
    }
    hold("gap", &cases, 5, 0.0);
    hold("mover", &cases, 5, 0.0);
}

/// The same through inputs that are spelled out, as the documentation has them.
#[test]
fn composite_index_and_gap_change_spelled_out() {
    let mut cases = cases("c8_gap_index.json", "cases");
    cases.truncate(2);
    let csv = text("csv/panel_waves.csv");
    let design = json!({"clusters": "person", "weights": "w"});
    let index = "0.3*aware + 0.7*sat";
    for (case, (method, inputs)) in cases.iter_mut().zip([
        (
            "composite",
            json!({"csv": csv, "design": design, "index": index, "where": "wave == 4"}),
        ),
        (
            "gap_change",
            json!({"csv": csv, "design": design, "index": index, "wave": "wave", "from": 1, "to": 4}),
        ),
    ]) {
        *case = json!({"id": case["id"], "method": method, "inputs": inputs,
            "expected": case["expected"], "tol_rel": case["tol_rel"]});
    }
    hold("gap", &cases, 2, 0.0);
    // What was found in the table gives the same without the table.
    let found = |case: &Value| case["expected"].clone();
    let (composite, change) = (found(&cases[0]), found(&cases[1]));
    let pick = |rows: [usize; 2], columns: [usize; 2]| {
        json!(rows.map(|row| columns.map(|column| change["vcov"][row][column].clone())))
    };
    let wave = |places: [usize; 2]| json!({"mean": places.map(|place| change["coef"][place].clone()), "vcov": pick(places, places)});
    let (first, second) = ([0, 4], [3, 7]);
    cases[0]["inputs"] = json!({"mean": composite["mean"], "vcov": composite["vcov"],
        "coefficients": [0.3, 0.7], "df": 449});
    cases[1]["inputs"] = json!({"first": wave(first), "second": wave(second),
        "covariance": pick(first, second), "coefficients": [0.3, 0.7], "df": 899});
    cases[1]["expected"] = json!({"change": change["change"], "se": change["se"], "df": 899});
    hold("gap", &cases, 2, 0.0);
}

#[test]
fn planning() {
    hold("plan", &cases("g_sample_size.json", "cases"), 169, 0.0);
}

#[test]
fn tests_and_multiplicity() {
    hold(
        "test",
        &cases("h_multiplicity_trend.json", "cases"),
        78,
        0.0,
    );
}

#[test]
fn tails_and_quantiles() {
    hold(
        "quantile",
        &cases("j_special_functions.json", "cases"),
        998,
        1e-12,
    );
}
