//! The little linear algebra that calibration and tests need: symmetric, non-negative
//! definite systems, often singular because the margins of a raking overlap.

/// A pivoted Cholesky factor `P A Pᵀ = L Lᵀ` of a symmetric non-negative definite matrix.
///
/// Columns that depend on earlier ones are left out, so that a consistent singular system
/// still has its basic solution (Higham 2002, Accuracy and Stability, §10.3).
#[derive(Debug, Clone)]
pub(crate) struct SemiDefinite {
    size: usize,
    rank: usize,
    order: Vec<usize>,
    scale: Vec<f64>,
    lower: Vec<f64>,
}

/// A pivot below this share of its own diagonal counts as zero.
const DEPENDENT: f64 = 1e-11;

impl SemiDefinite {
    /// Factors `matrix` (row-major, `size` × `size`; only its symmetric part is meant).
    pub(crate) fn factor(size: usize, matrix: &[f64]) -> Self {
        let scale: Vec<f64> = (0..size)
            .map(|i| {
                let diagonal = matrix[i * size + i];
                if diagonal > 0.0 {
                    1.0 / diagonal.sqrt()
                } else {
                    0.0
                }
            })
            .collect();
        let mut order: Vec<usize> = (0..size).collect();
        let mut lower = vec![0.0; size * size];
        let mut rest: Vec<f64> = scale
            .iter()
            .map(|&s| f64::from(u8::from(s > 0.0)))
            .collect();
        let mut rank = 0;
        while rank < size {
            let Some(best) =
                (rank..size).max_by(|&a, &b| rest[order[a]].total_cmp(&rest[order[b]]))
            else {
                break;
            };
            let pivot = rest[order[best]];
            if pivot.is_nan() || pivot <= DEPENDENT {
                break;
            }
            order.swap(rank, best);
            for column in 0..rank {
                lower.swap(rank * size + column, best * size + column);
            }
            let root = pivot.sqrt();
            lower[rank * size + rank] = root;
            let p = order[rank];
            for row in rank + 1..size {
                let i = order[row];
                let mut value = matrix[i * size + p] * scale[i] * scale[p];
                for column in 0..rank {
                    value -= lower[row * size + column] * lower[rank * size + column];
                }
                value /= root;
                lower[row * size + rank] = value;
                rest[i] -= value * value;
            }
            rank += 1;
        }
        Self {
            size,
            rank,
            order,
            scale,
            lower,
        }
    }

    /// The number of independent columns.
    pub(crate) fn rank(&self) -> usize {
        self.rank
    }

    /// The basic solution of `A x = b`: exact if the system is consistent, with zeros in
    /// the columns that were left out.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.size;
        let mut y: Vec<f64> = (0..self.rank)
            .map(|r| right[self.order[r]] * self.scale[self.order[r]])
            .collect();
        for row in 0..self.rank {
            for column in 0..row {
                y[row] -= self.lower[row * n + column] * y[column];
            }
            y[row] /= self.lower[row * n + row];
        }
        for row in (0..self.rank).rev() {
            for below in row + 1..self.rank {
                y[row] -= self.lower[below * n + row] * y[below];
            }
            y[row] /= self.lower[row * n + row];
        }
        let mut x = vec![0.0; n];
        for (r, value) in y.into_iter().enumerate() {
            x[self.order[r]] = value * self.scale[self.order[r]];
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_definite_system() {
        let a = [4.0, 2.0, 0.6, 2.0, 3.0, 0.4, 0.6, 0.4, 2.0];
        let x = SemiDefinite::factor(3, &a).solve(&[1.0, 2.0, 3.0]);
        for row in 0..3 {
            let product: f64 = (0..3).map(|c| a[row * 3 + c] * x[c]).sum();
            assert!((product - (row as f64 + 1.0)).abs() < 1e-13);
        }
    }

    #[test]
    fn a_consistent_singular_system_has_its_basic_solution() {
        // Margins {a, b} and {x, y} of a two-way table: rank 3 of 4.
        let a = [
            5.0, 0.0, 2.0, 3.0, 0.0, 4.0, 1.0, 3.0, 2.0, 1.0, 3.0, 0.0, 3.0, 3.0, 0.0, 6.0,
        ];
        let b = [10.0, 8.0, 6.0, 12.0];
        let factor = SemiDefinite::factor(4, &a);
        assert_eq!(factor.rank(), 3);
        let x = factor.solve(&b);
        for row in 0..4 {
            let product: f64 = (0..4).map(|c| a[row * 4 + c] * x[c]).sum();
            assert!((product - b[row]).abs() < 1e-12, "{product} {}", b[row]);
        }
    }

    #[test]
    fn a_zero_or_undefined_matrix_has_rank_zero() {
        assert_eq!(
            SemiDefinite::factor(2, &[0.0; 4]).solve(&[1.0, 1.0]),
            [0.0; 2]
        );
        assert_eq!(SemiDefinite::factor(2, &[f64::NAN; 4]).rank(), 0);
    }
}
