//! The distances of calibration: how a weight may move away from its base weight.

use super::WeightingError;
use serde::{Deserialize, Serialize};

/// Limits on the ratio of calibrated to base weight, with lower < 1 < upper.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(Option<f64>, Option<f64>)")]
pub struct Bounds {
    lower: f64,
    upper: f64,
}

impl Bounds {
    /// No limits.
    pub const NONE: Bounds = Bounds {
        lower: f64::NEG_INFINITY,
        upper: f64::INFINITY,
    };

    /// Checks lower < 1 < upper.
    ///
    /// # Errors
    /// [`WeightingError::Bounds`] if not.
    pub fn new(lower: f64, upper: f64) -> Result<Self, WeightingError> {
        if lower < 1.0 && upper > 1.0 {
            Ok(Self { lower, upper })
        } else {
            Err(WeightingError::Bounds { lower, upper })
        }
    }
}

impl TryFrom<(Option<f64>, Option<f64>)> for Bounds {
    type Error = WeightingError;
    fn try_from((lower, upper): (Option<f64>, Option<f64>)) -> Result<Self, WeightingError> {
        Self::new(
            lower.unwrap_or(f64::NEG_INFINITY),
            upper.unwrap_or(f64::INFINITY),
        )
    }
}

/// A calibration distance, by the inverse of its derivative: the calibrated weight is the
/// base weight times F(x'λ) (Deville & Särndal 1992, JASA 87, table 1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distance {
    /// F(u) = 1 + u, cut off at the bounds: the generalised regression estimator. Without
    /// bounds weights can become negative.
    Linear(Bounds),
    /// F(u) = eᵘ, cut off at the bounds: the limit of raking.
    Raking(Bounds),
    /// F between two finite bounds by a logistic curve.
    Logit(Bounds),
}

impl Distance {
    /// Whether the bounds fit the distance.
    pub(super) fn check(self) -> Result<(), WeightingError> {
        match self {
            Self::Logit(b) if !(b.lower.is_finite() && b.upper.is_finite()) => {
                Err(WeightingError::BoundsMissing)
            }
            _ => Ok(()),
        }
    }

    /// F(u), F′(u) and ∫F at u: the factor, its slope, and the cell's part of the convex
    /// dual whose minimum the calibration equations are.
    pub(super) fn at(self, u: f64) -> (f64, f64, f64) {
        match self {
            Self::Linear(Bounds { lower, upper }) => {
                if 1.0 + u < lower {
                    let edge = lower - 1.0;
                    let held = edge + edge * edge / 2.0;
                    (lower, 0.0, held + lower * (u - edge))
                } else if 1.0 + u > upper {
                    let edge = upper - 1.0;
                    let held = edge + edge * edge / 2.0;
                    (upper, 0.0, held + upper * (u - edge))
                } else {
                    (1.0 + u, 1.0, u + u * u / 2.0)
                }
            }
            Self::Raking(Bounds { lower, upper }) => {
                let factor = u.exp();
                if factor < lower {
                    (lower, 0.0, lower + lower * (u - lower.ln()))
                } else if factor > upper {
                    (upper, 0.0, upper + upper * (u - upper.ln()))
                } else {
                    (factor, factor, factor)
                }
            }
            Self::Logit(Bounds { lower, upper }) => {
                let rate = (upper - lower) / ((1.0 - lower) * (upper - 1.0));
                // The share s of the way from the lower to the upper bound; s(0) gives F = 1.
                let offset = ((1.0 - lower) / (upper - 1.0)).ln();
                let z = rate * u + offset;
                let share = if z >= 0.0 {
                    1.0 / (1.0 + (-z).exp())
                } else {
                    z.exp() / (1.0 + z.exp())
                };
                let softplus = z.max(0.0) + (-z.abs()).exp().ln_1p();
                let width = upper - lower;
                (
                    lower + width * share,
                    width * rate * share * (1.0 - share),
                    lower * u + width / rate * softplus,
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slope_and_integral_belong_to_the_factor() {
        let bounds = Bounds::new(0.4, 2.5).unwrap();
        for distance in [
            Distance::Linear(bounds),
            Distance::Raking(bounds),
            Distance::Raking(Bounds::NONE),
            Distance::Logit(bounds),
        ] {
            assert!((distance.at(0.0).0 - 1.0).abs() < 1e-14, "{distance:?}");
            for u in [-2.0, -0.55, -0.1, 0.3, 0.8, 1.7] {
                let h = 1e-5;
                let (below, here, above) = (distance.at(u - h), distance.at(u), distance.at(u + h));
                assert!(((above.0 - below.0) / (2.0 * h) - here.1).abs() < 1e-8);
                assert!(((above.2 - below.2) / (2.0 * h) - here.0).abs() < 1e-8);
            }
        }
    }

    #[test]
    fn bounds_hold_one_between_them() {
        assert!(Bounds::new(1.0, 2.0).is_err());
        assert!(Bounds::new(0.5, f64::NAN).is_err());
        assert!(Distance::Logit(Bounds::NONE).check().is_err());
    }
}
