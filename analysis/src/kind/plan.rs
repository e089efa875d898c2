//! `wendu plan`: how many persons to ask, by the method's name.

use super::unknown_method;
use crate::request::{default_level, reply, sides};
use crate::{Error, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stats::planning::proportion::{self, FinitePopulation};
use stats::planning::two_proportions::{self, Test, Waves};
use stats::planning::{allocation, cluster_design_effect, invitations, whole};
use stats::{Level, Sides};

const KNOWN: &[&str] = &[
    "proportion_wald",
    "proportion_wald_fpc_deff",
    "inflate_for_response_rate",
    "wilson_width",
    "wilson_lower_reaches",
    "two_proportion_n_per_group",
    "two_proportion_arcsine_n_per_group",
    "two_proportion_power",
    "n_per_wave_to_detect_change",
    "proportional",
    "neyman",
    "optimal_cost",
    "kish_cluster_deff",
];

pub(super) fn answer(request: &Request) -> Result<Map<String, Value>, Error> {
    match request.method()? {
        "proportion_wald" => size(request, |i| proportion::wald(i.p, i.margin, i.conf_level)),
        "wilson_width" => size(request, |i| {
            proportion::wilson_width(i.p, i.margin, i.conf_level)
        }),
        "proportion_wald_fpc_deff" => finite_population(request),
        "inflate_for_response_rate" => {
            let inputs: HalfWidth = request.inputs()?;
            let n = whole(proportion::wald(
                inputs.p,
                inputs.margin,
                inputs.conf_level,
            )?)?;
            let rate = inputs
                .field
                .response_rate
                .ok_or(Error::Missing("response_rate"))?;
            reply(json!({ "invites": invitations(n, rate)? }))
        }
        "wilson_lower_reaches" => threshold(request),
        "two_proportion_n_per_group" => {
            let inputs: Compared = request.inputs()?;
            let power = inputs.power()?;
            sized(two_proportions::size(
                inputs.p1,
                inputs.p2,
                power,
                inputs.test(),
            )?)
        }
        "two_proportion_arcsine_n_per_group" => arcsine(request),
        "two_proportion_power" => power(request),
        "n_per_wave_to_detect_change" => waves(request),
        "proportional" => allocate(request, |i| allocation::proportional(&i.sizes, i.n)),
        "neyman" => allocate(request, |i| {
            allocation::neyman(&i.sizes, &i.deviations, i.n)
        }),
        "optimal_cost" => allocate(request, |i| {
            allocation::optimal_cost(&i.sizes, &i.deviations, &i.cost, i.n)
        }),
        "kish_cluster_deff" => {
            #[derive(Deserialize)]
            struct Inputs {
                m: f64,
                rho: f64,
            }
            let Inputs { m, rho } = request.inputs()?;
            reply(json!({ "deff": cluster_design_effect(m, rho)? }))
        }
        other => Err(unknown_method("method of planning", other, KNOWN)),
    }
}

/// What turns the size of a simple random sample into that of a survey in the field.
#[derive(Deserialize)]
struct Field {
    deff: Option<f64>,
    #[serde(rename = "N", alias = "population")]
    population: Option<f64>,
    response_rate: Option<f64>,
}

impl Field {
    /// The sizes: design effect first, then the finite population, then non-response.
    fn sizes(&self, simple: f64) -> Result<Map<String, Value>, Error> {
        let mut n = simple;
        if let Some(deff) = self.deff {
            n = proportion::with_design_effect(n, deff)?;
        }
        if let Some(population) = self.population {
            n = proportion::with_finite_population(n, population, FinitePopulation::Cochran)?;
        }
        let mut sizes = sized(n)?;
        if let Some(rate) = self.response_rate {
            sizes.insert("invites".to_owned(), invitations(whole(n)?, rate)?.into());
        }
        Ok(sizes)
    }
}

/// A size and its whole number.
fn sized(n: f64) -> Result<Map<String, Value>, Error> {
    reply(json!({ "n_real": n, "n": whole(n)? }))
}

#[derive(Deserialize)]
struct HalfWidth {
    p: f64,
    #[serde(alias = "half_width")]
    margin: f64,
    #[serde(alias = "level", default = "default_level")]
    conf_level: Level,
    #[serde(flatten)]
    field: Field,
}

fn size(
    request: &Request,
    simple: impl Fn(&HalfWidth) -> Result<f64, stats::Error>,
) -> Result<Map<String, Value>, Error> {
    let inputs: HalfWidth = request.inputs()?;
    inputs.field.sizes(simple(&inputs)?)
}

/// Both forms of the finite population correction, so that a plan can say which it uses.
fn finite_population(request: &Request) -> Result<Map<String, Value>, Error> {
    let inputs: HalfWidth = request.inputs()?;
    let simple = proportion::wald(inputs.p, inputs.margin, inputs.conf_level)?;
    let n = proportion::with_design_effect(simple, inputs.field.deff.unwrap_or(1.0))?;
    let population = inputs.field.population.ok_or(Error::Missing("N"))?;
    let corrected = |form| proportion::with_finite_population(n, population, form);
    let cochran = corrected(FinitePopulation::Cochran)?;
    let simple = corrected(FinitePopulation::Simple)?;
    reply(json!({
        "n_real_cochran": cochran,
        "n_cochran": whole(cochran)?,
        "n_real_simple": simple,
        "n_simple": whole(simple)?,
    }))
}

fn threshold(request: &Request) -> Result<Map<String, Value>, Error> {
    #[derive(Deserialize)]
    struct Inputs {
        p: f64,
        threshold: f64,
        #[serde(alias = "level", default = "default_level")]
        conf_level: Level,
        #[serde(default, deserialize_with = "sides")]
        sides: Sides,
        #[serde(flatten)]
        field: Field,
    }
    let i: Inputs = request.inputs()?;
    i.field.sizes(proportion::wilson_lower_reaches(
        i.p,
        i.threshold,
        i.conf_level,
        i.sides,
    )?)
}

fn yes() -> bool {
    true
}

fn five_percent() -> f64 {
    0.05
}

/// Two proportions to be told apart.
#[derive(Deserialize)]
struct Compared {
    p1: f64,
    p2: f64,
    power: Option<f64>,
    #[serde(alias = "n")]
    n_per_group: Option<f64>,
    #[serde(default = "five_percent")]
    alpha: f64,
    #[serde(default = "yes")]
    two_sided: bool,
    strict: Option<bool>,
    #[serde(default)]
    overlap: f64,
    #[serde(default)]
    corr: f64,
}

impl Compared {
    fn power(&self) -> Result<f64, Error> {
        self.power.ok_or(Error::Missing("power"))
    }

    fn test(&self) -> Test {
        Test {
            alpha: self.alpha,
            two_sided: self.two_sided,
            strict: self.strict.unwrap_or(false),
        }
    }

    /// The test where the wrong direction counts unless it is said not to.
    fn strict_test(&self) -> Test {
        Test {
            strict: self.strict.unwrap_or(true),
            ..self.test()
        }
    }
}

fn arcsine(request: &Request) -> Result<Map<String, Value>, Error> {
    let inputs: Compared = request.inputs()?;
    let (p1, p2) = (inputs.p1, inputs.p2);
    let n = two_proportions::arcsine_size(p1, p2, inputs.power()?, inputs.strict_test())?;
    let h = two_proportions::effect_size(p1, p2)?;
    reply(json!({ "h": h, "n_real": n, "n": whole(n)? }))
}

fn power(request: &Request) -> Result<Map<String, Value>, Error> {
    let inputs: Compared = request.inputs()?;
    let n = inputs.n_per_group.ok_or(Error::Missing("n_per_group"))?;
    let power = two_proportions::power(inputs.p1, inputs.p2, n, inputs.strict_test())?;
    reply(json!({ "power": power }))
}

fn waves(request: &Request) -> Result<Map<String, Value>, Error> {
    let inputs: Compared = request.inputs()?;
    let waves = Waves {
        p1: inputs.p1,
        p2: inputs.p2,
        overlap: inputs.overlap,
        correlation: inputs.corr,
    };
    sized(two_proportions::size_per_wave(
        waves,
        inputs.power()?,
        inputs.alpha,
    )?)
}

#[derive(Deserialize)]
struct Strata {
    #[serde(rename = "N")]
    sizes: Vec<f64>,
    #[serde(rename = "S", default)]
    deviations: Vec<f64>,
    #[serde(default)]
    cost: Vec<f64>,
    n: f64,
}

fn allocate(
    request: &Request,
    divide: impl Fn(&Strata) -> Result<Vec<f64>, stats::Error>,
) -> Result<Map<String, Value>, Error> {
    let strata: Strata = request.inputs()?;
    reply(json!({ "n_real": divide(&strata)? }))
}
