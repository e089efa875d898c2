//! How sure a league table is: confidence sets for the ranks of areas, and tiers.
//!
//! A rank is not a number that sampling error leaves alone. The set of ranks that the data
//! cannot exclude follows from which areas differ beyond doubt: with N⁺ areas surely above
//! and N⁻ surely below it, an area's rank lies in 1 + N⁺ … p − N⁻. Rank 1 is the highest.
//!
//! Source: Mogstad, Romano, Shaikh and Wilhelm 2024, "Inference for ranks with applications
//! to mobility across neighbourhoods and academic achievement across countries", Review of
//! Economic Studies 91, 476–518. The authors' R package is csranks, whose defaults these are.

mod areas;
mod comparison;
mod tiers;

pub use areas::{Areas, Spread};
pub use comparison::{Method, Simulation};
pub use tiers::{Tiers, tiers};

use crate::{Error, Level};
use comparison::Comparisons;

/// What the level speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coverage {
    /// Each area's set on its own covers its rank: for "where does our town stand?".
    Marginal,
    /// All sets together cover all ranks: for a published table.
    #[default]
    Simultaneous,
}

/// Which ranks an area may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankSet {
    /// The rank of the estimate: 1 + the number of strictly higher estimates.
    pub rank: usize,
    /// The highest rank (smallest number) not excluded.
    pub best: usize,
    /// The lowest rank (largest number) not excluded.
    pub worst: usize,
}

/// Confidence sets for the ranks of areas, in the order in which the areas were given.
#[derive(Debug, Clone, PartialEq)]
pub struct RankSets {
    /// One set per area.
    pub sets: Vec<RankSet>,
    /// What the level speaks of.
    pub coverage: Coverage,
    /// How the comparisons were made.
    pub method: Method,
    /// The level.
    pub level: Level,
}

/// Confidence sets for the ranks of `areas`.
///
/// The estimates must be approximately normal with known standard errors: some 30 effective
/// answers per area, and not all of them alike.
///
/// # Errors
/// [`Error::OutOfRange`] for more areas or draws than can be compared, or too few draws for
/// the level; see [`Simulation`].
pub fn rank_sets(
    areas: &Areas,
    coverage: Coverage,
    method: Method,
    level: Level,
) -> Result<RankSets, Error> {
    let comparisons = Comparisons::new(areas, method, level)?;
    let count = areas.count();
    let above = match coverage {
        Coverage::Simultaneous => vec![comparisons.all_pairs()?],
        Coverage::Marginal => (0..count)
            .map(|area| comparisons.pairs_with(area))
            .collect::<Result<_, _>>()?,
    };
    let sets = (0..count).map(|area| {
        // Simultaneous comparisons are shared by all areas.
        let surely = above.get(area).or(above.first());
        let surely = |a, b| surely.is_some_and(|table| table.above(a, b));
        let others = || (0..count).filter(|&other| other != area);
        RankSet {
            rank: 1 + areas.higher_than(area),
            best: 1 + others().filter(|&other| surely(other, area)).count(),
            worst: count - others().filter(|&other| surely(area, other)).count(),
        }
    });
    Ok(RankSets {
        sets: sets.collect(),
        coverage,
        method,
        level,
    })
}
