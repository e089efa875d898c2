//! Every reference case through the door that the commands use.

mod cases;

use cases::{cases, hold};

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
fn mover() {
    let mut cases = cases("c8_gap_index.json", "cases");
    cases.retain(|case| {
        case["id"]
            .as_str()
            .is_some_and(|id| id.starts_with("mover/"))
    });
    hold("mover", &cases, 3, 0.0);
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
