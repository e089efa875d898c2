//! Where a gap comes from: other people (composition), or other answers (rate).

use super::{finite, not_negative};
use crate::Error;

/// One side's view of one cell (an area, a group, or an area × group).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// The cell's share of the side's population; a side's shares sum to 1.
    pub share: f64,
    /// The side's rate or mean in the cell.
    pub rate: f64,
    /// The standard error of that rate; 0 for an official figure.
    pub standard_error: f64,
}

/// A cell as both sides see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// For example the official figures.
    pub first: Side,
    /// For example the survey.
    pub second: Side,
}

/// What one cell contributes to the gap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// (w₁ − w₂) × (mean rate of both sides − mean rate overall): the cell weighs more on one
    /// side, and differs from the average.
    pub composition: f64,
    /// (r₁ − r₂) × (w₁ + w₂)/2: the two sides differ within the cell.
    pub rate: f64,
    /// The standard error of the rate part, the shares taken as known.
    pub rate_standard_error: f64,
}

/// A gap, split exactly into its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Decomposition {
    /// Σ w₁r₁ − Σ w₂r₂.
    pub gap: f64,
    /// What composition contributes, over all cells.
    pub composition: f64,
    /// What rates contribute, over all cells; with equal shares on both sides, everything.
    pub rate: f64,
    /// The standard error of `rate`, for independent cells.
    pub rate_standard_error: f64,
    /// The cells, in the order given. They sum to the gap, and so may be summed by area or
    /// by group.
    pub parts: Vec<Part>,
}

/// How far shares may be from summing to 1, for shares printed with a few digits.
const SUM_TOLERANCE: f64 = 1e-6;

/// Splits the gap between two sides into composition and rates, cell by cell.
///
/// The symmetric split has no base side: swapping the sides only changes the signs. Rates in
/// the composition part are centred, which leaves its sum unchanged and makes each cell's
/// share of it independent of where the scale has its zero.
///
/// Source: Kitagawa 1955 (JASA 50, 1168–1194), two components; the same as a two-fold
/// Oaxaca–Blinder decomposition on saturated cells with pooled coefficients.
///
/// # Errors
/// [`Error::NoData`] without cells; [`Error::OutOfRange`] for values that are not finite,
/// negative shares or standard errors, or a side whose shares do not sum to 1.
pub fn decompose(cells: &[Cell]) -> Result<Decomposition, Error> {
    if cells.is_empty() {
        return Err(Error::NoData("there are no cells to decompose"));
    }
    let first = total(cells, |cell| cell.first)?;
    let second = total(cells, |cell| cell.second)?;
    let overall = (first + second) / 2.0;
    let parts: Vec<Part> = cells
        .iter()
        .map(|Cell { first, second }| {
            let weight = (first.share + second.share) / 2.0;
            Part {
                composition: (first.share - second.share)
                    * ((first.rate + second.rate) / 2.0 - overall),
                rate: (first.rate - second.rate) * weight,
                rate_standard_error: weight * first.standard_error.hypot(second.standard_error),
            }
        })
        .collect();
    let sum = |of: fn(&Part) -> f64| parts.iter().map(of).sum::<f64>();
    Ok(Decomposition {
        gap: first - second,
        composition: sum(|part| part.composition),
        rate: sum(|part| part.rate),
        rate_standard_error: sum(|part| part.rate_standard_error.powi(2)).sqrt(),
        parts,
    })
}

/// A side's overall rate, after checking the side.
fn total(cells: &[Cell], side: fn(&Cell) -> Side) -> Result<f64, Error> {
    let (mut shares, mut rate) = (0.0, 0.0);
    for cell in cells {
        let side = side(cell);
        shares += not_negative("share", side.share)?;
        not_negative("standard_error", side.standard_error)?;
        rate += side.share * finite("rate", side.rate)?;
    }
    if (shares - 1.0).abs() > SUM_TOLERANCE {
        return Err(Error::OutOfRange {
            name: "the sum of shares",
            value: shares,
            expected: "1 on each side",
        });
    }
    Ok(rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn side(share: f64, rate: f64) -> Side {
        Side {
            share,
            rate,
            standard_error: 0.01,
        }
    }

    #[test]
    fn separates_who_from_what() {
        // The same rates, other people: all composition.
        let cells = [(0.8, 0.2), (0.2, 0.8)].map(|(w1, w2)| Cell {
            first: side(w1, if w1 > 0.5 { 0.9 } else { 0.5 }),
            second: side(w2, if w1 > 0.5 { 0.9 } else { 0.5 }),
        });
        let got = decompose(&cells).unwrap();
        assert!((got.gap - 0.24).abs() < 1e-12 && got.rate.abs() < 1e-12);
        assert!((got.composition - 0.24).abs() < 1e-12);
    }

    #[test]
    fn refuses_shares_that_are_no_shares() {
        let cell = |w| Cell {
            first: side(w, 0.5),
            second: side(1.0, 0.5),
        };
        for share in [0.5, -1.0, f64::NAN] {
            assert!(decompose(&[cell(share)]).is_err());
        }
        assert!(decompose(&[]).is_err());
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_gap(raw in prop::collection::vec((0.01f64..1.0, 0.01f64..1.0, 0.0f64..1.0, 0.0f64..1.0), 1..20)) {
            let (w1, w2): (f64, f64) = (raw.iter().map(|r| r.0).sum(), raw.iter().map(|r| r.1).sum());
            let cells: Vec<Cell> = raw
                .iter()
                .map(|&(a, b, r1, r2)| Cell { first: side(a / w1, r1), second: side(b / w2, r2) })
                .collect();
            let got = decompose(&cells).unwrap();
            prop_assert!((got.composition + got.rate - got.gap).abs() < 1e-12);
            let swapped: Vec<Cell> = cells
                .iter()
                .map(|cell| Cell { first: cell.second, second: cell.first })
                .collect();
            let back = decompose(&swapped).unwrap();
            prop_assert!((back.rate + got.rate).abs() < 1e-12);
        }
    }
}
