//! Whether questionnaires and campaigns make sense, before anyone is asked anything.

use crate::campaign::{Campaign, is_origin};
use crate::indicator::Indicator;
use crate::questionnaire::{Ask, Condition, Item, Questionnaire};
use std::collections::BTreeSet;

mod totals;

pub use totals::totals;

/// Everything that is wrong with a questionnaire, each line naming the place and the remedy.
/// Empty if it can be published.
pub fn questionnaire(questionnaire: &Questionnaire) -> Vec<String> {
    let mut faults = Vec::new();
    if questionnaire.id.is_empty() || !questionnaire.id.chars().all(is_slug) {
        faults.push("id: use lower-case letters, digits and hyphens".to_owned());
    }
    if questionnaire.version == 0 {
        faults.push("version: count from 1".to_owned());
    }
    if questionnaire.items.is_empty() {
        faults.push("items: there is no question".to_owned());
    }
    if questionnaire
        .items
        .iter()
        .filter(|i| matches!(i.ask, Ask::Area {}))
        .count()
        > 1
    {
        faults.push("items: only one item may ask for the area".to_owned());
    }
    let mut earlier: Vec<&Item> = Vec::new();
    for item in &questionnaire.items {
        faults.extend(item_faults(questionnaire, item, &earlier));
        earlier.push(item);
    }
    let mut keys = BTreeSet::new();
    for indicator in &questionnaire.indicators {
        if !keys.insert(&indicator.key) {
            faults.push(format!("indicator {}: the key stands twice", indicator.key));
        }
        faults.extend(indicator_faults(questionnaire, indicator));
    }
    for id in &questionnaire.breakdowns {
        match questionnaire.item(id) {
            Some(item) if item.ask.is_single() && !matches!(item.ask, Ask::Area {}) => {}
            Some(_) => faults.push(format!(
                "breakdowns: {id} is no single choice (areas are a breakdown of their own)"
            )),
            None => faults.push(format!("breakdowns: there is no item {id}")),
        }
    }
    faults
}

/// Everything that is wrong with a campaign.
pub fn campaign(campaign: &Campaign) -> Vec<String> {
    let mut faults = Vec::new();
    if campaign.waves.is_empty() {
        faults.push("waves: there must be one at least".to_owned());
    }
    if !campaign.waves.is_sorted_by(|a, b| a.from_day < b.from_day) {
        faults.push("waves: put them in the order of their days".to_owned());
    }
    if !(campaign.threshold > 0.0 && campaign.threshold < 1.0) {
        faults.push("threshold: give a proportion between 0 and 1, such as 0.9".to_owned());
    }
    if campaign
        .temperature
        .iter()
        .any(|w| !(w.weight > 0.0 && w.weight.is_finite()))
    {
        faults.push("temperature: weights must be positive".to_owned());
    }
    let mut codes = BTreeSet::new();
    for township in &campaign.areas {
        for area in std::iter::once(township).chain(&township.communities) {
            if area.code.is_empty() || !area.code.chars().all(is_code) {
                faults.push(format!(
                    "area {:?}: use letters, digits, hyphens",
                    area.code
                ));
            }
            if !codes.insert(&area.code) {
                faults.push(format!("area {}: the code stands twice", area.code));
            }
        }
    }
    let mut sites = BTreeSet::new();
    for site in &campaign.sites {
        // People type it after an address, and then small and capital letters are the same.
        if site.code.is_empty() || site.code.len() > 40 || !site.code.chars().all(is_code) {
            faults.push(format!(
                "site {:?}: use up to 40 letters, digits, hyphens for its code",
                site.code
            ));
        }
        if !sites.insert(site.code.to_ascii_uppercase()) {
            faults.push(format!("site {}: the code stands twice", site.code));
        }
        if !codes.contains(&site.area) {
            faults.push(format!(
                "site {}: there is no area {}",
                site.code, site.area
            ));
        }
    }
    faults.extend(totals::figures(campaign));
    faults.extend(widget_faults(campaign));
    faults
}

