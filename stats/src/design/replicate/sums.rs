//! Weighted sums by sampling unit and weighting cell: all that replicates need.

use crate::design::Design;

/// Pairs of weighted sums (y, x) per primary sampling unit and weighting cell.
pub(super) struct PsuSums {
    cells: usize,
    /// Where each unit's entries start; one more than there are units.
    starts: Vec<usize>,
    entries: Vec<(u32, f64, f64)>,

    by_stratum: Vec<(f64, f64)>,
    totals: Vec<(f64, f64)>,
}

impl PsuSums {
    /// Sums (row, cell, w·y, w·x) entries.
    pub fn new(
        design: &Design,
        cells: usize,
        entries: impl Iterator<Item = (usize, u32, f64, f64)>,
    ) -> Self {
        let psu = |row: usize| design.psu_of_unit(design.unit_of_row()[row]);
        let mut sorted: Vec<(u32, u32, f64, f64)> = entries
            .map(|(row, cell, y, x)| (psu(row), cell, y, x))
            .collect();
        sorted.sort_by_key(|&(psu, cell, _, _)| (psu, cell));
        let psus = design.psus();
        let mut sums = Self {
            cells,
            starts: vec![0; psus + 1],
            entries: Vec::new(),
            by_stratum: vec![(0.0, 0.0); design.strata() * cells],
            totals: vec![(0.0, 0.0); cells],
        };
        let mut last = None;
        for (psu, cell, y, x) in sorted {
            let stratum = design.stratum_of_psu(psu) as usize;
            for sum in [
                &mut sums.by_stratum[stratum * cells + cell as usize],
                &mut sums.totals[cell as usize],
            ] {
                sum.0 += y;
                sum.1 += x;
            }
            if last == Some((psu, cell))
                && let Some(entry) = sums.entries.last_mut()
            {
                entry.1 += y;
                entry.2 += x;
            } else {
                sums.entries.push((cell, y, x));
                last = Some((psu, cell));
            }
            sums.starts[psu as usize + 1] = sums.entries.len();
        }
        for psu in 0..psus {
            sums.starts[psu + 1] = sums.starts[psu + 1].max(sums.starts[psu]);
        }
        sums
    }

    /// The size of Σ w x over everything, against which rounding is measured.
    pub fn scale(&self) -> f64 {
        self.totals.iter().map(|total| total.1.abs()).sum()
    }

    /// The sums over everything.
    pub fn totals(&self) -> &[(f64, f64)] {
        &self.totals
    }

    /// The sums over one stratum, by cell.
    pub fn stratum(&self, stratum: usize) -> &[(f64, f64)] {
        &self.by_stratum[stratum * self.cells..(stratum + 1) * self.cells]
    }

    /// One unit's entries (cell, y, x).
    pub fn psu(&self, psu: usize) -> &[(u32, f64, f64)] {
        &self.entries[self.starts[psu]..self.starts[psu + 1]]
    }
}
