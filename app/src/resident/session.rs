//! Where a person stands, and the steps between screens. Pure: the browser and the tests drive it,
//! the views draw it.

use super::visit::{Progress, Step, Visit};
use super::words::{self, Words};
use survey::validation::{Fault, check_all, check_item};
use survey::{Answer, Answers, Ask, Assistance, Item, Language, Mode, Submission, flow};

/// A person's way through the questionnaire.
#[derive(Debug, Clone)]
pub struct Session {
    /// What is constant, but for the language.
    pub visit: Visit,
    /// The answers so far.
    pub answers: Answers,
    /// The item that is shown; empty for the first.
    pub at: String,
    /// What was wrong with the answer when the person wanted to go on.
    pub complaint: Option<Complaint>,
    /// Whether it has been answered anew since: the words go, their room stays, so that nothing
    /// moves under the finger.
    pub mended: bool,
    /// Whether the type is large.
    pub large: bool,
    /// The response's id.
    pub id: String,
    /// When the first screen was shown (RFC 3339).
    pub started_at: String,
    /// When the last question was answered (RFC 3339); empty until then, and where no script runs:
    /// there a press repeated by the browser must be the same response.
    pub finished_at: String,
    /// How the interviewer helped.
    pub assistance: Option<Assistance>,
    /// What is happening.
    pub stage: Stage,
    /// Finished answers that this device keeps and the server does not have.
    pub left: Left,
    /// Whether the answers are kept on this device.
    pub draft: Draft,
    /// Whether the finished answers are kept on this device until the server has them.
    pub kept: bool,
    /// Whether answers were brought back from an earlier visit, which this screen says.
    pub restored: bool,
    /// Whether the browser can read aloud.
    pub speaks: bool,
}

/// What is wrong with the answer that is shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Complaint {
    /// What this page found.
    Found(Fault),
    /// What the server said.
    Said(String),
}

/// What is happening.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Stage {
    /// A question is being answered.
    #[default]
    Asking,
    /// The answers are on their way.
    Sending,
    /// They did not arrive.
    Unsent(Trouble),
    /// The person is done; what became of the answers.
    Done(Arrival),
}

/// What became of finished answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// The server has them.
    Arrived,
    /// This device keeps them and will send them.
    Waits,
    /// This device keeps them until the interviewer has signed in.
    SignIn,
    /// The server does not take them; this device keeps them.
    Refused,
}

impl Arrival {
    /// What the person reads.
    pub fn words(self) -> Words {
        match self {
            Arrival::Arrived => words::ARRIVED,
            Arrival::Waits => words::WAITS,
            Arrival::SignIn => words::SIGN_IN,
            Arrival::Refused => words::NOT_TAKEN,
        }
    }
}

/// How many finished answers this device still keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Left {
    /// They will be sent.
    pub waiting: u32,
    /// They wait for the interviewer to sign in.
    pub sign_in: bool,
    /// The server does not take them.
    pub refused: u32,
}

/// Why answers did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No answer from the server.
    Offline,
    /// The server asks to wait.
    Busy,
    /// The interviewer must sign in first.
    SignIn,
    /// The answers are larger than the server accepts.
    TooLarge,
    /// Other answers have been sent under this id.
    Conflict,
    /// Anything else.
    Refused,
}

impl Trouble {
    /// What the person reads.
    pub fn words(self) -> Words {
        match self {
            Trouble::Offline => words::OFFLINE,
            Trouble::Busy => words::BUSY,
            Trouble::SignIn => words::SIGN_IN,
            Trouble::TooLarge => words::TOO_LARGE,
            Trouble::Conflict => words::CONFLICT,
            Trouble::Refused => words::REFUSED,
        }
    }
}

/// Whether the answers are kept on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Draft {
    /// Nothing to keep yet.
    #[default]
    None,
    /// Kept.
    Kept,
    /// The browser refuses.
    Refused,
}

/// What a step led to, for those who have to act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Another question is shown.
    Moved,
    /// The same question is shown in another way.
    Stayed,
    /// The answer must be mended first.
    Faulty,
    /// Everything is answered: send.
    Complete,
}

impl Session {
    /// A session that stands where `progress` says.
    pub fn new(visit: Visit, progress: Progress) -> Self {
        Session {
            visit,
            answers: progress.answers,
            at: progress.at.unwrap_or_default(),
            complaint: progress.fault.map(Complaint::Found),
            mended: false,
            large: progress.large,
            id: progress.response_id,
            started_at: progress.started_at,
            finished_at: String::new(),
            assistance: progress.assistance,
            stage: Stage::Asking,
            left: Left::default(),
            draft: Draft::None,
            kept: false,
            restored: false,
            speaks: false,
        }
    }

    /// The language of the page.
    pub fn language(&self) -> Language {
        self.visit.language
    }

    /// The item that is shown: the one named, if it is asked after these answers, else the first.
    /// `None` only for a questionnaire without questions.
    pub fn item(&self) -> Option<&Item> {
        let asked = flow::asked(&self.visit.form.questionnaire, &self.answers);
        let named = asked.iter().copied().find(|item| item.id == self.at);
        named.or_else(|| asked.into_iter().next())
    }

    /// Its id.
    pub fn item_id(&self) -> &str {
        self.item().map_or("", |item| &item.id)
    }

    /// The answer to the item that is shown.
    pub fn answer(&self) -> Option<&Answer> {
        self.answers.get(self.item_id())
    }

    /// Which question this is, from 1, and of how many.
    pub fn place(&self) -> (usize, usize) {
        flow::progress(
            &self.visit.form.questionnaire,
            &self.answers,
            self.item_id(),
        )
    }