fn widget_faults(campaign: &Campaign) -> Vec<String> {
    let mut faults = Vec::new();
    let mut keys = BTreeSet::new();
    for widget in &campaign.widgets {
        let key = &widget.key;
        if key.is_empty() || !key.chars().all(is_slug) {
            faults.push(format!(
                "widget {key:?}: use lower-case letters, digits and hyphens for its key"
            ));
        }
        if !keys.insert(key) {
            faults.push(format!("widget {key}: the key stands twice"));
        }
        for origin in widget.origins.iter().filter(|origin| !is_origin(origin)) {
            faults.push(format!(
                "widget {key}: {origin} is no origin; write scheme://host[:port] without a path"
            ));
        }
    }
    faults
}

fn is_slug(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

fn is_code(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn item_faults(questionnaire: &Questionnaire, item: &Item, earlier: &[&Item]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |what: String| faults.push(format!("item {}: {what}", item.id));
    if item.id.is_empty() || !item.id.chars().all(|c| is_slug(c) && c != '-' || c == '_') {
        fault("use lower-case letters, digits and underscores for its id".to_owned());
    }
    if earlier.iter().any(|other| other.id == item.id) {
        fault("the id stands twice".to_owned());
    }
    if let Ask::Rating { scale } = &item.ask
        && !questionnaire.scales.iter().any(|known| known.id == *scale)
    {
        fault(format!("there is no scale {scale}"));
    }
    let options = questionnaire.options(item);
    let offers = !matches!(
        item.ask,
        Ask::Area {} | Ask::Text { .. } | Ask::Number { .. }
    );
    if offers && options.len() < 2 {
        fault("offer at least two options".to_owned());
    }
    let mut codes = BTreeSet::new();
    for option in options {
        if option.code.is_empty() || !option.code.chars().all(is_code) {
            fault(format!(
                "option {:?}: use letters, digits, hyphens, underscores",
                option.code
            ));
        }
        if !codes.insert(&option.code) {
            fault(format!("option {} stands twice", option.code));
        }
        if option.exclusive && !item.ask.is_multiple() {
            fault(format!(
                "option {}: only a multiple choice has exclusive options",
                option.code
            ));
        }
    }
    if let Ask::Number { min, max, .. } = item.ask
        && !(min.is_finite() && max.is_finite() && min < max)
    {
        fault("min must be below max".to_owned());
    }
    if let Some(condition) = &item.show_if {
        for (id, codes) in references(condition) {
            let Some(other) = earlier.iter().find(|other| other.id == id) else {
                fault(format!("show_if: {id} is not asked before it"));
                continue;
            };
            let known = questionnaire.options(other);
            // The codes of areas are the campaign's and not known here.
            for code in codes.iter().filter(|_| !matches!(other.ask, Ask::Area {})) {
                if !known.iter().any(|option| option.code == *code) {
                    fault(format!("show_if: {id} has no option {code}"));
                }
            }
        }
    }
    faults
}

fn references(condition: &Condition) -> Vec<(&str, &[String])> {
    match condition {
        Condition::Is { item, any_of } => vec![(item, any_of)],
        Condition::All(many) | Condition::Any(many) => many.iter().flat_map(references).collect(),
        Condition::Not(one) => references(one),
    }
}

fn indicator_faults(questionnaire: &Questionnaire, indicator: &Indicator) -> Vec<String> {
    let named = |what: String| format!("indicator {}: {what}", indicator.key);
    let Some(item) = questionnaire.item(&indicator.item) else {
        return vec![named(format!("there is no item {}", indicator.item))];
    };
    let options = questionnaire.options(item);
    if options.is_empty() {
        return vec![named(format!("item {} has no options to count", item.id))];
    }
    let lists = [
        &indicator.positive,
        &indicator.negative,
        &indicator.excluded,
    ];
    let mut faults = Vec::new();
    for option in options {
        let times = lists
            .iter()
            .filter(|list| list.contains(&option.code))
            .count();
        if times != 1 {
            faults.push(named(format!(
                "option {} must stand in exactly one of positive, negative, excluded",
                option.code
            )));
        }
    }
    for code in lists.into_iter().flatten() {
        if !options.iter().any(|option| option.code == *code) {
            faults.push(named(format!("item {} has no option {code}", item.id)));
        }
    }
    faults
}
