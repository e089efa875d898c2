//! Fay–Herriot against R's sae.
#![allow(
    clippy::unwrap_used,
    reason = "a malformed reference file must fail the test"
)]

mod reference;

use reference::{cases, csv, within};
use stats::small_area::{AreaModel, FayHerriot, Method};

fn towns(file: &str) -> AreaModel {
    let table = csv(file);
    let rows = table.numbers("x1").into_iter().zip(table.numbers("urban"));
    let covariates: Vec<Vec<f64>> = rows.map(|(x, urban)| vec![1.0, x, urban]).collect();
    AreaModel::new(&table.numbers("y"), &table.numbers("vardir"), &covariates).unwrap()
}

#[test]
fn estimates_and_errors_agree_with_sae() {
    let cases = cases("f_fay_herriot.json", "cases");
    assert_eq!(cases.len(), 5);
    for case in &cases {
        let method: Method = case.text("method").parse().unwrap();
        let fitted = FayHerriot::fit(&towns(case.text("data")), method).unwrap();
        let areas =
            |of: fn(&stats::small_area::AreaEstimate) -> f64| fitted.areas.iter().map(of).collect();
        for (key, got) in [
            ("refvar", vec![fitted.between_variance]),
            ("beta", fitted.coefficients.clone()),
            ("beta_se", fitted.standard_errors.clone()),
            ("eblup", areas(|area| area.eblup)),
            ("mse", areas(|area| area.mse)),
            ("loglike", vec![fitted.log_likelihood]),
        ] {
            let expected = case.expected(key);
            assert_eq!(got.len(), expected.len());
            for (got, expected) in got.into_iter().zip(expected) {
                // A hundred times stricter than the file's 1e-6, which allows for sae's own stop.
                assert!(
                    within(got, expected, 1e-12, 1e-8),
                    "{} {key}: {got} {expected}",
                    case.id()
                );
            }
        }
    }
}

#[test]
fn without_variance_between_areas_all_is_borrowed() {
    let fitted = FayHerriot::fit(&towns("csv/f_towns_zero.csv"), Method::Reml).unwrap();
    assert_eq!(fitted.between_variance, 0.0);
    assert!(
        fitted
            .areas
            .iter()
            .all(|area| area.own_weight == 0.0 && area.mse > 0.0)
    );
    let synthetic = fitted.synthetic(&[1.0, 59.4, 0.0]).unwrap();
    assert!((synthetic.eblup - fitted.areas[0].eblup).abs() < 1e-14);
    assert!(fitted.synthetic(&[1.0]).is_err());
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let one = |x: f64| vec![1.0, x];
    let rows: Vec<Vec<f64>> = (0..5).map(|i| one(f64::from(i))).collect();
    let (y, d) = ([0.5, 0.6, 0.4, 0.7, 0.5], [0.01; 5]);
    assert!(AreaModel::new(&[], &[], &[]).is_err());
    assert!(AreaModel::new(&y, &d[..4], &rows).is_err());
    assert!(AreaModel::new(&y, &[0.01, 0.01, 0.0, 0.01, 0.01], &rows).is_err());
    assert!(AreaModel::new(&[0.5, f64::NAN, 0.4, 0.7, 0.5], &d, &rows).is_err());
    assert!(AreaModel::new(&y[..2], &d[..2], &rows[..2]).is_err());
    let same: Vec<Vec<f64>> = (0..5).map(|_| one(3.0)).collect();
    let model = AreaModel::new(&y, &d, &same).unwrap();
    for &method in Method::ALL {
        assert!(FayHerriot::fit(&model, method).is_err(), "{method}");
    }
}
