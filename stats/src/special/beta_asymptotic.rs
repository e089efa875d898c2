//! The incomplete beta function for large a and b near the mean.
//!
//! Source: DiDonato & Morris (1992), ACM TOMS 18:360–373, section 6 (BASYM).

use super::deviance::{deviance, stirling_error};
use super::incomplete_beta::UnitPoint;

/// Terms of the expansion; at a, b ≥ 1e4 fewer are used.
const TERMS: usize = 20;

/// Whether the expansion holds to full precision: `below` = (a + b)(mean − x) ≥ 0.
pub(super) fn applies(a: f64, b: f64, below: f64) -> bool {
    let small = a.min(b);
    small >= 1e4 && below <= 0.03 * small
}

/// ln Iₓ(a, b) for x at or below the mean.
pub(super) fn ln_lower(a: f64, b: f64, at: UnitPoint, below: f64) -> f64 {
    let n = a + b;
    let f = if below == 0.0 {
        0.0
    } else {
        deviance(a, n * at.x) + deviance(b, n * at.y)
    };
    let z0 = f.sqrt();
    let correction = stirling_error(n) - stirling_error(a) - stirling_error(b);
    std::f64::consts::FRAC_2_SQRT_PI.ln() - f + correction + sum(a, b, z0, f).ln()
}

/// The sum of (6.4): coefficients of the expansion times repeated integrals of erfc.
fn sum(a: f64, b: f64, z0: f64, f: f64) -> f64 {
    let e1 = 0.125f64.sqrt();
    let h = a.min(b) / a.max(b);
    let r0 = 1.0 / (h + 1.0);
    let r1 = (b - a) / a.max(b);
    let w0 = (a.min(b) * (h + 1.0)).sqrt().recip();

    let mut a0 = [0.0; TERMS + 1];
    let mut b0 = [0.0; TERMS + 1];
    let mut c = [0.0; TERMS + 1];
    let mut d = [0.0; TERMS + 1];
    a0[0] = 2.0 / 3.0 * r1;
    c[0] = -0.5 * a0[0];
    d[0] = -c[0];
    let mut j0 = 0.5 / std::f64::consts::FRAC_2_SQRT_PI * scaled_erfc(z0);
    let mut j1 = e1;
    let mut sum = j0 + d[0] * w0 * j1;
    let (mut s, mut hn, mut w) = (1.0, 1.0, w0);
    let z2 = 2.0 * f;
    let (mut odd_power, mut even_power) = (z0 / (2.0 * e1), z2);
    for n in (2..=TERMS).step_by(2) {
        hn *= h * h;
        a0[n - 1] = 2.0 * r0 * (1.0 + h * hn) / (n as f64 + 2.0);
        s += hn;
        a0[n] = 2.0 * r1 * s / (n as f64 + 3.0);
        for i in n..=n + 1 {
            let r = -0.5 * (i as f64 + 1.0);
            b0[0] = r * a0[0];
            for m in 2..=i {
                let inner: f64 = (1..m)
                    .map(|j| (j as f64 * r - (m - j) as f64) * a0[j - 1] * b0[m - j - 1])
                    .sum();
                b0[m - 1] = r * a0[m - 1] + inner / m as f64;
            }
            c[i - 1] = b0[i - 1] / (i as f64 + 1.0);
            let inner: f64 = (1..i).map(|j| d[i - j - 1] * c[j - 1]).sum();
            d[i - 1] = -(inner + c[i - 1]);
        }
        j0 = e1 * odd_power + (n as f64 - 1.0) * j0;
        j1 = e1 * even_power + n as f64 * j1;
        odd_power *= z2;
        even_power *= z2;
        w *= w0;
        let even = d[n - 1] * w * j0;
        w *= w0;
        let odd = d[n] * w * j1;
        sum += even + odd;
        if even.abs() + odd.abs() <= f64::EPSILON * sum {
            break;
        }
    }
    sum
}

/// exp(x²)·erfc(x) for x ≥ 0: beyond 5 by its continued fraction (Abramowitz & Stegun
/// 7.1.14), so that it does not underflow.
fn scaled_erfc(x: f64) -> f64 {
    if x < 5.0 {
        return (x * x).exp() * libm::erfc(x);
    }
    let tail = (1..=60)
        .rev()
        .fold(0.0, |tail, k| f64::from(k) / 2.0 / (x + tail));
    0.5 * std::f64::consts::FRAC_2_SQRT_PI / (x + tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaled_erfc_is_continuous_where_the_formulas_meet() {
        let (below, above) = (scaled_erfc(5.0 - 1e-14), scaled_erfc(5.0));
        assert!((below / above - 1.0).abs() < 2e-14, "{below} {above}");
    }
}
