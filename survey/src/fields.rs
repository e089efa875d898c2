//! Answers as the fields of an HTML form: what a browser without scripts posts, and what the app
//! reads from the page when it takes over.

use crate::answer::Answer;
use crate::answers::Answers;
use crate::questionnaire::{Ask, Form};

const PREFIX: &str = "a.";

/// The name of the form field that holds an item's answer.
pub fn field_name(item: &str) -> String {
    [PREFIX, item].concat()
}

/// Reads the answers from form fields in their order. Fields that are no answers, and empty ones,
/// are left out; a number that cannot be read stays a text, so that validation names it.
pub fn read<'f>(form: &Form, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in fields {
        let Some(id) = name.strip_prefix(PREFIX) else {
            continue;
        };
        if value.trim().is_empty() {
            continue;
        }
        let answer = match form.item(id).map(|item| &item.ask) {
            Some(Ask::Multiple { .. }) => {
                let mut codes = match answers.remove(id) {
                    Some(Answer::Many(codes)) => codes,
                    _ => Vec::new(),
                };
                if !codes.iter().any(|code| code == value) {
                    codes.push(value.to_owned());
                }
                Answer::Many(codes)
            }
            Some(Ask::Number { .. }) => {
                decimal(value).map_or_else(|| Answer::One(value.to_owned()), Answer::Number)
            }
            _ => Answer::One(value.to_owned()),
        };
        answers.insert(id.to_owned(), answer);
    }
    answers
}

/// The fields in which `answers` travel on, for the screens that are not shown.
pub fn write(answers: &Answers) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (id, answer) in answers.iter() {
        match answer {
            Answer::One(one) => fields.push((field_name(id), one.clone())),
            Answer::Many(many) => {
                fields.extend(many.iter().map(|code| (field_name(id), code.clone())));
            }
            Answer::Number(number) => fields.push((field_name(id), plain(*number))),
        }
    }
    fields
}

/// Reads a decimal number as people type it, full-width digits included. By hand, because the
/// standard library's float parser costs a phone ten kilobytes; exact up to 15 digits.
pub fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix(['-', '－', '−']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mut mantissa, mut scale, mut count) = (0u64, 1u64, 0);
    let mut decimals = false;
    for c in digits.chars() {
        let c = match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32)?,
            '．' | '。' | ',' | '，' => '.',
            other => other,
        };
        if c == '.' && !decimals {
            decimals = true;
            continue;
        }
        mantissa = mantissa * 10 + u64::from(c.to_digit(10)?);
        scale *= if decimals { 10 } else { 1 };
        count += 1;
        if count > 15 {
            return None;
        }
    }
    let value = mantissa as f64 / scale as f64;
    (count > 0).then_some(if negative { -value } else { value })
}

/// Writes a number that [`decimal`] read, with up to six decimals.
pub fn plain(number: f64) -> String {
    let millionths = (number.abs() * 1e6).round() as u64;
    let mut text = (millionths / 1_000_000).to_string();
    let mut rest = millionths % 1_000_000;
    if rest > 0 {
        text.push('.');
        while rest > 0 {
            text.push_str(&(rest / 100_000).to_string());
            rest = rest % 100_000 * 10;
        }
    }
    if number < 0.0 && millionths > 0 {
        text.insert(0, '-');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, number) in [
            ("12", 12.0),
            (" ３．５ ", 3.5),
            ("-0.25", -0.25),
            ("1,5", 1.5),
        ] {
            assert_eq!(decimal(text), Some(number), "{text}");
        }
        for text in ["", "-", "12a", "1.2.3", "1e5", "9999999999999999"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn limits_are_written_as_people_write_them() {
        let cases = [
            (0.0, "0"),
            (120.0, "120"),
            (-3.5, "-3.5"),
            (0.05, "0.05"),
            (2.125, "2.125"),
        ];
        for (number, text) in cases {
            assert_eq!(plain(number), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(millionths in -1_000_000_000i64..1_000_000_000) {
            let number = millionths as f64 / 1e6;
            prop_assert_eq!(decimal(&plain(number)), Some(number));
        }

        #[test]
        fn any_text_is_read_without_panic(text: String) {
            let _ = decimal(&text);
        }
    }
}
