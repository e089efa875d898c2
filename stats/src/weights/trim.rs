//! Trimming extreme weights while keeping their sum.

use super::WeightingError;

/// Passes of strict trimming; each one fixes at least one more weight at a limit.
const PASSES: usize = 1_000;

/// Sets weights outside [`lower`, `upper`] to the limit they passed and spreads what was
/// taken off, or added, in equal parts over the others.
///
/// In one pass the others can so be carried over a limit; `strict` repeats until none is,
/// never touching a weight that was trimmed before (Lumley's `trimWeights`; Potter 1990).
/// The sum of weights is kept. Trimmed weights no longer meet calibration margins exactly.
///
/// # Errors
/// [`WeightingError::TrimLimits`] for limits out of order, [`WeightingError::TrimInfeasible`]
/// if every weight ends at a limit while part of the sum is left over.
pub fn trim(
    weights: &mut [f64],
    lower: f64,
    upper: f64,
    strict: bool,
) -> Result<(), WeightingError> {
    if lower.is_nan() || upper.is_nan() || lower > upper {
        return Err(WeightingError::TrimLimits { lower, upper });
    }
    let infeasible = WeightingError::TrimInfeasible { lower, upper };
    let before: f64 = weights.iter().sum();
    let mut trimmed = vec![false; weights.len()];
    for _ in 0..PASSES {
        let mut left_over = 0.0;
        let mut free = 0_usize;
        let mut outside = false;
        for (weight, trimmed) in weights.iter_mut().zip(&mut trimmed) {
            if *trimmed {
                continue;
            }
            let limited = weight.max(lower).min(upper);
            if limited == *weight {
                free += 1;
            } else {
                left_over += *weight - limited;
                *weight = limited;
                *trimmed = true;
                outside = true;
            }
        }
        if !outside {
            return Ok(());
        }
        if free == 0 {
            let kept = left_over.abs() <= 1e-9 * before.abs();
            return if kept { Ok(()) } else { Err(infeasible) };
        }
        let part = left_over / free as f64;
        for (weight, trimmed) in weights.iter_mut().zip(&trimmed) {
            if !trimmed {
                *weight += part;
            }
        }
        if !strict {
            return Ok(());
        }
    }
    Err(infeasible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_spreads_the_rest_equally() {
        let mut weights = [1.0, 2.0, 3.0, 10.0];
        trim(&mut weights, 0.0, 4.0, false).unwrap();
        assert_eq!(weights, [3.0, 4.0, 5.0, 4.0]);
    }

    #[test]
    fn strict_repeats_until_all_are_inside() {
        let mut weights = [1.0, 2.0, 3.0, 10.0];
        trim(&mut weights, 0.0, 4.0, true).unwrap();
        assert_eq!(weights, [4.0, 4.0, 4.0, 4.0]);
        let mut weights = [1.0, 2.0, 3.0, 12.0];
        let refusal = trim(&mut weights, 0.0, 4.0, true).unwrap_err();
        assert!(matches!(refusal, WeightingError::TrimInfeasible { .. }));
        assert!(trim(&mut weights, 5.0, 4.0, true).is_err());
    }
}
