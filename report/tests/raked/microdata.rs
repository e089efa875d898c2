//! The picture from tallies beside the same from the answers one by one, whatever they are.

use super::*;

/// The answers one by one, weighted by the same totals: answers without a level are a level
/// of their own with their share.
struct Microdata<'a> {
    answers: &'a [Answer],
    design: Design,
    weighting: weights::Weighting,
}

impl<'a> Microdata<'a> {
    fn of(answers: &'a [Answer]) -> Self {
        let campaign = campaign();
        let totals = &campaign.totals[0];
        let people = totals.margins[0].sum() as f64;
        let n = answers.len() as f64;
        let place: [fn(&Answer) -> usize; 3] = [|a| a.township, |a| a.age, |a| a.sex];
        let margins: Vec<weights::Margin> = totals
            .margins
            .iter()
            .zip(place)
            .map(|(margin, place)| {
                let known = margin.totals.len();
                let outside = answers.iter().filter(|a| place(a) >= known).count() as f64;
                // Townships, ages and the two sexes stand in the order of their codes.
                let totals = margin.totals.values();
                let mut totals: Vec<f64> = totals.map(|t| *t as f64 * (n - outside) / n).collect();
                if outside > 0.0 {
                    totals.push(people * outside / n);
                }
                weights::Margin {
                    level_of_cell: answers.iter().map(|a| place(a).min(known) as u32).collect(),
                    totals,
                }
            })
            .collect();
        let rows = answers.len();
        let mut weighting = weights::Weighting::new(vec![people / n; rows]).unwrap();
        let cells = (0..rows as u32).collect();
        weighting.calibrate(Method::Rake, cells, &margins).unwrap();
        Self {
            answers,
            design: Design::new(&Layout {
                rows,
                ..Layout::default()
            })
            .unwrap(),
            weighting,
        }
    }

    fn rows(&self, township: Option<usize>) -> Vec<u32> {
        let inside = |row: &u32| township.is_none_or(|t| self.answers[*row as usize].township == t);
        (0..self.answers.len() as u32).filter(inside).collect()
    }

    fn rate(&self, indicator: usize, township: Option<usize>) -> Linearised {
        let of = |answer: &Answer| answer.scores[indicator].map_or(f64::NAN, f64::from);
        let column: Vec<f64> = self.answers.iter().map(of).collect();
        Estimator::new(&self.design, &self.weighting)
            .unwrap()
            .estimate(Quantity::Mean(&column), &self.rows(township))
    }
}

fn near(got: f64, expected: f64) -> bool {
    (got - expected).abs() <= 1e-10 * (1.0 + expected.abs())
}

