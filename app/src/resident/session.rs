//! Where a person stands, and the steps between screens. Pure: the browser and the tests drive it,
//! the views draw it.

use super::visit::{Progress, Step, Visit};
use super::words::{self, Words};
use survey::validation::{Fault, check_all, check_item};
use survey::{Answer, Answers, Ask, Item, Language, Submission, flow};

/// A person's way through the questionnaire.
#[derive(Debug, Clone)]
pub struct Session {
    /// What is constant, but for the language.
    pub visit: Visit,
    /// The answers so far.
    pub answers: Answers,
    /// The item that is shown; empty for the first.
    pub at: String,
    /// What stands in red beside the question.
    pub complaint: Option<Complaint>,
    /// Whether the type is large.
    pub large: bool,
    /// The response's id.
    pub id: String,
    /// When the first screen was shown (RFC 3339).
    pub started_at: String,
    /// What is happening.
    pub stage: Stage,
    /// Whether the answers are kept on this device.
    pub draft: Draft,
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
    /// They arrived; the code takes them back.
    Sent(String),
}

/// Why answers did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No answer from the server.
    Offline,
    /// The server asks to wait.
    Busy,
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
            Trouble::TooLarge => words::TOO_LARGE,
            Trouble::Conflict => words::CONFLICT,
            Trouble::Refused => words::REFUSED,
        }
    }

    /// Whether trying again can help without the person doing anything.
    pub fn passes(self) -> bool {
        matches!(self, Trouble::Offline | Trouble::Busy)
    }
}

/// Whether the answers are kept on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Draft {
    /// Nothing to keep yet.
    #[default]
    None,
    /// Brought back from an earlier visit.
    Restored,
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
            large: progress.large,
            id: progress.response_id,
            started_at: progress.started_at,
            stage: Stage::Asking,
            draft: Draft::None,
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

    /// The answer to the item that is shown.
    pub fn answer(&self) -> Option<&Answer> {
        self.answers.get(&self.item()?.id)
    }

    /// Which question this is, from 1, and of how many.
    pub fn place(&self) -> (usize, usize) {
        let id = self.item().map_or("", |item| &item.id);
        flow::progress(&self.visit.form.questionnaire, &self.answers, id)
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
        self.complaint = None;
        match answer {
            Some(answer) => self.answers.insert(id, answer),
            None => self.answers.remove(&id),
        };
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
            Step::Back => match self.neighbour(false) {
                Some(id) => self.show(id),
                None => Outcome::Stayed,
            },
            Step::Next => {
                let Some(item) = self.item() else {
                    return Outcome::Complete;
                };
                if let Err(fault) = check_item(&self.visit.form, item, &self.answers) {
                    self.complaint = Some(Complaint::Found(fault));
                    return Outcome::Faulty;
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
        self.stage = Stage::Asking;
        Outcome::Moved
    }

    /// All questions passed one by one; checks the whole once more, because going back and
    /// changing an answer can leave a gap.
    fn finish(&mut self) -> Outcome {
        self.answers = flow::counted(&self.visit.form.questionnaire, &self.answers);
        let Err(problems) = check_all(&self.visit.form, &self.answers) else {
            return Outcome::Complete;
        };
        if let Some(first) = problems.into_iter().next() {
            self.show(first.item);
            self.complaint = Some(Complaint::Found(first.fault));
        }
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
            language: self.visit.language,
        }
    }

    /// What stands beside the question.
    pub fn complaint_text(&self) -> Option<String> {
        self.complaint.as_ref().map(|complaint| match complaint {
            Complaint::Found(fault) => fault.message(self.language()),
            Complaint::Said(said) => said.clone(),
        })
    }
}

/// After `latest` was ticked among `codes`: an exclusive option stands alone, whichever came last.
pub fn settle(choices: &[survey::Choice], codes: &mut Vec<String>, latest: &str) {
    let exclusive = |code: &str| choices.iter().any(|c| c.exclusive && c.code == code);
    if codes.iter().any(|code| code == latest) {
        let alone = exclusive(latest);
        codes.retain(|code| code == latest || !(alone || exclusive(code)));
    }
}

/// How many characters of a text count towards its limit.
pub fn length(session: &Session) -> usize {
    match session.answer() {
        Some(Answer::One(text)) => text.chars().filter(|c| *c != '\r').count(),
        _ => 0,
    }
}

/// Whether an item is answered by typing.
pub fn is_typed(ask: &Ask) -> bool {
    matches!(ask, Ask::Text { .. } | Ask::Number { .. })
}
