//! The reference cases of sequences, ranks, selection and small areas through the door that
//! the commands use. Cases that name a data file are given its text.

mod cases;

use analysis::{Kind, batch};
use cases::{cases, file, hold, text};
use serde_json::{Value, json};

#[test]
fn sequences() {
    let series = file("e_sequences.json");
    let mut cases = cases("e_confidence_sequences.json", "cases");
    for case in &mut cases {
        let name = case["sequence"].as_str().unwrap_or_default().to_owned();
        case["inputs"] = json!({ "observations": series["sequences"][name] });
        for key in ["logical_lower", "logical_upper"] {
            if let Some(limits) = case.get(key).cloned() {
                case["expected"][key] = limits;
            }
        }
    }
    hold("sequence", &cases, 82, 0.0);
}

#[test]
fn mixtures_from_counts() {
    let file = file("e_confidence_sequences.json");
    let cases = file["bernoulli_mixture"]["cases"].as_array().cloned();
    hold("sequence", &cases.unwrap_or_default(), 7, 0.0);
}

#[test]
fn boundaries() {
    let file = file("e_confidence_sequences.json");
    let rows = file["boundaries"]["rows"].as_array().cloned();
    let cases: Vec<Value> = rows
        .unwrap_or_default()
        .into_iter()
        .map(|row| {
            let mut expected = row.clone();
            if let Some(expected) = expected.as_object_mut() {
                expected.retain(|key, _| !["v", "alpha", "v_opt"].contains(&key.as_str()));
            }
            json!({ "inputs": row, "expected": expected, "tol_rel": 1e-8 })
        })
        .collect();
    hold("sequence", &cases, 54, 0.0);
}

#[test]
fn selection() {
    let mut cases = cases("l_selection_bias.json", "cases");
    for case in &mut cases {
        if let Some(path) = case["data"].as_str() {
            case["inputs"] = json!({ "csv": text(path) });
        }
    }
    hold("selection", &cases, 49, 0.0);
}

#[test]
fn selection_on_a_proxy() {
    let mut cases = cases("l_mubp.json", "cases");
    for case in &mut cases {
        case["method"] = "mubp".into();
        case["inputs"]["csv"] = text("csv/l_mubp_selected.csv").into();
    }
    hold("selection", &cases, 15, 0.0);
}

#[test]
fn volunteers_and_a_reference_sample() {
    let mut cases = cases("i_nonprob_dr.json", "cases");
    for case in &mut cases {
        let id = case["id"].as_str().unwrap_or_default().to_owned();
        let robust = id.starts_with("dr");
        case["method"] = if robust {
            "doubly_robust"
        } else {
            "mass_imputation"
        }
        .into();
        let model = if id.contains("binomial") {
            "binomial"
        } else {
            "gaussian"
        };
        let size = if id.contains("DR1") {
            "reference"
        } else {
            "volunteers"
        };
        case["inputs"] = json!({
            "nonprob": text("csv/i_nonprob_sample.csv"),
            "prob": text("csv/i_prob_sample.csv"),
            "covariates": ["z", "urban", "town"],
            "strata": "stratum",
            "model": model,
            "size": size,
        });
        case["expected"] = json!({ "mean": case["expected"]["mean"] });
        case["tol_rel"] = case["tol_rel_mean"].clone();
    }
    hold("selection", &cases, 4, 0.0);
}

#[test]
fn small_areas() {
    let mut cases = cases("f_fay_herriot.json", "cases");
    for case in &mut cases {
        let csv = text(case["data"].as_str().unwrap_or_default());
        case["inputs"] = json!({ "csv": csv, "covariates": ["x1", "urban"] });
    }
    hold("small-area", &cases, 5, 0.0);
}

/// The answer of one request.
fn ask(kind: &str, request: &Value) -> Value {
    let kind: Kind = kind.parse().unwrap_or_else(|error| panic!("{error}"));
    serde_json::from_str(&batch(kind, &request.to_string())).unwrap_or_default()
}

