//! Self-selected answers: what their selection may have done, and what can be repaired.
//!
//! An interval speaks of sampling error alone. Where people choose whether to answer, the
//! larger error is selection, and it does not shrink with n. In order of what must be assumed:
//!
//! | question | use | assumes |
//! |---|---|---|
//! | what follows with no assumption at all? | [`Nonresponse::manski`] | nothing |
//! | … if those who did not answer differ by at most δ | [`Nonresponse::delta_bounded`] | δ |
//! | … if a share ε of the answers is bogus | [`contamination_bounds`], [`fake_yes_needed`] | ε |
//! | how many random answers is this worth? | [`defect`] | a correlation, or the truth |
//! | how uneven is response over known groups? | [`r_indicator`] | known covariates |
//! | … and selection on the answer itself | [`mubp`] | a proxy and φ |
//! | can the volunteers be weighted to the population? | [`nonprobability`] | a reference sample, and that selection depends on its covariates only |
//! | what does looking again and again cost? | [`repeated_looks`] | nothing |

mod bounds;
mod contamination;
pub mod defect;
pub(crate) mod logistic;
mod mubp;
pub mod nonprobability;
mod repeated_looks;
mod representativity;

pub use bounds::{Manski, Nonresponse};
pub use contamination::{Contamination, contamination_bounds, fake_yes_needed};
pub use logistic::logistic_regression;
pub use mubp::{Mubp, NotSelected, Proxy, mubp};
pub use repeated_looks::repeated_looks;
pub use representativity::{Representativity, r_indicator};

use crate::Error;

fn out_of_range(name: &'static str, value: f64, expected: &'static str) -> Error {
    Error::OutOfRange {
        name,
        value,
        expected,
    }
}

/// Refuses what is not finite.
fn finite(name: &'static str, value: f64) -> Result<f64, Error> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(out_of_range(name, value, "a finite number"))
    }
}

/// `yes` of `n` as a share, refusing none and more than all.
fn share(yes: u64, n: u64) -> Result<f64, Error> {
    if n == 0 {
        return Err(Error::NoData("there are no answers"));
    }
    if yes > n {
        return Err(out_of_range(
            "yes",
            yes as f64,
            "at most the number of answers",
        ));
    }
    Ok(yes as f64 / n as f64)
}
