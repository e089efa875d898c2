//! Selection bias against identities, the authors' R code and nonprobsvy.
#![allow(
    clippy::unwrap_used,
    reason = "a malformed reference file must fail the test"
)]

mod reference;

use reference::{Case, Table, cases, csv, failures, within};
use stats::selection::nonprobability::{
    OutcomeModel, PopulationSize, Reference, Samples, Volunteers, doubly_robust,
    inverse_propensity, mass_imputation,
};
use stats::selection::{
    Nonresponse, NotSelected, Proxy, contamination_bounds, defect, fake_yes_needed,
    logistic_regression, mubp, r_indicator, repeated_looks,
};
use stats::{Error, Interval, Level};

fn answer(case: &Case) -> Result<Vec<(&'static str, f64)>, Error> {
    let nonresponse = || {
        Nonresponse::new(
            case.count("yes"),
            case.count("respondents"),
            case.count("invited"),
        )
    };
    Ok(match case.text("method") {
        "meng_ddc" => {
            let table = csv(case.text("data"));
            let selected: Vec<bool> = table.text("r").iter().map(|r| *r == "1").collect();
            let defect = defect::from_population(&table.numbers("y"), &selected)?;
            vec![
                ("n", defect.n as f64),
                ("N", defect.population as f64),
                ("f", defect.fraction),
                ("error", defect.error),
                ("ddc_rho", defect.correlation),
                ("sigma_Y_population_ddof0", defect.sigma),
                ("rhs", defect.product),
                ("n_eff_meng", defect.effective_n),
                ("n_eff_exact_srs_equiv", defect.effective_n_finite),
            ]
        }
        "meng_bias_from_ddc" => {
            let p = case.input("p_for_sigma");
            let sigma = (p * (1.0 - p)).sqrt();
            let got = defect::from_correlation(
                case.input("rho"),
                case.count("n"),
                case.count("N"),
                sigma,
            )?;
            vec![("bias", got.bias), ("n_eff", got.effective_n)]
        }
        "manski_bounds" => {
            let got = nonresponse()?.manski(Level::new(case.input("conf_level"))?)?;
            vec![
                ("lower", got.bounds.lower),
                ("upper", got.bounds.upper),
                ("width", got.width),
                ("imbens_manski_c", got.critical),
                ("ci_lower", got.interval.lower),
                ("ci_upper", got.interval.upper),
            ]
        }
        "delta_bounded_nonresponse" => {
            let Interval { lower, upper } =
                nonresponse()?.delta_bounded(case.input("delta_min"), case.input("delta_max"))?;
            vec![("lower", lower), ("upper", upper)]
        }
        "contamination_bounds" => {
            let got =
                contamination_bounds(case.count("yes"), case.count("n"), case.input("epsilon"))?;
            vec![
                ("contaminated_lower", got.genuine.lower),
                ("contaminated_upper", got.genuine.upper),
                ("corrupted_lower", got.everyone.lower),
                ("corrupted_upper", got.everyone.upper),
                ("all_bogus_say_yes", got.genuine.lower),
                ("all_bogus_say_no", got.genuine.upper),
            ]
        }
        "fake_yes_needed" => {
            let got = fake_yes_needed(case.count("yes"), case.count("n"), case.input("shift"))?;
            vec![("fakes", got as f64)]
        }
        other => panic!("no such method: {other}"),
    })
}

