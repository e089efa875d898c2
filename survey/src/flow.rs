//! Which question comes next. Conditions look back only, so that walking forward never changes
//! what has been walked through.

use crate::answer::Answers;
use crate::questionnaire::{Condition, Item, Questionnaire};

/// Whether `condition` holds for `answers`. An item without an answer has none of the codes.
pub fn holds(condition: &Condition, answers: &Answers) -> bool {
    match condition {
        Condition::Is { item, any_of } => answers
            .get(item)
            .is_some_and(|answer| any_of.iter().any(|code| answer.has(code))),
        Condition::All(all) => all.iter().all(|one| holds(one, answers)),
        Condition::Any(any) => any.iter().any(|one| holds(one, answers)),
        Condition::Not(not) => !holds(not, answers),
    }
}

/// Whether `item` is asked, given the answers so far.
pub fn is_asked(item: &Item, answers: &Answers) -> bool {
    item.show_if
        .as_ref()
        .is_none_or(|condition| holds(condition, answers))
}

/// The items that are asked, in order.
///
/// An answer to an item that is not asked does not count, not even in the conditions of later
/// items.
pub fn asked<'q>(questionnaire: &'q Questionnaire, answers: &Answers) -> Vec<&'q Item> {
    let mut counted = Answers::new();
    let mut asked = Vec::new();
    for item in &questionnaire.items {
        if is_asked(item, &counted) {
            asked.push(item);
            if let Some(answer) = answers.get(&item.id) {
                counted.insert(item.id.clone(), answer.clone());
            }
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
