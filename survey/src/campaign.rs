//! When and where: a campaign with its waves, areas and sites, and how the temperature is put
//! together. Data, like the questionnaires.

use crate::questionnaire::Population;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A period with a purpose: day 0 to day 100.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// The JSON Schema that editors check the file against; not part of the content.
    #[serde(rename = "$schema", default, skip_serializing)]
    pub schema: Option<String>,
    /// The campaign's short name.
    pub id: String,
    /// The campaign's name.
    pub name: Text,
    /// Who runs it, as respondents read it.
    pub office: Text,
    /// How many days it lasts.
    pub days: u32,
    /// Rounds of measuring, by the day on which each begins; the last lasts on.
    pub waves: Vec<Wave>,
    /// Which indicators make up the temperature, and with what weight.
    pub temperature: Vec<Weight>,
    /// The rate that the office has to reach, a proportion (0.9 for 90 %).
    pub threshold: f64,
    /// The office's time zone: minutes ahead of UTC. Days begin at its midnight.
    pub utc_offset_minutes: i32,
    /// The whole area's name (the banner).
    pub area_name: Text,
    /// The townships, with their communities below.
    pub areas: Vec<Area>,
    /// Registered places with a QR code.
    #[serde(default)]
    pub sites: Vec<Site>,
    /// Widgets for pages of others: which questionnaire, and whose pages may embed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub widgets: Vec<Widget>,
    /// How many people there are, for weighting the answers: an entry for each population
    /// whose answers are to be weighted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<Totals>,
}

/// How many people a population has, by group. Answers are weighted so that each group counts
/// as much as it has people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Whose answers are weighted.
    pub population: Population,
    /// Where the figures come from and of which day they are, as it is shown beside results.
    pub source: Text,
    /// Whether the figures are made up, for demonstrations. Simulated answers are weighted to
    /// them, real ones never.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub example: bool,
    /// The figures, margin by margin; all margins add up to the same number of people.
    pub margins: Vec<Margin>,
}

/// The people of a population by the levels of a variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Margin {
    /// `area` (the townships) or a breakdown item of the questionnaire, such as `age`; several
    /// are crossed.
    pub by: Vec<String>,
    /// People by level: a township's or an option's code; crossed levels are joined by `|` in
    /// the order of `by`, as `T01|18-34`. Options that stand apart ("prefer not to say") have
    /// no total: who chose them counts as not known there.
    pub totals: BTreeMap<String, u64>,
}

/// The word for the townships in [`Margin::by`].
pub const AREA: &str = "area";

impl Margin {
    /// Everyone.
    pub fn sum(&self) -> u64 {
        self.totals
            .values()
            .fold(0, |sum, n| sum.saturating_add(*n))
    }
}

/// One round of measuring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Wave {
    /// The wave's short name, as in the API.
    pub id: String,
    /// The wave's name.
    pub name: Text,
    /// The campaign day on which it begins.
    pub from_day: u32,
}

/// An indicator's share in the temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// The indicator's key.
    pub indicator: String,
    /// Its weight; the weights are divided by their sum.
    pub weight: f64,
}

/// A township (乡镇/街道) or a community (社区/嘎查) below one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// The code in answers and in the API.
    pub code: String,
    /// The area's name.
    pub name: Text,
    /// The areas below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub communities: Vec<Area>,
}

/// A registered place (点位) with a QR code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// The code in the QR code's address.
    pub code: String,
    /// What kind of place it is (farmers' market, square, …).
    pub kind: Text,
    /// The place's name.
    pub name: Text,
    /// The township or community it lies in.
    pub area: String,
}

/// A questionnaire in other people's pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Widget {
    /// The key in the snippet that an editor pastes.
    pub key: String,
    /// What the office calls it.
    pub name: Text,
    /// The questionnaire that is asked.
    pub questionnaire: String,
    /// The origins of the pages that may embed it, such as `https://news.example`; compared
    /// exactly.
    pub origins: Vec<String>,
}

