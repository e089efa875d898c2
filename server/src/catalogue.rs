//! What can be answered: the campaign and its questionnaires, checked before the server starts.

use crate::clock::DAY_MS;
use crate::store::{Store, StoreError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use survey::{Campaign, Form, Population, Questionnaire, check};

const RESIDENT: &str = include_str!("../../survey/data/questionnaires/resident.json");
const CADRE: &str = include_str!("../../survey/data/questionnaires/cadre.json");
const MERCHANT: &str = include_str!("../../survey/data/questionnaires/merchant.json");
const CAMPAIGN: &str = include_str!("../../survey/data/campaign.json");

/// The setting under which a store keeps the campaign's first midnight.
const DAY_ZERO: &str = "day_zero";
/// The setting that marks a store as simulated.
const SIMULATED: &str = "simulated";

/// Everything that can be answered, and when.
#[derive(Debug)]
pub struct Catalogue {
    /// When and where.
    pub campaign: Campaign,
    /// The midnight with which the campaign's day 0 begins, in milliseconds since the Unix epoch.
    pub day_zero: i64,
    /// Whether the answers are simulated; then every page says so.
    pub simulated: bool,
    forms: BTreeMap<String, Vec<Arc<Form>>>,
}

/// Why the catalogue cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A file that cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is no questionnaire or campaign.
    #[error("{path}: {why}")]
    Invalid {
        /// Which file.
        path: String,
        /// What is wrong, with line and column or the place in the file.
        why: String,
    },
    /// The store refused it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where the catalogue comes from.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// A folder with questionnaires (`*.json`) to publish beside the built-in ones.
    pub questionnaires: Option<PathBuf>,
    /// A campaign in place of the built-in one.
    pub campaign: Option<PathBuf>,
}

impl Catalogue {
    /// Reads and checks the files, publishes the questionnaires and loads every published version.
    ///
    /// # Errors
    /// [`CatalogueError`], naming the file and the place.
    pub async fn open(files: &Files, store: &dyn Store, now: i64) -> Result<Self, CatalogueError> {
        let mut campaign = match &files.campaign {
            Some(path) => campaign(&path.display().to_string(), &read(path)?)?,
            None => campaign("built-in campaign", CAMPAIGN)?,
        };
        store.publish(&questionnaires(files)?, now).await?;
        let day_zero = match store.setting(DAY_ZERO).await? {
            Some(day_zero) => day_zero,
            None => {
                let today = midnight(&campaign, now).to_string();
                store.init_setting(DAY_ZERO, &today).await?
            }
        };
        let day_zero = day_zero.parse().map_err(|_| StoreError::Damaged {
            what: "setting day_zero",
            why: day_zero,
        })?;
        let mut forms: BTreeMap<String, Vec<Arc<Form>>> = BTreeMap::new();
        for questionnaire in store.questionnaires().await? {
            let versions = forms.entry(questionnaire.id.clone()).or_default();
            versions.push(Arc::new(Form::new(questionnaire, &campaign.areas)));
        }
        let simulated = store.setting(SIMULATED).await?.is_some();
        // Example figures weigh nothing real, so they need not fit the questionnaires either.
        campaign
            .totals
            .retain(|totals| simulated || !totals.example);
        let newest = forms.values().filter_map(|versions| versions.last());
        let newest = newest.map(|form| &form.questionnaire);
        sound("campaign", check::totals(&campaign, newest))?;
        Ok(Catalogue {
            campaign,
            day_zero,
            simulated,
            forms,
        })
    }

    /// The newest version of a questionnaire.
    pub fn newest(&self, id: &str) -> Option<&Arc<Form>> {
        self.forms.get(id)?.last()
    }

    /// One version of a questionnaire.
    pub fn version(&self, id: &str, version: u32) -> Option<&Arc<Form>> {
        self.versions(id)
            .iter()
            .find(|form| form.questionnaire.version == version)
    }

    /// Every version of a questionnaire, the newest last.
    pub fn versions(&self, id: &str) -> &[Arc<Form>] {
        self.forms.get(id).map_or(&[], Vec::as_slice)
    }

    /// The newest version of every questionnaire.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Form>> {
        self.forms.values().filter_map(|versions| versions.last())
    }

    /// The questionnaire of the government's own people.
    pub fn government(&self) -> Option<&Arc<Form>> {
        self.all()
            .find(|form| form.questionnaire.population == Population::Cadre)
    }

    /// The campaign's day at a time.
    pub fn day(&self, now: i64) -> i64 {
        now.saturating_sub(self.day_zero).div_euclid(DAY_MS)
    }
}

/// Marks a store as simulated, with a campaign that began at `day_zero`.
///
/// # Errors
/// Whatever the store says.
pub async fn mark_simulated(store: &dyn Store, day_zero: i64) -> Result<(), StoreError> {
    store.set_setting(SIMULATED, "true").await?;
    store.set_setting(DAY_ZERO, &day_zero.to_string()).await
}

/// The midnight before `now` in the campaign's time zone.
pub fn midnight(campaign: &Campaign, now: i64) -> i64 {
    let offset = i64::from(campaign.utc_offset_minutes) * 60_000;
    (now + offset).div_euclid(DAY_MS) * DAY_MS - offset
}

fn read(path: &Path) -> Result<String, CatalogueError> {
    std::fs::read_to_string(path).map_err(|source| CatalogueError::Read {
        path: path.to_owned(),
        source,
    })
}

fn campaign(path: &str, json: &str) -> Result<Campaign, CatalogueError> {
    let campaign: Campaign = parse(path, json)?;
    sound(path, check::campaign(&campaign))?;
    Ok(campaign)
}

fn questionnaires(files: &Files) -> Result<Vec<Questionnaire>, CatalogueError> {
    let mut sources: Vec<(String, String)> = [RESIDENT, CADRE, MERCHANT]
        .map(|json| ("built-in questionnaire".to_owned(), json.to_owned()))
        .into();
    if let Some(folder) = &files.questionnaires {
        let entries = std::fs::read_dir(folder).map_err(|source| CatalogueError::Read {
            path: folder.clone(),
            source,
        })?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
        paths.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        });
        paths.sort();
        for path in paths {
            sources.push((path.display().to_string(), read(&path)?));
        }
    }
    let mut questionnaires = Vec::new();
    for (path, json) in &sources {
        let questionnaire: Questionnaire = parse(path, json)?;
        sound(path, check::questionnaire(&questionnaire))?;
        questionnaires.push(questionnaire);
    }
    Ok(questionnaires)
}

fn parse<T: serde::de::DeserializeOwned>(path: &str, json: &str) -> Result<T, CatalogueError> {
    serde_json::from_str(json).map_err(|error| CatalogueError::Invalid {
        path: path.to_owned(),
        why: error.to_string(),
    })
}

fn sound(path: &str, faults: Vec<String>) -> Result<(), CatalogueError> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(CatalogueError::Invalid {
            path: path.to_owned(),
            why: faults.join("; "),
        })
    }
}
