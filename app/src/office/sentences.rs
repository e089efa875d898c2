//! What the numbers say, in sentences. Where an interval covers 0, the sentence says so.

use super::numbers::{self, Reading};
use super::{time, weighting, words};
use report::{Change, Picture};
use survey::{Language, Population};

/// The headline: how far apart the two sides are.
pub fn gap_headline(gap: Option<Reading>, language: Language) -> String {
    let Some(gap) = gap else {
        return language
            .pick("温差暂时无法计算", "The gap cannot be told yet")
            .to_owned();
    };
    if gap.covers_zero() {
        return language
            .pick(
                "本样本看不出政府与社会的温差",
                "This sample shows no gap between government and society",
            )
            .to_owned();
    }
    let warmer = gap.value > 0.0;
    let size = degrees(if warmer { gap } else { gap.reversed() }, language);
    match (language, warmer) {
        (Language::Chinese, true) => format!("政府比社会热 {size}"),
        (Language::Chinese, false) => format!("社会比政府热 {size}"),
        (Language::English, true) => format!("Government is {size} warmer than society"),
        (Language::English, false) => format!("Society is {size} warmer than government"),
    }
}

fn degrees(reading: Reading, language: Language) -> String {
    let value = numbers::decimal(reading.value);
    language.pick(format!("{value} 度"), format!("{value} degrees"))
}

/// What has changed since the wave before: society's temperature, then the gap.
pub fn change(change: &Change, language: Language) -> String {
    let since = change.since_name.get(language);
    let temperature = change.temperature.as_ref().map(Reading::of_degrees);
    let gap = change.gap.as_ref().map(Reading::of_degrees);
    let parts: Vec<String> = [
        temperature.map(|r| {
            moved(
                r,
                words::SOCIETY_IN_SENTENCE,
                ("上升", "下降"),
                ("rose by", "fell by"),
                language,
            )
        }),
        gap.map(|r| {
            moved(
                r,
                words::GAP_IN_SENTENCE,
                ("扩大", "缩小"),
                ("widened by", "narrowed by"),
                language,
            )
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        return language.pick(
            format!("与{since}相比：其中一轮没有数据，不能比较。"),
            format!(
                "Compared with {since}: one of the two has no data, so they cannot be compared."
            ),
        );
    }
    language.pick(
        format!("与{since}相比：{}。", parts.join("；")),
        format!("Compared with {since}: {}.", parts.join("; ")),
    )
}

fn moved(
    change: Reading,
    what: words::Phrase,
    chinese: (&str, &str),
    english: (&str, &str),
    language: Language,
) -> String {
    let what = what.get(language);
    if change.covers_zero() {
        let interval = change.interval(language);
        return language.pick(
            format!("{what}，本样本看不出变化 {interval}"),
            format!("{}, no change that this sample can show {interval}", what),
        );
    }
    let up = change.value > 0.0;
    let size = if up { change } else { change.reversed() };
    let (amount, interval) = (numbers::decimal(size.value), size.interval(language));
    match language {
        Language::Chinese => {
            let verb = if up { chinese.0 } else { chinese.1 };
            format!("{what}{verb} {amount} 度 {interval}")
        }
        Language::English => {
            let verb = if up { english.0 } else { english.1 };
            format!("{} {verb} {amount} degrees {interval}", what)
        }
    }
}

/// A rate's change beside its indicator, as short as it can honestly be.
pub fn short_change(
    whose: words::Phrase,
    change: Reading,
    since: &str,
    language: Language,
) -> String {
    let whose = whose.get(language);
    if change.covers_zero() {
        return language.pick(
            format!("{whose}较{since}看不出变化"),
            format!("{whose}: no visible change since {since}"),
        );
    }
    let size = numbers::signed(change.value);
    let interval = change.interval(language);
    language.pick(
        format!("{whose}较{since} {size} {interval}"),
        format!("{whose} {size} {interval} vs {since}"),
    )
}

/// Which day of the campaign it is.
pub fn day(day: i64, days: u32, language: Language) -> String {
    if day < 0 {
        let left = day.unsigned_abs();
        language.pick(
            format!("距开始还有 {left} 天"),
            format!("Begins in {left} days"),
        )
    } else if day > i64::from(days) {
        language.pick(
            format!("{days} 天行动已结束"),
            format!("The {days} days are over"),
        )
    } else {
        language.pick(
            format!("第 {day} 天，共 {days} 天"),
            format!("Day {day} of {days}"),
        )
    }
}

/// How many answers there are and when the last came.
pub fn answers(wave: &str, n: u64, last: Option<i64>, language: Language) -> String {
    let n_written = numbers::count(n);
    let counted = language.pick(
        format!("{wave} {n_written} 份回答"),
        format!(
            "{wave}: {n_written} {}",
            if n == 1 { "answer" } else { "answers" }
        ),
    );
    match last {
        None => counted,
        Some(last) => {
            let at = time::moment(last);
            language.pick(
                format!("{counted}，最近一份 {at}"),
                format!("{counted}, the last at {at}"),
            )
        }
    }
}

/// The line under a picture: n, level, method, cut-off time.
pub fn footnote(picture: &Picture, government_n: Option<u64>, language: Language) -> String {
    let of = |n: u64, who: words::Phrase| {
        let (n, who) = (numbers::count(n), who.get(language));
        language.pick(format!("{n}（{who}）"), format!("{n} ({who})"))
    };
    let asked = of(picture.n, population(picture.population));
    let mut parts = vec![match government_n {
        Some(government) => format!("n = {asked} + {}", of(government, words::CADRES)),
        None => format!("n = {asked}"),
    }];
    parts.push(weighting::short(picture, language));
    let level = numbers::level(picture.level);
    parts.push(language.pick(
        format!("{level} 置信区间"),
        format!("{level} confidence intervals"),
    ));
    parts.push(words::method(&picture.method, language));
    if let Some(last) = picture.last_received_at {
        let (at, zone) = (time::moment(last), time::zone(language));
        parts.push(language.pick(format!("截至{zone} {at}"), format!("as of {at} {zone}")));
    }
    parts.join(" · ")
}

/// Who was asked.
pub fn population(population: Population) -> words::Phrase {
    match population {
        Population::Resident => words::RESIDENTS,
        Population::Cadre => words::CADRES,
        Population::Merchant => words::MERCHANTS,
    }
}

/// That an order is no ranking, with how many neighbours cannot be told apart.
pub fn order_note(neighbours: usize, overlapping: usize, language: Language) -> String {
    let rule = language.pick(
        "排序不是名次：相邻两行的区间重叠，就分不出高低。",
        "The order is no ranking: where the intervals of two neighbours overlap, they cannot be told apart.",
    );
    if neighbours == 0 {
        return rule.to_owned();
    }
    let counted = match (overlapping == neighbours, overlapping == 0) {
        (true, _) => language.pick(
            format!("本表 {neighbours} 对相邻行都是如此。"),
            format!("Here that holds for all {neighbours} pairs of neighbours."),
        ),
        (_, true) => language.pick(
            "本表相邻行的区间都不重叠。".to_owned(),
            "Here no neighbours overlap.".to_owned(),
        ),
        _ => language.pick(
            format!("本表 {neighbours} 对相邻行中有 {overlapping} 对如此。"),
            format!("Here that holds for {overlapping} of {neighbours} pairs of neighbours."),
        ),
    };
    language.pick(format!("{rule}{counted}"), format!("{rule} {counted}"))
}

#[cfg(test)]
mod tests;
