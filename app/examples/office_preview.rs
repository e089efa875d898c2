//! Draws the office natively from a made-up campaign, for looking at it without a server:
//! `cargo run -p app --example office_preview --features ssr,office-views -- OUT_DIR`.

use app::office::{
    Live, Measure, Office, Overview, Results, Selection, SignIn, dashboard, sign_in,
};
use leptos::prelude::*;
use report::{Breakdown, Cell, CellTally, Picture, Request, Source, Weigh};
use stats::{Level, proportion::Method, tally::Moments};
use std::path::Path;
use std::sync::Arc;
use survey::{Campaign, Form, Language, Mode, Questionnaire};

const LAST: i64 = 1_795_000_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let out = Path::new(&out);
    let made_up = MadeUp::new()?;
    for language in Language::ALL {
        for (suffix, width) in [("wide", 1_072.0), ("phone", 328.0)] {
            let write = |name: &str, body: String| {
                let file = out.join(format!("{name}-{suffix}-{}.html", language.tag()));
                std::fs::write(file, page(&body, language))
            };
            let results = |by: &str, wave: Option<&str>| made_up.results(by, wave);
            write(
                "office",
                made_up.draw(language, width, results("area", Some("w3"))?, "area"),
            )?;
            write(
                "age",
                made_up.draw(language, width, results("age", None)?, "age"),
            )?;
            write(
                "empty",
                made_up.draw(language, width, results("area", Some("w4"))?, "area"),
            )?;
            write(
                "sign-in",
                Owner::new().with(|| {
                    let form = SignIn::new(RwSignal::new(language));
                    form.notice.set(Some(
                        language
                            .pick(
                                "口令不对，请再试一次",
                                "That password is not right. Try again",
                            )
                            .to_owned(),
                    ));
                    sign_in(form, |_| ()).to_html()
                }),
            )?;
        }
    }
    // What a stand-in for the server answers with.
    std::fs::write(
        out.join("resident.json"),
        serde_json::to_string(&made_up.resident)?,
    )?;
    for by in ["area", "wave", "mode", "age", "sex"] {
        for wave in [None, Some("w1"), Some("w2"), Some("w3"), Some("w4")] {
            let name = format!("picture-{by}-{}.json", wave.unwrap_or("all"));
            std::fs::write(
                out.join(name),
                serde_json::to_string(&made_up.picture(by, wave)?)?,
            )?;
        }
    }
    Ok(())
}

fn page(body: &str, language: Language) -> String {
    let styles = concat!(
        include_str!("../../style/tokens.css"),
        include_str!("../../style/office.css")
    );
    format!(
        "<!doctype html><html lang=\"{}\"><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><style>{styles}</style><body>{body}",
        language.tag()
    )
}

/// A campaign with answers that nobody gave.
struct MadeUp {
    campaign: Campaign,
    resident: Questionnaire,
    cadre: Questionnaire,
    residents: Vec<CellTally>,
    cadres: Vec<CellTally>,
}

impl MadeUp {
    fn new() -> Result<MadeUp, serde_json::Error> {
        let campaign: Campaign =
            serde_json::from_str(include_str!("../../survey/data/campaign.json"))?;
        let resident: Questionnaire = serde_json::from_str(include_str!(
            "../../survey/data/questionnaires/resident.json"
        ))?;
        let cadre: Questionnaire =
            serde_json::from_str(include_str!("../../survey/data/questionnaires/cadre.json"))?;
        let mut chance = Chance(42);
        let mut residents = Vec::new();
        let mut cadres = Vec::new();
        let sizes = [400, 262, 180, 121, 60, 14, 311, 0];
        let waves = [("w1", 0.45), ("w2", 0.48), ("w3", 0.55)];
        for (wave, warmth) in waves {
            for ((township, size), place) in campaign.areas.iter().zip(sizes).zip(0u8..) {
                let cell = |group: &str| Cell {
                    wave: wave.to_owned(),
                    area: township.code.clone(),
                    mode: if place % 3 == 0 {
                        Mode::Interviewer
                    } else {
                        Mode::OwnDevice
                    },
                    group: group.to_owned(),
                };
                for (share, group) in [
                    (5, "18-34|female"),
                    (3, "35-54|male"),
                    (2, "55-plus|female"),
                ] {
                    let here = warmth + 0.02 * f64::from(place % 4) - 0.03 * f64::from(share) / 5.0;
                    residents.push(tally(
                        &resident,
                        cell(group),
                        size * share / 10,
                        here,
                        &mut chance,
                    ));
                }
                cadres.push(tally(&cadre, cell(""), size / 6, 0.88, &mut chance));
            }
        }
        Ok(MadeUp {
            campaign,
            resident,
            cadre,
            residents,
            cadres,
        })
    }

