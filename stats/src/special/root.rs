//! One root finder for every quantile and every interval that is defined by a root.

use crate::Error;

/// Evaluations after which a search is given up.
const CAP: usize = 200;

/// A relative Newton step after which, convergence being quadratic, the next one would
/// only follow rounding.
const LAST_STEP: f64 = 1e-10;

/// The root of an increasing function by Newton's method, kept inside a bracket.
///
/// `f` gives value and slope. The bracket may be infinite as long as Newton's steps are
/// safe there (true of log-concave tails in a logarithmic coordinate); a step that
/// leaves the bracket, or a slope that is unusable, is replaced by bisection.
///
/// # Errors
/// [`Error::NotConverged`] after 200 evaluations, or if `f` is not a number; whatever
/// `f` itself reports.
pub(crate) fn newton(
    what: &'static str,
    bracket: (f64, f64),
    start: f64,
    f: impl Fn(f64) -> Result<(f64, f64), Error>,
) -> Result<f64, Error> {
    let (mut low, mut high) = bracket;
    let mut at = start.clamp(low, high);
    let gave_up = Error::NotConverged {
        what,
        iterations: CAP,
    };
    for _ in 0..CAP {
        let (value, slope) = f(at)?;
        if value.is_nan() {
            return Err(gave_up);
        }
        if value == 0.0 {
            return Ok(at);
        }
        if value < 0.0 {
            low = at;
        } else {
            high = at;
        }
        let next = at - value / slope;
        if low <= next && next <= high {
            if (next - at).abs() <= LAST_STEP * at.abs().max(1e-3) {
                return Ok(next);
            }
            at = next;
        } else {
            let next = middle(low, high, at);
            if next == at || high - low <= 2.0 * f64::EPSILON * at.abs().max(1e-290) {
                return Ok(next);
            }
            at = next;
        }
    }
    Err(gave_up)
}

/// The root of an increasing function by bisection, for functions without a usable
/// slope, to the last bits that the bracket can hold.
///
/// # Errors
/// As [`newton`].
pub(crate) fn bisect(
    what: &'static str,
    bracket: (f64, f64),
    f: impl Fn(f64) -> Result<f64, Error>,
) -> Result<f64, Error> {
    let start = middle(bracket.0, bracket.1, 0.0);
    newton(what, bracket, start, |x| Ok((f(x)?, f64::NAN)))
}

/// The middle of a bracket, or a long stride towards an end that is infinite.
fn middle(low: f64, high: f64, at: f64) -> f64 {
    let stride = at.abs().max(1.0);
    match (low.is_finite(), high.is_finite()) {
        (true, true) => low + 0.5 * (high - low),
        (true, false) => low + stride,
        (false, true) => high - stride,
        (false, false) => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newton_settles_to_the_last_bits() {
        let root = newton("√2", (0.0, 2.0), 0.1, |x| Ok((x * x - 2.0, 2.0 * x)));
        assert!((root.unwrap() - 2f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn bisection_needs_no_slope() {
        let root = bisect("cube root", (0.0, 10.0), |x| Ok(x * x * x - 5.0));
        assert!((root.unwrap() - 5f64.cbrt()).abs() < 1e-15);
    }

    #[test]
    fn a_function_that_is_not_a_number_is_an_error() {
        assert!(newton("nothing", (0.0, 1.0), 0.5, |_| Ok((f64::NAN, 1.0))).is_err());
    }
}
