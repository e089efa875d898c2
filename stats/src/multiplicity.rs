//! Many tests or intervals at once: adjusted p-values and simultaneous critical values.

use crate::distribution::normal;
use crate::named::named;
use crate::{Error, Level};

named! {
    /// How to adjust p-values for their number.
    "adjustment for multiplicity"
    pub enum Adjustment {
        /// p·m: controls the family-wise error under any dependence.
        Bonferroni = "bonferroni",
        /// 1 − (1 − p)ᵐ (Šidák 1967): as Bonferroni for independent tests, a little sharper.
        Sidak = "sidak",
        /// Bonferroni, step down (Holm 1979): any dependence, never worse than Bonferroni.
        Holm = "holm",
        /// Step up (Hochberg 1988): needs positive dependence.
        Hochberg = "hochberg",
        /// From Simes' test of every subset (Hommel 1988): as Hochberg, a little sharper.
        Hommel = "hommel",
        /// False discovery rate, step up (Benjamini & Hochberg 1995): positive dependence.
        BenjaminiHochberg = "BH",
        /// False discovery rate under any dependence (Benjamini & Yekutieli 2001).
        BenjaminiYekutieli = "BY",
    }
}

/// Hommel's work grows with the square of the number of p-values.
const MOST_HOMMEL: usize = 20_000;

/// The adjusted p-values in the order of the given ones (as R's `p.adjust`).
///
/// # Errors
/// [`Error::OutOfRange`] for a p outside [0, 1] or not a number, and for more
/// than 20,000 of them under Hommel's adjustment.
pub fn adjust(p: &[f64], adjustment: Adjustment) -> Result<Vec<f64>, Error> {
    if let Some(&value) = p.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(Error::OutOfRange {
            name: "p",
            value,
            expected: "p-values between 0 and 1",
        });
    }
    let m = p.len() as f64;
    if adjustment == Adjustment::Hommel && p.len() > MOST_HOMMEL {
        return Err(Error::OutOfRange {
            name: "p",
            value: m,
            expected: "at most 20000 p-values for hommel; use hochberg",
        });
    }
    let harmonic: f64 = (1..=p.len()).map(|i| (i as f64).recip()).sum();
    Ok(match adjustment {
        Adjustment::Bonferroni => p.iter().map(|p| (p * m).min(1.0)).collect(),
        Adjustment::Sidak => p.iter().map(|p| -(m * (-p).ln_1p()).exp_m1()).collect(),
        Adjustment::Holm => step_down(p, |rank| m + 1.0 - rank),
        Adjustment::Hochberg => step_up(p, |rank| m + 1.0 - rank),
        Adjustment::BenjaminiHochberg => step_up(p, |rank| m / rank),
        Adjustment::BenjaminiYekutieli => step_up(p, |rank| harmonic * m / rank),
        Adjustment::Hommel => hommel(p),
    })
}

/// The positions of the p-values from the smallest on.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&i, &j| p[i].total_cmp(&p[j]));
    order
}

/// From the smallest p on, the running maximum of p·factor(rank).
fn step_down(p: &[f64], factor: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut running = 0.0f64;
    for (index, at) in ascending(p).into_iter().enumerate() {
        running = running.max(p[at] * factor(index as f64 + 1.0));
        adjusted[at] = running.min(1.0);
    }
    adjusted
}

/// From the largest p on, the running minimum of p·factor(rank).
fn step_up(p: &[f64], factor: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut running = 1.0f64;
    for (index, at) in ascending(p).into_iter().enumerate().rev() {
        running = running.min(p[at] * factor(index as f64 + 1.0));
        adjusted[at] = running;
    }
    adjusted
}

/// Hommel (1988), Biometrika 75:383–386, in the algorithm of Wright (1992), Biometrics
/// 48:1005–1013. Quadratic in the number of p-values.
fn hommel(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let sorted: Vec<f64> = order.iter().map(|&at| p[at]).collect();
    let m = sorted.len();
    let ratio = |p: f64, size: usize, rank: usize| size as f64 * p / rank as f64;
    let whole = sorted.iter().zip(1..).map(|(&p, rank)| ratio(p, m, rank));
    let simes = whole.fold(f64::INFINITY, f64::min);
    let mut adjusted = vec![simes; m];
    for size in (2..m).rev() {
        // The subset's smallest part and its largest size − 1 p-values.
        let (head, tail) = sorted.split_at(m - size + 1);
        let bound = tail.iter().zip(2..).map(|(&p, rank)| ratio(p, size, rank));
        let bound = bound.fold(f64::INFINITY, f64::min);
        let (head_now, tail_now) = adjusted.split_at_mut(head.len());
        let mut last = bound;
        for (now, &p) in head_now.iter_mut().zip(head) {
            last = bound.min(size as f64 * p);
            *now = now.max(last);
        }
        for now in tail_now {
            *now = now.max(last);
        }
    }
    let mut answer = vec![0.0; m];
    for ((&at, adjusted), &p) in order.iter().zip(adjusted).zip(&sorted) {
        answer[at] = adjusted.max(p);
    }
    answer
}

/// Two-sided normal critical values for k simultaneous intervals.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct SimultaneousCritical {
    /// Šidák's: exact for independent estimates.
    #[serde(rename = "z")]
    pub sidak: f64,
    /// Bonferroni's: valid under any dependence.
    #[serde(rename = "z_bonf")]
    pub bonferroni: f64,
}

/// The critical values that give k intervals one joint level (Šidák 1967, JASA
/// 62:626–633).
///
/// # Errors
/// [`Error::OutOfRange`] for k = 0.
pub fn simultaneous_critical(k: u32, level: Level) -> Result<SimultaneousCritical, Error> {
    if k == 0 {
        return Err(Error::OutOfRange {
            name: "k",
            value: 0.0,
            expected: "at least one interval",
        });
    }
    let k = f64::from(k);
    // 1 − level^(1/k)
    let each = -(level.get().ln() / k).exp_m1();
    Ok(SimultaneousCritical {
        sidak: -normal::quantile(0.5 * each)?,
        bonferroni: -normal::quantile(0.5 * level.alpha() / k)?,
    })
}
