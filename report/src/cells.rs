//! The selected tallies as a weighted sample: a weighting cell for each combination of the
//! population margins' levels, a domain for each row of the picture.

use crate::cell::CellTally;
use crate::picture::Breakdown;
use crate::rows::part;
use crate::weighting::{Raked, Reason};
use stats::Error;
use stats::design::LonelyPsu;
use stats::tally::{CellKey, Frame, Moments, Sample, Table, Units};
use stats::weights::{Margin, Method};
use std::collections::BTreeMap;
use survey::campaign::AREA;
use survey::{Campaign, Questionnaire, Text, Totals};

/// The answers of a selection, gathered by weighting cell and domain.
pub(crate) struct Cells<'c> {
    campaign: &'c Campaign,
    questionnaire: &'c Questionnaire,
    totals: &'c Totals,
    table: Table,
    /// The code of each combination of levels, one level for each margin.
    codes: BTreeMap<Vec<Option<usize>>, u32>,
    domains: BTreeMap<String, u32>,
    /// How many answers lie outside all levels of each margin.
    unplaced: Vec<u64>,
    /// How many answers lack a level in any margin.
    unplaced_anywhere: u64,
    answers: u64,
}

impl<'c> Cells<'c> {
    /// No answers yet. `None` if the campaign has no totals for who was asked.
    pub fn new(campaign: &'c Campaign, questionnaire: &'c Questionnaire) -> Option<Self> {
        let totals = campaign.totals_of(questionnaire.population)?;
        Some(Self {
            campaign,
            questionnaire,
            totals,
            table: Table::new(&[2 * questionnaire.indicators.len()]),
            codes: BTreeMap::new(),
            domains: BTreeMap::new(),
            unplaced: vec![0; totals.margins.len()],
            unplaced_anywhere: 0,
            answers: 0,
        })
    }

    /// Adds a tally (in the newest version's variables) to the domain `part` of the picture.
    ///
    /// # Errors
    /// If the tally does not fit.
    pub fn add(&mut self, tally: &CellTally, moments: &Moments, part: &str) -> Result<(), Error> {
        let levels = self.levels(tally);
        let n = crate::rates::count(moments.count());
        for (unplaced, _) in self
            .unplaced
            .iter_mut()
            .zip(&levels)
            .filter(|(_, level)| level.is_none())
        {
            *unplaced += n;
        }
        if levels.contains(&None) {
            self.unplaced_anywhere += n;
        }
        self.answers += n;
        let next = self.codes.len() as u32;
        let weighting = *self.codes.entry(levels).or_insert(next);
        let next = self.domains.len() as u32;
        let domain = match self.domains.get(part) {
            Some(domain) => *domain,
            None => *self.domains.entry(part.to_owned()).or_insert(next),
        };
        let key = CellKey {
            domain,
            weighting,
            ..CellKey::default()
        };
        self.table.add(key, 0, moments.view())
    }

    /// The level of a cell in each margin, by its place among the margin's totals.
    fn levels(&self, tally: &CellTally) -> Vec<Option<usize>> {
        let code = |name: &String| {
            part(
                self.campaign,
                self.questionnaire,
                &Breakdown::parse(name),
                tally,
            )
        };
        let margins = self.totals.margins.iter();
        margins
            .map(|margin| {
                let codes: Vec<String> = margin.by.iter().map(code).collect();
                let level = codes.join("|");
                margin.totals.keys().position(|known| *known == level)
            })
            .collect()
    }

    /// The domain of a row of the picture, if it holds answers.
    pub fn domain(&self, part: &str) -> Option<u32> {
        self.domains.get(part).copied()
    }

    /// The sample, raked to the totals.
    ///
    /// # Errors
    /// Why that cannot be done.
    pub fn rake(&self) -> Result<(Sample<'_>, Raked), Reason> {
        if self.answers == 0 {
            return Err(Reason::no_answers());
        }
        let empty = self.empty_groups();
        if !empty.is_empty() {
            return Err(Reason::empty_groups(&empty));
        }
        let people = self.totals.margins.first().map_or(0, survey::Margin::sum);
        let frame = Frame {
            units: Units::Persons,
            weight: &|_| people as f64 / self.answers as f64,
            fraction: &|_| 0.0,
            further: &[],
            lonely_psu: LonelyPsu::Remove,
        };
        let infeasible = |error: Error| Reason::infeasible(&error.to_string());
        let mut sample = Sample::new(&self.table, &frame).map_err(infeasible)?;
        sample
            .calibrate(Method::Rake, &self.margins())
            .map_err(infeasible)?;
        let raked = self.describe(&sample, people);
        Ok((sample, raked))
    }

