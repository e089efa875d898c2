//! Rates and temperatures of a raked sample, with design-based intervals.

use crate::rates::{Estimate, Rate};
use crate::temperature::{self, Temperature};
use stats::design::{self, ProportionMethod, Reference, proportion_interval};
use stats::proportion::korn_graubard::{self, DesignEstimate};
use stats::tally::{Quantity, Sample, Scope, Term};
use stats::{Error, Interval, Level, mover, proportion};

/// Below this many effective answers an estimate takes the Korn–Graubard interval, whatever was
/// asked for: it is exact binomial at no more than the answers there are, where intervals that
/// lean on the variance alone lean on too little. So it does where the margins explain so much
/// that the sample would pass for more answers than it has: in few answers that is chance.
const FEW: f64 = 30.0;

/// The form that an interval for counts has for weighted answers.
pub(crate) fn form(method: proportion::Method) -> Option<ProportionMethod> {
    match method {
        proportion::Method::Wilson => Some(ProportionMethod::Wilson),
        proportion::Method::Logit => Some(ProportionMethod::Logit),
        proportion::Method::LikelihoodRatio => Some(ProportionMethod::Likelihood),
        proportion::Method::ClopperPearson => Some(ProportionMethod::KornGraubard),
        _ => None,
    }
}

/// The API's words for the intervals that have such a form.
pub(crate) fn forms() -> String {
    let all = proportion::Method::ALL.iter();
    let known = all.filter(|method| form(**method).is_some());
    let names: Vec<&str> = known.map(|method| method.name()).collect();
    names.join(", ")
}

/// A raked sample, and which intervals are wanted.
pub(crate) struct Weighted<'s> {
    pub sample: &'s Sample<'s>,
    pub form: ProportionMethod,
    pub level: Level,
}

