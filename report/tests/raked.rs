//! Weighted pictures from tallies equal those from microdata, and say when there are none.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use proptest::prelude::*;
use report::{
    Breakdown, Cell, CellTally, Estimate, Picture, ReasonCode, Request, Row, Source, Weigh,
    Weighting, picture,
};
use stats::design::{Design, Estimator, Layout, Linearised, ProportionMethod, Quantity};
use stats::design::{Reference, proportion_interval};
use stats::tally::Moments;
use stats::weights::{self, Method, kish_effective_n};
use stats::{Level, proportion};
use std::sync::LazyLock;
use survey::{Campaign, Mode, Questionnaire};

const AGES: [&str; 4] = ["14-17", "18-34", "35-54", "55-plus"];
const SEXES: [&str; 2] = ["female", "male"];
const MODES: [Mode; 3] = [Mode::OwnDevice, Mode::Site, Mode::Interviewer];

fn campaign() -> Campaign {
    static ONCE: LazyLock<Campaign> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../survey/data/campaign.json")).unwrap()
    });
    ONCE.clone()
}

fn resident() -> &'static Questionnaire {
    static ONCE: LazyLock<Questionnaire> = LazyLock::new(|| {
        let json = include_str!("../../survey/data/questionnaires/resident.json");
        serde_json::from_str(json).unwrap()
    });
    &ONCE
}

/// One answer: places in the lists of townships, ages and sexes (or beyond: not known), and
/// for each indicator `None` where it does not count.
#[derive(Debug, Clone)]
struct Answer {
    wave: usize,
    township: usize,
    age: usize,
    sex: usize,
    mode: usize,
    scores: Vec<Option<bool>>,
}

fn answer() -> impl Strategy<Value = Answer> {
    let score = prop_oneof![
        1 => Just(None),
        4 => any::<bool>().prop_map(Some),
    ];
    let scores = proptest::collection::vec(score, resident().indicators.len());
    (
        0_usize..2,
        0_usize..9,
        0_usize..5,
        0_usize..3,
        0_usize..3,
        scores,
    )
        .prop_map(|(wave, township, age, sex, mode, scores)| Answer {
            wave,
            township,
            age,
            sex,
            mode,
            scores,
        })
}

/// Answers among which every group is, in both waves.
fn answers() -> impl Strategy<Value = Vec<Answer>> {
    proptest::collection::vec(answer(), 60..160).prop_map(|mut answers| {
        for (index, answer) in answers.iter_mut().take(16).enumerate() {
            answer.wave = index / 8;
            (answer.township, answer.age, answer.sex) = (index % 8, index % 4, index % 2);
        }
        answers
    })
}

fn tallies(campaign: &Campaign, answers: &[Answer]) -> Vec<CellTally> {
    let tally = |answer: &Answer| {
        let code = |codes: &[&str], place: usize| (*codes.get(place).unwrap_or(&"")).to_owned();
        let values: Vec<i64> = answer
            .scores
            .iter()
            .flat_map(|score| [i64::from(score.is_some()), i64::from(*score == Some(true))])
            .collect();
        let mut moments = Moments::new(values.len());
        moments.add(&values).unwrap();
        let township = campaign.areas.get(answer.township);
        // Half of them are known more finely, by community.
        let area = township.map(|area| match answer.mode {
            0 => area.code.clone(),
            _ => area.communities[0].code.clone(),
        });
        CellTally {
            version: resident().version,
            cell: Cell {
                wave: campaign.waves[answer.wave].id.clone(),
                area: area.unwrap_or_default(),
                mode: MODES[answer.mode],
                group: format!("{}|{}", code(&AGES, answer.age), code(&SEXES, answer.sex)),
            },
            moments,
            last_received_at: 1,
        }
    };
    answers.iter().map(tally).collect()
}

fn request(by: Breakdown, weigh: Weigh) -> Request {
    Request {
        wave: None,
        by,
        method: proportion::Method::Wilson,
        level: Level::DEFAULT,
        weigh,
    }
}

fn shown(answers: &[Answer], request: &Request) -> Picture {
    let (campaign, questionnaire) = (campaign(), resident());
    let source = Source {
        questionnaire,
        versions: std::slice::from_ref(questionnaire),
        tallies: &tallies(&campaign, answers),
    };
    picture(&campaign, &source, None, request).unwrap()
}

