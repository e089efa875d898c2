//! Methods without reference cases, held by computing the same in a plain, slow way.
#![allow(
    clippy::unwrap_used,
    reason = "what cannot be built must fail the test"
)]

use proptest::prelude::*;
use stats::design::{Design, Layout, LonelyPsu, logistic};
use stats::selection::{logistic_regression, r_indicator};
use stats::weights::{Bounds, Distance, Margin, Method, Weighting};

/// One answer of a stratified sample of clusters, in one of five waves.
#[derive(Debug, Clone)]
struct Answer {
    stratum: u32,
    psu: u32,
    weight: f64,
    wave: f64,
    yes: bool,
}

fn answers() -> impl Strategy<Value = Vec<Answer>> {
    let answer = (0_u32..3, 0_u32..3, 1.0_f64..9.0, 0_u32..5, any::<bool>());
    let answer = answer.prop_map(|(stratum, psu, weight, wave, yes)| Answer {
        stratum,
        psu,
        weight,
        wave: f64::from(wave),
        yes,
    });
    proptest::collection::vec(answer, 30..60)
}

struct Sample {
    design: Design,
    stratum: Vec<u32>,
    psu: Vec<u32>,
    y: Vec<f64>,
    wave: Vec<f64>,
    rows: Vec<u32>,
    calibrated: bool,
}

impl Sample {
    fn of(answers: &[Answer], calibrated: bool) -> Self {
        let stratum: Vec<u32> = answers.iter().map(|a| a.stratum).collect();
        let psu: Vec<u32> = answers.iter().map(|a| a.psu).collect();
        Self {
            design: Design::new(&Layout {
                rows: answers.len(),
                strata: Some(&stratum),
                clusters: &[&psu],
                lonely_psu: LonelyPsu::Remove,
                ..Layout::default()
            })
            .unwrap(),
            y: answers.iter().map(|a| f64::from(a.yes)).collect(),
            wave: answers.iter().map(|a| a.wave).collect(),
            rows: (0..answers.len() as u32).collect(),
            stratum,
            psu,
            calibrated,
        }
    }

    /// The intercept, the slope and their covariance at these base weights.
    fn fit(&self, weights: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
        let mut weighting = Weighting::new(weights.to_vec()).unwrap();
        if self.calibrated {
            let margin = Margin {
                level_of_cell: vec![0, 1, 2],
                totals: vec![300.0, 200.0, 100.0],
            };
            let method = Method::Calibrate(Distance::Linear(Bounds::NONE));
            weighting
                .calibrate(method, self.stratum.clone(), &[margin])
                .ok()?;
        }
        let fit = logistic(&self.design, &weighting, &self.y, &[&self.wave], &self.rows).ok()?;
        Some((fit.coefficients, fit.covariance))
    }

