//! The rows of a picture: which there are, what is tallied in each, and what that says.

use crate::cell::{CellTally, group_value};
use crate::cells::Cells;
use crate::picture::{Breakdown, Error, Request, Row, Source};
use crate::raked::{self, Weighted};
use crate::weighting::{Raked, Reason, Weigh, Weighting};
use crate::{rates, temperature};
use stats::tally::{Moments, Scope};
use std::collections::BTreeMap;
use survey::{Campaign, Questionnaire, Text};

/// The tallies that a request is about.
pub(crate) fn selected<'a>(
    source: &Source<'a>,
    request: &Request,
) -> impl Iterator<Item = &'a CellTally> {
    let wave = request.wave.clone();
    source
        .tallies
        .iter()
        .filter(move |tally| wave.as_ref().is_none_or(|wave| tally.cell.wave == *wave))
        .filter(|tally| !tally.moments.is_zero())
}

/// The rows of one source: the whole, then the breakdown in the campaign's or the
/// questionnaire's order, then what is not known, if anything is. Weighted if that is asked for
/// and can be done.
pub(crate) fn rows(
    campaign: &Campaign,
    source: &Source<'_>,
    request: &Request,
) -> Result<(Vec<Row>, Weighting), Error> {
    let questionnaire = source.questionnaire;
    let mut cells = match request.weigh {
        Weigh::Raked => Cells::new(campaign, questionnaire),
        Weigh::Unweighted => None,
    };
    let mut labels = labels(campaign, questionnaire, &request.by)?;
    let empty = Moments::new(2 * questionnaire.indicators.len());
    let mut whole = empty.clone();
    let mut parts: BTreeMap<String, Moments> = BTreeMap::new();
    for tally in selected(source, request) {
        let moments = projected(source, tally)?;
        let damaged = |_| damaged(questionnaire, tally.version);
        whole.merge(&moments).map_err(damaged)?;
        let code = part(campaign, questionnaire, &request.by, tally);
        if let Some(cells) = &mut cells {
            cells.add(tally, &moments, &code).map_err(damaged)?;
        }
        if request.by != Breakdown::None {
            let part = parts.entry(code).or_insert_with(|| empty.clone());
            part.merge(&moments).map_err(damaged)?;
        }
    }
    for code in parts.keys() {
        if !labels.iter().any(|(known, _)| known == code) {
            labels.push((code.clone(), unknown_label(code)));
        }
    }
    let temperature_parts = temperature_parts(campaign, questionnaire);
    let row = |code: Option<String>, name: Text, moments: &Moments| Row {
        code,
        name,
        unweighted: None,
        n: rates::count(moments.count()),
        rates: questionnaire
            .indicators
            .iter()
            .enumerate()
            .map(|(i, indicator)| {
                rates::rate(&indicator.key, moments, i, request.level, request.method)
            })
            .collect(),
        temperature: temperature::temperature(
            moments,
            &temperature_parts,
            request.level,
            request.method,
        ),
    };
    let mut rows = vec![row(None, campaign.area_name.clone(), &whole)];
    rows.extend(labels.into_iter().map(|(code, name)| {
        let moments = parts.get(&code).unwrap_or(&empty);
        row(Some(code), name, moments)
    }));
    let weighting = match weigh(cells.as_ref(), request, &temperature_parts, &mut rows) {
        Ok(raked) => Weighting::Raked(raked),
        Err(reason) => Weighting::Unweighted { reason },
    };
    if request.by == Breakdown::Wave && weighting.is_raked() {
        each_wave_by_itself(campaign, source, request, &mut rows)?;
    }
    Ok((rows, weighting))
}

/// Puts weighted estimates into the rows: all of them, or none.
fn weigh(
    cells: Option<&Cells<'_>>,
    request: &Request,
    temperature_parts: &[(usize, f64)],
    rows: &mut [Row],
) -> Result<Raked, Reason> {
    if request.weigh == Weigh::Unweighted {
        return Err(Reason::asked());
    }
    let cells = cells.ok_or_else(Reason::no_totals)?;
    let form = raked::form(request.method)
        .ok_or_else(|| Reason::method(request.method.name(), &raked::forms()))?;
    let (sample, described) = cells.rake()?;
    let weighted = Weighted {
        sample: &sample,
        form,
        level: request.level,
    };
    for row in rows {
        let domain = match &row.code {
            None => None,
            Some(code) => match cells.domain(code) {
                Some(domain) => Some([domain]),
                // Nobody: its estimates say so already.
                None => continue,
            },
        };
        let scope = domain
            .as_ref()
            .map_or(Scope::Everyone, |domain| Scope::Domains(domain));
        for (index, rate) in row.rates.iter_mut().enumerate() {
            weighted.rate(rate, index, scope);
        }
        row.temperature = weighted.temperature(row.n, &row.rates, temperature_parts, scope);
    }
    Ok(described)
}

