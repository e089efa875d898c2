//! The covariance of totals under a stratified design in several stages.

use super::layout::{CENSUS, Stage};
use super::{Design, Influence, LonelyPsu};

impl Design {
    /// The covariance matrix (row-major, `width` × `width`) of the totals of linearised
    /// variables.
    ///
    /// One stage adds Σ over strata of (1 − f) n/(n − 1) Σ over units of (z − z̄)(z − z̄)ᵀ;
    /// each further stage adds the same within the units of the stage before, times the
    /// sampling fractions outside it (Särndal, Swensson & Wretman 1992, result 4.3.1;
    /// Bellhouse 1985). Stages inside one without correction add nothing: with
    /// replacement, the outer stage tells all.
    ///
    /// Totals that were summed under another design give NaN.
    pub fn covariance(&self, influence: &Influence) -> Vec<f64> {
        let width = influence.width();
        let mut total = vec![0.0; width * width];
        let foreign = influence
            .units
            .last()
            .is_some_and(|&u| u as usize >= self.units());
        if width == 0 || foreign {
            total.fill(f64::NAN);
            return total;
        }
        let mut units = influence.units.clone();
        let mut values = influence.values.clone();
        for (s, stage) in self.stages.iter().enumerate().rev() {
            add_stage(stage, self.lonely_psu, width, &units, &values, &mut total);
            if s > 0 {
                collapse(stage, width, &mut units, &mut values);
            }
        }
        total
    }

    /// The variance of the total of one linearised variable: [`covariance`](Self::covariance)
    /// of width 1.
    pub fn variance(&self, influence: &Influence) -> f64 {
        self.covariance(influence)
            .first()
            .copied()
            .unwrap_or(f64::NAN)
    }
}

/// Sums the units' values by their group, which is a unit of the stage before.
fn collapse(stage: &Stage, width: usize, units: &mut Vec<u32>, values: &mut Vec<f64>) {
    let mut kept = 0;
    for entry in 0..units.len() {
        let parent = stage.group[units[entry] as usize];
        if kept > 0 && units[kept - 1] == parent {
            for column in 0..width {
                values[(kept - 1) * width + column] += values[entry * width + column];
            }
        } else {
            units[kept] = parent;
            values.copy_within(entry * width..(entry + 1) * width, kept * width);
            kept += 1;
        }
    }
    units.truncate(kept);
    values.truncate(kept * width);
}

fn add_stage(
    stage: &Stage,
    rule: LonelyPsu,
    width: usize,
    units: &[u32],
    values: &[f64],
    total: &mut [f64],
) {
    let mut sum = vec![0.0; width * width];
    let mut mean = vec![0.0; width];
    let mut start = 0;
    while start < units.len() {
        let group = stage.group[units[start] as usize];
        let mut end = start + 1;
        while end < units.len() && stage.group[units[end] as usize] == group {
            end += 1;
        }
        let group = group as usize;
        let n = f64::from(stage.sampled[group]);
        let open = 1.0 - stage.fraction[group];
        if stage.sampled[group] > 1 && stage.outer[group] > 0.0 && stage.fraction[group] < CENSUS {
            let members = &values[start * width..end * width];
            mean_of(members, n, &mut mean);
            let scale = stage.outer[group] * open * n / (n - 1.0);
            for member in members.chunks_exact(width) {
                add_square(&mut sum, scale, |column| member[column] - mean[column]);
            }
            let absent = n - (end - start) as f64;
            if absent > 0.0 {
                add_square(&mut sum, scale * absent, |column| mean[column]);
            }
        }
        start = end;
    }
    match rule {
        LonelyPsu::Fail | LonelyPsu::Remove | LonelyPsu::Certainty => {}
        LonelyPsu::Adjust => {
            mean_of(values, stage.group.len() as f64, &mut mean);
            for group in stage.lonely() {
                let scale = stage.outer[group] * (1.0 - stage.fraction[group]);
                let unit = stage.group.partition_point(|&g| (g as usize) < group) as u32;
                let member = units.binary_search(&unit).ok();
                let value = |column| member.map_or(0.0, |m| values[m * width + column]);
                add_square(&mut sum, scale, |column| value(column) - mean[column]);
            }
        }
        LonelyPsu::Average => {
            let lonely = stage.lonely().count();
            if lonely > 0 {
                let all = stage.counted().count() as f64;
                let scale = all / (all - lonely as f64);
                sum.iter_mut().for_each(|entry| *entry *= scale);
            }
        }
    }
    for (total, entry) in total.iter_mut().zip(&sum) {
        *total += entry;
    }
}

/// The mean of `n` members, of which those not listed are zero.
fn mean_of(members: &[f64], n: f64, mean: &mut [f64]) {
    mean.fill(0.0);
    for member in members.chunks_exact(mean.len()) {
        for (mean, value) in mean.iter_mut().zip(member) {
            *mean += value;
        }
    }
    mean.iter_mut().for_each(|mean| *mean /= n);
}

/// sum += scale · d dᵀ.
fn add_square(sum: &mut [f64], scale: f64, deviation: impl Fn(usize) -> f64) {
    let width = sum.len().isqrt();
    for (row, entries) in sum.chunks_exact_mut(width).enumerate() {
        let scaled = scale * deviation(row);
        for (column, entry) in entries.iter_mut().enumerate() {
            *entry += scaled * deviation(column);
        }
    }
}
