//! Estimates from tallies equal those from microdata, variance included.
#![allow(
    clippy::unwrap_used,
    reason = "what cannot be built must fail the test"
)]

use proptest::prelude::*;
use stats::design::{
    Design, Estimate, Estimator, Influence, Layout, LonelyPsu, Quantity as MicroQuantity,
};
use stats::tally::{
    CellKey, Drawn, Frame, Moments, Quantity, Sample, Scope, Table, Term, Units, Within,
};
use stats::weights::{Bounds, Distance, Margin, Method, Weighting};

/// One answer: where it was drawn, who gave it, and two indicators (d, y).
#[derive(Debug, Clone)]
struct Answer {
    stratum: u32,
    psu: u32,
    /// Drawn within the PSU, in designs of several stages.
    inner: u32,
    domain: u32,
    /// sex × age, 2 × 3.
    cell: u32,
    values: [i64; 4],
}

#[derive(Debug, Clone)]
struct Survey {
    answers: Vec<Answer>,
    units: Units,
    /// What was drawn inside the first stage's clusters.
    inside: Inside,
    /// By stratum.
    weights: Vec<f64>,
    fractions: Vec<f64>,
    lonely: LonelyPsu,
    method: Option<Method>,
}

/// The stages inside the first.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Inside {
    clusters: bool,
    persons: bool,
}

impl Inside {
    /// The fraction of clusters drawn within a PSU, which varies between PSUs.
    fn of_clusters(stratum: u32, psu: u32) -> f64 {
        0.9 - 0.1 * f64::from(stratum) - 0.15 * f64::from(psu)
    }

    /// The fraction of persons drawn within the innermost cluster.
    fn of_persons(self, stratum: u32, psu: u32, inner: u32) -> f64 {
        let inner = if self.clusters { inner } else { 0 };
        0.05 + 0.1 * f64::from(stratum) + 0.07 * f64::from(psu) + 0.2 * f64::from(inner)
    }
}

const STRATA: u32 = 4;

fn answer() -> impl Strategy<Value = Answer> {
    let place = (0..STRATA, 0_u32..3, 0_u32..2, 0_u32..3, 0_u32..6);
    let values = (any::<bool>(), any::<bool>(), any::<bool>(), 0_i64..=100);
    (place, values).prop_map(
        |((stratum, psu, inner, domain, cell), (d1, y1, d2, y2))| Answer {
            stratum,
            psu,
            inner,
            domain,
            cell,
            values: [
                i64::from(d1),
                i64::from(d1 && y1),
                i64::from(d2),
                if d2 { y2 } else { 0 },
            ],
        },
    )
}

fn survey() -> impl Strategy<Value = Survey> {
    let weights = proptest::collection::vec(1.0_f64..50.0, STRATA as usize);
    let fractions = prop_oneof![
        Just(vec![0.0; STRATA as usize]),
        proptest::collection::vec(0.05_f64..0.9, STRATA as usize),
    ];
    let lonely = prop_oneof![
        Just(LonelyPsu::Remove),
        Just(LonelyPsu::Adjust),
        Just(LonelyPsu::Average),
    ];
    let bounds = Bounds::new(0.2, 5.0).unwrap();
    let method = prop_oneof![
        Just(None),
        Just(Some(Method::Rake)),
        Just(Some(Method::Calibrate(Distance::Linear(Bounds::NONE)))),
        Just(Some(Method::Calibrate(Distance::Logit(bounds)))),
    ];
    let units = prop_oneof![Just(Units::Persons), Just(Units::Clusters)];
    let answers = proptest::collection::vec(answer(), 40..150);
    let inside = (any::<bool>(), any::<bool>());
    (answers, (units, inside), weights, fractions, lonely, method).prop_map(
        |(mut answers, (units, inside), weights, fractions, lonely, method)| {
            // A microdata design sees strata in the order of their code.
            answers.sort_by_key(|a| a.stratum);
            let several = units == Units::Clusters;
            let inside = Inside {
                clusters: several && inside.0,
                persons: several && inside.1,
            };
            Survey {
                answers,
                units,
                inside,
                weights,
                fractions,
                lonely,
                method,
            }
        },
    )
}

fn margins() -> Vec<Margin> {
    vec![
        Margin {
            level_of_cell: (0..6).map(|cell| cell / 3).collect(),
            totals: vec![520.0, 480.0],
        },
        Margin {
            level_of_cell: (0..6).map(|cell| cell % 3).collect(),
            totals: vec![300.0, 400.0, 300.0],
        },
    ]
}

