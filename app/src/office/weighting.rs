//! Whether the estimates are weighted to the population, in words.

use super::controls::group_name;
use super::numbers;
use report::{Picture, Weighting};
use survey::{Form, Language};

/// In one breath: weighted and what that leaves of the answers, or not.
pub fn short(picture: &Picture, language: Language) -> String {
    match &picture.weighting {
        Weighting::Raked(raked) => {
            let effective = numbers::count(raked.effective_n.round() as u64);
            language.pick(
                format!("按人口加权，有效样本 {effective}"),
                format!("weighted to the population, effective n = {effective}"),
            )
        }
        Weighting::Unweighted { .. } => language.pick("未加权", "unweighted").to_owned(),
    }
}

/// The whole of it, each sentence by itself: by what, at what cost, from which figures; or why
/// not; and what beside it is not weighted.
pub fn told(picture: &Picture, form: Option<&Form>, language: Language) -> Vec<String> {
    let mut told = match &picture.weighting {
        Weighting::Unweighted { reason } => {
            let why = reason.words.get(language);
            return vec![
                language.pick(format!("未加权：{why}。"), format!("Not weighted: {why}.")),
            ];
        }
        Weighting::Raked(raked) => {
            let names = margins(&raked.margins, form, language);
            let (n, effective) = (
                numbers::count(picture.n),
                numbers::count(raked.effective_n.round() as u64),
            );
            let source = raked.source.get(language);
            let mut told = vec![language.pick(
                format!("按{names}的人口数加权；{n} 份回答的效力相当于 {effective} 份。"),
                format!(
                    "Weighted to the population by {names}; {n} answers say as much as {effective} of equal weight."
                ),
            )];
            if raked.unplaced > 0 {
                let unplaced = numbers::count(raked.unplaced);
                told.push(language.pick(
                    format!("其中 {unplaced} 份缺少分组信息，按原有比例保留。"),
                    format!("{unplaced} of them lack a group and keep the share that they have."),
                ));
            }
            told.push(language.pick(
                format!("人口数来源：{source}。"),
                format!("Population figures: {source}."),
            ));
            told
        }
    };
    if picture
        .gap
        .as_ref()
        .is_some_and(|gap| !gap.weighting.is_raked())
    {
        let cadres = "干部一侧未加权。";
        told.push(
            language
                .pick(cadres, "The cadres' side is not weighted.")
                .to_owned(),
        );
    }
    for row in &picture.rows {
        if let Some(reason) = &row.unweighted {
            let (name, why) = (row.name.get(language), reason.words.get(language));
            told.push(language.pick(
                format!("{name}未加权：{why}。"),
                format!("{name} is not weighted: {why}."),
            ));
        }
    }
    told
}

/// A remark on a change between waves of which one cannot be weighted.
pub fn of_change(picture: &Picture, language: Language) -> Option<&'static str> {
    let change = picture.change.as_ref()?;
    (picture.weighting.is_raked() && !change.weighted).then(|| {
        language.pick(
            "（有一轮不能加权，变化按未加权的结果比较。）",
            "(One of the waves cannot be weighted; the change is that of the unweighted results.)",
        )
    })
}

/// The margins by name: area, age and sex; crossed ones with a × between.
fn margins(margins: &[String], form: Option<&Form>, language: Language) -> String {
    let name = |by: &str| {
        let name = group_name(by, form, language);
        language.pick(name.clone(), name.to_lowercase())
    };
    let names: Vec<String> = margins
        .iter()
        .map(|margin| {
            let crossed: Vec<String> = margin.split(" × ").map(name).collect();
            crossed.join(" × ")
        })
        .collect();
    match (language, names.split_last()) {
        (Language::English, Some((last, first))) if !first.is_empty() => {
            format!("{} and {last}", first.join(", "))
        }
        _ => names.join(language.pick("、", ", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Chinese, English};

    #[test]
    fn margins_are_listed_as_people_list() {
        let given = ["area", "age × sex"].map(str::to_owned);
        assert_eq!(margins(&given, None, Chinese), "区域、年龄 × 性别");
        assert_eq!(margins(&given, None, English), "area and age × sex");
        assert_eq!(margins(&given[..1], None, English), "area");
    }
}
