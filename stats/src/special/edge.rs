//! Edges of confidence sets, by bisection on the question "is this value kept?".
//!
//! Where [`super::root::newton`] follows a smooth increasing function, this needs neither
//! slope nor sign: it cannot diverge, and is not led astray by infinities at the ends.

/// Halvings suffice to go from 1 to the smallest normal number; adjacent floats stop it sooner.
const MAX_HALVINGS: usize = 1_100;

/// The last value, going from `inside` towards `outside`, for which `holds` is true.
///
/// `holds(inside)` is taken as true; where `holds(outside)` is true as well, the answer is
/// `outside`. Between them `holds` must change once.
pub(crate) fn edge(inside: f64, outside: f64, holds: impl Fn(f64) -> bool) -> f64 {
    edge_within(0.0, inside, outside, holds)
}

/// As [`edge`], but content with an edge known to within `tolerance`: for predicates that
/// cost a pass over the data.
pub(crate) fn edge_within(
    tolerance: f64,
    inside: f64,
    outside: f64,
    holds: impl Fn(f64) -> bool,
) -> f64 {
    if holds(outside) {
        return outside;
    }
    let (mut inside, mut outside) = (inside, outside);
    for _ in 0..MAX_HALVINGS {
        let middle = inside + (outside - inside) / 2.0;
        if middle == inside || middle == outside || (outside - inside).abs() <= tolerance {
            break;
        }
        if holds(middle) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    inside
}

/// The largest `x ≥ 0` for which `holds`, for a predicate that is true at 0 and false far out;
/// `None` if it is still true at 2^`doublings` × `scale`.
pub(crate) fn edge_above_zero(
    scale: f64,
    doublings: usize,
    holds: impl Fn(f64) -> bool,
) -> Option<f64> {
    let mut outside = scale;
    for _ in 0..=doublings {
        if !holds(outside) {
            return Some(edge(0.0, outside, holds));
        }
        outside *= 2.0;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_edge_from_either_side() {
        assert_eq!(edge(0.0, 1.0, |x| x <= 0.25), 0.25);
        assert_eq!(edge(1.0, 0.0, |x| x >= 0.25), 0.25);
        assert_eq!(edge(0.5, 1.0, |_| true), 1.0);
        assert!(edge(1.0, 0.0, |x| x > 0.0) < 1e-300);
    }

    #[test]
    fn searches_outwards_and_gives_up() {
        assert_eq!(edge_above_zero(1.0, 60, |x| x <= 1000.0), Some(1000.0));
        assert_eq!(edge_above_zero(1.0, 10, |_| true), None);
    }
}