impl Survey {
    fn table(&self, from: usize, to: usize) -> Table {
        let mut table = Table::new(&[4]);
        for answer in &self.answers[from..to] {
            let mut tally = Moments::new(4);
            tally.add(&answer.values).unwrap();
            table.add(answer.key(), 0, tally.view()).unwrap();
        }
        table
    }

    fn weight(&self, key: &CellKey) -> f64 {
        self.weights[key.stratum as usize]
    }

    fn design(&self) -> Result<Design, stats::Error> {
        let strata: Vec<u32> = self.answers.iter().map(|a| a.stratum).collect();
        let psus: Vec<u32> = self.answers.iter().map(|a| a.psu).collect();
        let fractions: Vec<f64> = self
            .answers
            .iter()
            .map(|a| self.fractions[a.stratum as usize])
            .collect();
        let of_answers = |value: &dyn Fn(&Answer) -> f64| -> Vec<f64> {
            self.answers.iter().map(value).collect()
        };
        let inner: Vec<u32> = self.answers.iter().map(|a| a.inner).collect();
        let persons: Vec<u32> = (0..self.answers.len() as u32).collect();
        let of_clusters = of_answers(&|a| Inside::of_clusters(a.stratum, a.psu));
        let of_persons = of_answers(&|a| self.inside.of_persons(a.stratum, a.psu, a.inner));
        let mut clusters = vec![psus.as_slice()];
        let mut corrections = vec![fractions.as_slice()];
        if self.inside.clusters {
            clusters.push(&inner);
            corrections.push(&of_clusters);
        }
        if self.inside.persons {
            clusters.push(&persons);
            corrections.push(&of_persons);
        }
        Design::new(&Layout {
            rows: self.answers.len(),
            strata: Some(&strata),
            clusters: if self.units == Units::Clusters {
                &clusters
            } else {
                &[]
            },
            corrections: if self.fractions[0] > 0.0 {
                &corrections
            } else {
                &[]
            },
            lonely_psu: self.lonely,
        })
    }

    fn weighting(&self) -> Result<Weighting, stats::Error> {
        let base = self
            .answers
            .iter()
            .map(|a| self.weights[a.stratum as usize]);
        let mut weighting = Weighting::new(base.collect())?;
        if let Some(method) = self.method {
            // Weighting cells without gaps, as they occur.
            let mut held: Vec<u32> = self.answers.iter().map(|a| a.cell).collect();
            held.sort_unstable();
            held.dedup();
            let cells = self
                .answers
                .iter()
                .map(|a| held.binary_search(&a.cell).unwrap() as u32);
            let margins: Vec<Margin> = margins()
                .into_iter()
                .map(|margin| Margin {
                    level_of_cell: held
                        .iter()
                        .map(|&c| margin.level_of_cell[c as usize])
                        .collect(),
                    totals: margin.totals,
                })
                .collect();
            weighting.calibrate(method, cells.collect(), &margins)?;
        }
        Ok(weighting)
    }
}

impl Answer {
    fn key(&self) -> CellKey {
        CellKey {
            domain: self.domain,
            stratum: self.stratum,
            psu: self.psu,
            inner: self.inner,
            weighting: self.cell,
        }
    }
}

fn close(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-10 * (a.abs().max(b.abs()) + scale) || (a.is_nan() && b.is_nan())
}

