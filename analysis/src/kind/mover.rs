//! `wendu interval mover`: a difference from two estimates with their intervals.

use super::composite;
use crate::request::{read, reply};
use crate::{Error, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stats::{Interval, mover};

/// est1, l1, u1, est2, l2, u2, as a list or by name.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected est1, l1, u1, est2, l2, u2, by name or as a list"
)]
enum Inputs {
    Listed([f64; 6]),
    Named {
        est1: f64,
        l1: f64,
        u1: f64,
        est2: f64,
        l2: f64,
        u2: f64,
    },
}

#[derive(Serialize)]
struct Answer {
    inputs: [f64; 6],
    estimate: f64,
    #[serde(flatten)]
    interval: Interval,
}

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    // These stand in one reference file with the cases of this kind.
    match request.method_or_family() {
        Ok("composite") => return composite::composite(request),
        Ok("gap_change") => return composite::gap_change(request),
        _ => {}
    }
    // The reference file keeps the inputs of these cases among the expected values.
    let kept = || {
        request
            .get("expected")
            .and_then(|expected| expected.get("inputs"))
    };
    let given = request.get("inputs").or_else(kept);
    let inputs = match read(given.ok_or(Error::Missing("inputs"))?)? {
        Inputs::Listed(list) => list,
        Inputs::Named {
            est1,
            l1,
            u1,
            est2,
            l2,
            u2,
        } => [est1, l1, u1, est2, l2, u2],
    };
    let [e1, l1, u1, e2, l2, u2] = inputs;
    let limits = |lower, upper| Interval { lower, upper };
    reply(Answer {
        inputs,
        estimate: e1 - e2,
        interval: mover::difference(e1, limits(l1, u1), e2, limits(l2, u2))?,
    })
}
