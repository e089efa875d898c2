//! What is asked and what was answered.
//!
//! The one home of every rule about a questionnaire: which question follows, what a valid
//! answer is, what an indicator counts. The browser, the server without scripts, the importer
//! and the exporter all call the same functions. Pure: no I/O, no clock, runs in wasm.
//!
//! | module | holds |
//! |---|---|
//! | [`questionnaire`] | what is asked: items, options, scales, conditions |
//! | [`campaign`] | when and where: waves, areas, sites, the temperature's weights |
//! | [`answer`] | what was answered, and the body of a submission |
//! | [`fields`] | answers as the fields of an HTML form |
//! | [`flow`] | which question comes next |
//! | [`validation`] | what is wrong with an answer, in words |
//! | [`indicator`] | from answers to 0/1 scores with their denominators |
//! | [`check`] | whether the data files themselves make sense |
//! | [`identity`] | response ids and the codes by which people withdraw |

pub mod answer;
pub mod answers;
pub mod campaign;
pub mod check;
pub mod fields;
pub mod flow;
pub mod identity;
pub mod indicator;
pub mod questionnaire;
pub mod text;
pub mod validation;

pub use answer::{Answer, Assistance, Mode, Submission};
pub use answers::Answers;
pub use campaign::{Area, Campaign, Margin, Site, Totals, Wave, Widget};
pub use indicator::Indicator;
pub use questionnaire::{Ask, Choice, Condition, Form, Item, Population, Questionnaire};
pub use text::{Language, Text};
