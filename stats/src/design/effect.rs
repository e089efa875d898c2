//! Design effects: a variance against that of a simple random sample of the same size.

use super::Estimate;
use serde::{Deserialize, Serialize};

/// The simple random sample that a design is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// Drawn without replacement from the estimated population: V / ((1 − n/N) S²/n).
    SrsWithoutReplacement,
    /// Drawn with replacement: V / (S²/n).
    SrsWithReplacement,
}

impl Estimate {
    /// The design effect (Kish 1965, §8.2): the variance divided by that of a simple random
    /// sample of n, with N = Σw over the domain and S² = n/(n − 1) · Σw(z − z̄)²/Σw of the
    /// linearised variable z. Undefined (NaN) for n < 2 or without spread.
    pub fn design_effect(&self, reference: Reference) -> f64 {
        let n = self.n as f64;
        let population = self.spread.weights;
        let open = match reference {
            Reference::SrsWithoutReplacement => 1.0 - n / population,
            Reference::SrsWithReplacement => 1.0,
        };
        let simple = open * population * population * self.spread.variance / n;
        let effect = self.variance / simple;
        if effect.is_finite() { effect } else { f64::NAN }
    }

    /// The size of the simple random sample (with replacement) that would be as precise:
    /// n divided by the design effect. Undefined (NaN) where that is, or at variance 0.
    pub fn effective_n(&self) -> f64 {
        let n = self.n as f64 / self.design_effect(Reference::SrsWithReplacement);
        if n.is_finite() { n } else { f64::NAN }
    }
}