#[test]
fn ranks_and_tiers() {
    let got = ask(
        "ranks",
        &json!({ "method": "studentised_max", "inputs": {
            "estimates": [0.9, 0.5, 0.52], "standard_errors": [0.02, 0.02, 0.02],
        }}),
    );
    assert_eq!(got["lower"], json!([1, 2, 2]));
    assert_eq!(got["upper"], json!([1, 3, 3]));
    assert_eq!(got["tiers"], json!([[0], [2, 1]]));
    assert_eq!(got["method"], "studentised_max");
}

#[test]
fn drift_has_no_limits() {
    let series: Vec<f64> = (0..1_000).map(|i| f64::from(i >= 500)).collect();
    let got = ask(
        "sequence",
        &json!({ "method": "predmix_hoeffding", "inputs": {
            "sequence": series, "running_intersection": true, "times": [100, 1000],
        }}),
    );
    assert!(got["lower"][0].is_number() && got["lower"][1].is_null());
    assert!(got["upper"][1].is_null() && got["drift"]["since"].is_u64());
}

#[test]
fn a_gap_is_split_and_followed() {
    let side = |share: f64, rate: f64| json!({ "share": share, "rate": rate, "se": 0.01 });
    let got = ask(
        "gap",
        &json!({ "method": "decomposition", "inputs": { "cells": [
            { "first": side(0.5, 0.9), "second": side(0.4, 0.7) },
            { "first": side(0.5, 0.8), "second": side(0.6, 0.8) },
        ]}}),
    );
    let sum = got["composition"].as_f64().zip(got["rate"].as_f64());
    let gap = got["gap"].as_f64();
    assert!(
        sum.zip(gap)
            .is_some_and(|((a, b), gap)| (a + b - gap).abs() < 1e-12)
    );
    let wave = |measured: f64| {
        json!({ "official": 0.9, "measured": measured, "se": 0.03,
        "lower": measured - 0.06, "upper": measured + 0.05 })
    };
    for method in ["change", "change_mover"] {
        let inputs = json!({ "first": wave(0.6), "second": wave(0.7) });
        let got = ask("gap", &json!({ "method": method, "inputs": inputs }));
        assert!(
            got["estimate"]
                .as_f64()
                .is_some_and(|change| (change + 0.1).abs() < 1e-12)
        );
        assert!(got["lower"].as_f64() < got["upper"].as_f64());
    }
}

#[test]
fn bad_requests_are_answered_with_errors() {
    for (kind, request) in [
        ("sequence", json!({ "method": "hedged_betting" })),
        (
            "sequence",
            json!({ "method": "hedged_betting", "inputs": { "x": [0.5], "times": [2] } }),
        ),
        (
            "sequence",
            json!({ "method": "predmix_hoeffding", "inputs": { "x": [0.5, 3.0] } }),
        ),
        (
            "sequence",
            json!({ "method": "beta_binomial_mixture", "inputs": { "successes": 3, "n": 2 } }),
        ),
        (
            "sequence",
            json!({ "inputs": { "v": 1.0, "v_opt": 10.0, "alpha": 2.0 } }),
        ),
        ("ranks", json!({ "inputs": { "estimates": [0.5, 0.6] } })),
        (
            "ranks",
            json!({ "method": "guess", "inputs": { "estimates": [1.0], "se": [0.1] } }),
        ),
        (
            "selection",
            json!({ "method": "meng_ddc", "inputs": { "csv": "y,r\n1,x\n" } }),
        ),
        (
            "selection",
            json!({ "method": "mubp", "inputs": { "phi": 0.5 } }),
        ),
        (
            "selection",
            json!({ "method": "r_indicator", "inputs": { "csv": "a,b\n1\n" } }),
        ),
        ("small-area", json!({ "method": "EM", "inputs": {} })),
        (
            "small-area",
            json!({ "method": "REML", "inputs": { "csv": "", "covariates": ["x"] } }),
        ),
        (
            "gap",
            json!({ "method": "decomposition", "inputs": { "cells": [] } }),
        ),
    ] {
        let got = ask(kind, &request);
        assert!(got["error"].is_string(), "{request}: {got}");
    }
}