    fn picture(&self, by: &str, wave: Option<&str>) -> Result<Picture, Box<dyn std::error::Error>> {
        let request = Request {
            wave: wave.map(str::to_owned),
            by: Breakdown::parse(by),
            method: Method::Wilson,
            level: Level::DEFAULT,
            weigh: Weigh::default(),
        };
        let source = |questionnaire, tallies| Source {
            questionnaire,
            versions: std::slice::from_ref(questionnaire),
            tallies,
        };
        let society = source(&self.resident, &self.residents);
        let government = source(&self.cadre, &self.cadres);
        Ok(report::picture(
            &self.campaign,
            &society,
            Some(&government),
            &request,
        )?)
    }

    fn results(&self, by: &str, wave: Option<&str>) -> Result<Results, Box<dyn std::error::Error>> {
        Ok(Results {
            picture: self.picture(by, wave)?,
            table: None,
            form: Some(Arc::new(Form::new(
                self.resident.clone(),
                &self.campaign.areas,
            ))),
        })
    }

    fn draw(&self, language: Language, width: f64, results: Results, by: &str) -> String {
        let listed = |q: &Questionnaire, tallies: &[CellTally]| app::office::Listed {
            id: q.id.clone(),
            version: q.version,
            population: q.population,
            title: q.title.clone(),
            n: tallies
                .iter()
                .map(|t| u64::try_from(t.moments.count()).unwrap_or(0))
                .sum(),
        };
        let overview = Overview {
            campaign: self.campaign.clone(),
            day: 62,
            current_wave: Some("w3".to_owned()),
            simulated: true,
            posters: true,
            questionnaires: vec![
                listed(&self.resident, &self.residents),
                listed(&self.cadre, &self.cadres),
            ],
        };
        Owner::new().with(|| {
            let office = Office::new(RwSignal::new(language));
            office.selection.set(Selection {
                by: by.to_owned(),
                sort: Selection::usual_sort(by),
                measure: Measure::Temperature,
                wave: results.picture.wave.clone(),
                ..overview.first_selection()
            });
            office.overview.set(Some(Arc::new(overview)));
            office.results.set(Some(Arc::new(results)));
            office.live.set(Live::Connected);
            office.width.set(width);
            office.origin.set("https://wendu.example".to_owned());
            dashboard(office).to_html()
        })
    }
}

fn tally(
    questionnaire: &Questionnaire,
    cell: Cell,
    n: u32,
    warmth: f64,
    chance: &mut Chance,
) -> CellTally {
    let mut moments = Moments::new(2 * questionnaire.indicators.len());
    for _ in 0..n {
        let mood = chance.next() - 0.5;
        let values: Vec<i64> = questionnaire
            .indicators
            .iter()
            .zip(0u8..)
            .flat_map(|(indicator, place)| {
                let counts = i64::from(indicator.excluded.is_empty() || chance.next() > 0.06);
                let shift = match indicator.key.as_str() {
                    "false_recall" => 0.1 - warmth,
                    "awareness" => 0.07,
                    _ => 0.03 * f64::from(place % 3) - 0.03,
                };
                let yes = chance.next() < warmth + shift + 0.3 * mood;
                [counts, counts * i64::from(yes)]
            })
            .collect();
        // Lengths are equal by construction.
        let _ = moments.add(&values);
    }
    CellTally {
        version: questionnaire.version,
        cell,
        moments,
        last_received_at: LAST,
    }
}

/// Pseudo-random numbers between 0 and 1, the same at every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as f64 / (1u64 << 31) as f64
    }
}
