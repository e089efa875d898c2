//! How tallied answers were drawn.

use super::CellKey;
use crate::design::LonelyPsu;

/// What was drawn at the first stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    /// Every answer is its own sampling unit: variances come from cross-products.
    Persons,
    /// The units are the clusters named by [`CellKey::psu`]: variances come from their sums.
    Clusters,
}

/// How the tallied answers were drawn.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// What was drawn.
    pub units: Units,
    /// The base weight of every answer in a cell: constant within the cell.
    pub weight: &'a dyn Fn(&CellKey) -> f64,
    /// The sampling fraction of the first stage in a stratum; 0 for an infinite population.
    pub fraction: &'a dyn Fn(u32) -> f64,
    /// The stages inside the first, outermost first. They add to the variance where all
    /// stages outside them have a fraction above 0, so that without finite population
    /// corrections the first stage tells all, and none need be named.
    pub further: &'a [Within<'a>],
    /// The rule for strata, and at later stages outer units, with one unit.
    pub lonely_psu: LonelyPsu,
}

/// One stage of sampling inside the units of the stage before.
#[derive(Clone, Copy)]
pub struct Within<'a> {
    /// What was drawn.
    pub units: Drawn<'a>,
    /// The sampling fraction within the outer unit that a cell lies in (0 for an infinite
    /// population): the same for all cells of an outer unit.
    pub fraction: &'a dyn Fn(&CellKey) -> f64,
}

/// What was drawn at a later stage.
#[derive(Clone, Copy)]
pub enum Drawn<'a> {
    /// Clusters: the number of the one that a cell lies in. The same number in another outer
    /// unit is another cluster.
    Clusters(&'a dyn Fn(&CellKey) -> u32),
    /// The answers themselves; only as the last stage.
    Persons,
}

impl std::fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame")
            .field("units", &self.units)
            .field("stages", &(1 + self.further.len()))
            .field("lonely_psu", &self.lonely_psu)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Within<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.units {
            Drawn::Clusters(_) => f.write_str("Within(clusters)"),
            Drawn::Persons => f.write_str("Within(persons)"),
        }
    }
}
