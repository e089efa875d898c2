//! Many tallies side by side, flat.

use super::{Moments, MomentsRef};
use crate::Error;
use std::collections::HashMap;

/// What an answer shares with all others of its cell. All codes are the caller's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CellKey {
    /// What is estimated for on its own: an area, a wave, a group.
    pub domain: u32,
    /// The stratum it was drawn in.
    pub stratum: u32,
    /// The primary sampling unit; the same number in another stratum is another unit.
    pub psu: u32,
    /// The cluster drawn within it, where there is such a stage; 0 elsewhere. It is read by
    /// [`Within::units`](super::Within::units) alone.
    pub inner: u32,
    /// The combination of all variables that weights are calibrated by.
    pub weighting: u32,
}

/// Tallies of one or more blocks of variables for many cells, in one flat array.
///
/// A block is a vector of variables whose cross-products are kept (the parts of an index);
/// between blocks there are none. Every answer goes into every block of its cell, with
/// zeros where a variable does not apply. Tables merge and subtract cell by cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    blocks: Vec<usize>,
    /// Where each block's integers start within a row; the row's length at the end.
    starts: Vec<usize>,
    row_of: HashMap<CellKey, usize>,
    keys: Vec<CellKey>,
    moments: Vec<i64>,
}

impl Table {
    /// An empty table whose blocks have these numbers of variables.
    pub fn new(blocks: &[usize]) -> Self {
        let mut starts = vec![0];
        for &variables in blocks {
            starts.push(starts[starts.len() - 1] + Moments::packed_len(variables));
        }
        Self {
            blocks: blocks.to_vec(),
            starts,
            row_of: HashMap::new(),
            keys: Vec::new(),
            moments: Vec::new(),
        }
    }

    /// The number of variables of each block.
    pub fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    /// The cells, by row.
    pub fn keys(&self) -> &[CellKey] {
        &self.keys
    }

    /// Adds a tally to one block of a cell.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there is no such block, [`Error::Length`] if the tally has
    /// another number of variables, [`Error::Overflow`]; the table is then unchanged.
    pub fn add(&mut self, key: CellKey, block: usize, tally: MomentsRef<'_>) -> Result<(), Error> {
        self.apply(key, block, tally, i64::checked_add)
    }

    /// Takes a tally out of one block of a cell.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn remove(
        &mut self,
        key: CellKey,
        block: usize,
        tally: MomentsRef<'_>,
    ) -> Result<(), Error> {
        self.apply(key, block, tally, i64::checked_sub)
    }

    /// Adds all tallies of another table with the same blocks.
    ///
    /// # Errors
    /// As [`add`](Self::add); cells before the fault are then already added.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        self.combine(other, i64::checked_add)
    }

    /// Takes all tallies of another table with the same blocks out.
    ///
    /// # Errors
    /// As [`merge`](Self::merge).
    pub fn subtract(&mut self, other: &Self) -> Result<(), Error> {
        self.combine(other, i64::checked_sub)
    }

    /// The tally of one block in one row; `None` if there is no such row or block.
    pub fn tally(&self, row: usize, block: usize) -> Option<MomentsRef<'_>> {
        let stride = self.stride();
        let variables = *self.blocks.get(block)?;
        let cells = self.moments.get(row * stride..(row + 1) * stride)?;
        let packed = cells.get(self.starts[block]..self.starts[block + 1])?;
        MomentsRef::new(variables, packed).ok()
    }

    fn stride(&self) -> usize {
        self.starts[self.blocks.len()]
    }

    fn combine(
        &mut self,
        other: &Self,
        operation: fn(i64, i64) -> Option<i64>,
    ) -> Result<(), Error> {
        if self.blocks != other.blocks {
            return Err(Error::Length {
                name: "the other table's blocks",
                expected: self.blocks.len(),
                got: other.blocks.len(),
            });
        }
        for (row, &key) in other.keys.iter().enumerate() {
            for block in 0..other.blocks.len() {
                if let Some(tally) = other.tally(row, block) {
                    self.apply(key, block, tally, operation)?;
                }
            }
        }
        Ok(())
    }

    fn apply(
        &mut self,
        key: CellKey,
        block: usize,
        tally: MomentsRef<'_>,
        operation: fn(i64, i64) -> Option<i64>,
    ) -> Result<(), Error> {
        let Some(&variables) = self.blocks.get(block) else {
            return Err(Error::OutOfRange {
                name: "the tally block",
                value: block as f64,
                expected: "one of the table's blocks, counted from 0",
            });
        };
        if tally.variables() != variables {
            return Err(Error::Length {
                name: "the tally",
                expected: variables,
                got: tally.variables(),
            });
        }
        let stride = self.stride();
        let row = *self.row_of.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.moments.resize(self.keys.len() * stride, 0);
            self.keys.len() - 1
        });
        let range = row * stride + self.starts[block]..row * stride + self.starts[block + 1];
        let entries = &mut self.moments[range];
        let fits = entries
            .iter()
            .zip(tally.packed())
            .all(|(&a, &b)| operation(a, b).is_some());
        if !fits {
            return Err(Error::Overflow("a merged tally"));
        }
        for (entry, &other) in entries.iter_mut().zip(tally.packed()) {
            *entry = operation(*entry, other).unwrap_or(*entry);
        }
        Ok(())
    }
}
