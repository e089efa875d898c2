//! Which question comes next. Conditions look back only, so that walking forward never changes
//! what has been walked through.

use crate::answer::Answer;
use crate::answers::Answers;
use crate::questionnaire::{Condition, Item, Questionnaire};

/// Whether `condition` holds for the answers that `answer` finds by item. An item without an answer
/// has none of the codes.
fn holds<'a>(condition: &Condition, answer: &impl Fn(&str) -> Option<&'a Answer>) -> bool {
    match condition {
        Condition::Is { item, any_of } => {
            answer(item).is_some_and(|answer| any_of.iter().any(|code| answer.has(code)))
        }
        Condition::All(all) => all.iter().all(|one| holds(one, answer)),
        Condition::Any(any) => any.iter().any(|one| holds(one, answer)),
        Condition::Not(not) => !holds(not, answer),
    }
}

/// The items that are asked, in order.
///
/// An answer to an item that is not asked does not count, not even in the conditions of later
/// items.
pub fn asked<'q>(questionnaire: &'q Questionnaire, answers: &Answers) -> Vec<&'q Item> {
    let mut asked: Vec<&'q Item> = Vec::with_capacity(questionnaire.items.len());
    for item in &questionnaire.items {
        let counted = |id: &str| {
            let is_asked = asked.iter().any(|earlier| earlier.id == id);
            is_asked.then(|| answers.get(id)).flatten()
        };
        let condition = item.show_if.as_ref();
        if condition.is_none_or(|condition| holds(condition, &counted)) {
            asked.push(item);
        }
    }
    asked
}

/// The item after `current` that is asked; the first one if `current` is `None`.
pub fn next<'q>(
    questionnaire: &'q Questionnaire,
    answers: &Answers,
    current: Option<&str>,
) -> Option<&'q Item> {
    let mut asked = asked(questionnaire, answers).into_iter();
    match current {
        None => asked.next(),
        Some(id) => asked.skip_while(|item| item.id != id).nth(1),
    }
}

/// The item before `current` that is asked.
pub fn previous<'q>(
    questionnaire: &'q Questionnaire,
    answers: &Answers,
    current: &str,
) -> Option<&'q Item> {
    asked(questionnaire, answers)
        .into_iter()
        .take_while(|item| item.id != current)
        .last()
}

/// Where `current` stands among the items that are asked: its place, from 1, and their number.
pub fn progress(questionnaire: &Questionnaire, answers: &Answers, current: &str) -> (usize, usize) {
    let asked = asked(questionnaire, answers);
    let place = asked
        .iter()
        .position(|item| item.id == current)
        .map_or(0, |index| index + 1);
    (place, asked.len())
}

/// The answers that count: those to items that are asked, the empty ones left out.
pub fn counted(questionnaire: &Questionnaire, answers: &Answers) -> Answers {
    // One by one: collecting into a map sorts first, and a phone would download the sort.
    let mut counted = Answers::new();
    for item in asked(questionnaire, answers) {
        if let Some(answer) = answers.get(&item.id)
            && !answer.is_empty()
        {
            counted.insert(item.id.clone(), answer.clone());
        }
    }
    counted
}

/// As [`counted`], of answers that are no longer needed as they came.
pub fn only_counted(questionnaire: &Questionnaire, mut answers: Answers) -> Answers {
    let asked: Vec<&str> = asked(questionnaire, &answers)
        .into_iter()
        .map(|item| item.id.as_str())
        .collect();
    answers.retain(|id, answer| asked.contains(&id) && !answer.is_empty());
    answers
}
