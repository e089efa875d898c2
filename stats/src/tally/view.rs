//! A tally read in place: its entries, and the totals of linear forms.

use super::Moments;
use crate::Error;

/// A tally borrowed from a flat store of many.
#[derive(Debug, Clone, Copy)]
pub struct MomentsRef<'a> {
    variables: usize,
    upper: &'a [i64],
}

impl<'a> MomentsRef<'a> {
    /// Reads packed integers in place.
    ///
    /// # Errors
    /// [`Error::Length`] if their number does not fit `variables`.
    pub fn new(variables: usize, upper: &'a [i64]) -> Result<Self, Error> {
        let expected = Moments::packed_len(variables);
        if upper.len() != expected {
            return Err(Error::Length {
                name: "the packed moment matrix",
                expected,
                got: upper.len(),
            });
        }
        Ok(Self { variables, upper })
    }

    /// A view of integers that are known to be packed right.
    pub(super) fn packed_right(variables: usize, upper: &'a [i64]) -> Self {
        Self { variables, upper }
    }

    /// How many variables it tallies (the constant 1 not counted).
    pub fn variables(self) -> usize {
        self.variables
    }

    /// The packed integers.
    pub fn packed(self) -> &'a [i64] {
        self.upper
    }

    /// The number of answers.
    pub fn count(self) -> i64 {
        self.upper.first().copied().unwrap_or(0)
    }

    /// Σ x_i; 0 if there is no variable `i`.
    pub fn sum(self, i: usize) -> i64 {
        if i < self.variables {
            self.upper[i + 1]
        } else {
            0
        }
    }

    /// Σ x_i x_j; 0 if there is no variable `i` or `j`.
    pub fn product(self, i: usize, j: usize) -> i64 {
        let (i, j) = if i <= j { (i, j) } else { (j, i) };
        if j >= self.variables {
            return 0;
        }
        let row = i + 1;
        let width = self.variables + 1;
        self.upper[row * width - row * (row - 1) / 2 + (j - i)]
    }

    /// Σ b·x: the total of the linear form with coefficients `b` on x₁ … x_k.
    pub fn linear(self, b: &[f64]) -> f64 {
        let sums = self.upper.get(1..).unwrap_or(&[]);
        b.iter().zip(sums).map(|(b, &s)| b * s as f64).sum()
    }

    /// Σ (b·x)²: the sum of squares of the linear form with coefficients `b` on x₁ … x_k.
    pub fn quadratic(self, b: &[f64]) -> f64 {
        let mut products = self
            .upper
            .get(self.variables + 1..)
            .unwrap_or(&[])
            .iter()
            .map(|&p| p as f64);
        let mut sum = 0.0;
        for (i, &bi) in b.iter().enumerate().take(self.variables) {
            for (j, &bj) in b.iter().enumerate().take(self.variables).skip(i) {
                let product = products.next().unwrap_or(0.0);
                let twice = if i == j { 1.0 } else { 2.0 };
                sum += twice * bi * bj * product;
            }
        }
        sum
    }
}