    /// The margins over the weighting cells. Answers without a level are a level of their own
    /// with the share that they have in the sample.
    fn margins(&self) -> Vec<Margin> {
        let margins = self.totals.margins.iter().zip(&self.unplaced).enumerate();
        margins
            .map(|(m, (margin, &unplaced))| {
                let share = unplaced as f64 / self.answers as f64;
                let known = margin.totals.values();
                let mut totals: Vec<f64> = known.map(|&n| n as f64 * (1.0 - share)).collect();
                let outside = totals.len() as u32;
                if unplaced > 0 {
                    totals.push(margin.sum() as f64 * share);
                }
                let mut level_of_cell = vec![outside; self.codes.len()];
                for (levels, &code) in &self.codes {
                    if let Some(Some(level)) = levels.get(m) {
                        level_of_cell[code as usize] = *level as u32;
                    }
                }
                Margin {
                    level_of_cell,
                    totals,
                }
            })
            .collect()
    }

    /// The names of the groups that have people and no answers.
    fn empty_groups(&self) -> Vec<Text> {
        let mut answers: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        let mut of_code = vec![0; self.codes.len()];
        for (row, key) in self.table.keys().iter().enumerate() {
            let count = self.table.tally(row, 0).map_or(0, |tally| tally.count());
            of_code[key.weighting as usize] += count;
        }
        for (levels, &code) in &self.codes {
            for (m, level) in levels.iter().enumerate() {
                if let Some(level) = level {
                    *answers.entry((m, *level)).or_default() += of_code[code as usize];
                }
            }
        }
        let mut empty = Vec::new();
        for (m, margin) in self.totals.margins.iter().enumerate() {
            for (place, level) in margin.totals.keys().enumerate() {
                if answers.get(&(m, place)).is_none_or(|n| *n <= 0) {
                    let codes = margin.by.iter().zip(level.split('|'));
                    let names: Vec<Text> = codes.map(|(by, code)| self.name(by, code)).collect();
                    let join = |pick: fn(&Text) -> &str| {
                        names.iter().map(pick).collect::<Vec<_>>().join(" × ")
                    };
                    empty.push(Text {
                        chinese: join(|name| &name.chinese),
                        english: join(|name| &name.english),
                    });
                }
            }
        }
        empty
    }

    fn name(&self, by: &str, code: &str) -> Text {
        let township = |code: &str| self.campaign.areas.iter().find(|area| area.code == code);
        let found = if by == AREA {
            township(code).map(|area| area.name.clone())
        } else {
            let item = self.questionnaire.item(by);
            let options = item.map_or(&[][..], |item| self.questionnaire.options(item));
            let option = options.iter().find(|option| option.code == code);
            option.map(|option| option.text.clone())
        };
        found.unwrap_or_else(|| Text {
            chinese: code.to_owned(),
            english: code.to_owned(),
        })
    }

    fn describe(&self, sample: &Sample<'_>, people: u64) -> Raked {
        let (mut sum, mut squares, mut n) = (0.0, 0.0, 0.0);
        let (mut lightest, mut heaviest) = (f64::INFINITY, 0.0_f64);
        for (row, &weight) in sample.weights().iter().enumerate() {
            let count = self.table.tally(row, 0).map_or(0, |tally| tally.count()) as f64;
            if count > 0.0 {
                sum += count * weight;
                squares += count * weight * weight;
                n += count;
                lightest = lightest.min(weight);
                heaviest = heaviest.max(weight);
            }
        }
        let effective_n = sum * sum / squares;
        Raked {
            source: self.totals.source.clone(),
            margins: self
                .totals
                .margins
                .iter()
                .map(|margin| margin.by.join(" × "))
                .collect(),
            people,
            unplaced: self.unplaced_anywhere,
            effective_n,
            design_effect: n / effective_n,
            lightest: lightest * n / sum,
            heaviest: heaviest * n / sum,
        }
    }
}
