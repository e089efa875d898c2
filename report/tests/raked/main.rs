//! Weighted pictures from tallies equal those from microdata, and say when there are none.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod microdata;
mod told;

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
        serde_json::from_str(include_str!("../../../survey/data/campaign.json")).unwrap()
    });
    ONCE.clone()
}

fn resident() -> &'static Questionnaire {
    static ONCE: LazyLock<Questionnaire> = LazyLock::new(|| {
        let json = include_str!("../../../survey/data/questionnaires/resident.json");
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

fn overall(picture: &Picture) -> &Estimate {
    picture.rows[0].temperature.estimate.as_ref().unwrap()
}

fn reason(picture: &Picture) -> Option<ReasonCode> {
    match &picture.weighting {
        Weighting::Raked(_) => None,
        Weighting::Unweighted { reason } => Some(reason.code),
    }
}
