//! What server and browser tell each other about one visit.

use serde::{Deserialize, Serialize};
use survey::validation::Fault;
use survey::{Answers, Assistance, Form, Language, Mode};

/// What is constant while a person answers. The server embeds it in the page as JSON, in
/// `<script type="application/json" id="visit">`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// What is asked.
    pub form: Form,
    /// How the answers are collected.
    pub mode: Mode,
    /// The site whose QR code was scanned.
    #[serde(default)]
    pub site: Option<String>,
    /// The area, where it is known from elsewhere than an answer.
    #[serde(default)]
    pub area: Option<String>,
    /// The origin of the page that embeds the survey, if it could be verified; for mode `widget`.
    #[serde(default)]
    pub origin: Option<String>,
    /// The language of the page.
    pub language: Language,
    /// Whether the answers only feed a demonstration, which the page then says.
    pub simulated: bool,
    /// Where the server's form is sent, if not to `/s/{questionnaire}`. The app does not ask.
    #[serde(skip)]
    pub action: Option<String>,
    /// Whether the person said that others use this device too.
    #[serde(default)]
    pub shared: bool,
}

impl Visit {
    /// The name under which a device keeps what is not finished. What an interviewer began is
    /// nothing that a resident on the same device should meet.
    pub fn draft(&self) -> String {
        let questionnaire = &self.form.questionnaire;
        let kind = match self.mode {
            Mode::Interviewer => "wendu:interview:",
            _ => "wendu:",
        };
        let version = questionnaire.version.to_string();
        [kind, &questionnaire.id, ":", &version].concat()
    }

    /// Leaves out of the questionnaire what asking does not need: the rules of counting stay on
    /// the server, where no phone has to download them and no respondent can read which answers
    /// count as good.
    pub fn lean(mut self) -> Visit {
        self.form.questionnaire.schema = None;
        self.form.questionnaire.indicators = Vec::new();
        self.form.questionnaire.breakdowns = Vec::new();
        self
    }

    /// Whether the next person at this device must find nothing of the one before.
    pub fn is_shared(&self) -> bool {
        self.shared || self.mode == Mode::Kiosk
    }

    /// Whether someone reads the questions out and so must know what not to read.
    pub fn is_read_out(&self) -> bool {
        matches!(self.mode, Mode::Interviewer | Mode::Phone)
    }
}

/// How far a person has come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// The answers so far.
    pub answers: Answers,
    /// The item that is shown; `None` for the first.
    pub at: Option<String>,
    /// What is wrong with the answer to it.
    pub fault: Option<Fault>,
    /// The response's id (UUIDv7); empty until someone has made one.
    pub response_id: String,
    /// When the first screen was shown (RFC 3339).
    pub started_at: String,
    /// Whether the person has chosen large type.
    pub large: bool,
    /// Whether this visit has been counted as begun.
    pub begun: bool,
    /// How the interviewer helped.
    pub assistance: Option<Assistance>,
}

/// The names of the hidden fields in which a form without scripts carries its progress. Answers
/// have names of their own, see [`survey::fields`].
pub mod field {
    /// The response's id.
    pub const ID: &str = "_id";
    /// The questionnaire's version.
    pub const VERSION: &str = "_version";
    /// The item that is shown.
    pub const AT: &str = "_at";
    /// When the first screen was shown.
    pub const STARTED: &str = "_started";
    /// The language, as a BCP 47 tag.
    pub const LANGUAGE: &str = "_lang";
    /// How the answers are collected.
    pub const MODE: &str = "_mode";
    /// The site.
    pub const SITE: &str = "_site";
    /// The area.
    pub const AREA: &str = "_area";
    /// The embedding page's origin.
    pub const ORIGIN: &str = "_origin";
    /// `1` where the visit has been counted as begun.
    pub const BEGUN: &str = "_begun";
    /// `1` at a shared device.
    pub const SHARED: &str = "_shared";
    /// How the interviewer helped.
    pub const ASSISTANCE: &str = "_assistance";
    /// `1` where large type has been chosen.
    pub const LARGE: &str = "_large";
    /// The button that was pressed, see [`Step`](super::Step).
    pub const TO: &str = "_to";
}

/// What a button of the form asks for; the value of field [`field::TO`]. Only `Next` checks the
/// answer; the others show a screen again with everything kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// On to the next question, or, after the last, submit.
    Next,
    /// Back to the question before.
    Back,
    /// The same question in another language.
    Speak(Language),
    /// The same question in large (`true`) or normal type.
    Enlarge(bool),
    /// The same question, and from now on nothing of this person is kept here.
    Share,
}

impl Step {
    /// The word in the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Step::Next => "next",
            Step::Back => "back",
            Step::Speak(language) => language.tag(),
            Step::Enlarge(true) => "large",
            Step::Enlarge(false) => "normal",
            Step::Share => "share",
        }
    }

    /// The step of a word in the form.
    pub fn parse(word: &str) -> Option<Step> {
        let steps = [
            Step::Next,
            Step::Back,
            Step::Enlarge(true),
            Step::Enlarge(false),
            Step::Share,
            Step::Speak(Language::Chinese),
            Step::Speak(Language::English),
        ];
        steps.into_iter().find(|step| step.as_str() == word)
    }
}
