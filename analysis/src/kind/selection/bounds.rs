//! What counts alone say about selection.

use crate::kind::columns::Columns;
use crate::request::{Count, default_level, reply};
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stats::Level;
use stats::selection::{
    Nonresponse, contamination_bounds, defect, fake_yes_needed, repeated_looks,
};

/// The population's values and who was selected, as lists or as columns of a CSV text.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected y and r (1 for selected) as lists, or csv with columns of these names"
)]
enum Population {
    Csv {
        csv: String,
        #[serde(default = "y")]
        y: String,
        #[serde(default = "r")]
        r: String,
    },
    Listed {
        y: Vec<f64>,
        r: Vec<f64>,
    },
}

fn y() -> String {
    "y".to_owned()
}

fn r() -> String {
    "r".to_owned()
}

pub(super) fn defect(request: &Request) -> Result<Map<String, Value>, Error> {
    let (y, r) = match request.settings()? {
        Population::Csv { csv, y, r } => {
            let table = Columns::read(&csv)?;
            (table.numbers(&y)?, table.numbers(&r)?)
        }
        Population::Listed { y, r } => (y, r),
    };
    let selected: Vec<bool> = r.iter().map(|&r| r == 1.0).collect();
    let found = defect::from_population(&y, &selected)?;
    reply(json!({
        "n": found.n,
        "N": found.population,
        "f": found.fraction,
        "error": found.error,
        "ddc_rho": found.correlation,
        "sigma_Y_population_ddof0": found.sigma,
        "rhs": found.product,
        "n_eff_meng": found.effective_n,
        "n_eff_exact_srs_equiv": found.effective_n_finite,
    }))
}

pub(super) fn bias(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        rho: f64,
        n: Count,
        #[serde(rename = "N", alias = "population")]
        population: Count,
        p_for_sigma: Option<f64>,
        sigma: Option<f64>,
    }
    let i: Inputs = request.settings()?;
    let sigma = match (i.sigma, i.p_for_sigma) {
        (Some(sigma), _) => sigma,
        (None, Some(p)) => (p * (1.0 - p)).sqrt(),
        (None, None) => return Err(Error::Missing("sigma")),
    };
    let found = defect::from_correlation(i.rho, i.n.0, i.population.0, sigma)?;
    reply(json!({
        "bias": found.bias,
        "n_eff": found.effective_n,
        "n_eff_exact_srs_equiv": found.effective_n_finite,
    }))
}

#[derive(Deserialize)]
struct Asked {
    yes: Count,
    respondents: Count,
    invited: Count,
}

impl Asked {
    fn nonresponse(&self) -> Result<Nonresponse, Error> {
        Ok(Nonresponse::new(
            self.yes.0,
            self.respondents.0,
            self.invited.0,
        )?)
    }
}

pub(super) fn manski(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        #[serde(flatten)]
        asked: Asked,
        #[serde(alias = "level", default = "default_level")]
        conf_level: Level,
    }
    let Inputs { asked, conf_level } = request.settings()?;
    let found = asked.nonresponse()?.manski(conf_level)?;
    reply(json!({
        "lower": found.bounds.lower,
        "upper": found.bounds.upper,
        "width": found.width,
        "imbens_manski_c": found.critical,
        "ci_lower": found.interval.lower,
        "ci_upper": found.interval.upper,
        "level": conf_level,
    }))
}

pub(super) fn delta(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        #[serde(flatten)]
        asked: Asked,
        delta_min: f64,
        delta_max: f64,
    }
    let i: Inputs = request.settings()?;
    reply(
        i.asked
            .nonresponse()?
            .delta_bounded(i.delta_min, i.delta_max)?,
    )
}

pub(super) fn contamination(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        yes: Count,
        n: Count,
        epsilon: f64,
    }
    let i: Inputs = request.settings()?;
    let found = contamination_bounds(i.yes.0, i.n.0, i.epsilon)?;
    reply(json!({
        "contaminated_lower": found.genuine.lower,
        "contaminated_upper": found.genuine.upper,
        "corrupted_lower": found.everyone.lower,
        "corrupted_upper": found.everyone.upper,
        "all_bogus_say_yes": found.genuine.lower,
        "all_bogus_say_no": found.genuine.upper,
    }))
}

pub(super) fn fakes(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        yes: Count,
        n: Count,
        shift: f64,
    }
    let i: Inputs = request.settings()?;
    reply(json!({ "fakes": fake_yes_needed(i.yes.0, i.n.0, i.shift)? }))
}

/// How often an interval for one look misses when looked at repeatedly.
pub(crate) fn repeated(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        #[serde(default = "five_percent_two_sided")]
        z: f64,
        looks: Vec<Count>,
    }
    let Inputs { z, looks } = request.settings()?;
    let most = looks.iter().map(|look| look.0).max().unwrap_or(0);
    let rejected = repeated_looks(z, usize::try_from(most).unwrap_or(usize::MAX))?;
    let at = |look: &Count| match look.0.checked_sub(1) {
        Some(index) => Ok(rejected.get(index as usize).copied()),
        None => Err(Error::Inputs("looks are counted from 1".to_owned())),
    };
    let type1 = looks.iter().map(at).collect::<Result<Vec<_>, _>>()?;
    reply(json!({ "type1": type1 }))
}

fn five_percent_two_sided() -> f64 {
    1.959_963_984_540_054
}