/// Each wave stands for the population, so each is raked by itself; together they are one
/// sample. A wave that cannot be raked says so.
fn each_wave_by_itself(
    campaign: &Campaign,
    source: &Source<'_>,
    request: &Request,
    rows: &mut [Row],
) -> Result<(), Error> {
    for row in rows {
        let Some(wave) = &row.code else { continue };
        let request = Request {
            wave: Some(wave.clone()),
            by: Breakdown::None,
            ..request.clone()
        };
        let (alone, weighting) = self::rows(campaign, source, &request)?;
        if let Some(alone) = alone.into_iter().next() {
            row.rates = alone.rates;
            row.temperature = alone.temperature;
        }
        if let Weighting::Unweighted { reason } = weighting
            && row.n > 0
        {
            row.unweighted = Some(reason);
        }
    }
    Ok(())
}

fn damaged(questionnaire: &Questionnaire, version: u32) -> Error {
    Error::Tally {
        questionnaire: questionnaire.id.clone(),
        version,
    }
}

/// The tally with the newest version's indicators. An indicator that the older version did not
/// have has no answers there.
fn projected(source: &Source<'_>, tally: &CellTally) -> Result<Moments, Error> {
    let newest = source.questionnaire;
    if tally.version == newest.version {
        return Ok(tally.moments.clone());
    }
    let older = source
        .versions
        .iter()
        .find(|q| q.version == tally.version)
        .ok_or_else(|| damaged(newest, tally.version))?;
    let places: Vec<Option<usize>> = newest
        .indicators
        .iter()
        .map(|i| older.indicators.iter().position(|other| other.key == i.key))
        .flat_map(|place| [place.map(|i| 2 * i), place.map(|i| 2 * i + 1)])
        .collect();
    let old = &tally.moments;
    let mut upper = vec![old.count()];
    upper.extend(places.iter().map(|place| place.map_or(0, |i| old.sum(i))));
    for (row, a) in places.iter().enumerate() {
        upper.extend(places.iter().skip(row).map(|b| match (a, b) {
            (Some(a), Some(b)) => old.product(*a, *b),
            _ => 0,
        }));
    }
    Moments::from_packed(places.len(), upper).map_err(|_| damaged(newest, tally.version))
}

fn temperature_parts(campaign: &Campaign, questionnaire: &Questionnaire) -> Vec<(usize, f64)> {
    let place = |key: &str| questionnaire.indicators.iter().position(|i| i.key == key);
    let parts: Option<Vec<(usize, f64)>> = campaign
        .temperature
        .iter()
        .map(|part| place(&part.indicator).map(|index| (index, part.weight)))
        .collect();
    parts.unwrap_or_default()
}

/// The rows that are there whether or not anyone has answered.
fn labels(
    campaign: &Campaign,
    questionnaire: &Questionnaire,
    by: &Breakdown,
) -> Result<Vec<(String, Text)>, Error> {
    Ok(match by {
        Breakdown::None => Vec::new(),
        Breakdown::Area => campaign
            .areas
            .iter()
            .map(|a| (a.code.clone(), a.name.clone()))
            .collect(),
        Breakdown::Wave => campaign
            .waves
            .iter()
            .map(|w| (w.id.clone(), w.name.clone()))
            .collect(),
        Breakdown::Mode => survey::Mode::ALL
            .iter()
            .map(|mode| (mode.as_str().to_owned(), mode.name()))
            .collect(),
        Breakdown::Item(id) => {
            let item = questionnaire
                .breakdowns
                .contains(id)
                .then(|| questionnaire.item(id))
                .flatten()
                .ok_or_else(|| Error::UnknownBreakdown {
                    given: id.clone(),
                    known: questionnaire
                        .breakdowns
                        .iter()
                        .map(|b| format!(", {b}"))
                        .collect(),
                })?;
            let options = questionnaire.options(item);
            options
                .iter()
                .map(|o| (o.code.clone(), o.text.clone()))
                .collect()
        }
    })
}

fn unknown_label(code: &str) -> Text {
    if code.is_empty() {
        Text {
            chinese: "未知".to_owned(),
            english: "Not known".to_owned(),
        }
    } else {
        Text {
            chinese: code.to_owned(),
            english: code.to_owned(),
        }
    }
}

pub(crate) fn part(
    campaign: &Campaign,
    questionnaire: &Questionnaire,
    by: &Breakdown,
    tally: &CellTally,
) -> String {
    let cell = &tally.cell;
    match by {
        Breakdown::None => String::new(),
        Breakdown::Area => campaign
            .township_of(&cell.area)
            .map_or_else(|| cell.area.clone(), |township| township.code.clone()),
        Breakdown::Wave => cell.wave.clone(),
        Breakdown::Mode => cell.mode.as_str().to_owned(),
        Breakdown::Item(id) => questionnaire
            .breakdowns
            .iter()
            .position(|known| known == id)
            .map_or("", |index| group_value(&cell.group, index))
            .to_owned(),
    }
}
