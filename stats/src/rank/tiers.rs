//! Tiers: the finest grouping of a league table that the data support.

use super::areas::Areas;
use super::comparison::{Comparisons, Method};
use crate::{Error, Level};

/// Groups of areas from the highest to the lowest. With probability at least the level, every
/// area of a tier is truly above every area of all later tiers; within a tier the order may
/// be chance.
#[derive(Debug, Clone, PartialEq)]
pub struct Tiers {
    /// Indices of the areas as given, highest estimate first.
    pub tiers: Vec<Vec<usize>>,
    /// How the comparisons were made.
    pub method: Method,
    /// The level, simultaneous over all pairs.
    pub level: Level,
}

/// The finest tiers that the data support: the table is cut below a position if and only if
/// every area above it is surely above every area below it.
///
/// One tier means that the data support no order at all between its ends.
///
/// Source: the simultaneous comparisons of Mogstad et al. 2024; cutting only
/// where all crossing pairs are established keeps the level without further cost.
///
/// # Errors
/// As [`super::rank_sets`].
pub fn tiers(areas: &Areas, method: Method, level: Level) -> Result<Tiers, Error> {
    let surely = Comparisons::new(areas, method, level)?.all_pairs()?;
    let mut order: Vec<(usize, f64)> = areas.estimates().iter().copied().enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let order: Vec<usize> = order.into_iter().map(|(area, _)| area).collect();
    let mut tiers = vec![];
    let mut tier = vec![];
    // The lowest position not surely below some area seen so far.
    let mut bound = 0;
    for (position, &area) in order.iter().enumerate() {
        let within = order.iter().rposition(|&other| !surely.above(area, other));
        bound = bound.max(within.unwrap_or(position));
        tier.push(area);
        if bound <= position {
            tiers.push(std::mem::take(&mut tier));
        }
    }
    Ok(Tiers {
        tiers,
        method,
        level,
    })
}
