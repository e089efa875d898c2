//! Tails and quantiles against 40-digit values.

mod reference;

use reference::{Case, cases, within};
use stats::Error;
use stats::distribution::{beta, chi_squared, fisher_f, normal, student_t};

fn value(case: &Case) -> Result<f64, Error> {
    let args = case.args();
    match (case.text("fn"), args.as_slice()) {
        ("beta_ppf", &[p, a, b]) => beta::quantile(p, a, b),
        ("beta_cdf", &[x, a, b]) => beta::cdf(x, a, b),
        ("beta_sf", &[x, a, b]) => beta::sf(x, a, b),
        ("t_ppf", &[p, df]) => student_t::quantile(p, df),
        ("t_cdf", &[t, df]) => student_t::cdf(t, df),
        ("norm_ppf", &[p]) => normal::quantile(p),
        ("norm_cdf", &[x]) => Ok(normal::cdf(x)),
        ("chi2_ppf", &[p, df]) => chi_squared::quantile(p, df),
        ("chi2_sf", &[x, df]) => chi_squared::sf(x, df),
        ("f_ppf", &[p, d1, d2]) => fisher_f::quantile(p, d1, d2),
        other => panic!("no such function: {other:?}"),
    }
}

#[test]
fn tails_and_quantiles_agree_with_forty_digits() {
    let cases = cases("j_special_functions.json", "cases");
    let mut wrong = Vec::new();
    for case in &cases {
        let expected = case.number("expected");
        match value(case) {
            // Far stricter than the file's 1e-10 for quantiles, and relative throughout.
            Ok(got) if within(got, expected, 0.0, 1e-12) => {}
            other => wrong.push(format!("{} = {expected}, got {other:?}", case.id())),
        }
    }
    assert_eq!(cases.len(), 998);
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