/// The answers one by one, weighted by the same totals: answers without a level are a level
/// of their own with their share.
struct Microdata<'a> {
    answers: &'a [Answer],
    design: Design,
    weighting: weights::Weighting,
}

impl<'a> Microdata<'a> {
    fn of(answers: &'a [Answer]) -> Self {
        let campaign = campaign();
        let totals = &campaign.totals[0];
        let people = totals.margins[0].sum() as f64;
        let n = answers.len() as f64;
        let place: [fn(&Answer) -> usize; 3] = [|a| a.township, |a| a.age, |a| a.sex];
        let margins: Vec<weights::Margin> = totals
            .margins
            .iter()
            .zip(place)
            .map(|(margin, place)| {
                let known = margin.totals.len();
                let outside = answers.iter().filter(|a| place(a) >= known).count() as f64;
                // Townships, ages and the two sexes stand in the order of their codes.
                let totals = margin.totals.values();
                let mut totals: Vec<f64> = totals.map(|t| *t as f64 * (n - outside) / n).collect();
                if outside > 0.0 {
                    totals.push(people * outside / n);
                }
                weights::Margin {
                    level_of_cell: answers.iter().map(|a| place(a).min(known) as u32).collect(),
                    totals,
                }
            })
            .collect();
        let rows = answers.len();
        let mut weighting = weights::Weighting::new(vec![people / n; rows]).unwrap();
        let cells = (0..rows as u32).collect();
        weighting.calibrate(Method::Rake, cells, &margins).unwrap();
        Self {
            answers,
            design: Design::new(&Layout {
                rows,
                ..Layout::default()
            })
            .unwrap(),
            weighting,
        }
    }

    fn rows(&self, township: Option<usize>) -> Vec<u32> {
        let inside = |row: &u32| township.is_none_or(|t| self.answers[*row as usize].township == t);
        (0..self.answers.len() as u32).filter(inside).collect()
    }

    fn rate(&self, indicator: usize, township: Option<usize>) -> Linearised {
        let of = |answer: &Answer| answer.scores[indicator].map_or(f64::NAN, f64::from);
        let column: Vec<f64> = self.answers.iter().map(of).collect();
        Estimator::new(&self.design, &self.weighting)
            .unwrap()
            .estimate(Quantity::Mean(&column), &self.rows(township))
    }
}

fn near(got: f64, expected: f64) -> bool {
    (got - expected).abs() <= 1e-10 * (1.0 + expected.abs())
}

/// Holds a row to the microdata.
fn hold(row: &Row, micro: &Microdata<'_>, township: Option<usize>) -> Result<(), TestCaseError> {
    for (index, rate) in row.rates.iter().enumerate() {
        let expected = micro.rate(index, township).estimate;
        let Some(got) = &rate.estimate else {
            prop_assert_eq!(expected.n, 0);
            continue;
        };
        prop_assert!(got.weighted);
        prop_assert!(
            near(got.value, expected.value),
            "{} {}",
            got.value,
            expected.value
        );
        prop_assert_eq!(got.n, expected.n as u64);
        if let Some(se) = got.se {
            // Where everyone agrees rounding is all there is.
            let error = (se * se - expected.variance).abs();
            prop_assert!(
                error <= 1e-10 * expected.variance + 1e-13,
                "{se} {}",
                expected.variance
            );
        }
        let n_effective = expected.effective_n();
        let spread = expected.variance > 1e-12;
        if spread {
            // Never more answers than there are.
            let capped = n_effective.min(expected.n as f64);
            let close = (got.effective_n - capped).abs() <= 1e-8 * capped;
            prop_assert!(close, "{} {n_effective}", got.effective_n);
            let deff = expected.design_effect(Reference::SrsWithReplacement);
            prop_assert!((got.design_effect.unwrap() - deff).abs() <= 1e-8 * deff);
        }
        let form = if spread && (30.0..=expected.n as f64).contains(&n_effective) {
            ProportionMethod::Wilson
        } else {
            ProportionMethod::KornGraubard
        };
        if spread || expected.n > 1 {
            prop_assert_eq!(&got.method, form.name());
        }
        if let (true, Ok(limits)) = (spread, proportion_interval(&expected, Level::DEFAULT, form)) {
            let close = |a: f64, b: f64| (a - b).abs() < 1e-8;
            prop_assert!(close(got.lower, limits.lower) && close(got.upper, limits.upper));
        }
        prop_assert!(0.0 <= got.lower && got.lower <= got.value + 1e-12);
        prop_assert!(got.value <= got.upper + 1e-12 && got.upper <= 1.0);
        prop_assert!(got.upper - got.lower > 0.0);
    }
    Ok(())
}

