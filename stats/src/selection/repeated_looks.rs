//! What it costs to look again and again at an interval made for one look.

use super::out_of_range;
use crate::Error;
use crate::distribution::normal::density;

/// Looks beyond this would take seconds; by then the error is far above one half anyway.
const MOST_LOOKS: usize = 500;

/// The widest critical value that the grid is meant for.
const WIDEST: f64 = 10.0;

/// The probability that at least one of the first K equally spaced looks at a normal mean
/// rejects a true value at |z| > `z`, for K = 1 … `looks`.
///
/// With z = 1.96: 5 %, 8.3 %, 10.7 %, 12.6 %, 14.2 % … 24.8 % after 20 looks. This is why a
/// live 95 % interval is not 95 %; see [`crate::sequence`] for what is.
///
/// Source: Armitage, McPherson and Rowe 1969 (JRSS A 132, 235–244): the density of the sum
/// restricted to no crossing yet, carried from look to look, here by Gauss–Legendre quadrature
/// on panels no wider than the standard deviation of one increment.
///
/// # Errors
/// [`Error::OutOfRange`] for no looks or more than 500, or a z not in (0, 10].
pub fn repeated_looks(z: f64, looks: usize) -> Result<Vec<f64>, Error> {
    if !(z > 0.0 && z <= WIDEST) {
        return Err(out_of_range("z", z, "a critical value above 0, at most 10"));
    }
    if looks == 0 || looks > MOST_LOOKS {
        return Err(out_of_range("looks", looks as f64, "from 1 to 500 looks"));
    }
    // Nodes of the previous look as (sum, density × weight); before the first look, all at 0.
    let mut before = vec![(0.0, 1.0)];
    let mut rejected = Vec::with_capacity(looks);
    for look in 1..=looks {
        let edge = z * (look as f64).sqrt();
        let nodes: Vec<(f64, f64)> = quadrature(edge)
            .map(|(sum, weight)| {
                let mass: f64 = before
                    .iter()
                    // Further increments carry less than 1e-16.
                    .filter(|(from, _)| (sum - from).abs() < 8.5)
                    .map(|(from, mass)| mass * density(sum - from))
                    .sum();
                (sum, mass * weight)
            })
            .collect();
        rejected.push(1.0 - nodes.iter().map(|(_, mass)| mass).sum::<f64>());
        before = nodes;
    }
    Ok(rejected)
}

/// Abscissae and weights of the eight-point rule on [−1, 1], by symmetry (Abramowitz and
/// Stegun, table 25.4).
const EIGHT_POINTS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_2, 0.101_228_536_290_376_26),
];

/// Nodes and weights on [−edge, edge].
fn quadrature(edge: f64) -> impl Iterator<Item = (f64, f64)> {
    let panels = (2.0 * edge).ceil().max(1.0);
    let half = edge / panels;
    (0..panels as usize).flat_map(move |panel| {
        let centre = (2.0 * panel as f64 + 1.0) * half - edge;
        EIGHT_POINTS
            .into_iter()
            .flat_map(move |(x, weight)| [-x, x].map(|x| (centre + half * x, half * weight)))
    })
}
