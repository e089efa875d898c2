//! Numbering units so that those of one parent follow each other.

use std::collections::HashMap;

/// Units as numbered: their parents, and the unit of each row.
pub(super) struct Numbered {
    /// The parent of each unit; not decreasing.
    pub parent: Vec<u32>,
    /// The unit of each row.
    pub of_row: Vec<u32>,
}

/// Numbers the distinct (parent, code) pairs in the order of their parents.
pub(super) fn number(parents: &[u32], codes: &[u32]) -> Numbered {
    let parents = parents.iter().chain(std::iter::repeat(&0));
    let mut seen: HashMap<u64, u32> = HashMap::new();
    let mut parent_of = Vec::new();
    let mut of_row = Vec::with_capacity(codes.len());
    let mut last = None;
    for (&code, &parent) in codes.iter().zip(parents) {
        let key = u64::from(parent) << 32 | u64::from(code);
        let unit = match last {
            Some((before, unit)) if before == key => unit,
            _ => *seen.entry(key).or_insert_with(|| {
                parent_of.push(parent);
                parent_of.len() as u32 - 1
            }),
        };
        last = Some((key, unit));
        of_row.push(unit);
    }
    let mut order: Vec<u32> = (0..parent_of.len() as u32).collect();
    order.sort_by_key(|&unit| parent_of[unit as usize]);
    let mut rank = vec![0; order.len()];
    for (position, &unit) in order.iter().enumerate() {
        rank[unit as usize] = position as u32;
    }
    for unit in &mut of_row {
        *unit = rank[*unit as usize];
    }
    Numbered {
        parent: order.iter().map(|&u| parent_of[u as usize]).collect(),
        of_row,
    }
}

/// Numbers the rows themselves in the order of their parents.
pub(super) fn number_rows(parents: &[u32], groups: usize) -> Numbered {
    let mut next = vec![0_u32; groups];
    for &parent in parents {
        next[parent as usize] += 1;
    }
    let mut start = 0;
    for next in &mut next {
        start += std::mem::replace(next, start);
    }
    let mut parent = vec![0; parents.len()];
    let of_row = parents
        .iter()
        .map(|&group| {
            let unit = next[group as usize];
            next[group as usize] += 1;
            parent[unit as usize] = group;
            unit
        })
        .collect();
    Numbered { parent, of_row }
}