/// Whether a text is a serialised origin as browsers write it, and nothing that could break out
/// of a header.
pub fn is_origin(text: &str) -> bool {
    let (rest, usual_port) = match text.strip_prefix("https://") {
        Some(rest) => (rest, "443"),
        None => match text.strip_prefix("http://") {
            Some(rest) => (rest, "80"),
            None => return false,
        },
    };
    // The colons of an IPv6 address stand in brackets.
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let is_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    let is_plain = !host.is_empty() && host.chars().all(is_host);
    let is_bracketed = host
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .is_some_and(|inner| inner.chars().all(|c| c == ':' || is_host(c)));
    let is_port = |port: &str| {
        let is_number = port.chars().all(|c| c.is_ascii_digit());
        is_number && port.parse::<u16>().is_ok() && !port.starts_with('0') && port != usual_port
    };
    (is_plain || is_bracketed) && port.is_none_or(is_port)
}

const DAY_MS: i64 = 86_400_000;

/// How long before it arrives a response may have been begun and still belong to the wave in
/// which it was begun: an interviewer's tablet may be a week away from a signal.
const OFFLINE_MS: i64 = 7 * DAY_MS;

/// How far a phone's clock may run ahead of the server's.
const CLOCK_SKEW_MS: i64 = 5 * 60_000;

impl Campaign {
    /// The township in which `code` lies: the township itself, or the one above a community.
    pub fn township_of(&self, code: &str) -> Option<&Area> {
        self.areas.iter().find(|township| {
            township.code == code || township.communities.iter().any(|c| c.code == code)
        })
    }

    /// Where a response counts: in the township that was answered, or more finely in the area it
    /// was collected in, if that lies within the answered township. Without an answer, where it
    /// was collected; empty if nothing is known.
    pub fn area_of(
        &self,
        answered: Option<&str>,
        area: Option<&str>,
        site: Option<&str>,
    ) -> String {
        let site_area = site
            .and_then(|code| self.site(code))
            .map(|site| site.area.as_str());
        let collected = area.or(site_area);
        match (answered, collected) {
            (Some(answered), Some(collected))
                if self
                    .township_of(collected)
                    .is_some_and(|t| t.code == answered) =>
            {
                collected.to_owned()
            }
            (Some(answered), _) => answered.to_owned(),
            (None, collected) => collected.unwrap_or_default().to_owned(),
        }
    }

    /// The totals that answers of a population are weighted to, if there are any.
    pub fn totals_of(&self, population: Population) -> Option<&Totals> {
        self.totals.iter().find(|t| t.population == population)
    }

    /// The site called `code`.
    pub fn site(&self, code: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.code == code)
    }

    /// The site whose code someone typed: small letters stand for capitals.
    pub fn site_typed(&self, typed: &str) -> Option<&Site> {
        let typed = typed.trim();
        self.sites
            .iter()
            .find(|site| site.code.eq_ignore_ascii_case(typed))
    }

    /// The sites in an area: in a community, or in a township with its communities.
    pub fn sites_in(&self, area: &str) -> impl Iterator<Item = &Site> {
        self.sites.iter().filter(move |site| {
            site.area == area
                || self
                    .township_of(&site.area)
                    .is_some_and(|township| township.code == area)
        })
    }

    /// The name of a township or community.
    pub fn area_called(&self, code: &str) -> Option<&Text> {
        self.areas
            .iter()
            .flat_map(|township| std::iter::once(township).chain(&township.communities))
            .find(|area| area.code == code)
            .map(|area| &area.name)
    }

    /// The wave that is running on `day` of the campaign. Before the first begins, it is the first.
    pub fn wave_on(&self, day: i64) -> Option<&Wave> {
        self.waves
            .iter()
            .rfind(|wave| i64::from(wave.from_day) <= day)
            .or_else(|| self.waves.first())
    }

    /// The wave to which a response belongs, all times in milliseconds since the Unix epoch:
    /// the one in which it was begun, if the phone's clock can be believed (no more than seven
    /// days before it arrived, no more than five minutes after); otherwise the one in which it
    /// arrived. Both times are kept, so that the choice can be examined.
    pub fn wave_of(&self, day_zero: i64, started_at: i64, received_at: i64) -> Option<&Wave> {
        let age = received_at.saturating_sub(started_at);
        let at = if (-CLOCK_SKEW_MS..=OFFLINE_MS).contains(&age) {
            started_at
        } else {
            received_at
        };
        self.wave_on(at.saturating_sub(day_zero).div_euclid(DAY_MS))
    }
}
