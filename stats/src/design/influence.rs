//! Linearised variables, summed by sampling unit.

use super::Design;

/// Weighted totals of one or more linearised variables per innermost sampling unit: all
/// that a Taylor-linearised covariance needs to know of an estimate.
///
/// Units that are not listed have total zero, so that a small domain stays small.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Influence {
    width: usize,
    pub(super) units: Vec<u32>,
    pub(super) values: Vec<f64>,
}

impl Influence {
    /// One variable's totals, given for every unit.
    pub(crate) fn dense(values: Vec<f64>) -> Self {
        Self {
            width: 1,
            units: (0..values.len() as u32).collect(),
            values,
        }
    }

    /// How many variables it holds.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The units that are listed, in increasing order.
    pub fn units(&self) -> &[u32] {
        &self.units
    }

    /// The linear combination Σ aᵢ zᵢ of single variables: the influence of a contrast.
    ///
    /// Inputs of another width than 1 are taken by their first variable.
    pub fn combine(parts: &[(f64, &Influence)]) -> Influence {
        let mut sum = Influence {
            width: 1,
            ..Influence::default()
        };
        for &(factor, part) in parts {
            sum = merge(&sum, factor, part);
        }
        sum
    }

    /// Several single variables side by side, for their covariance matrix.
    ///
    /// Inputs of another width than 1 are taken by their first variable.
    pub fn side_by_side(parts: &[&Influence]) -> Influence {
        let mut units: Vec<u32> = parts
            .iter()
            .flat_map(|part| part.units.iter().copied())
            .collect();
        units.sort_unstable();
        units.dedup();
        let width = parts.len();
        let mut values = vec![0.0; units.len() * width];
        for (column, part) in parts.iter().enumerate() {
            let mut position = 0;
            for (entry, &unit) in part.units.iter().enumerate() {
                while units[position] != unit {
                    position += 1;
                }
                values[position * width + column] = part.values[entry * part.width];
            }
        }
        Influence {
            width,
            units,
            values,
        }
    }
}

/// a + factor · b.
fn merge(a: &Influence, factor: f64, b: &Influence) -> Influence {
    let mut sum = Influence {
        width: 1,
        units: Vec::with_capacity(a.units.len().max(b.units.len())),
        values: Vec::with_capacity(a.units.len().max(b.units.len())),
    };
    let (mut i, mut j) = (0, 0);
    while i < a.units.len() || j < b.units.len() {
        let left = a.units.get(i).copied().unwrap_or(u32::MAX);
        let right = b.units.get(j).copied().unwrap_or(u32::MAX);
        let unit = left.min(right);
        let mut value = 0.0;
        if i < a.units.len() && left == unit {
            value += a.values[i];
            i += 1;
        }
        if j < b.units.len() && right == unit {
            value += factor * b.values[j * b.width];
            j += 1;
        }
        sum.units.push(unit);
        sum.values.push(value);
    }
    sum
}

/// Sums linearised variables by unit, one estimate after the other, without clearing all
/// units in between.
#[derive(Debug)]
pub struct Accumulator<'a> {
    design: &'a Design,
    width: usize,
    values: Vec<f64>,
    touched: Vec<bool>,
    units: Vec<u32>,
}

impl<'a> Accumulator<'a> {
    /// An empty sum of `width` variables.
    pub fn new(design: &'a Design, width: usize) -> Self {
        let units = design.units();
        Self {
            design,
            width,
            values: vec![0.0; units * width],
            touched: vec![false; units],
            units: Vec::new(),
        }
    }

    /// The sums of one row's unit, to add the row's weighted values to. Rows outside the
    /// design are refused by `None`.
    pub fn unit_of_row(&mut self, row: usize) -> Option<&mut [f64]> {
        let unit = *self.design.unit_of_row().get(row)?;
        let index = unit as usize;
        if !self.touched[index] {
            self.touched[index] = true;
            self.units.push(unit);
        }
        Some(&mut self.values[index * self.width..(index + 1) * self.width])
    }

    /// The sums so far, leaving the accumulator empty.
    pub fn take(&mut self) -> Influence {
        let mut units = std::mem::take(&mut self.units);
        if units.len() > self.touched.len() / 8 {
            units.clear();
            let touched = self.touched.iter().enumerate();
            units.extend(touched.filter(|(_, t)| **t).map(|(unit, _)| unit as u32));
        } else {
            units.sort_unstable();
        }
        let mut values = Vec::with_capacity(units.len() * self.width);
        for &unit in &units {
            let index = unit as usize;
            let sums = &mut self.values[index * self.width..(index + 1) * self.width];
            values.extend_from_slice(sums);
            sums.fill(0.0);
            self.touched[index] = false;
        }
        Influence {
            width: self.width,
            units,
            values,
        }
    }
}
