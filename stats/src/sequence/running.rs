//! The running intersection, which presumes that the truth stands still.

use crate::Interval;

/// Where a confidence sequence stands after intersecting everything it has said so far.
///
/// If the mean never moves, the intersection is valid and narrower. If it drifts, the
/// intersection becomes empty sooner or later. That is a finding about the world, not an
/// interval, and so it has no limits to show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Running {
    /// Everything said so far is compatible.
    Stable(Interval),
    /// No single mean is compatible with all that was said: the mean has moved, or the
    /// model does not hold.
    Drift(Drift),
}

/// The evidence of drift.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// The observation (from 1) at which the intersection first became empty.
    pub since: usize,
    /// The interval from that observation alone…
    pub latest: Interval,
    /// …and what was still possible before it, which it contradicts.
    pub before: Interval,
}

/// Intersects each interval with all before it. From the first empty intersection on, the
/// answer is [`Running::Drift`]: what contradicted is not forgotten by waiting.
///
/// Source: Waudby-Smith and Ramdas 2024 (JRSS B 86, 1–27), on running intersections; the
/// reading as a test of drift follows Ramdas et al. 2023 (Statistical Science 38, 576–601).
pub fn running_intersection(sequence: &[Interval]) -> Vec<Running> {
    let mut state = Running::Stable(Interval {
        lower: f64::NEG_INFINITY,
        upper: f64::INFINITY,
    });
    let steps = sequence.iter().enumerate().map(|(i, &latest)| {
        if let Running::Stable(before) = state {
            state = meet(before, latest, i + 1);
        }
        state
    });
    steps.collect()
}

/// One step of the running intersection at observation `time`.
pub(super) fn meet(before: Interval, latest: Interval, time: usize) -> Running {
    let both = Interval {
        lower: before.lower.max(latest.lower),
        upper: before.upper.min(latest.upper),
    };
    if both.lower <= both.upper {
        Running::Stable(both)
    } else {
        Running::Drift(Drift {
            since: time,
            latest,
            before,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(lower: f64, upper: f64) -> Interval {
        Interval { lower, upper }
    }

    #[test]
    fn narrows_while_the_mean_stands_still() {
        let path = running_intersection(&[interval(0.1, 0.9), interval(0.0, 0.8)]);
        assert_eq!(path[1], Running::Stable(interval(0.1, 0.8)));
    }

    #[test]
    fn an_empty_intersection_is_drift_for_good() {
        let path =
            running_intersection(&[interval(0.1, 0.2), interval(0.5, 0.6), interval(0.1, 0.2)]);
        let drift = Running::Drift(Drift {
            since: 2,
            latest: interval(0.5, 0.6),
            before: interval(0.1, 0.2),
        });
        assert_eq!(path[1..], [drift, drift]);
    }
}