    /// The item after (`true`) or before the one that is shown.
    fn neighbour(&self, after: bool) -> Option<String> {
        let questionnaire = &self.visit.form.questionnaire;
        let id = &self.item()?.id;
        let found = if after {
            flow::next(questionnaire, &self.answers, Some(id))
        } else {
            flow::previous(questionnaire, &self.answers, id)
        };
        found.map(|item| item.id.clone())
    }

    /// Whether the last question is shown, after these answers.
    pub fn is_last(&self) -> bool {
        let (place, of) = self.place();
        place == of
    }

    /// Takes the answer to the item that is shown.
    pub fn answer_with(&mut self, answer: Option<Answer>) {
        let Some(id) = self.item().map(|item| item.id.clone()) else {
            return;
        };
        self.mended = self.complaint.is_some();
        // An empty answer is none (see survey::flow::counted); taking one out of the map instead
        // would cost a phone three kilobytes.
        let answer = answer.unwrap_or_else(|| Answer::One(String::new()));
        self.answers.insert(id, answer);
    }

    /// Carries out a step.
    pub fn step(&mut self, step: Step) -> Outcome {
        match step {
            Step::Speak(language) => {
                self.visit.language = language;
                Outcome::Stayed
            }
            Step::Enlarge(large) => {
                self.large = large;
                Outcome::Stayed
            }
            Step::Share => {
                self.visit.shared = true;
                self.draft = Draft::None;
                Outcome::Stayed
            }
            Step::Back => match self.neighbour(false) {
                Some(id) => self.show(id),
                None => Outcome::Stayed,
            },
            Step::Next => {
                let Some(item) = self.item() else {
                    return Outcome::Complete;
                };
                if let Err(fault) = check_item(&self.visit.form, item, &self.answers) {
                    return self.complain(Complaint::Found(fault));
                }
                match self.neighbour(true) {
                    Some(id) => self.show(id),
                    None => self.finish(),
                }
            }
        }
    }

    /// Shows an item.
    pub fn show(&mut self, id: String) -> Outcome {
        self.at = id;
        self.complaint = None;
        self.restored = false;
        self.stage = Stage::Asking;
        Outcome::Moved
    }

    /// All questions passed one by one; checks the whole once more, because going back and
    /// changing an answer can leave a gap.
    fn finish(&mut self) -> Outcome {
        if self.asks_assistance() && self.assistance.is_none() {
            let words = words::ASSISTANCE_MISSING.get(self.language());
            return self.complain(Complaint::Said(words.to_owned()));
        }
        self.answers = flow::counted(&self.visit.form.questionnaire, &self.answers);
        let Err(problems) = check_all(&self.visit.form, &self.answers) else {
            return Outcome::Complete;
        };
        if let Some(first) = problems.into_iter().next() {
            self.show(first.item);
            self.complain(Complaint::Found(first.fault));
        }
        Outcome::Faulty
    }

    /// Whether the interviewer is asked how he helped: beside the last question.
    pub fn asks_assistance(&self) -> bool {
        self.visit.mode == Mode::Interviewer && self.is_last()
    }

    /// Puts words beside the question that is shown.
    pub fn complain(&mut self, complaint: Complaint) -> Outcome {
        self.complaint = Some(complaint);
        self.mended = false;
        Outcome::Faulty
    }

    /// The body in which the answers are sent.
    pub fn submission(&self) -> Submission {
        Submission {
            id: self.id.clone(),
            questionnaire: self.visit.form.questionnaire.id.clone(),
            version: self.visit.form.questionnaire.version,
            answers: flow::counted(&self.visit.form.questionnaire, &self.answers),
            area: self.visit.area.clone(),
            site: self.visit.site.clone(),
            mode: self.visit.mode,
            origin: self.visit.origin.clone(),
            started_at: self.started_at.clone(),
            finished_at: Some(self.finished_at.clone()).filter(|time| !time.is_empty()),
            assistance: self.assistance,
            language: self.visit.language,
        }
    }

    /// What stands beside the question; nothing once it has been mended.
    pub fn complaint_text(&self) -> String {
        match &self.complaint {
            Some(Complaint::Found(fault)) if !self.mended => fault.message(self.language()),
            Some(Complaint::Said(said)) if !self.mended => said.clone(),
            _ => String::new(),
        }
    }

    /// How many characters the text that is shown has, and how many are accepted.
    pub fn length(&self) -> (usize, usize) {
        let max = match self.item().map(|item| &item.ask) {
            Some(Ask::Text { max_length }) => *max_length as usize,
            _ => 0,
        };
        let length = match self.answer() {
            Some(Answer::One(text)) => text.chars().filter(|c| *c != '\r').count(),
            _ => 0,
        };
        (length, max)
    }
}

/// After `latest` was ticked among `codes`: an exclusive option stands alone, whichever came last.
/// Takes out those that it ends.
pub fn settle(choices: &[survey::Choice], codes: &mut Vec<String>, latest: &str) -> Vec<String> {
    let exclusive = |code: &str| choices.iter().any(|c| c.exclusive && c.code == code);
    if !codes.iter().any(|code| code == latest) {
        return Vec::new();
    }
    let alone = exclusive(latest);
    let ends = |code: &mut String| code != latest && (alone || exclusive(code));
    codes.extract_if(.., ends).collect()
}

/// Whether an item is answered by typing.
pub fn is_typed(ask: &Ask) -> bool {
    matches!(ask, Ask::Text { .. } | Ask::Number { .. })
}
