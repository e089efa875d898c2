//! What is wrong with an answer, in words that tell how to mend it.

use crate::answer::Answer;
use crate::answers::Answers;
use crate::fields::plain;
use crate::flow;
use crate::questionnaire::{Ask, Choice, Form, Item};
use crate::text::{Language, Text};

/// One thing that is wrong with one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The item at fault, as named in the answers.
    pub item: String,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The item must be answered.
    Required,
    /// The questionnaire has no such item.
    UnknownItem,
    /// The item is not asked after these answers, yet has an answer.
    NotAsked,
    /// An answer of another kind than the item's.
    WrongKind {
        /// The kind the item takes, for both languages.
        expected: Kind,
    },
    /// A code that is not among the options.
    UnknownOption(String),
    /// The same code twice.
    Repeated(String),
    /// An exclusive option together with others.
    NotAlone(Text),
    /// A text that is too long.
    TooLong {
        /// The most characters that are accepted.
        max: u32,
    },
    /// A text with a control character, which not every store and reader can hold.
    ControlCharacter,
    /// A number outside its range.
    OutOfRange {
        /// The least that is accepted, as it is written.
        min: String,
        /// The most that is accepted, as it is written.
        max: String,
    },
    /// A number with more decimals than asked for.
    TooPrecise {
        /// How many decimals are accepted.
        decimals: u8,
    },
}

/// The kinds of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One code, as a string.
    Code,
    /// A list of codes.
    Codes,
    /// A text.
    Text,
    /// A number.
    Number,
}

impl Fault {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Required => "required",
            Fault::UnknownItem => "unknown_item",
            Fault::NotAsked => "not_asked",
            Fault::WrongKind { .. } => "wrong_kind",
            Fault::UnknownOption(_) => "unknown_option",
            Fault::Repeated(_) => "repeated",
            Fault::NotAlone(_) => "not_alone",
            Fault::TooLong { .. } => "too_long",
            Fault::ControlCharacter => "control_character",
            Fault::OutOfRange { .. } => "out_of_range",
            Fault::TooPrecise { .. } => "too_precise",
        }
    }

    /// What is wrong and how to mend it, as a person reads it.
    pub fn message(&self, language: Language) -> String {
        let pick = |chinese: &str, english: &str| language.pick(chinese, english).to_owned();
        match self {
            Fault::Required => pick("请回答本题后再继续", "Please answer this question to go on"),
            Fault::UnknownItem => pick("问卷中没有这道题", "There is no such question"),
            Fault::NotAsked => pick(
                "按前面的回答，本题不应作答",
                "This question is not asked after the earlier answers; leave it out",
            ),
            Fault::WrongKind { expected } => match expected {
                Kind::Code => pick("请选择一项", "Please choose one option"),
                Kind::Codes => pick("请选择一项或多项", "Please choose from the list"),
                Kind::Text => pick("请填写文字", "Please write a text"),
                Kind::Number => pick("请填写数字", "Please give a number"),
            },
            Fault::UnknownOption(code) => {
                joined(language, "没有这个选项：", "There is no option ", code)
            }
            Fault::Repeated(code) => joined(language, "选项重复：", "Chosen twice: ", code),
            Fault::NotAlone(text) => {
                let (before, after) = language.pick(
                    ("“", "”不能与其他选项同时选择"),
                    ("“", "” cannot be combined with other options"),
                );
                [before, text.get(language), after].concat()
            }
            Fault::TooLong { max } => {
                let (before, after) = language.pick(
                    ("最多填写 ", " 个字"),
                    ("Please use at most ", " characters"),
                );
                [before, &max.to_string(), after].concat()
            }
            Fault::ControlCharacter => pick(
                "含有无法保存的特殊字符，请删除后再提交",
                "Contains a control character that cannot be stored; please remove it",
            ),
            Fault::OutOfRange { min, max } => {
                let (before, between, after) = language.pick(
                    ("请填写 ", " 到 ", " 之间的数字"),
                    ("Please give a number from ", " to ", ""),
                );
                [before, min, between, max, after].concat()
            }
            Fault::TooPrecise { decimals: 0 } => pick("请填写整数", "Please give a whole number"),
            Fault::TooPrecise { decimals } => {
                let (before, after) = language.pick(
                    ("最多保留 ", " 位小数"),
                    ("Please use at most ", " decimals"),
                );
                [before, &decimals.to_string(), after].concat()
            }
        }
    }
}

fn joined(language: Language, chinese: &str, english: &str, code: &str) -> String {
    [language.pick(chinese, english), code].concat()
}

/// Checks the answer to one item, as when a person leaves its screen.
///
/// # Errors
/// The first fault found.
pub fn check_item(form: &Form, item: &Item, answers: &Answers) -> Result<(), Fault> {
    match answers.get(&item.id) {
        Some(answer) if !answer.is_empty() => check_answer(form.choices(item), &item.ask, answer),
        _ if item.optional => Ok(()),
        _ => Err(Fault::Required),
    }
}

