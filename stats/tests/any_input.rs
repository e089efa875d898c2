//! Whatever the numbers, ranks, small areas, selection and gaps answer or refuse.

use proptest::prelude::*;
use stats::gap::{Cell, Side, Wave, change, decompose};
use stats::rank::{Areas, Coverage, Method, Simulation, Spread, rank_sets, tiers};
use stats::selection::{
    Nonresponse, NotSelected, Proxy, contamination_bounds, defect, fake_yes_needed,
    logistic_regression, mubp, r_indicator,
};
use stats::small_area::{AreaModel, FayHerriot};
use stats::{Interval, Level};

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![6 => 0.0f64..=1.0, 1 => any::<f64>(), 1 => Just(0.0)]
}

fn numbers(length: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(number(), length)
}

fn ordered(interval: Interval) -> bool {
    0.0 <= interval.lower && interval.lower <= interval.upper && interval.upper <= 1.0
}

proptest! {
    #[test]
    fn ranks(estimates in numbers(4), errors in numbers(4), cells in numbers(16)) {
        let rows: Vec<Vec<f64>> = cells.chunks(4).map(<[f64]>::to_vec).collect();
        let simulation = Simulation { draws: 50, seed: 1 };
        for spread in [Spread::Independent(&errors), Spread::Joint(&rows)] {
            let Ok(areas) = Areas::new(&estimates, spread) else { continue };
            for method in [Method::Holm, Method::StudentisedMaxStepdown(simulation)] {
                let found = rank_sets(&areas, Coverage::Simultaneous, method, Level::DEFAULT);
                for set in found.unwrap().sets {
                    prop_assert!(set.best <= set.rank && set.rank <= set.worst);
                }
                let tiers = tiers(&areas, method, Level::DEFAULT).unwrap().tiers;
                prop_assert_eq!(tiers.iter().map(Vec::len).sum::<usize>(), 4);
            }
        }
    }

    #[test]
    fn small_areas(y in numbers(6), d in numbers(6), x in numbers(6)) {
        let rows: Vec<Vec<f64>> = x.iter().map(|&x| vec![1.0, x]).collect();
        if let Ok(model) = AreaModel::new(&y, &d, &rows) {
            for &method in stats::small_area::Method::ALL {
                if let Ok(fitted) = FayHerriot::fit(&model, method) {
                    prop_assert!(fitted.between_variance >= 0.0);
                }
            }
        }
    }

    #[test]
    fn counts(yes in 0u64..100, n in 0u64..100, more in 0u64..100, a in number(), b in number()) {
        if let Ok(asked) = Nonresponse::new(yes, n, n + more) {
            let manski = asked.manski(Level::DEFAULT).unwrap();
            prop_assert!(ordered(manski.bounds) && ordered(manski.interval));
            if let Ok(bounds) = asked.delta_bounded(a, b) {
                prop_assert!(ordered(bounds));
                prop_assert!(manski.bounds.lower <= bounds.lower + 1e-12);
                prop_assert!(bounds.upper <= manski.bounds.upper + 1e-12);
            }
        }
        if let Ok(bounds) = contamination_bounds(yes, n, a) {
            prop_assert!(ordered(bounds.genuine) && ordered(bounds.everyone));
        }
        if let Ok(fakes) = fake_yes_needed(yes, n, a) {
            let share = |m: u64| (yes + m) as f64 / (n + m) as f64;
            if fakes < 1_000_000 {
                prop_assert!(share(fakes) >= yes as f64 / n as f64 + a.max(0.0) - 1e-9 || a <= 0.0);
            }
        }
        let _ = defect::from_correlation(a, yes, n, b);
    }

    #[test]
    fn meng_s_identity(y in prop::collection::vec(-10.0f64..10.0, 30), r in prop::collection::vec(any::<bool>(), 30)) {
        if let Ok(found) = defect::from_population(&y, &r) {
            prop_assert!((found.error - found.product).abs() < 1e-9);
        }
    }

    #[test]
    fn models(y in numbers(8), x in numbers(8), a in number(), b in number()) {
        let rows: Vec<Vec<f64>> = x.iter().map(|&x| vec![1.0, x]).collect();
        if let Ok((_, fitted)) = logistic_regression(&y, &rows) {
            let total = |of: &[f64]| of.iter().sum::<f64>();
            prop_assert!((total(&fitted) - total(&y)).abs() < 1e-6);
        }
        let _ = r_indicator(&x, &y);
        let rounded: Vec<f64> = y.iter().map(|y| y.round()).collect();
        let others = NotSelected { mean: a, variance: b, sampling_fraction: 0.3 };
        if let Ok(found) = mubp(Proxy { x: &x, y: &rounded }, others, a) {
            prop_assert!((0.0..=1.0).contains(&found.adjusted));
        }
    }

    #[test]
    fn gaps(values in numbers(6), covariance in number()) {
        let [a, b, c, d, e, f] = values[..] else { return Ok(()) };
        let side = |share, rate| Side { share, rate, standard_error: e };
        let _ = decompose(&[Cell { first: side(1.0, a), second: side(b, c) }]);
        let wave = |measured| Wave { official: d, measured, standard_error: f };
        if let Ok(found) = change(wave(a), wave(b), covariance, Level::DEFAULT) {
            prop_assert!(found.interval.lower <= found.interval.upper);
        }
    }
}
