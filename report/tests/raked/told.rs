//! What a picture says of its weights, in cases.

use super::*;

/// Answers of every group in two waves, the same on every run.
fn some() -> Vec<Answer> {
    let scores = |index: usize| {
        let indicators = resident().indicators.len();
        (0..indicators)
            .map(|i| Some(!usize::is_multiple_of(index / 3 + i, 3)))
            .collect()
    };
    (0..256)
        .map(|index| Answer {
            wave: index % 2,
            township: index / 2 % 8,
            age: index / 16 % 4,
            sex: index / 64 % 2,
            mode: index % 3,
            scores: scores(index),
        })
        .collect()
}

#[test]
fn a_picture_that_cannot_be_weighted_says_why_and_shows_the_unweighted() {
    let raked = request(Breakdown::None, Weigh::Raked);
    assert_eq!(reason(&shown(&some(), &raked)), None);
    assert_eq!(reason(&shown(&[], &raked)), Some(ReasonCode::NoAnswers));
    let mut answers = some();
    answers.retain(|answer| answer.township != 4);
    let picture = shown(&answers, &raked);
    let Weighting::Unweighted { reason: why } = &picture.weighting else {
        panic!("{:?}", picture.weighting);
    };
    assert_eq!(why.code, ReasonCode::EmptyGroups);
    assert!(
        why.words.chinese.contains("柳树乡"),
        "{}",
        why.words.chinese
    );
    let plain = shown(&answers, &request(Breakdown::None, Weigh::Unweighted));
    assert_eq!(picture.rows, plain.rows);
    let wald = Request {
        method: proportion::Method::AgrestiCoull,
        ..raked.clone()
    };
    assert_eq!(reason(&shown(&some(), &wald)), Some(ReasonCode::Method));
    let (mut campaign, questionnaire) = (campaign(), resident());
    let tallies = tallies(&campaign, &some());
    campaign.totals.clear();
    let source = Source {
        questionnaire,
        versions: std::slice::from_ref(questionnaire),
        tallies: &tallies,
    };
    let picture = picture_of(&campaign, &source, &raked);
    assert_eq!(reason(&picture), Some(ReasonCode::NoTotals));
}

fn picture_of(campaign: &Campaign, source: &Source<'_>, request: &Request) -> Picture {
    picture(campaign, source, None, request).unwrap()
}

#[test]
fn structural_zeros_that_no_weights_can_fill_are_told() {
    // All women live in one township, which has fewer people than there are women.
    let mut answers = some();
    for answer in &mut answers {
        answer.sex = usize::from(answer.township != 7);
    }
    let picture = shown(&answers, &request(Breakdown::None, Weigh::Raked));
    assert_eq!(reason(&picture), Some(ReasonCode::Infeasible));
}

#[test]
fn like_is_compared_with_like() {
    let second = Request {
        wave: Some("w2".to_owned()),
        ..request(Breakdown::None, Weigh::Raked)
    };
    let both = shown(&some(), &second).change.unwrap();
    assert!(both.weighted && both.temperature.unwrap().weighted);
    let mut answers = some();
    answers.retain(|answer| answer.wave == 1 || answer.township != 4);
    let picture = shown(&answers, &second);
    assert!(picture.weighting.is_raked());
    let change = picture.change.unwrap();
    assert!(!change.weighted && !change.temperature.unwrap().weighted);
    let plain = Request {
        weigh: Weigh::Unweighted,
        ..second
    };
    assert_eq!(change.rates, shown(&answers, &plain).change.unwrap().rates);
}

#[test]
fn a_wave_that_cannot_be_weighted_says_so_in_its_row() {
    let mut answers = some();
    answers.retain(|answer| answer.wave == 1 || answer.township != 4);
    let picture = shown(&answers, &request(Breakdown::Wave, Weigh::Raked));
    assert!(picture.weighting.is_raked());
    let reasons: Vec<Option<ReasonCode>> = picture
        .rows
        .iter()
        .map(|row| row.unweighted.as_ref().map(|reason| reason.code))
        .collect();
    assert_eq!(
        reasons,
        [None, Some(ReasonCode::EmptyGroups), None, None, None]
    );
}

#[test]
fn nobody_and_everybody_keep_an_honest_interval() {
    let mut answers = some();
    for answer in &mut answers {
        answer.scores.fill(Some(false));
    }
    let picture = shown(&answers, &request(Breakdown::Area, Weigh::Raked));
    let none = picture.rows[0].rates[0].estimate.as_ref().unwrap();
    assert_eq!(
        (none.value, none.lower, none.method.as_str()),
        (0.0, 0.0, "korn_graubard")
    );
    // 1 − 0.025^(1/n): the exact limit of n answers.
    let limit = 1.0 - 0.025_f64.powf(1.0 / 256.0);
    assert!((none.upper - limit).abs() < 1e-9);
    assert!(overall(&picture).upper > 0.5);
}

#[test]
fn both_sides_are_weighted_where_both_have_totals() {
    let (mut campaign, questionnaire) = (campaign(), resident());
    let tallies = tallies(&campaign, &some());
    let source = Source {
        questionnaire,
        versions: std::slice::from_ref(questionnaire),
        tallies: &tallies,
    };
    // The government's side as other residents: only its totals matter here.
    let mut cadres = questionnaire.clone();
    cadres.population = survey::Population::Cadre;
    let government = Source {
        questionnaire: &cadres,
        versions: std::slice::from_ref(&cadres),
        tallies: &tallies,
    };
    let raked = request(Breakdown::Area, Weigh::Raked);
    let one_sided = picture(&campaign, &source, Some(&government), &raked).unwrap();
    let gap = one_sided.gap.unwrap();
    assert_eq!(gap.method, "mover");
    assert!(!gap.weighting.is_raked());
    let line = &gap.rows[0].indicators[0];
    let (a, b) = (&line.government.estimate, &line.society.estimate);
    let (a, b) = (a.as_ref().unwrap(), b.as_ref().unwrap());
    let found = line.gap.as_ref().unwrap();
    assert!(!a.weighted && b.weighted && found.weighted);
    assert!((found.value - (a.value - b.value)).abs() < 1e-12);
    let lower = found.value - (a.value - a.lower).hypot(b.upper - b.value);
    assert!((found.lower - lower).abs() < 1e-12);
    let mut totals = campaign.totals[0].clone();
    totals.population = survey::Population::Cadre;
    campaign.totals.push(totals);
    let two_sided = picture(&campaign, &source, Some(&government), &raked).unwrap();
    let gap = two_sided.gap.unwrap();
    assert!(gap.weighting.is_raked());
    let overall = gap.rows[0].temperature.as_ref().unwrap();
    assert!(overall.value.abs() < 1e-12 && overall.lower < 0.0 && overall.upper > 0.0);
}