/// Checks a whole response.
///
/// # Errors
/// Every item at fault, those of the questionnaire in its order, then the unknown ones.
pub fn check_all(form: &Form, answers: &Answers) -> Result<(), Vec<Problem>> {
    let questionnaire = &form.questionnaire;
    let asked = flow::asked(questionnaire, answers);
    let mut problems = Vec::new();
    for item in &questionnaire.items {
        let checked = if asked.iter().any(|one| one.id == item.id) {
            check_item(form, item, answers)
        } else if answers.get(&item.id).is_some() {
            Err(Fault::NotAsked)
        } else {
            Ok(())
        };
        if let Err(fault) = checked {
            problems.push(Problem {
                item: item.id.clone(),
                fault,
            });
        }
    }
    let ids = answers.iter().map(|(id, _)| id);
    let unknown = ids.filter(|id| questionnaire.item(id).is_none());
    problems.extend(unknown.map(|id| Problem {
        item: id.to_owned(),
        fault: Fault::UnknownItem,
    }));
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn check_answer(choices: &[Choice], ask: &Ask, answer: &Answer) -> Result<(), Fault> {
    match (ask, answer) {
        (Ask::Single { .. } | Ask::Rating { .. } | Ask::Area {}, Answer::One(code)) => {
            find(choices, code).map(|_| ())
        }
        (Ask::Multiple { .. }, Answer::Many(codes)) => check_codes(choices, codes),
        (Ask::Text { max_length }, Answer::One(text)) => check_text(text, *max_length),
        (
            Ask::Number {
                min, max, decimals, ..
            },
            Answer::Number(number),
        ) => check_number(*number, *min, *max, *decimals),
        _ => Err(Fault::WrongKind {
            expected: expected_kind(ask),
        }),
    }
}

fn expected_kind(ask: &Ask) -> Kind {
    match ask {
        Ask::Single { .. } | Ask::Rating { .. } | Ask::Area {} => Kind::Code,
        Ask::Multiple { .. } => Kind::Codes,
        Ask::Text { .. } => Kind::Text,
        Ask::Number { .. } => Kind::Number,
    }
}

fn find<'c>(choices: &'c [Choice], code: &str) -> Result<&'c Choice, Fault> {
    choices
        .iter()
        .find(|choice| choice.code == code)
        .ok_or_else(|| Fault::UnknownOption(code.chars().take(64).collect()))
}

fn check_codes(choices: &[Choice], codes: &[String]) -> Result<(), Fault> {
    for (index, code) in codes.iter().enumerate() {
        let choice = find(choices, code)?;
        if codes.iter().take(index).any(|earlier| earlier == code) {
            return Err(Fault::Repeated(code.clone()));
        }
        if choice.exclusive && codes.len() > 1 {
            return Err(Fault::NotAlone(choice.text.clone()));
        }
    }
    Ok(())
}

fn check_text(text: &str, max_length: u32) -> Result<(), Fault> {
    let is_layout = |c: char| matches!(c, '\n' | '\r' | '\t');
    if text.chars().any(|c| c.is_control() && !is_layout(c)) {
        return Err(Fault::ControlCharacter);
    }
    // Browsers send a line break as CR LF and count it as one character.
    let length = text.chars().filter(|c| *c != '\r').count();
    if length > max_length as usize {
        return Err(Fault::TooLong { max: max_length });
    }
    Ok(())
}

fn check_number(number: f64, min: f64, max: f64, decimals: u8) -> Result<(), Fault> {
    if !(min <= number && number <= max) {
        return Err(Fault::OutOfRange {
            min: plain(min),
            max: plain(max),
        });
    }
    let scaled = number * 10f64.powi(i32::from(decimals));
    // A decimal such as 0.29 has no exact binary form: 0.29 × 100 is 28.999999999999996.
    if (scaled - scaled.round()).abs() > 1e-9 * scaled.abs().max(1.0) {
        return Err(Fault::TooPrecise { decimals });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_to_their_range_and_decimals() {
        assert_eq!(check_number(0.29, 0.0, 1.0, 2), Ok(()));
        assert_eq!(
            check_number(0.295, 0.0, 1.0, 2),
            Err(Fault::TooPrecise { decimals: 2 })
        );
        assert!(matches!(
            check_number(f64::NAN, 0.0, 1.0, 2),
            Err(Fault::OutOfRange { .. })
        ));
    }

    #[test]
    fn texts_count_characters_not_bytes() {
        assert_eq!(check_text("温度🌡", 3), Ok(()));
        assert_eq!(check_text("温度计", 2), Err(Fault::TooLong { max: 2 }));
        assert_eq!(check_text("a\0b", 9), Err(Fault::ControlCharacter));
        assert_eq!(check_text("a\r\nb", 3), Ok(()));
    }
}