/// Holds a row to the microdata.
fn hold(row: &Row, micro: &Microdata<'_>, township: Option<usize>) -> Result<(), TestCaseError> {
    for (index, rate) in row.rates.iter().enumerate() {
        let expected = micro.rate(index, township).estimate;
        let Some(got) = &rate.estimate else {
            prop_assert_eq!(expected.n, 0);
            continue;
        };
        prop_assert!(got.weighted);
        prop_assert!(
            near(got.value, expected.value),
            "{} {}",
            got.value,
            expected.value
        );
        prop_assert_eq!(got.n, expected.n as u64);
        if let Some(se) = got.se {
            // Where everyone agrees rounding is all there is.
            let error = (se * se - expected.variance).abs();
            prop_assert!(
                error <= 1e-10 * expected.variance + 1e-13,
                "{se} {}",
                expected.variance
            );
        }
        let n_effective = expected.effective_n();
        let spread = expected.variance > 1e-12;
        if spread {
            // Never more answers than there are.
            let capped = n_effective.min(expected.n as f64);
            let close = (got.effective_n - capped).abs() <= 1e-8 * capped;
            prop_assert!(close, "{} {n_effective}", got.effective_n);
            let deff = expected.design_effect(Reference::SrsWithReplacement);
            prop_assert!((got.design_effect.unwrap() - deff).abs() <= 1e-8 * deff);
        }
        let form = if spread && (30.0..=expected.n as f64).contains(&n_effective) {
            ProportionMethod::Wilson
        } else {
            ProportionMethod::KornGraubard
        };
        if spread || expected.n > 1 {
            prop_assert_eq!(&got.method, form.name());
        }
        if let (true, Ok(limits)) = (spread, proportion_interval(&expected, Level::DEFAULT, form)) {
            let close = |a: f64, b: f64| (a - b).abs() < 1e-8;
            prop_assert!(close(got.lower, limits.lower) && close(got.upper, limits.upper));
        }
        prop_assert!(0.0 <= got.lower && got.lower <= got.value + 1e-12);
        prop_assert!(got.value <= got.upper + 1e-12 && got.upper <= 1.0);
        prop_assert!(got.upper - got.lower > 0.0);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_weighted_picture_is_that_of_microdata(answers in answers()) {
        let picture = shown(&answers, &request(Breakdown::Area, Weigh::Raked));
        let Weighting::Raked(raked) = &picture.weighting else {
            // Few answers may lie so that no weights meet the totals.
            prop_assert_eq!(reason(&picture), Some(ReasonCode::Infeasible));
            return Ok(());
        };
        let micro = Microdata::of(&answers);
        let kish = kish_effective_n(micro.weighting.weights()).unwrap();
        prop_assert!((raked.effective_n - kish).abs() < 1e-8 * kish);
        hold(&picture.rows[0], &micro, None)?;
        for (township, row) in picture.rows[1..].iter().take(8).enumerate() {
            hold(row, &micro, Some(township))?;
        }
        // The temperature: the mean of three rates, all covariances in it.
        let parts: Vec<Linearised> = ["awareness", "participation", "satisfaction"]
            .iter()
            .map(|key| resident().indicators.iter().position(|i| i.key == *key).unwrap())
            .map(|index| micro.rate(index, None))
            .collect();
        let parts: Vec<(f64, &Linearised)> = parts.iter().map(|p| (100.0 / 3.0, p)).collect();
        let expected = micro.design.contrast(&parts);
        let got = overall(&picture);
        prop_assert!(near(got.value, expected.value));
        prop_assert!(near(got.se.unwrap(), expected.standard_error()));
        prop_assert!((got.effective_n - kish).abs() < 1e-8 * kish);
        prop_assert!(got.lower < got.value && got.value < got.upper);
    }

    #[test]
    fn a_wave_says_the_same_alone_and_among_all(answers in answers()) {
        let all = shown(&answers, &request(Breakdown::Wave, Weigh::Raked));
        prop_assume!(all.weighting.is_raked());
        for place in 0..2 {
            let id = campaign().waves[place].id.clone();
            let alone = shown(&answers, &Request {
                wave: Some(id),
                ..request(Breakdown::None, Weigh::Raked)
            });
            let row = &all.rows[place + 1];
            prop_assert_eq!(&row.rates, &alone.rows[0].rates);
            prop_assert_eq!(&row.temperature, &alone.rows[0].temperature);
            // Few answers may lie so that no weights meet the totals; the row says it too.
            let why = row.unweighted.as_ref().map(|reason| reason.code);
            prop_assert_eq!(why, reason(&alone));
        }
    }

    #[test]
    fn weights_change_no_count_and_can_be_declined(answers in answers()) {
        let weighted = shown(&answers, &request(Breakdown::Area, Weigh::Raked));
        let plain = shown(&answers, &request(Breakdown::Area, Weigh::Unweighted));
        for (a, b) in weighted.rows.iter().zip(&plain.rows) {
            prop_assert_eq!(a.n, b.n);
            for (a, b) in a.rates.iter().zip(&b.rates) {
                prop_assert_eq!((a.n, a.positive), (b.n, b.positive));
                let share = b.positive as f64 / b.n as f64;
                prop_assert!(b.estimate.as_ref().is_none_or(|e| !e.weighted && e.value == share));
            }
        }
        prop_assert_eq!(reason(&plain), Some(ReasonCode::Asked));
        // What is written can be read again, whatever is undefined in it.
        let json = serde_json::to_string(&weighted).unwrap();
        prop_assert_eq!(serde_json::from_str::<Picture>(&json).unwrap().rows.len(), 9
            + usize::from(answers.iter().any(|a| a.township == 8)));
    }
}
