//! The kinds of questions. To add one: a file beside this with an `answer` function, its
//! `mod` line, and a line in [`Kind::ALL`].

mod columns;
mod composite;
mod difference;
mod gap;
mod mover;
mod multinomial;
mod paired;
mod plan;
pub(crate) mod proportion;
mod quantile;
mod ranks;
mod selection;
mod sequence;
mod small_area;
mod test;

use crate::{Error, Request};
use serde_json::{Map, Value};
use std::fmt;
use std::str::FromStr;

/// A kind of question, by its name on the command line.
#[derive(Clone, Copy)]
pub struct Kind {
    name: &'static str,
    answer: fn(&Request) -> Result<Map<String, Value>, Error>,
}

impl Kind {
    /// Every kind there is.
    pub const ALL: &'static [Kind] = &[
        Kind::new("proportion", proportion::answer),
        Kind::new("multinomial", multinomial::answer),
        Kind::new("difference", difference::answer),
        Kind::new("paired", paired::answer),
        Kind::new("mover", mover::answer),
        Kind::new("plan", plan::answer),
        Kind::new("quantile", quantile::answer),
        Kind::new("test", test::answer),
        Kind::new("sequence", sequence::answer),
        Kind::new("ranks", ranks::answer),
        Kind::new("selection", selection::answer),
        Kind::new("small-area", small_area::answer),
        Kind::new("gap", gap::answer),
    ];

    const fn new(
        name: &'static str,
        answer: fn(&Request) -> Result<Map<String, Value>, Error>,
    ) -> Self {
        Self { name, answer }
    }

    /// The kind's name.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// Answers a request of this kind.
    ///
    /// # Errors
    /// As [`crate::answer`].
    pub fn answer(self, request: &Request) -> Result<Map<String, Value>, Error> {
        (self.answer)(request)
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kind({})", self.name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

impl FromStr for Kind {
    type Err = Error;
    fn from_str(given: &str) -> Result<Self, Error> {
        let kind = Self::ALL.iter().find(|kind| kind.name == given);
        kind.copied().ok_or_else(|| Error::Unknown {
            what: "kind of question",
            given: given.to_owned(),
            known: Self::ALL
                .iter()
                .map(|kind| kind.name)
                .collect::<Vec<_>>()
                .join(", "),
        })
    }
}

/// The error for a method that a kind does not have.
fn unknown_method(what: &'static str, given: &str, known: &[&str]) -> Error {
    Error::Unknown {
        what,
        given: given.to_owned(),
        known: known.join(", "),
    }
}
