//! The weighted picture: how long it takes and how often its intervals hold the truth.
//!
//!     picture speed      run by `cargo xtask bench stats`; figures as NAME=VALUE
//!     picture coverage   the figures in docs/STATISTICS.md

use report::{Breakdown, Cell, CellTally, Picture, Request, Source, Weigh, picture};
use stats::{Level, proportion, tally::Moments};
use std::collections::BTreeMap;
use std::error::Error;
use std::time::Instant;
use survey::{Campaign, Mode, Questionnaire};

const AGES: [(&str, f64); 4] = [
    ("14-17", 9.2),
    ("18-34", 46.6),
    ("35-54", 66.2),
    ("55-plus", 58.0),
];
const SEXES: [(&str, f64); 2] = [("female", 88.3), ("male", 91.7)];
/// How far the rate of each group lies from the whole.
const OF_TOWNSHIP: [f64; 8] = [0.15, 0.05, 0.0, -0.05, -0.1, -0.15, 0.2, -0.1];
const OF_AGE: [f64; 4] = [0.1, 0.05, 0.0, -0.1];

struct Setting {
    campaign: Campaign,
    resident: Questionnaire,
}

fn main() -> Result<(), Box<dyn Error>> {
    let setting = Setting {
        campaign: serde_json::from_str(include_str!("../../survey/data/campaign.json"))?,
        resident: serde_json::from_str(include_str!(
            "../../survey/data/questionnaires/resident.json"
        ))?,
    };
    match std::env::args().nth(1).as_deref() {
        Some("speed") => setting.speed(),
        Some("coverage") => setting.coverage(),
        _ => Err("picture speed | picture coverage".into()),
    }
}

impl Setting {
    fn shown(&self, tallies: &[CellTally], weigh: Weigh) -> Result<Picture, report::Error> {
        let source = Source {
            questionnaire: &self.resident,
            versions: std::slice::from_ref(&self.resident),
            tallies,
        };
        let request = Request {
            wave: None,
            by: Breakdown::Area,
            method: proportion::Method::Wilson,
            level: Level::DEFAULT,
            weigh,
        };
        picture(&self.campaign, &source, None, &request)
    }

    fn tally(
        &self,
        wave: usize,
        area: &str,
        mode: Mode,
        group: String,
        moments: Moments,
    ) -> CellTally {
        CellTally {
            version: self.resident.version,
            cell: Cell {
                wave: self.campaign.waves[wave % self.campaign.waves.len()]
                    .id
                    .clone(),
                area: area.to_owned(),
                mode,
                group,
            },
            moments,
            last_received_at: 0,
        }
    }

    /// Cells of every wave, community, mode, age and sex, with few answers in each and with many.
    fn cells(&self, answers: usize) -> Result<Vec<CellTally>, stats::Error> {
        let mut random = fastrand::Rng::with_seed(1);
        let mut cells = Vec::new();
        let areas = self
            .campaign
            .areas
            .iter()
            .flat_map(|area| &area.communities);
        for area in areas {
            for wave in 0..self.campaign.waves.len() {
                for mode in Mode::ALL {
                    for (age, _) in AGES {
                        for (sex, _) in SEXES {
                            let mut moments = Moments::new(2 * self.resident.indicators.len());
                            for _ in 0..answers {
                                let indicators = self.resident.indicators.iter();
                                let values = indicators.flat_map(|_| [1, i64::from(random.bool())]);
                                moments.add(&values.collect::<Vec<i64>>())?;
                            }
                            let group = format!("{age}|{sex}");
                            cells.push(self.tally(wave, &area.code, mode, group, moments));
                        }
                    }
                }
            }
        }
        Ok(cells)
    }

    fn speed(&self) -> Result<(), Box<dyn Error>> {
        for (name, answers) in [("few", 1), ("many", 100)] {
            let cells = self.cells(answers)?;
            for (kind, weigh) in [("raked", Weigh::Raked), ("unweighted", Weigh::Unweighted)] {
                let mut times = Vec::new();
                for _ in 0..20 {
                    let begun = Instant::now();
                    let picture = self.shown(&cells, weigh)?;
                    times.push(begun.elapsed().as_secs_f64() * 1e3);
                    if picture.weighting.is_raked() != (weigh == Weigh::Raked) {
                        return Err(format!("{:?}", picture.weighting).into());
                    }
                }
                times.sort_by(f64::total_cmp);
                println!("{name}_{kind}_ms={:.1}", times[times.len() / 2]);
            }
            println!("{name}_answers={}", cells.len() * answers);
        }
        println!("cells={}", self.cells(0)?.len());
        println!("indicators={}", self.resident.indicators.len());
        println!("areas={}", self.campaign.areas.len());
        Ok(())
    }

