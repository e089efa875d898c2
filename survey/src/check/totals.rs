//! Whether population totals fit each other, the areas and the questionnaires.

use crate::campaign::{AREA, Campaign, Margin, Totals};
use crate::questionnaire::{Item, Questionnaire};
use std::collections::BTreeSet;

/// Everything that is wrong with the totals by themselves.
pub(super) fn figures(campaign: &Campaign) -> Vec<String> {
    let mut faults = Vec::new();
    let mut populations = BTreeSet::new();
    for totals in &campaign.totals {
        let who = totals.population.as_str();
        if !populations.insert(totals.population) {
            faults.push(format!(
                "totals {who}: it stands twice; put the margins into one"
            ));
        }
        if totals.margins.is_empty() {
            faults.push(format!("totals {who}: give at least one margin"));
        }
        let mut seen = BTreeSet::new();
        for margin in &totals.margins {
            if !seen.insert(&margin.by) {
                faults.push(format!(
                    "{}: the margin stands twice",
                    named(totals, margin)
                ));
            }
            faults.extend(of_margin(campaign, totals, margin));
        }
        if let Some(first) = totals.margins.first() {
            let sums = totals.margins.iter().map(|margin| (margin, margin.sum()));
            for (margin, sum) in sums.filter(|(_, sum)| *sum != first.sum()) {
                faults.push(format!(
                    "{}: it adds up to {sum} people, but {} to {}; all margins count the same people",
                    named(totals, margin),
                    first.by.join(" × "),
                    first.sum()
                ));
            }
        }
    }
    faults
}

fn of_margin(campaign: &Campaign, totals: &Totals, margin: &Margin) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |what: String| faults.push(format!("{}: {what}", named(totals, margin)));
    let variables: BTreeSet<&String> = margin.by.iter().collect();
    if margin.by.is_empty() || variables.len() < margin.by.len() {
        fault("name area or breakdown items, each once".to_owned());
    }
    if margin.totals.is_empty() {
        fault("there is no total".to_owned());
    }
    for (level, total) in &margin.totals {
        if *total == 0 {
            fault(format!(
                "level {level} has no people; leave it out or merge it"
            ));
        }
        if level.split('|').count() != margin.by.len() {
            fault(format!(
                "level {level}: write one code for each of {}, joined by |",
                margin.by.join(", ")
            ));
        }
    }
    let townships = campaign.areas.iter().map(|area| area.code.as_str());
    faults.extend(codes(totals, margin, AREA, "township", townships.clone()));
    if margin.by == [AREA] {
        faults.extend(lacking(totals, margin, "township", townships));
    }
    faults
}

/// Everything that is wrong between the totals and the questionnaires of their populations
/// (the newest version of each).
pub fn totals<'q>(
    campaign: &Campaign,
    questionnaires: impl Iterator<Item = &'q Questionnaire> + Clone,
) -> Vec<String> {
    let mut faults = Vec::new();
    for totals in &campaign.totals {
        let asked = questionnaires
            .clone()
            .filter(|q| q.population == totals.population);
        for questionnaire in asked {
            for margin in &totals.margins {
                for name in margin.by.iter().filter(|name| *name != AREA) {
                    faults.extend(of_item(questionnaire, totals, margin, name));
                }
            }
        }
    }
    faults
}

fn of_item(
    questionnaire: &Questionnaire,
    totals: &Totals,
    margin: &Margin,
    name: &str,
) -> Vec<String> {
    let item: Option<&Item> = questionnaire
        .item(name)
        .filter(|_| questionnaire.breakdowns.iter().any(|id| id == name));
    let Some(item) = item else {
        return vec![format!(
            "{}: {name} is no breakdown of questionnaire {}, which has {}",
            named(totals, margin),
            questionnaire.id,
            [&[AREA.to_owned()], questionnaire.breakdowns.as_slice()]
                .concat()
                .join(", ")
        )];
    };
    let options = questionnaire.options(item);
    let all = options.iter().map(|option| option.code.as_str());
    let mut faults = codes(totals, margin, name, "option", all);
    if margin.by == [name] {
        let levels = options.iter().filter(|option| !option.apart);
        let levels = levels.map(|option| option.code.as_str());
        faults.extend(lacking(totals, margin, "option", levels));
    }
    faults
}

/// Codes of one variable that there are not.
fn codes<'k>(
    totals: &Totals,
    margin: &Margin,
    name: &str,
    what: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Vec<String> {
    let Some(place) = margin.by.iter().position(|other| other == name) else {
        return Vec::new();
    };
    let given: BTreeSet<&str> = margin
        .totals
        .keys()
        .filter_map(|level| level.split('|').nth(place))
        .collect();
    given
        .into_iter()
        .filter(|code| !known.clone().any(|known| known == *code))
        .map(|code| {
            let known: Vec<&str> = known.clone().collect();
            let known = known.join(", ");
            format!(
                "{}: there is no {what} {code}; there are {known}",
                named(totals, margin)
            )
        })
        .collect()
}

/// Levels without a total.
fn lacking<'k>(
    totals: &Totals,
    margin: &Margin,
    what: &str,
    levels: impl Iterator<Item = &'k str>,
) -> Vec<String> {
    levels
        .filter(|level| !margin.totals.contains_key(*level))
        .map(|level| format!("{}: {what} {level} has no total", named(totals, margin)))
        .collect()
}

fn named(totals: &Totals, margin: &Margin) -> String {
    format!(
        "totals {} by {}",
        totals.population.as_str(),
        margin.by.join(" × ")
    )
}
