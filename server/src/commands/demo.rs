//! `wendu demo`: a simulated campaign with a known truth.

use super::Ended;
use crate::catalogue::{self, Catalogue, Files};
use crate::clock::{self, DAY_MS};
use crate::config::DatabaseArgs;
use crate::intake::accept;
use crate::store::{self, OnConflict, Store};
use crate::widgets::Widgets;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use survey::{
    Answer, Answers, Ask, Form, Item, Language, Mode, Population, Submission, flow,
    identity::ResponseId,
};

/// On which day of the campaign the newcomer looks at it: in the last wave.
const TODAY: i64 = 93;

/// The truth that the simulated answers are drawn from: the probability of a positive answer on
/// the first day and on the last, for each population.
struct Truth {
    indicator: &'static str,
    resident: (f64, f64),
    cadre: (f64, f64),
    merchant: (f64, f64),
}

const TRUTH: [Truth; 4] = [
    Truth {
        indicator: "heard",
        resident: (0.52, 0.74),
        cadre: (0.97, 0.99),
        merchant: (0.61, 0.80),
    },
    Truth {
        indicator: "took_part",
        resident: (0.13, 0.30),
        cadre: (0.78, 0.88),
        merchant: (0.22, 0.37),
    },
    Truth {
        indicator: "overall",
        resident: (0.55, 0.67),
        cadre: (0.86, 0.91),
        merchant: (0.58, 0.66),
    },
    Truth {
        indicator: "confidence",
        resident: (0.58, 0.69),
        cadre: (0.90, 0.94),
        merchant: (0.60, 0.68),
    },
];

/// How warm each township is beside the average, in the order of the campaign's areas.
const TOWNSHIP: [f64; 8] = [0.06, 0.02, 0.00, -0.03, -0.08, -0.11, 0.09, -0.05];
/// How many of every hundred people live there.
const SHARE: [u32; 8] = [26, 14, 13, 10, 8, 6, 17, 6];

