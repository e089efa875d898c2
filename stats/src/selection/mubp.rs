//! MUBP: how far a self-selected proportion may be off, given a proxy known for everyone.

use super::{finite, out_of_range};
use crate::Error;
use crate::distribution::normal;
use crate::special::root::bisect;

/// The proxy and the yes/no answer of those selected.
///
/// The proxy is usually the linear predictor of a probit regression of the answer on what is
/// known of everyone.
#[derive(Debug, Clone, Copy)]
pub struct Proxy<'a> {
    /// The proxy of each respondent.
    pub x: &'a [f64],
    /// The answer of each respondent: 1 for yes, 0 for no.
    pub y: &'a [f64],
}

/// What is known of those not selected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NotSelected {
    /// The mean of the proxy among them.
    pub mean: f64,
    /// Its variance among them.
    pub variance: f64,
    /// The share of the population that was selected, in (0, 1).
    pub sampling_fraction: f64,
}

/// The measure of unadjusted bias for a proportion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mubp {
    /// The biserial correlation of proxy and answer among respondents: below some 0.3 the
    /// proxy says little, and the bound is wide.
    pub correlation: f64,
    /// The share of yes among respondents.
    pub selected: f64,
    /// The share in the population for the φ assumed.
    pub adjusted: f64,
    /// `selected` − `adjusted`: the estimated bias.
    pub bias: f64,
}

/// The bias of a self-selected proportion if selection depends on (1 − φ) parts proxy and φ
/// parts the latent answer itself. φ = 0 is ignorable selection, φ = 1 the worst case; report
/// 0, ½ and 1 together.
///
/// Source: Andridge, West, Little, Boonstra and Alvarado-Leiva 2019 (JRSS C 68, 1465–1483),
/// with the two-step biserial correlation (threshold fixed at the observed share).
///
/// # Errors
/// [`Error::NoData`] without respondents; [`Error::OutOfRange`] for lengths that differ,
/// answers other than 0 and 1, numbers that are not finite, a φ outside \[0, 1\];
/// [`Error::Undefined`] if all respondents answer alike, have the same proxy, or the proxy
/// separates yes from no.
pub fn mubp(respondents: Proxy, others: NotSelected, phi: f64) -> Result<Mubp, Error> {
    let Moments { mean, sd, share } = moments(respondents)?;
    finite("xmean_nonselected", others.mean)?;
    if finite("xvar_nonselected", others.variance)? < 0.0 {
        return Err(out_of_range(
            "xvar_nonselected",
            others.variance,
            "0 or more",
        ));
    }
    let fraction = others.sampling_fraction;
    if !(fraction > 0.0 && fraction < 1.0) {
        return Err(out_of_range(
            "sampling_fraction",
            fraction,
            "between 0 and 1",
        ));
    }
    if !(0.0..=1.0).contains(&phi) {
        return Err(out_of_range("phi", phi, "from 0 to 1"));
    }
    let threshold = normal::quantile(1.0 - share)?;
    let standardised: Vec<f64> = respondents.x.iter().map(|x| (x - mean) / sd).collect();
    let correlation = biserial(&standardised, respondents.y, threshold)?;
    // By how much the latent answer moves with one standard deviation of the proxy.
    let slope = (phi + (1.0 - phi) * correlation) / (phi * correlation + (1.0 - phi));
    if !slope.is_finite() {
        return Err(Error::Undefined {
            method: "MUBP",
            reason: "the proxy is uncorrelated with the answer, so that this φ has no bound",
        });
    }
    let latent_mean = -threshold + slope * (others.mean - mean) / sd;
    let latent_variance = 1.0 + slope * slope * (others.variance / (sd * sd) - 1.0);
    let missing = if latent_variance > 0.0 {
        normal::cdf(latent_mean / latent_variance.sqrt())
    } else {
        // The authors' convention where the implied variance is impossible: it is 0.
        f64::from(latent_mean > 0.0)
    };
    let adjusted = fraction * share + (1.0 - fraction) * missing;
    Ok(Mubp {
        correlation,
        selected: share,
        adjusted,
        bias: share - adjusted,
    })
}

struct Moments {
    mean: f64,
    sd: f64,
    share: f64,
}

fn moments(respondents: Proxy) -> Result<Moments, Error> {
    let Proxy { x, y } = respondents;
    if x.is_empty() {
        return Err(Error::NoData("there are no respondents"));
    }
    if x.len() != y.len() {
        return Err(out_of_range(
            "y",
            y.len() as f64,
            "one for each proxy value",
        ));
    }
    for &value in x {
        finite("x", value)?;
    }
    if let Some(&value) = y.iter().find(|&&value| value != 0.0 && value != 1.0) {
        return Err(out_of_range("y", value, "0 or 1"));
    }
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let sd = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    let share = y.iter().sum::<f64>() / n;
    if !(sd > 0.0 && sd.is_finite() && share > 0.0 && share < 1.0) {
        return Err(Error::Undefined {
            method: "MUBP",
            reason: "it needs respondents whose answers differ and whose proxies differ",
        });
    }
    Ok(Moments { mean, sd, share })
}

/// Correlations beyond this mean that the proxy separates yes from no.
const SEPARATED: f64 = 0.999_9;

/// The ρ that maximises Σ y ln Φ(η) + (1 − y) ln Φ(−η), η = (ρ z − w)/√(1 − ρ²).
fn biserial(z: &[f64], y: &[f64], threshold: f64) -> Result<f64, Error> {
    let answers = || z.iter().zip(y);
    let eta = |rho: f64, z: f64| (rho * z - threshold) / (1.0 - rho * rho).sqrt();
    let likelihood = |rho: f64| -> f64 {
        let terms = answers().map(|(&z, &y)| {
            let eta = eta(rho, z);
            ln_cdf(if y == 1.0 { eta } else { -eta })
        });
        terms.sum()
    };
    let slope = |rho: f64| -> f64 {
        let terms = answers().map(|(&z, &y)| {
            let eta = eta(rho, z);
            let pull = if y == 1.0 { mills(eta) } else { -mills(-eta) };
            pull * (z - rho * threshold)
        });
        terms.sum()
    };
    // The likelihood need not be concave in ρ: a grid finds the hill, bisection its top.
    const CELLS: i32 = 100;
    let at = |i: i32| SEPARATED * f64::from(i) / f64::from(CELLS);
    let heights = (-CELLS..=CELLS).map(|i| (i, likelihood(at(i))));
    let best = heights
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(0, |(i, _)| i);
    if best.abs() == CELLS {
        return Err(Error::Undefined {
            method: "the biserial correlation",
            reason: "the proxy separates yes from no",
        });
    }
    bisect(
        "the biserial correlation",
        (at(best - 1), at(best + 1)),
        |rho| Ok(-slope(rho)),
    )
}

/// ln Φ(η), also where Φ underflows.
fn ln_cdf(eta: f64) -> f64 {
    if eta > -30.0 {
        normal::cdf(eta).ln()
    } else {
        -0.5 * eta * eta - (-eta).ln() - 0.5 * std::f64::consts::TAU.ln()
    }
}

/// φ(η)/Φ(η), also where both underflow.
fn mills(eta: f64) -> f64 {
    if eta > -30.0 {
        normal::density(eta) / normal::cdf(eta)
    } else {
        -eta - 1.0 / eta
    }
}