fn same(tally: &Estimate, micro: &Estimate, what: &str) -> Result<(), TestCaseError> {
    prop_assert!(
        close(tally.value, micro.value, 0.0),
        "{what}: {} {}",
        tally.value,
        micro.value
    );
    let (a, b) = (tally.variance, micro.variance);
    let scale = 1e-3 * micro.value * micro.value;
    prop_assert!(close(a, b, scale), "{what}: variance {a} {b}");
    prop_assert_eq!(tally.df, micro.df, "{}", what);
    prop_assert_eq!(tally.n, micro.n, "{}", what);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn estimates_agree(survey in survey()) {
        let table = survey.table(0, survey.answers.len());
        let weight = |key: &CellKey| survey.weight(key);
        let fraction = |stratum: u32| survey.fractions[stratum as usize];
        let of_persons = |key: &CellKey| survey.inside.of_persons(key.stratum, key.psu, key.inner);
        let mut further = Vec::new();
        if survey.inside.clusters {
            further.push(Within {
                units: Drawn::Clusters(&|key| key.inner),
                fraction: &|key| Inside::of_clusters(key.stratum, key.psu),
            });
        }
        if survey.inside.persons {
            further.push(Within { units: Drawn::Persons, fraction: &of_persons });
        }
        let frame = Frame {
            units: survey.units,
            weight: &weight,
            fraction: &fraction,
            further: &further,
            lonely_psu: survey.lonely,
        };
        let tallied = Sample::new(&table, &frame).and_then(|mut sample| {
            if let Some(method) = survey.method {
                sample.calibrate(method, &margins())?;
            }
            Ok(sample)
        });
        let micro = survey.design().and_then(|d| Ok((d, survey.weighting()?)));
        let (sample, (design, weighting)) = match (tallied, micro) {
            (Ok(sample), Ok(micro)) => (sample, micro),
            (a, b) => {
                prop_assert!(a.is_err() && b.is_err(), "{:?} {:?}", a.err(), b.err());
                return Ok(());
            }
        };
        let column = |mark: usize, value: usize| -> Vec<f64> {
            let of = |a: &Answer| if a.values[mark] == 1 { a.values[value] as f64 } else { f64::NAN };
            survey.answers.iter().map(of).collect()
        };
        let (first, second) = (column(0, 1), column(2, 3));
        let total: Vec<f64> = survey.answers.iter().map(|a| a.values[3] as f64).collect();
        let mut estimator = Estimator::new(&design, &weighting).unwrap();
        let rows = |domain: Option<u32>| -> Vec<u32> {
            let inside = |row: &u32| domain.is_none_or(|d| survey.answers[*row as usize].domain == d);
            (0..survey.answers.len() as u32).filter(inside).collect()
        };
        let rate = |block_start: usize| Quantity::Ratio {
            block: 0,
            numerator: block_start + 1,
            denominator: block_start,
        };
        for domain in [None, Some(0), Some(1), Some(2)] {
            let list: Vec<u32> = domain.into_iter().collect();
            let scope = if list.is_empty() { Scope::Everyone } else { Scope::Domains(&list) };
            for (quantity, micro) in [
                (rate(0), MicroQuantity::Mean(&first)),
                (rate(2), MicroQuantity::Mean(&second)),
                (Quantity::Total { block: 0, variable: 3 }, MicroQuantity::Total(&total)),
                (Quantity::Mean { block: 0, variable: 3 }, MicroQuantity::Mean(&total)),
            ] {
                let expected = estimator.estimate(micro, &rows(domain)).estimate;
                match sample.estimate(quantity, scope) {
                    Ok(got) => {
                        same(&got, &expected, &format!("{quantity:?} {scope:?}"))?;
                        let (a, b) = (got.effective_n(), expected.effective_n());
                        let degenerate = expected.variance < 1e-12 * expected.value.powi(2);
                        prop_assert!(degenerate || (a - b).abs() <= 1e-6 * b.abs() || (a.is_nan() && b.is_nan()), "{a} {b}");
                    }
                    Err(_) => prop_assert_eq!(expected.n, 0),
                }
            }
        }
        // A composite index, and its difference between two domains.
        let pairs = [
            (0.3, rate(0), MicroQuantity::Mean(&first)),
            (0.007, rate(2), MicroQuantity::Mean(&second)),
        ];
        let mut terms = Vec::new();
        let mut influences = Vec::new();
        let mut value = 0.0;
        for (sign, domain) in [(1.0, &[0_u32]), (-1.0, &[1])] {
            for (a, quantity, micro) in pairs {
                let part = estimator.estimate(micro, &rows(Some(domain[0])));
                if part.estimate.n == 0 {
                    return Ok(());
                }
                value += sign * a * part.estimate.value;
                influences.push((sign * a, part.influence));
                terms.push(Term { coefficient: sign * a, quantity, scope: Scope::Domains(domain) });
            }
        }
        let parts: Vec<(f64, &Influence)> = influences.iter().map(|(a, i)| (*a, i)).collect();
        let expected = design.variance(&Influence::combine(&parts));
        let got = sample.combine(&terms).unwrap();
        prop_assert!((got.value - value).abs() < 1e-10 * (1.0 + value.abs()));
        prop_assert!(close(got.variance, expected, 1e-3), "index {} {expected}", got.variance);
    }

    #[test]
    fn tables_split_merge_and_subtract_in_any_order(survey in survey(), cut in 0_usize..150) {
        let all = survey.answers.len();
        let cut = cut.min(all);
        let (first, second, whole) = (survey.table(0, cut), survey.table(cut, all), survey.table(0, all));
        let mut merged = second.clone();
        merged.merge(&first).unwrap();
        for (row, key) in whole.keys().iter().enumerate() {
            let other = merged.keys().iter().position(|k| k == key).unwrap();
            prop_assert_eq!(whole.tally(row, 0).unwrap().packed(), merged.tally(other, 0).unwrap().packed());
        }
        merged.subtract(&whole).unwrap();
        let left = (0..merged.keys().len()).all(|row| {
            merged.tally(row, 0).unwrap().packed().iter().all(|&entry| entry == 0)
        });
        prop_assert!(left);
    }
}