#[test]
fn bounds_and_defects_agree_with_their_identities() {
    let elsewhere = [
        "asymptotic_cs_multiplier",
        "type1_error_repeated_95pct_looks",
    ];
    let mut cases = cases("l_selection_bias.json", "cases");
    cases.retain(|case| !elsewhere.contains(&case.text("method")));
    assert_eq!(cases.len(), 33);
    let wrong = failures(&cases, answer);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn repeated_looks_reject_as_often_as_armitage_found() {
    let cases = cases("l_selection_bias.json", "cases");
    let case = cases
        .iter()
        .find(|case| case.id() == "peeking/AMR1969")
        .unwrap();
    let got = repeated_looks(case.input("z"), 20).unwrap();
    let looks = case.0["inputs"]["looks"].as_array().unwrap();
    for (look, expected) in looks.iter().zip(case.expected("type1")) {
        let got = got[look.as_u64().unwrap() as usize - 1];
        assert!(
            (got - expected).abs() < 1e-9,
            "{look}: {got}, not {expected}"
        );
    }
    assert!(repeated_looks(f64::NAN, 5).is_err() && repeated_looks(1.96, 0).is_err());
}

#[test]
fn mubp_agrees_with_its_authors() {
    let cases = cases("l_mubp.json", "cases");
    assert_eq!(cases.len(), 15);
    let table = csv("csv/l_mubp_selected.csv");
    let (x, y) = (table.numbers("x"), table.numbers("y"));
    let wrong = failures(&cases, |case| {
        let others = NotSelected {
            mean: case.input("xmean_nonselected"),
            variance: case.input("xvar_nonselected"),
            sampling_fraction: case.input("sampling_fraction"),
        };
        let got = mubp(Proxy { x: &x, y: &y }, others, case.input("phi"))?;
        Ok(vec![
            ("rho_biserial", got.correlation),
            ("mubp", got.bias),
            ("ymean_adjusted", got.adjusted),
            ("ymean_selected", got.selected),
        ])
    });
    assert!(wrong.is_empty(), "{wrong}");
}

/// Intercept, z, urban and the towns B to E.
fn covariates(table: &Table) -> Vec<Vec<f64>> {
    let columns = table.numbers("z").into_iter().zip(table.numbers("urban"));
    columns
        .zip(table.text("town"))
        .map(|((z, urban), town)| {
            let mut row = vec![1.0, z, urban];
            row.extend(["B", "C", "D", "E"].map(|level| f64::from(level == town)));
            row
        })
        .collect()
}

fn samples(stratified: bool) -> Samples {
    let (a, b) = (
        csv("csv/i_nonprob_sample.csv"),
        csv("csv/i_prob_sample.csv"),
    );
    let mut names = b.text("stratum");
    names.sort_unstable();
    names.dedup();
    let strata: Vec<usize> = b
        .text("stratum")
        .iter()
        .map(|name| names.binary_search(name).unwrap())
        .collect();
    let volunteers = Volunteers {
        outcome: &a.numbers("y"),
        covariates: &covariates(&a),
    };
    let reference = Reference {
        covariates: &covariates(&b),
        weights: &b.numbers("d"),
        strata: stratified.then_some(strata.as_slice()),
    };
    Samples::new(volunteers, reference).unwrap()
}

#[test]
fn volunteers_are_weighted_as_by_nonprobsvy() {
    let samples = samples(true);
    let cases = cases("i_nonprob_dr.json", "cases");
    assert_eq!(cases.len(), 4);
    let (linear, logistic) = (OutcomeModel::Linear, OutcomeModel::Logistic);
    for case in &cases {
        let got = match case.id() {
            "mi_gaussian" => mass_imputation(&samples, linear),
            "dr_gaussian/DR2" => doubly_robust(&samples, linear, PopulationSize::Volunteers),
            "dr_binomial/N=sum_d (DR1)" => {
                doubly_robust(&samples, logistic, PopulationSize::Reference)
            }
            "dr_binomial/DR2" => doubly_robust(&samples, logistic, PopulationSize::Volunteers),
            other => panic!("no such case: {other}"),
        };
        let got = got.unwrap();
        let expected = case.expected("mean")[0];
        assert!(
            within(got.mean, expected, 0.0, 1e-11),
            "{}: {got:?}",
            case.id()
        );
    }
}

#[test]
fn standard_errors_are_near_those_of_nonprobsvy() {
    let cases = cases("i_nonprob_dr.json", "cases");
    let near = |id: &str, got: f64| {
        let case = cases.iter().find(|case| case.id() == id).unwrap();
        let expected = case.expected("se_nonprobsvy")[0];
        assert!(
            within(got, expected, 0.0, 0.05),
            "{id}: {got}, not {expected}"
        );
    };
    let imputed = mass_imputation(&samples(true), OutcomeModel::Linear).unwrap();
    near("mi_gaussian", imputed.standard_error);
    // For this one nonprobsvy sees neither the strata nor that N is estimated.
    let size = PopulationSize::Known(20_000.0);
    let robust = doubly_robust(&samples(false), OutcomeModel::Logistic, size).unwrap();
    near("dr_binomial/N=sum_d (DR1)", robust.standard_error);
}

#[test]
fn the_propensity_model_agrees_with_newton_to_fourteen_digits() {
    let got = inverse_propensity(&samples(true), PopulationSize::Volunteers).unwrap();
    let path = format!(
        "{}/../tests/reference/i_nonprob_dr.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let file: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let expected = file["expected_propensity_coefs"]["values"]
        .as_array()
        .unwrap();
    for (got, expected) in got.propensity.unwrap().iter().zip(expected) {
        assert!(
            within(*got, expected.as_f64().unwrap(), 1e-11, 1e-11),
            "{got} {expected}"
        );
    }
    // The naive mean is 0.355 and the truth 0.468.
    assert!(
        (got.mean - 0.46755).abs() < 3.0 * got.standard_error,
        "{} {}",
        got.mean,
        got.standard_error
    );
}

#[test]
fn an_even_response_is_representative_and_an_uneven_one_is_not() {
    let table = csv("csv/l_rindicator.csv");
    let rows: Vec<Vec<f64>> = table
        .text("town")
        .iter()
        .zip(table.text("age"))
        .map(|(town, age)| {
            let town = ["1", "2", "3"].map(|level| f64::from(level == *town));
            let age = ["1", "2"].map(|level| f64::from(level == age));
            [&[1.0], town.as_slice(), age.as_slice()].concat()
        })
        .collect();
    let (_, fitted) = logistic_regression(&table.numbers("resp"), &rows).unwrap();
    let got = r_indicator(&fitted, &vec![1.0; fitted.len()]).unwrap();
    assert!((got.mean - 412.0 / 2000.0).abs() < 1e-12);
    assert!(got.r > 0.5 && got.r < 1.0, "{got:?}");
    assert!(r_indicator(&[0.4; 9], &[2.0; 9]).unwrap().r > 1.0 - 1e-12);
    assert!(r_indicator(&[], &[]).is_err() && r_indicator(&[1.2], &[5.0]).is_err());
}

#[test]
fn bad_input_is_an_error() {
    assert!(Nonresponse::new(5, 4, 10).is_err() && Nonresponse::new(1, 4, 3).is_err());
    assert!(Nonresponse::new(0, 0, 10).is_err());
    assert!(contamination_bounds(1, 2, 1.0).is_err() && contamination_bounds(0, 0, 0.1).is_err());
    assert!(fake_yes_needed(9, 10, 0.2).is_err() && fake_yes_needed(9, 10, f64::NAN).is_err());
    assert_eq!(fake_yes_needed(50, 100, 0.1).unwrap(), 25);
    assert!(defect::from_correlation(1.5, 1, 2, 0.5).is_err());
    assert!(defect::from_correlation(0.1, 0, 2, 0.5).is_err());
    assert!(defect::from_population(&[1.0, 0.0], &[true, true]).is_err());
    let separated: Vec<Vec<f64>> = (0..10).map(|i| vec![1.0, f64::from(i)]).collect();
    let outcomes: Vec<f64> = (0..10).map(|i| f64::from(i > 4)).collect();
    assert!(logistic_regression(&outcomes, &separated).is_err());
    let proxy = Proxy {
        x: &[1.0, 2.0, 3.0, 4.0],
        y: &[0.0, 0.0, 1.0, 1.0],
    };
    let others = NotSelected {
        mean: 0.0,
        variance: 1.0,
        sampling_fraction: 0.5,
    };
    assert!(
        mubp(proxy, others, 0.5).is_err(),
        "a proxy that separates has no correlation"
    );
}
