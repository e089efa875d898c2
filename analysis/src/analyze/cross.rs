//! Combinations of levels of several columns.

use super::Refusal;
use super::table::{MISSING, Table};
use std::collections::HashMap;

/// The combinations of levels that occur in the data.
#[derive(Debug, Clone)]
pub(super) struct Cross {
    /// The combination of each row; [`MISSING`] if one of its fields is empty.
    pub cell_of_row: Vec<u32>,
    /// The columns' levels in each combination, in the order of the columns.
    pub cells: Vec<Vec<u32>>,
}

impl Cross {
    /// Crosses columns; none gives one cell that holds every row.
    pub(super) fn of(table: &Table, columns: &[String]) -> Result<Self, Refusal> {
        let mut cross = Self {
            cell_of_row: vec![0; table.rows],
            cells: vec![Vec::new()],
        };
        for column in columns {
            let category = table.category(column)?;
            cross.refine(&category.codes, category.levels.len());
        }
        Ok(cross)
    }

    fn refine(&mut self, codes: &[u32], levels: usize) {
        let mut cells = Vec::new();
        let mut seen: HashMap<(u32, u32), u32> = HashMap::new();
        // Direct addressing while the table of combinations is no larger than the data.
        let size = self.cells.len().saturating_mul(levels);
        let mut direct = vec![
            MISSING;
            if size <= codes.len().max(1024) {
                size
            } else {
                0
            }
        ];
        for (cell, &code) in self.cell_of_row.iter_mut().zip(codes) {
            if *cell == MISSING || code == MISSING {
                *cell = MISSING;
                continue;
            }
            let outer = &self.cells[*cell as usize];
            let mut new_cell = || {
                let mut combination = outer.clone();
                combination.push(code);
                cells.push(combination);
                cells.len() as u32 - 1
            };
            *cell = match direct.get_mut(*cell as usize * levels + code as usize) {
                Some(entry) => {
                    if *entry == MISSING {
                        *entry = new_cell();
                    }
                    *entry
                }
                None => *seen.entry((*cell, code)).or_insert_with(new_cell),
            };
        }
        self.cells = cells;
    }
}