    /// All ages answer alike often, whatever their share of the people.
    fn coverage(&self) -> Result<(), Box<dyn Error>> {
        let townships: Vec<f64> = [26.0, 14.0, 13.0, 10.0, 8.0, 6.0, 17.0, 6.0].into();
        for base in [0.35, 0.7] {
            let rate = |a: usize, g: usize| (base + OF_TOWNSHIP[a] + OF_AGE[g]).clamp(0.0, 1.0);
            let people: f64 = AGES.iter().map(|age| age.1).sum();
            let of = |a: usize| (0..4).map(|g| AGES[g].1 * rate(a, g)).sum::<f64>() / people;
            let truth = (0..8).map(|a| townships[a] * of(a)).sum::<f64>() / 100.0;
            for n in [60, 120, 300, 900] {
                let mut random = fastrand::Rng::with_seed(n);
                let (mut weighted, mut plain, mut local) = ((0, 0), 0, (0, 0));
                let runs = 2000;
                for _ in 0..runs {
                    let cells = self.drawn(n, &townships, &rate, &mut random)?;
                    let picture = self.shown(&cells, Weigh::Raked)?;
                    let unweighted = self.shown(&cells, Weigh::Unweighted)?;
                    let holds = |picture: &Picture, row: usize, truth: f64| {
                        let estimate = picture.rows[row].rates[0].estimate.as_ref();
                        estimate.map(|e| e.lower <= truth && truth <= e.upper)
                    };
                    plain += usize::from(holds(&unweighted, 0, truth) == Some(true));
                    if picture.weighting.is_raked() {
                        weighted.0 += usize::from(holds(&picture, 0, truth) == Some(true));
                        weighted.1 += 1;
                        for found in (0..8).filter_map(|a| holds(&picture, a + 1, of(a))) {
                            local.0 += usize::from(found);
                            local.1 += 1;
                        }
                    }
                }
                let share = |(hits, all): (usize, usize)| 100.0 * hits as f64 / all as f64;
                println!(
                    "truth {truth:.3}, n {n}: weighted in {:.0} % of runs; covers {:.1} % (townships {:.1} %); unweighted {:.1} %",
                    share((weighted.1, runs)),
                    share(weighted),
                    share(local),
                    share((plain, runs))
                );
            }
        }
        Ok(())
    }

    fn drawn(
        &self,
        n: u64,
        townships: &[f64],
        rate: &dyn Fn(usize, usize) -> f64,
        random: &mut fastrand::Rng,
    ) -> Result<Vec<CellTally>, stats::Error> {
        let mut cells: BTreeMap<(usize, usize, usize), Moments> = BTreeMap::new();
        for _ in 0..n {
            let mut at = random.f64() * townships.iter().sum::<f64>();
            let township = townships.iter().position(|share| {
                at -= share;
                at < 0.0
            });
            let (a, g, s) = (
                township.unwrap_or(0),
                random.usize(0..4),
                random.usize(0..2),
            );
            let yes = random.f64() < rate(a, g);
            let mut values = vec![0; 2 * self.resident.indicators.len()];
            (values[0], values[1]) = (1, i64::from(yes));
            let cell = cells.entry((a, g, s));
            cell.or_insert_with(|| Moments::new(values.len()))
                .add(&values)?;
        }
        let tally = |((a, g, s), moments): ((usize, usize, usize), Moments)| {
            let area = self
                .campaign
                .areas
                .get(a)
                .map_or("", |area| area.code.as_str());
            let group = format!("{}|{}", AGES[g].0, SEXES[s].0);
            self.tally(0, area, Mode::OwnDevice, group, moments)
        };
        Ok(cells.into_iter().map(tally).collect())
    }
}