impl Weighted<'_> {
    /// Puts the weighted estimate into the rate of the indicator at place `index`.
    pub fn rate(&self, rate: &mut Rate, index: usize, scope: Scope<'_>) {
        let estimated = self
            .sample
            .estimate(ratio(index), scope)
            .and_then(|estimate| self.proportion(&estimate));
        (rate.estimate, rate.note) = match estimated {
            Ok(estimate) => (Some(estimate), None),
            Err(Error::NoData(_)) => (None, Some("no data".to_owned())),
            Err(error) => (None, Some(error.to_string())),
        };
    }

    fn proportion(&self, estimate: &design::Estimate) -> Result<Estimate, Error> {
        let n = estimate.n as f64;
        let effective_n = Some(estimate.effective_n()).filter(|n| n.is_finite() && *n > 0.0);
        let asked = match effective_n {
            Some(effective_n) if (FEW..=n).contains(&effective_n) => {
                proportion_interval(estimate, self.level, self.form)
                    .map(|interval| (interval, self.form))
                    .ok()
            }
            _ => None,
        };
        let (interval, form) = match asked {
            Some(found) => found,
            None => (self.exact(estimate)?, ProportionMethod::KornGraubard),
        };
        let design_effect = estimate.design_effect(Reference::SrsWithReplacement);
        Ok(Estimate {
            value: estimate.value,
            lower: interval.lower,
            upper: interval.upper,
            method: form.name().to_owned(),
            level: self.level.get(),
            n: estimate.n as u64,
            effective_n: effective_n.unwrap_or(n).min(n),
            se: Some(estimate.standard_error()).filter(|se| se.is_finite()),
            design_effect: Some(design_effect).filter(|deff| deff.is_finite()),
            weighted: true,
        })
    }

    /// Korn and Graubard's interval. One person alone has no degree of freedom, and needs none:
    /// then it is Clopper and Pearson's.
    fn exact(&self, estimate: &design::Estimate) -> Result<Interval, Error> {
        let se = estimate.standard_error();
        let given = DesignEstimate {
            p: estimate.value,
            se: if se.is_finite() { se } else { 0.0 },
            n: estimate.n as u64,
            df: estimate.df.max(1.0),
        };
        Ok(korn_graubard::interval(given, self.level)?.interval)
    }

    /// The temperature from the weighted rates at the places `parts` with their weights.
    pub fn temperature(
        &self,
        n: u64,
        rates: &[Rate],
        parts: &[(usize, f64)],
        scope: Scope<'_>,
    ) -> Temperature {
        let (estimate, note) = match self.combine(n, rates, parts, scope) {
            Ok(estimate) => (Some(estimate), None),
            Err(Error::NoData(_)) => (None, Some("no data".to_owned())),
            Err(error) => (None, Some(error.to_string())),
        };
        Temperature { n, estimate, note }
    }

    fn combine(
        &self,
        n: u64,
        rates: &[Rate],
        parts: &[(usize, f64)],
        scope: Scope<'_>,
    ) -> Result<Estimate, Error> {
        let estimates: Option<Vec<&Estimate>> = parts
            .iter()
            .map(|(index, _)| rates.get(*index)?.estimate.as_ref())
            .collect();
        let estimates = estimates
            .filter(|estimates| !estimates.is_empty())
            .ok_or(Error::NoData("a part of the temperature has no data"))?;
        let total: f64 = parts.iter().map(|(_, weight)| weight).sum();
        let weights: Vec<f64> = parts.iter().map(|(_, w)| 100.0 * w / total).collect();
        let values: Vec<f64> = estimates.iter().map(|estimate| estimate.value).collect();
        let limits = estimates.iter().map(|estimate| Interval {
            lower: estimate.lower,
            upper: estimate.upper,
        });
        let limits: Vec<Interval> = limits.collect();
        let correlation = self.correlations(parts, scope)?;
        let interval = mover::combination(&weights, &values, &limits, &correlation)?;
        let variance = self.variance(
            parts.iter().zip(&weights).map(|((i, _), a)| (*i, *a)),
            scope,
        )?;
        let effective_n = self.kish(scope);
        Ok(Estimate {
            value: weights.iter().zip(&values).map(|(w, p)| w * p).sum(),
            lower: interval.lower,
            upper: interval.upper,
            method: temperature::METHOD.to_owned(),
            level: self.level.get(),
            n,
            effective_n,
            se: Some(variance.sqrt()).filter(|se| se.is_finite()),
            design_effect: None,
            weighted: true,
        })
    }

    /// The correlations of the estimated rates; a rate that does not vary varies with nothing.
    fn correlations(&self, parts: &[(usize, f64)], scope: Scope<'_>) -> Result<Vec<f64>, Error> {
        let places: Vec<usize> = parts.iter().map(|(index, _)| *index).collect();
        let own = places
            .iter()
            .map(|&i| self.variance([(i, 1.0)], scope))
            .collect::<Result<Vec<f64>, Error>>()?;
        let size = places.len();
        let mut correlation = vec![0.0; size * size];
        for row in 0..size {
            correlation[row * size + row] = 1.0;
            for column in 0..row {
                let both = self.variance([(places[row], 1.0), (places[column], 1.0)], scope)?;
                let covariance = (both - own[row] - own[column]) / 2.0;
                let scale = (own[row] * own[column]).sqrt();
                let value = if scale > 0.0 {
                    (covariance / scale).clamp(-1.0, 1.0)
                } else {
                    0.0
                };
                correlation[row * size + column] = value;
                correlation[column * size + row] = value;
            }
        }
        Ok(correlation)
    }

    /// The variance of Σ aᵢ times the rates at the places i.
    fn variance(
        &self,
        sum: impl IntoIterator<Item = (usize, f64)>,
        scope: Scope<'_>,
    ) -> Result<f64, Error> {
        let terms: Vec<Term<'_>> = sum
            .into_iter()
            .map(|(index, coefficient)| Term {
                coefficient,
                quantity: ratio(index),
                scope,
            })
            .collect();
        Ok(self.sample.combine(&terms)?.variance)
    }

    /// (Σw)²/Σw² of the answers in the scope.
    fn kish(&self, scope: Scope<'_>) -> f64 {
        self.sample.effective_n(scope)
    }
}

/// Positive answers over those that count.
fn ratio(index: usize) -> Quantity {
    Quantity::Ratio {
        block: 0,
        numerator: 2 * index + 1,
        denominator: 2 * index,
    }
}
