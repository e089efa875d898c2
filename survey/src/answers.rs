//! The answers of one person, by item.

use crate::answer::Answer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Answers by item id, in the order of the ids, so that equal answers are equal bytes.
///
/// There are a few dozen, so they lie in a sorted list: a map from the standard library costs a
/// phone two kilobytes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers(Vec<(String, Answer)>);

impl Answers {
    /// No answers.
    pub const fn new() -> Self {
        Answers(Vec::new())
    }

    fn place(&self, item: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(id, _)| id.as_str().cmp(item))
    }

    /// The answer to an item.
    pub fn get(&self, item: &str) -> Option<&Answer> {
        let place = self.place(item).ok()?;
        self.0.get(place).map(|(_, answer)| answer)
    }

    /// Sets the answer to an item; what stood there is replaced.
    pub fn insert(&mut self, item: String, answer: Answer) {
        match self.place(&item) {
            Ok(place) => {
                if let Some((_, known)) = self.0.get_mut(place) {
                    *known = answer;
                }
            }
            Err(place) => self.0.insert(place, (item, answer)),
        }
    }

    /// Takes the answer to an item out.
    pub fn remove(&mut self, item: &str) -> Option<Answer> {
        let place = self.place(item).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Keeps those for which `stays` says so.
    pub fn retain(&mut self, mut stays: impl FnMut(&str, &Answer) -> bool) {
        self.0.retain(|(id, answer)| stays(id, answer));
    }

    /// The answers with their items' ids, in the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.0.iter().map(|(id, answer)| (id.as_str(), answer))
    }
}

impl Extend<(String, Answer)> for Answers {
    fn extend<I: IntoIterator<Item = (String, Answer)>>(&mut self, answers: I) {
        for (item, answer) in answers {
            self.insert(item, answer);
        }
    }
}

impl<const N: usize> From<[(String, Answer); N]> for Answers {
    fn from(answers: [(String, Answer); N]) -> Self {
        let mut these = Answers::new();
        these.extend(answers);
        these
    }
}

impl IntoIterator for Answers {
    type Item = (String, Answer);
    type IntoIter = std::vec::IntoIter<(String, Answer)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// An item that stands twice is refused: the second must not silently win.
impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnswersVisitor;
        impl<'de> Visitor<'de> for AnswersVisitor {
            type Value = Answers;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the answers by item id")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Answers, A::Error> {
                let mut answers = Answers::new();
                while let Some((item, answer)) = map.next_entry::<String, Answer>()? {
                    if answers.get(&item).is_some() {
                        return Err(A::Error::custom("an item is answered twice"));
                    }
                    answers.insert(item, answer);
                }
                Ok(answers)
            }
        }
        deserializer.deserialize_map(AnswersVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(code: &str) -> Answer {
        Answer::One(code.to_owned())
    }

    #[test]
    fn answers_stand_in_the_order_of_their_items() {
        let mut answers = Answers::from([
            ("sex".to_owned(), one("female")),
            ("age".to_owned(), one("18-34")),
        ]);
        answers.insert("sex".to_owned(), one("male"));
        answers.insert("heard".to_owned(), one("know"));
        let ids: Vec<&str> = answers.iter().map(|(id, _)| id).collect();
        assert_eq!(ids, ["age", "heard", "sex"]);
        assert_eq!(answers.get("sex"), Some(&one("male")));
        assert_eq!(answers.remove("age"), Some(one("18-34")));
        assert_eq!(answers.get("age"), None);
    }

    #[test]
    fn they_travel_as_an_object_and_none_twice() {
        let text = r#"{"a":"x","b":["y"]}"#;
        let answers: Answers = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&answers).unwrap(), text);
        let error = serde_json::from_str::<Answers>(r#"{"a":"x","a":"y"}"#).unwrap_err();
        assert!(error.to_string().contains("answered twice"));
    }
}