    /// The between-cluster covariance of totals, by its definition.
    fn covariance(&self, a: &[f64], b: &[f64]) -> f64 {
        let total = |values: &[f64], stratum: u32, psu: u32| -> f64 {
            let inside = |&row: &usize| self.stratum[row] == stratum && self.psu[row] == psu;
            (0..values.len())
                .filter(inside)
                .map(|row| values[row])
                .sum()
        };
        let mut sum = 0.0;
        for stratum in 0..3 {
            let held = |&psu: &u32| {
                let mut rows = 0..self.y.len();
                rows.any(|row| self.stratum[row] == stratum && self.psu[row] == psu)
            };
            let psus: Vec<u32> = (0..3).filter(held).collect();
            let n = psus.len() as f64;
            if n < 2.0 {
                continue;
            }
            let mean = |values: &[f64]| {
                psus.iter()
                    .map(|&psu| total(values, stratum, psu))
                    .sum::<f64>()
                    / n
            };
            let (a_mean, b_mean) = (mean(a), mean(b));
            for &psu in &psus {
                let (a, b) = (total(a, stratum, psu), total(b, stratum, psu));
                sum += n / (n - 1.0) * (a - a_mean) * (b - b_mean);
            }
        }
        sum
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// The influence of an answer is how the fit moves with its weight. Fitting anew (and
    /// calibrating anew) at changed weights finds it without any formula of the model.
    #[test]
    fn the_trends_covariance_follows_from_fitting_at_changed_weights(
        answers in answers(),
        calibrated in any::<bool>(),
    ) {
        let sample = Sample::of(&answers, calibrated);
        let weights: Vec<f64> = answers.iter().map(|a| a.weight).collect();
        prop_assume!((0..3).all(|stratum| answers.iter().any(|a| a.stratum == stratum)));
        let Some((coefficients, covariance)) = sample.fit(&weights) else {
            // Waves that separate yes from no have no slope.
            return Ok(());
        };
        prop_assume!(coefficients.iter().all(|b| b.abs() < 4.0));
        let mut influences = vec![vec![0.0; answers.len()]; 2];
        for row in 0..answers.len() {
            let step = 1e-4 * weights[row];
            let at = |sign: f64| {
                let mut moved = weights.clone();
                moved[row] += sign * step;
                sample.fit(&moved).unwrap().0
            };
            let (up, down) = (at(1.0), at(-1.0));
            for k in 0..2 {
                influences[k][row] = weights[row] * (up[k] - down[k]) / (2.0 * step);
            }
        }
        let scale = covariance[0].abs().max(covariance[3].abs());
        for (entry, (i, j)) in [(0, 0), (0, 1), (1, 0), (1, 1)].into_iter().enumerate() {
            let expected = sample.covariance(&influences[i], &influences[j]);
            let got = covariance[entry];
            prop_assert!((got - expected).abs() <= 1e-6 * scale, "{i}{j}: {got} {expected}");
        }
    }

    /// At the fitted coefficients the pseudo-likelihood has its top: it falls on all sides.
    #[test]
    fn the_trend_is_where_the_likelihood_is_highest(answers in answers()) {
        let sample = Sample::of(&answers, false);
        let weights: Vec<f64> = answers.iter().map(|a| a.weight).collect();
        let Some((b, _)) = sample.fit(&weights) else {
            return Ok(());
        };
        let likelihood = |b0: f64, b1: f64| -> f64 {
            let of = |a: &Answer| {
                let p = 1.0 / (1.0 + (-(b0 + b1 * a.wave)).exp());
                a.weight * if a.yes { p.ln() } else { (1.0 - p).ln() }
            };
            answers.iter().map(of).sum()
        };
        let top = likelihood(b[0], b[1]);
        for angle in 0..16 {
            let (sin, cos) = (f64::from(angle) * std::f64::consts::PI / 8.0).sin_cos();
            for step in [1e-4, 1e-2, 1.0] {
                prop_assert!(likelihood(b[0] + step * cos, b[1] + step * sin) < top);
            }
        }
    }

    /// S² is half the mean squared difference of two members, over all pairs of the
    /// population that the weights stand for, one by one.
    #[test]
    fn the_r_indicator_follows_from_all_pairs_of_members(
        members in proptest::collection::vec((0.0_f64..=1.0, 0_u32..5), 2..12),
    ) {
        let everyone: Vec<f64> = members
            .iter()
            .flat_map(|&(p, weight)| std::iter::repeat_n(p, weight as usize))
            .collect();
        let n = everyone.len() as f64;
        prop_assume!(everyone.len() > 1);
        let mut squares = 0.0;
        for (i, a) in everyone.iter().enumerate() {
            for b in &everyone[i + 1..] {
                squares += (a - b).powi(2);
            }
        }
        let spread = (squares / (n * (n - 1.0))).sqrt();
        let propensities: Vec<f64> = members.iter().map(|member| member.0).collect();
        let weights: Vec<f64> = members.iter().map(|member| f64::from(member.1)).collect();
        let got = r_indicator(&propensities, &weights).unwrap();
        prop_assert!((got.r - (1.0 - 2.0 * spread)).abs() < 1e-12, "{} {spread}", got.r);
        let mean = everyone.iter().sum::<f64>() / n;
        prop_assert!((got.mean - mean).abs() < 1e-12);
        prop_assert!(mean == 0.0 || (got.maximal_bias - spread / mean).abs() <= 1e-12 * (1.0 + spread / mean));
    }

    /// Propensities from a saturated model are the response rates of the cells, so that R
    /// follows from counting.
    #[test]
    fn propensities_of_a_saturated_model_are_the_cells_rates(
        cells in proptest::collection::vec((1_u32..9, 1_u32..9), 2..5),
    ) {
        let mut outcomes = Vec::new();
        let mut rows = Vec::new();
        let mut rates = Vec::new();
        for (cell, &(answered, silent)) in cells.iter().enumerate() {
            let row: Vec<f64> = (0..cells.len())
                .map(|column| f64::from(column == 0 || column == cell))
                .collect();
            for member in 0..answered + silent {
                outcomes.push(f64::from(member < answered));
                rows.push(row.clone());
                rates.push(f64::from(answered) / f64::from(answered + silent));
            }
        }
        let (_, fitted) = logistic_regression(&outcomes, &rows).unwrap();
        for (got, expected) in fitted.iter().zip(&rates) {
            prop_assert!((got - expected).abs() < 1e-9, "{got} {expected}");
        }
    }
}