fn overall(picture: &Picture) -> &Estimate {
    picture.rows[0].temperature.estimate.as_ref().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_weighted_picture_is_that_of_microdata(answers in answers()) {
        let picture = shown(&answers, &request(Breakdown::Area, Weigh::Raked));
        let Weighting::Raked(raked) = &picture.weighting else {
            // Few answers may lie so that no weights meet the totals.
            prop_assert_eq!(reason(&picture), Some(ReasonCode::Infeasible));
            return Ok(());
        };
        let micro = Microdata::of(&answers);
        let kish = kish_effective_n(micro.weighting.weights()).unwrap();
        prop_assert!((raked.effective_n - kish).abs() < 1e-8 * kish);
        hold(&picture.rows[0], &micro, None)?;
        for (township, row) in picture.rows[1..].iter().take(8).enumerate() {
            hold(row, &micro, Some(township))?;
        }
        // The temperature: the mean of three rates, all covariances in it.
        let parts: Vec<Linearised> = ["awareness", "participation", "satisfaction"]
            .iter()
            .map(|key| resident().indicators.iter().position(|i| i.key == *key).unwrap())
            .map(|index| micro.rate(index, None))
            .collect();
        let parts: Vec<(f64, &Linearised)> = parts.iter().map(|p| (100.0 / 3.0, p)).collect();
        let expected = micro.design.contrast(&parts);
        let got = overall(&picture);
        prop_assert!(near(got.value, expected.value));
        prop_assert!(near(got.se.unwrap(), expected.standard_error()));
        prop_assert!((got.effective_n - kish).abs() < 1e-8 * kish);
        prop_assert!(got.lower < got.value && got.value < got.upper);
    }

    #[test]
    fn a_wave_says_the_same_alone_and_among_all(answers in answers()) {
        let all = shown(&answers, &request(Breakdown::Wave, Weigh::Raked));
        prop_assume!(all.weighting.is_raked());
        for place in 0..2 {
            let id = campaign().waves[place].id.clone();
            let alone = shown(&answers, &Request {
                wave: Some(id),
                ..request(Breakdown::None, Weigh::Raked)
            });
            let row = &all.rows[place + 1];
            prop_assert_eq!(&row.rates, &alone.rows[0].rates);
            prop_assert_eq!(&row.temperature, &alone.rows[0].temperature);
            // Few answers may lie so that no weights meet the totals; the row says it too.
            let why = row.unweighted.as_ref().map(|reason| reason.code);
            prop_assert_eq!(why, reason(&alone));
        }
    }

    #[test]
    fn weights_change_no_count_and_can_be_declined(answers in answers()) {
        let weighted = shown(&answers, &request(Breakdown::Area, Weigh::Raked));
        let plain = shown(&answers, &request(Breakdown::Area, Weigh::Unweighted));
        for (a, b) in weighted.rows.iter().zip(&plain.rows) {
            prop_assert_eq!(a.n, b.n);
            for (a, b) in a.rates.iter().zip(&b.rates) {
                prop_assert_eq!((a.n, a.positive), (b.n, b.positive));
                let share = b.positive as f64 / b.n as f64;
                prop_assert!(b.estimate.as_ref().is_none_or(|e| !e.weighted && e.value == share));
            }
        }
        prop_assert_eq!(reason(&plain), Some(ReasonCode::Asked));
        // What is written can be read again, whatever is undefined in it.
        let json = serde_json::to_string(&weighted).unwrap();
        prop_assert_eq!(serde_json::from_str::<Picture>(&json).unwrap().rows.len(), 9
            + usize::from(answers.iter().any(|a| a.township == 8)));
    }
}

fn reason(picture: &Picture) -> Option<ReasonCode> {
    match &picture.weighting {
        Weighting::Raked(_) => None,
        Weighting::Unweighted { reason } => Some(reason.code),
    }
}

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