pub async fn run(args: &DatabaseArgs) -> Ended {
    let (database, files) = args.resolve()?;
    let store = store::open(&database).await?;
    let n = load(&files, &store).await?;
    store.close().await;
    match n {
        0 => println!("the simulated campaign is there already"),
        n => println!("{n} simulated answers loaded; everything that shows them says so"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Loads the demonstration, unless it is there already. Returns how many answers were loaded.
///
/// # Errors
/// If the store holds real answers: they must not be mixed with simulated ones.
pub async fn load(files: &Files, store: &Arc<dyn Store>) -> Result<usize, Box<dyn Error>> {
    let now = clock::now();
    let catalogue = Catalogue::open(files, &**store, now).await?;
    if catalogue.simulated {
        return Ok(0);
    }
    for form in catalogue.all() {
        if !store.tallies(&form.questionnaire.id).await?.is_empty() {
            return Err(
                "this database holds real answers; load the demonstration into one of its \
                        own, with --database sqlite:demo.sqlite"
                    .into(),
            );
        }
    }
    let day_zero = catalogue::midnight(&catalogue.campaign, now) - TODAY * DAY_MS;
    catalogue::mark_simulated(&**store, day_zero).await?;
    let catalogue = Catalogue::open(files, &**store, now).await?;
    let mut random = ChaCha8Rng::seed_from_u64(20_260_901);
    let mut loaded = 0;
    for form in catalogue.all() {
        let per_wave = match form.questionnaire.population {
            Population::Resident => 900,
            Population::Cadre => 170,
            Population::Merchant => 210,
        };
        let mut responses = Vec::new();
        for (index, wave) in catalogue.campaign.waves.iter().enumerate() {
            let begin = i64::from(wave.from_day);
            let end = catalogue
                .campaign
                .waves
                .get(index + 1)
                .map_or(TODAY, |w| i64::from(w.from_day));
            for _ in 0..per_wave {
                let day = random.random_range(begin..end);
                let minute = random.random_range(7 * 60..22 * 60);
                let started = day_zero + day * DAY_MS + minute * 60_000;
                let took = random.random_range(60_000..240_000);
                let submission = submission(form, &catalogue, day, started, &mut random);
                let none = Widgets::default();
                let response = accept(&catalogue, &none, submission, started + took)
                    .map_err(|refusal| format!("a simulated answer is not valid: {refusal:?}"))?;
                responses.push(response);
            }
        }
        let outcomes = store.write(&responses, OnConflict::WriteNothing).await?;
        loaded += outcomes.len();
    }
    Ok(loaded)
}

fn submission(
    form: &Form,
    catalogue: &Catalogue,
    day: i64,
    started: i64,
    random: &mut ChaCha8Rng,
) -> Submission {
    let questionnaire = &form.questionnaire;
    let township = weighted(&SHARE, random);
    let warmth = TOWNSHIP.get(township).copied().unwrap_or(0.0);
    let mut answers = Answers::new();
    let mut current: Option<String> = None;
    while let Some(item) = flow::next(questionnaire, &answers, current.as_deref()) {
        current = Some(item.id.clone());
        let answer = if matches!(item.ask, Ask::Area {}) {
            form.townships
                .get(township)
                .map(|area| Answer::One(area.code.clone()))
        } else {
            answer(form, item, questionnaire.population, day, warmth, random)
        };
        if let Some(answer) = answer {
            answers.insert(item.id.clone(), answer);
        }
    }
    let mode = match (questionnaire.population, random.random_range(0..100)) {
        (Population::Resident, 0..25) => Mode::Site,
        (Population::Resident, 25..45) => Mode::Interviewer,
        _ => Mode::OwnDevice,
    };
    let site = catalogue.campaign.sites.get(random.random_range(0..12));
    let site = site
        .filter(|_| mode == Mode::Site)
        .map(|site| site.code.clone());
    Submission {
        id: ResponseId::new(u64::try_from(started).unwrap_or(0), random.random()).to_string(),
        questionnaire: questionnaire.id.clone(),
        version: questionnaire.version,
        answers,
        area: None,
        mode: if mode == Mode::Site && site.is_none() {
            Mode::OwnDevice
        } else {
            mode
        },
        site,
        origin: None,
        started_at: clock::format(started),
        finished_at: None,
        assistance: None,
        language: Language::Chinese,
    }
}

fn answer(
    form: &Form,
    item: &Item,
    population: Population,
    day: i64,
    warmth: f64,
    random: &mut ChaCha8Rng,
) -> Option<Answer> {
    let choices = form.choices(item);
    match &item.ask {
        Ask::Text { .. } => random
            .random_bool(0.06)
            .then(|| Answer::One("路灯和停车".to_owned())),
        Ask::Number { .. } => Some(Answer::Number(f64::from(random.random_range(1..6u8)))),
        Ask::Multiple { .. } => {
            let mut codes: Vec<String> = choices
                .iter()
                .filter(|choice| {
                    // A slogan that does not exist is recalled by few.
                    let recalled = if choice.code == "foil" { 0.08 } else { 0.28 };
                    !choice.exclusive && random.random_bool(recalled)
                })
                .map(|choice| choice.code.clone())
                .collect();
            if codes.is_empty() {
                codes.extend(
                    choices
                        .iter()
                        .filter(|c| c.exclusive)
                        .map(|c| c.code.clone())
                        .take(1),
                );
            }
            Some(Answer::Many(codes))
        }
        _ => {
            let truth = TRUTH.iter().find(|truth| truth.indicator == item.id);
            let (first, last) = truth.map_or((0.52, 0.62), |truth| match population {
                Population::Resident => truth.resident,
                Population::Cadre => truth.cadre,
                Population::Merchant => truth.merchant,
            });
            let government = population == Population::Cadre;
            let lift = if truth.is_none() && government {
                0.26
            } else {
                0.0
            };
            let local = if government { warmth / 4.0 } else { warmth };
            let progress = day as f64 / TODAY as f64;
            let p = (first + (last - first) * progress + lift + local).clamp(0.02, 0.98);
            Some(Answer::One(scale_code(form, item, p, random)))
        }
    }
}

/// Draws an option: positive with probability `p` for items that an indicator counts, any option
/// otherwise.
fn scale_code(form: &Form, item: &Item, p: f64, random: &mut ChaCha8Rng) -> String {
    let counted = form
        .questionnaire
        .indicators
        .iter()
        .find(|i| i.item == item.id);
    let any: Vec<String> = form
        .choices(item)
        .iter()
        .map(|choice| choice.code.clone())
        .collect();
    let codes = match counted {
        Some(indicator) if !indicator.excluded.is_empty() && random.random_bool(0.05) => {
            &indicator.excluded
        }
        Some(indicator) if random.random_bool(p) => &indicator.positive,
        Some(indicator) => &indicator.negative,
        None => &any,
    };
    let index = random.random_range(0..codes.len().max(1));
    codes.get(index).cloned().unwrap_or_default()
}

fn weighted(shares: &[u32], random: &mut ChaCha8Rng) -> usize {
    let mut left = random.random_range(0..shares.iter().sum::<u32>().max(1));
    for (index, share) in shares.iter().enumerate() {
        if left < *share {
            return index;
        }
        left -= share;
    }
    0
}
