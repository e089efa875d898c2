//! Where a label goes: as near as it can to where it belongs, without touching anything.

/// A stretch of a horizontal line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Its left end.
    pub left: f64,
    /// Its right end.
    pub right: f64,
}

/// The least distance between a label and what stands beside it.
pub const MARGIN: f64 = 8.0;

impl Span {
    /// A stretch of `width` that begins at `left`.
    pub fn from_left(left: f64, width: f64) -> Span {
        Span {
            left,
            right: left + width,
        }
    }

    /// A stretch of `width` about `centre`.
    pub fn about(centre: f64, width: f64) -> Span {
        Span::from_left(centre - width / 2.0, width)
    }

    /// How wide it is.
    pub fn width(self) -> f64 {
        self.right - self.left
    }

    /// The stretch of `width` just right of this one.
    pub fn right_of(self, width: f64) -> Span {
        Span::from_left(self.right + MARGIN, width)
    }

    /// The stretch of `width` just left of this one.
    pub fn left_of(self, width: f64) -> Span {
        Span::from_left(self.left - MARGIN - width, width)
    }

    /// The same width, moved no further than needed to lie in `room`. What is wider than the room
    /// begins where the room begins.
    pub fn within(self, room: Span) -> Span {
        let left = self.left.min(room.right - self.width()).max(room.left);
        Span::from_left(left, self.width())
    }

    /// Whether the two come nearer to each other than the margin. (Half a hair is forgiven: these
    /// are sums of rounded numbers.)
    pub fn touches(self, other: Span) -> bool {
        self.left < other.right + MARGIN - 0.01 && other.left < self.right + MARGIN - 0.01
    }
}

/// The place nearest to `wanted` that lies in `room` and touches nothing in `taken`; `None` if the
/// line is full.
pub fn nearest_free(wanted: Span, room: Span, taken: &[Span]) -> Option<Span> {
    let width = wanted.width();
    let beside = taken
        .iter()
        .flat_map(|other| [other.left_of(width), other.right_of(width)]);
    std::iter::once(wanted.within(room))
        .chain(beside)
        .filter(|place| place.left >= room.left - 0.01 && place.right <= room.right + 0.01)
        .filter(|place| !taken.iter().any(|other| place.touches(*other)))
        .min_by(|a, b| {
            let distance = |place: &Span| (place.left - wanted.left).abs();
            distance(a).total_cmp(&distance(b))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Span = Span {
        left: 0.0,
        right: 100.0,
    };

    fn span(left: f64, right: f64) -> Span {
        Span { left, right }
    }

    #[test]
    fn a_free_line_gives_what_is_wanted() {
        assert_eq!(
            nearest_free(span(10.0, 30.0), ROOM, &[]),
            Some(span(10.0, 30.0))
        );
        assert_eq!(
            nearest_free(span(90.0, 110.0), ROOM, &[]),
            Some(span(80.0, 100.0))
        );
    }

    #[test]
    fn a_label_moves_to_the_nearer_side_of_what_is_there() {
        let mark = span(40.0, 60.0);
        assert_eq!(
            nearest_free(span(50.0, 70.0), ROOM, &[mark]),
            Some(span(68.0, 88.0))
        );
        assert_eq!(
            nearest_free(span(30.0, 50.0), ROOM, &[mark]),
            Some(span(12.0, 32.0))
        );
    }

    #[test]
    fn a_label_that_does_not_fit_right_goes_left() {
        let mark = span(80.0, 95.0);
        assert_eq!(
            nearest_free(mark.right_of(30.0), ROOM, &[mark]),
            Some(span(42.0, 72.0))
        );
    }

    #[test]
    fn a_full_line_has_no_place() {
        assert_eq!(
            nearest_free(span(0.0, 50.0), ROOM, &[span(30.0, 70.0)]),
            None
        );
    }

    #[test]
    fn whatever_is_returned_is_free_and_inside() {
        // A small deterministic walk over many arrangements.
        let mut seed = 7u64;
        let mut next = |below: f64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as f64 / f64::from(u32::MAX >> 1) * below
        };
        for _ in 0..20_000 {
            let taken: Vec<Span> = (0..3)
                .map(|_| Span::from_left(next(90.0), next(30.0)))
                .collect();
            let wanted = Span::from_left(next(120.0) - 10.0, next(40.0));
            if let Some(place) = nearest_free(wanted, ROOM, &taken) {
                assert!(place.left >= -0.01 && place.right <= 100.01, "{place:?}");
                assert!(
                    !taken.iter().any(|other| place.touches(*other)),
                    "{place:?} {taken:?}"
                );
                assert!((place.width() - wanted.width()).abs() < 1e-9);
            }
        }
    }
}
