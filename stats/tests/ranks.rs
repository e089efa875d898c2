//! Rank sets and tiers: coverage by simulation, and the cases that can be seen by eye.

use stats::rank::{Areas, Coverage, Method, Simulation, Spread, rank_sets, tiers};
use stats::{Error, Level};

const QUICK: Simulation = Simulation {
    draws: 1_000,
    seed: 11,
};

fn methods() -> [Method; 4] {
    [
        Method::StudentisedMax(QUICK),
        Method::StudentisedMaxStepdown(QUICK),
        Method::Bonferroni,
        Method::Holm,
    ]
}

/// Approximately normal errors from a linear congruential stream: the sum of twelve uniforms.
struct Noise(u64);

impl Noise {
    fn draw(&mut self) -> f64 {
        let uniforms = (0..12).map(|_| {
            let state = self.0.wrapping_mul(6_364_136_223_846_793_005);
            self.0 = state.wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1u64 << 53) as f64
        });
        uniforms.sum::<f64>() - 6.0
    }
}

#[test]
fn sets_cover_the_true_ranks() {
    let truth = [0.9, 0.9, 0.8, 0.8, 0.75, 0.5];
    let errors = [0.02, 0.05, 0.03, 0.03, 0.02, 0.04];
    // With ties, an area holds every rank from 1 + those above to p − those below.
    let ranks = [(1, 2), (1, 2), (3, 4), (3, 4), (5, 5), (6, 6)];
    let repetitions = 300;
    let mut noise = Noise(42);
    for method in methods() {
        let (mut all, mut each) = (0, [0; 6]);
        for _ in 0..repetitions {
            let estimates: Vec<f64> = truth
                .iter()
                .zip(errors)
                .map(|(value, error)| value + error * noise.draw())
                .collect();
            let areas = Areas::new(&estimates, Spread::Independent(&errors)).unwrap();
            let covers = |coverage| {
                let found = rank_sets(&areas, coverage, method, Level::DEFAULT).unwrap();
                let pairs = found.sets.into_iter().zip(ranks);
                pairs
                    .map(|(set, (best, worst))| set.best <= best && worst <= set.worst)
                    .collect::<Vec<bool>>()
            };
            all += usize::from(
                covers(Coverage::Simultaneous)
                    .iter()
                    .all(|&covered| covered),
            );
            for (count, covered) in each.iter_mut().zip(covers(Coverage::Marginal)) {
                *count += usize::from(covered);
            }
        }
        // Nominal 0.95; three standard errors of the simulation are 0.038.
        let least = repetitions * 91 / 100;
        assert!(
            all >= least,
            "{method:?}: simultaneous {all} of {repetitions}"
        );
        assert!(
            each.iter().all(|&n| n >= least),
            "{method:?}: marginal {each:?}"
        );
    }
}

#[test]
fn equal_areas_share_one_tier_and_all_ranks() {
    let areas = Areas::new(&[0.5; 8], Spread::Independent(&[0.01; 8])).unwrap();
    for method in methods() {
        let found = rank_sets(&areas, Coverage::Simultaneous, method, Level::DEFAULT).unwrap();
        assert!(found.sets.iter().all(|set| (set.best, set.worst) == (1, 8)));
        assert_eq!(
            tiers(&areas, method, Level::DEFAULT).unwrap().tiers.len(),
            1
        );
    }
}

#[test]
fn areas_far_apart_are_ranked_exactly() {
    let values = [0.2, 0.8, 0.5];
    let covariance: Vec<Vec<f64>> = vec![
        vec![1e-6, 5e-7, 0.0],
        vec![5e-7, 1e-6, 0.0],
        vec![0.0, 0.0, 0.0],
    ];
    let areas = Areas::new(&values, Spread::Joint(&covariance)).unwrap();
    for method in methods() {
        let found = rank_sets(&areas, Coverage::Marginal, method, Level::DEFAULT).unwrap();
        let ranks: Vec<_> = found
            .sets
            .iter()
            .map(|s| (s.rank, s.best, s.worst))
            .collect();
        assert_eq!(ranks, [(3, 3, 3), (1, 1, 1), (2, 2, 2)]);
        let tiers = tiers(&areas, method, Level::DEFAULT).unwrap().tiers;
        assert_eq!(tiers, [[1], [2], [0]]);
    }
}

#[test]
fn marginal_sets_lie_within_simultaneous_and_stepdown_within_single_step() {
    let mut noise = Noise(3);
    let estimates: Vec<f64> = (0..12)
        .map(|i| 0.5 + 0.02 * f64::from(i) + 0.02 * noise.draw())
        .collect();
    let areas = Areas::new(&estimates, Spread::Independent(&[0.03; 12])).unwrap();
    let sets = |coverage, method| {
        rank_sets(&areas, coverage, method, Level::DEFAULT)
            .unwrap()
            .sets
    };
    let wide = sets(Coverage::Simultaneous, Method::StudentisedMax(QUICK));
    for narrow in [
        sets(Coverage::Marginal, Method::StudentisedMax(QUICK)),
        sets(
            Coverage::Simultaneous,
            Method::StudentisedMaxStepdown(QUICK),
        ),
    ] {
        for (narrow, wide) in narrow.iter().zip(&wide) {
            assert!(wide.best <= narrow.best && narrow.worst <= wide.worst);
        }
    }
    let again = sets(Coverage::Simultaneous, Method::StudentisedMax(QUICK));
    assert_eq!(wide, again, "the same seed gives the same sets");
}

fn refused(estimates: &[f64], spread: Spread) -> bool {
    matches!(
        Areas::new(estimates, spread),
        Err(Error::OutOfRange { .. } | Error::NoData(_))
    )
}

#[test]
fn what_cannot_be_ranked_is_refused() {
    assert!(refused(&[], Spread::Independent(&[])));
    assert!(refused(&[f64::NAN], Spread::Independent(&[1.0])));
    assert!(refused(&[0.5], Spread::Independent(&[-1.0])));
    assert!(refused(&[0.5, 0.6], Spread::Independent(&[1.0])));
    for rows in [[[1.0, 2.0], [2.0, 1.0]], [[1.0, 0.5], [0.1, 1.0]]] {
        assert!(refused(&[0.5, 0.6], Spread::Joint(&rows.map(Vec::from))));
    }
    let one = Areas::new(&[0.5], Spread::Independent(&[0.1])).unwrap();
    let sets = rank_sets(&one, Coverage::Marginal, Method::default(), Level::DEFAULT).unwrap();
    assert_eq!((sets.sets[0].best, sets.sets[0].worst), (1, 1));
    let few = Method::StudentisedMax(Simulation { draws: 3, seed: 0 });
    assert!(rank_sets(&one, Coverage::Marginal, few, Level::DEFAULT).is_err());
    let many = Areas::new(&[0.5; 2_001], Spread::Independent(&[0.1; 2_001])).unwrap();
    assert!(rank_sets(&many, Coverage::Simultaneous, Method::Holm, Level::DEFAULT).is_err());
}
