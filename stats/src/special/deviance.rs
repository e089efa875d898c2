//! Differences that a naive formula would cancel away (Loader 2000, "Fast and accurate
//! computation of binomial probabilities").

/// x·ln(x/m) + m − x, the Poisson deviance of x about m (both positive), without
/// cancellation where x is near m.
pub(crate) fn deviance(x: f64, m: f64) -> f64 {
    let difference = x - m;
    if difference.abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() - difference;
    }
    // ln(x/m) = 2 atanh v with v = (x − m)/(x + m), |v| < 0.1: each term wins two digits.
    let v = difference / (x + m);
    let mut sum = difference * v;
    let mut term = 2.0 * x * v;
    let v2 = v * v;
    for j in 1..60u32 {
        term *= v2;
        let next = sum + term / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// ln Γ(x+1) − [½ ln 2π + (x+½) ln x − x]: what Stirling's formula leaves out, x > 0.
///
/// Source: Abramowitz & Stegun 6.1.41; below 16 shifted up by the recurrence of Γ.
pub(crate) fn stirling_error(x: f64) -> f64 {
    const SERIES: [f64; 8] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
        -3617.0 / 122_400.0,
    ];
    let mut x = x;
    let mut shift = 0.0;
    while x < 16.0 {
        shift += stirling_step(x);
        x += 1.0;
    }
    let inverse_square = (x * x).recip();
    let series = SERIES
        .iter()
        .rev()
        .fold(0.0, |sum, coefficient| sum * inverse_square + coefficient);
    shift + series / x
}

/// (x + ½) ln(1 + 1/x) − 1, by which Stirling's error at x exceeds that at x + 1.
fn stirling_step(x: f64) -> f64 {
    if x < 2.0 {
        return (x + 0.5) * x.recip().ln_1p() - 1.0;
    }
    // atanh(v)/v − 1 with v = 1/(2x + 1) ≤ 1/5
    let v2 = (2.0 * x + 1.0).powi(-2);
    (1..=12u32)
        .rev()
        .fold(0.0, |sum, j| (sum + f64::from(2 * j + 1).recip()) * v2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stirling_error_is_the_rest_of_ln_gamma() {
        // ln Γ(1.5) = ln(√π / 2)
        let exact = (std::f64::consts::PI.sqrt() / 2.0).ln();
        let stirling = 0.5 * std::f64::consts::TAU.ln() + 0.5f64.ln() - 0.5;
        assert!((stirling + stirling_error(0.5) - exact).abs() < 1e-15);
    }

    #[test]
    fn both_branches_of_the_deviance_meet() {
        let x: f64 = 100.0;
        let m = x * 0.9 / 1.1;
        let series = deviance(x, m * (1.0 + 1e-14));
        let direct = x * (x / m).ln() - (x - m);
        assert!((series - direct).abs() < 1e-11, "{series} {direct}");
        assert_eq!(deviance(7.0, 7.0), 0.0);
    }
}
