//! `wendu quantile`: tails and quantiles of the distributions, by the name of the
//! distribution and of the function (`beta_ppf`, `t_cdf`, `chi2_sf`, `tukey_quantile`).

use super::unknown_method;
use crate::request::{Extended, read};
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value};
use stats::distribution::{beta, chi_squared, fisher_f, normal, student_t, studentized_range};

const KNOWN: &[&str] = &["beta", "t", "f", "chi2", "normal", "tukey"];

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    let name = request.get("fn").and_then(Value::as_str);
    let name = name.map_or_else(|| request.method(), Ok)?;
    if name.starts_with("studentized_range_") {
        return studentized_range(name, request);
    }
    let listed = request.get("inputs").and_then(|inputs| inputs.get("args"));
    let args = request
        .get("args")
        .or(listed)
        .ok_or(Error::Missing("args"))?;
    let args: Vec<f64> = read::<Vec<Extended>>(args)?
        .iter()
        .map(|arg| arg.0)
        .collect();
    Ok(Map::from_iter([(
        "value".to_owned(),
        evaluate(name, &args)?.into(),
    )]))
}

#[derive(Clone, Copy)]
enum Function {
    Quantile,
    Lower,
    Upper,
}

fn evaluate(name: &str, args: &[f64]) -> Result<f64, Error> {
    use Function::{Lower, Quantile, Upper};
    let unknown = || unknown_method("distribution and function (_ppf, _cdf or _sf)", name, KNOWN);
    let (distribution, function) = name.rsplit_once('_').ok_or_else(unknown)?;
    let function = match function {
        "ppf" | "quantile" => Quantile,
        "cdf" => Lower,
        "sf" => Upper,
        _ => return Err(unknown()),
    };
    let value = match (distribution, function, args) {
        ("beta", Quantile, &[p, a, b]) => beta::quantile(p, a, b)?,
        ("beta", Lower, &[x, a, b]) => beta::cdf(x, a, b)?,
        ("beta", Upper, &[x, a, b]) => beta::sf(x, a, b)?,
        ("t", Quantile, &[p, df]) => student_t::quantile(p, df)?,
        ("t", Lower, &[t, df]) => student_t::cdf(t, df)?,
        ("t", Upper, &[t, df]) => student_t::sf(t, df)?,
        ("f", Quantile, &[p, d1, d2]) => fisher_f::quantile(p, d1, d2)?,
        ("f", Lower, &[f, d1, d2]) => fisher_f::cdf(f, d1, d2)?,
        ("f", Upper, &[f, d1, d2]) => fisher_f::sf(f, d1, d2)?,
        ("chi2", Quantile, &[p, df]) => chi_squared::quantile(p, df)?,
        ("chi2", Lower, &[x, df]) => chi_squared::cdf(x, df)?,
        ("chi2", Upper, &[x, df]) => chi_squared::sf(x, df)?,
        ("norm" | "normal", Quantile, &[p]) => normal::quantile(p)?,
        ("norm" | "normal", Lower, &[x]) => normal::cdf(x),
        ("norm" | "normal", Upper, &[x]) => normal::sf(x),
        ("tukey", Quantile, &[p, k, df]) => studentized_range::quantile(p, means(k)?, df)?,
        ("tukey", Lower, &[q, k, df]) => studentized_range::cdf(q, means(k)?, df)?,
        ("tukey", Upper, &[q, k, df]) => studentized_range::sf(q, means(k)?, df)?,
        ("beta" | "t" | "f" | "chi2" | "norm" | "normal" | "tukey", ..) => {
            return Err(Error::Inputs(format!(
                "{name} does not take {} numbers",
                args.len()
            )));
        }
        _ => return Err(unknown()),
    };
    Ok(value)
}

/// The number of means of a studentized range.
fn means(k: f64) -> Result<u32, Error> {
    if k.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&k) {
        Ok(k as u32)
    } else {
        Err(Error::Inputs(format!("k = {k} is not a number of means")))
    }
}

/// The studentized range with named inputs, as R's `qtukey` and `ptukey`.
pub(super) fn studentized_range(
    name: &str,
    request: &Request,
) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        p: Option<f64>,
        q: Option<f64>,
        k: f64,
        df: Extended,
    }
    let Inputs { p, q, k, df } = request.inputs()?;
    let k = means(k)?;
    let (key, value) = match (name, p, q) {
        ("studentized_range_quantile", Some(p), _) => {
            ("q", studentized_range::quantile(p, k, df.0)?)
        }
        ("studentized_range_cdf", _, Some(q)) => ("p", studentized_range::cdf(q, k, df.0)?),
        ("studentized_range_sf", _, Some(q)) => ("p", studentized_range::sf(q, k, df.0)?),
        _ => {
            return Err(Error::Inputs(
                "studentized_range_quantile takes p, k, df; studentized_range_cdf takes q, k, df"
                    .to_owned(),
            ));
        }
    };
    Ok(Map::from_iter([(key.to_owned(), value.into())]))
}
