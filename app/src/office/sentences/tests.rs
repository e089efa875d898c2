use super::*;
use Language::{Chinese, English};
use report::Estimate;
use survey::Text;

fn reading(value: f64, lower: f64, upper: f64) -> Reading {
    Reading {
        value,
        lower,
        upper,
        n: 100,
    }
}

fn estimate(value: f64, lower: f64, upper: f64) -> Estimate {
    Estimate {
        value,
        lower,
        upper,
        method: "mover".to_owned(),
        level: 0.95,
        n: 100,
        effective_n: 100.0,
        se: None,
        design_effect: None,
        weighted: false,
    }
}

#[test]
fn the_headline_says_who_is_warmer_or_that_nothing_can_be_seen() {
    let warm = Some(reading(34.5, 31.4, 37.6));
    assert_eq!(gap_headline(warm, Chinese), "政府比社会热 34.5 度");
    assert_eq!(
        gap_headline(warm, English),
        "Government is 34.5 degrees warmer than society"
    );
    let cool = Some(reading(-4.0, -7.0, -1.0));
    assert_eq!(gap_headline(cool, Chinese), "社会比政府热 4.0 度");
    let none = Some(reading(1.0, -2.0, 4.0));
    assert_eq!(gap_headline(none, Chinese), "本样本看不出政府与社会的温差");
    assert!(gap_headline(None, English).contains("cannot be told"));
}

#[test]
fn a_change_within_the_interval_is_no_change() {
    let change_now = Change {
        since: "w1".to_owned(),
        since_name: Text {
            chinese: "第一轮".to_owned(),
            english: "Wave 1".to_owned(),
        },
        temperature: Some(estimate(3.2, 0.4, 6.0)),
        gap: Some(estimate(-2.1, -6.3, 2.0)),
        rates: Vec::new(),
        weighted: false,
    };
    assert_eq!(
        change(&change_now, Chinese),
        "与第一轮相比：社会温度上升 3.2 度 (0.4–6.0)；温差，本样本看不出变化 (−6.3 至 2.0)。"
    );
    assert_eq!(
        change(&change_now, English),
        "Compared with Wave 1: society's temperature rose by 3.2 degrees (0.4–6.0); \
         the gap, no change that this sample can show (−6.3 to 2.0)."
    );
    let fall = Change {
        temperature: Some(estimate(-3.2, -6.0, -0.4)),
        gap: None,
        ..change_now
    };
    assert_eq!(
        change(&fall, Chinese),
        "与第一轮相比：社会温度下降 3.2 度 (0.4–6.0)。"
    );
}

#[test]
fn small_sentences() {
    assert_eq!(day(62, 100, Chinese), "第 62 天，共 100 天");
    assert_eq!(day(-3, 100, English), "Begins in 3 days");
    assert_eq!(day(101, 100, Chinese), "100 天行动已结束");
    assert_eq!(
        answers("Wave 2", 12_345, None, English),
        "Wave 2: 12,345 answers"
    );
    assert_eq!(
        answers("第二轮", 1, Some(0), Chinese),
        "第二轮 1 份回答，最近一份 1970-01-01 08:00"
    );
    assert_eq!(
        short_change(words::SOCIETY, reading(0.5, -2.0, 3.0), "第一轮", Chinese),
        "社会较第一轮看不出变化"
    );
    assert_eq!(
        short_change(words::SOCIETY, reading(3.1, 0.4, 5.8), "Wave 1", English),
        "Society +3.1 (0.4–5.8) vs Wave 1"
    );
    assert!(order_note(7, 6, Chinese).ends_with("本表 7 对相邻行中有 6 对如此。"));
    assert!(order_note(7, 7, English).ends_with("all 7 pairs of neighbours."));
}
