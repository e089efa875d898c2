//! What the office page knows and what was chosen in it.

use super::breakdown::{Measure, Sort};
use super::embed::Wish;
use super::problem::Problem;
use leptos::prelude::*;
use report::{Picture, SourceReport};
use serde::Deserialize;
use std::sync::Arc;
use survey::{Campaign, Form, Language, Population, Text};

/// The campaign as `GET /api/v1/campaign` tells it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Overview {
    /// The campaign.
    pub campaign: Campaign,
    /// Which day of it today is.
    pub day: i64,
    /// The wave that is running.
    #[serde(default)]
    pub current_wave: Option<String>,
    /// Whether the answers are made up.
    pub simulated: bool,
    /// Whether the server knows the address that posters lead to.
    #[serde(default)]
    pub posters: bool,
    /// What is asked.
    pub questionnaires: Vec<Listed>,
}

/// A questionnaire as the campaign lists it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its newest version.
    pub version: u32,
    /// Who is asked.
    pub population: Population,
    /// Its title.
    pub title: Text,
    /// How many answers there are.
    pub n: u64,
}

impl Overview {
    /// The questionnaires whose people are society, to be set against the government's: residents
    /// first.
    pub fn society(&self) -> Vec<&Listed> {
        let mut society: Vec<&Listed> = self
            .questionnaires
            .iter()
            .filter(|listed| listed.population != Population::Cadre)
            .collect();
        society.sort_by_key(|listed| listed.population);
        society
    }

    /// What is shown first: the residents in the running wave.
    pub fn first_selection(&self) -> Selection {
        let first = self
            .society()
            .first()
            .copied()
            .or_else(|| self.questionnaires.first());
        Selection {
            questionnaire: first.map_or_else(String::new, |listed| listed.id.clone()),
            wave: self.current_wave.clone(),
            ..Selection::default()
        }
    }
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Whose answers.
    pub questionnaire: String,
    /// Of which wave; of all, if none.
    pub wave: Option<String>,
    /// What the table is broken down by, in the API's word.
    pub by: String,
    /// The interval of a rate, in the API's word.
    pub method: String,
    /// The level of every interval.
    pub level: f64,
    /// Whether answers are weighted to the population, in the API's word.
    pub weighting: String,
    /// What the table shows.
    pub measure: Measure,
    /// How it is ordered.
    pub sort: Sort,
}

impl Default for Selection {
    fn default() -> Self {
        Selection {
            questionnaire: String::new(),
            wave: None,
            by: "area".to_owned(),
            method: "wilson".to_owned(),
            level: 0.95,
            weighting: "raked".to_owned(),
            measure: Measure::default(),
            sort: Sort::default(),
        }
    }
}

impl Selection {
    /// The query of the main picture.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = vec![
            ("questionnaire", self.questionnaire.clone()),
            ("by", self.by.clone()),
            ("method", self.method.clone()),
            ("level", self.level.to_string()),
            ("weighting", self.weighting.clone()),
        ];
        if let Some(wave) = &self.wave {
            query.push(("wave", wave.clone()));
        }
        query
    }

    /// The query of the table where the main picture cannot give it: waves are compared over all
    /// of them, while the main picture may show one.
    pub fn table_query(&self) -> Option<Vec<(&'static str, String)>> {
        (self.by == "wave" && self.wave.is_some()).then(|| {
            let all = Selection {
                wave: None,
                ..self.clone()
            };
            all.query()
        })
    }

    /// The order that suits a breakdown: townships by their estimates, what has an order of its
    /// own (waves, age bands) by that.
    pub fn usual_sort(by: &str) -> Sort {
        if by == "area" {
            Sort::Estimate
        } else {
            Sort::Given
        }
    }
}

/// What was read from the server, all of it at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// The picture of the selection.
    pub picture: Picture,
    /// The table's own picture, if it has one.
    pub table: Option<Picture>,
    /// The questionnaire, for its options in words; not every server tells it.
    pub form: Option<Arc<Form>>,
}

impl Results {
    /// What the table shows.
    pub fn table_picture(&self) -> &Picture {
        self.table.as_ref().unwrap_or(&self.picture)
    }
}

/// Whether news arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Live {
    /// Not connected yet.
    #[default]
    Connecting,
    /// Connected: a new answer shows within a second or two.
    Connected,
    /// The connection broke; the browser tries again by itself.
    Lost,
}

/// Which of its pages the office looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// What was answered.
    #[default]
    Results,
    /// How to embed the questionnaire, and where people come from.
    Embed,
}

/// The page's state, handed to every view.
#[derive(Clone, Copy)]
pub struct Office {
    /// The language of the page.
    pub language: RwSignal<Language>,
    /// The campaign.
    pub overview: RwSignal<Option<Arc<Overview>>>,
    /// What was chosen.
    pub selection: RwSignal<Selection>,
    /// What is shown. The old stays until the new is there.
    pub results: RwSignal<Option<Arc<Results>>>,
    /// Why the newest could not be read.
    pub problem: RwSignal<Option<Problem>>,
    /// Whether something is being read.
    pub loading: RwSignal<bool>,
    /// Counts up to have everything read again.
    pub refresh: RwSignal<u32>,
    /// Whether news arrive.
    pub live: RwSignal<Live>,
    /// How wide pictures may be, in CSS pixels.
    pub width: RwSignal<f64>,
    /// Where this server is, for addresses to hand out: `https://host`, or empty.
    pub origin: RwSignal<String>,
    /// Which page is looked at.
    pub view: RwSignal<View>,
    /// Where people come from, once it is looked at.
    pub sources: RwSignal<Option<Arc<SourceReport>>>,
    /// What was chosen for a snippet.
    pub wish: RwSignal<Wish>,
    /// What is to be copied.
    pub copy: RwSignal<String>,
    /// Counts up when someone asks to sign out.
    pub leave: RwSignal<u32>,
}

impl Office {
    /// A page that knows nothing yet but its language.
    pub fn new(language: RwSignal<Language>) -> Office {
        Office {
            language,
            overview: RwSignal::new(None),
            selection: RwSignal::new(Selection::default()),
            results: RwSignal::new(None),
            problem: RwSignal::new(None),
            loading: RwSignal::new(false),
            refresh: RwSignal::new(0),
            live: RwSignal::new(Live::default()),
            width: RwSignal::new(1_088.0),
            origin: RwSignal::new(String::new()),
            view: RwSignal::new(View::default()),
            sources: RwSignal::new(None),
            wish: RwSignal::new(Wish::default()),
            copy: RwSignal::new(String::new()),
            leave: RwSignal::new(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_names_a_wave_only_if_one_was_chosen() {
        let mut selection = Selection {
            questionnaire: "resident".to_owned(),
            ..Selection::default()
        };
        let names = |query: Vec<(&'static str, String)>| -> Vec<&'static str> {
            query.into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(
            names(selection.query()),
            ["questionnaire", "by", "method", "level", "weighting"]
        );
        assert_eq!(selection.table_query(), None);
        selection.wave = Some("w2".to_owned());
        assert!(names(selection.query()).contains(&"wave"));
        assert_eq!(selection.table_query(), None);
        selection.by = "wave".to_owned();
        let table = selection
            .table_query()
            .expect("waves are compared over all");
        assert!(!names(table).contains(&"wave"));
    }
}
