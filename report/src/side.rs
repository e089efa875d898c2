//! Two sides beside each other, and two waves after each other.

use crate::gap::{self, Gap, GapRow};
use crate::picture::{Breakdown, Change, Error, Request, Row, Source};
use crate::rows::rows;
use crate::temperature::METHOD;
use crate::weighting::{Weigh, Weighting};
use stats::difference;
use survey::{Campaign, Questionnaire};

/// The rows of society and its gap to the government.
pub(crate) struct Side {
    pub rows: Vec<Row>,
    pub weighting: Weighting,
    pub gap: Option<Gap>,
}

/// The rows that are asked for, beside the government's if it was asked too.
pub(crate) fn side(
    campaign: &Campaign,
    society: &Source<'_>,
    government: Option<&Source<'_>>,
    request: &Request,
) -> Result<Side, Error> {
    let (rows, weighting) = rows(campaign, society, request)?;
    let gap = match government {
        Some(government) => {
            let society_rows = (rows.as_slice(), weighting.is_raked());
            gap_rows(
                campaign,
                government,
                society.questionnaire,
                society_rows,
                request,
            )?
        }
        None => None,
    };
    Ok(Side {
        rows,
        weighting,
        gap,
    })
}

fn gap_rows(
    campaign: &Campaign,
    government: &Source<'_>,
    society: &Questionnaire,
    (society_rows, society_weighted): (&[Row], bool),
    request: &Request,
) -> Result<Option<Gap>, Error> {
    // Both sides know areas, waves and modes; a breakdown item may be society's alone.
    let shared = match &request.by {
        Breakdown::Item(id) if !government.questionnaire.breakdowns.contains(id) => Breakdown::None,
        by => by.clone(),
    };
    let request = Request {
        by: shared,
        ..request.clone()
    };
    let (government_rows, weighting) = rows(campaign, government, &request)?;
    if government_rows.first().is_none_or(|whole| whole.n == 0) {
        return Ok(None);
    }
    let rows: Vec<GapRow> = society_rows
        .iter()
        .filter_map(|row| {
            let other = government_rows
                .iter()
                .find(|other| other.code == row.code)?;
            Some(gap::row(other, row, request.level))
        })
        .collect();
    let weighted = society_weighted || weighting.is_raked();
    Ok(Some(Gap {
        government: government.questionnaire.id.clone(),
        society: society.id.clone(),
        method: if weighted {
            METHOD.to_owned()
        } else {
            difference::Method::Newcombe.name().to_owned()
        },
        weighting,
        rows,
    }))
}

/// What has changed since the wave before, if one was asked for and one before it has answers.
pub(crate) fn change(
    campaign: &Campaign,
    society: &Source<'_>,
    government: Option<&Source<'_>>,
    request: &Request,
    now: &Side,
) -> Result<Option<Change>, Error> {
    let before = campaign
        .waves
        .iter()
        .take_while(|wave| request.wave.as_ref().is_some_and(|id| wave.id != *id))
        .filter(|wave| society.tallies.iter().any(|t| t.cell.wave == wave.id))
        .last();
    let (Some(before), Some(_)) = (before, &request.wave) else {
        return Ok(None);
    };
    let whole = |wave: &Option<String>, weigh: Weigh| {
        let request = Request {
            wave: wave.clone(),
            by: Breakdown::None,
            weigh,
            ..request.clone()
        };
        side(campaign, society, government, &request)
    };
    let earlier = Some(before.id.clone());
    let mut then = whole(&earlier, request.weigh)?;
    let plain;
    let now = if now.is_weighted_as(&then) {
        now
    } else {
        then = whole(&earlier, Weigh::Unweighted)?;
        plain = whole(&request.wave, Weigh::Unweighted)?;
        &plain
    };
    let (Some(whole_now), Some(whole_then)) = (now.rows.first(), then.rows.first()) else {
        return Ok(None);
    };
    let overall = |side: &Side| side.gap.as_ref()?.rows.first()?.temperature.clone();
    Ok(Some(Change {
        since: before.id.clone(),
        since_name: before.name.clone(),
        temperature: gap::between(
            whole_now.temperature.estimate.as_ref(),
            whole_then.temperature.estimate.as_ref(),
        ),
        gap: gap::between(overall(now).as_ref(), overall(&then).as_ref()),
        rates: whole_now
            .rates
            .iter()
            .zip(&whole_then.rates)
            .map(|(now, then)| gap::between_rates(now, then, request.level))
            .collect(),
        weighted: now.weighting.is_raked(),
    }))
}

impl Side {
    /// Whether the same of its parts are weighted.
    fn is_weighted_as(&self, other: &Side) -> bool {
        let government = |side: &Side| side.gap.as_ref().map(|gap| gap.weighting.is_raked());
        let same = match (government(self), government(other)) {
            (Some(a), Some(b)) => a == b,
            // There is no change of the gap to spoil.
            _ => true,
        };
        same && self.weighting.is_raked() == other.weighting.is_raked()
    }
}
