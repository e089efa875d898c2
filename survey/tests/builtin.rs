//! The questionnaires and the campaign that come with the product make sense.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use survey::{Answer, Answers, Campaign, Form, Questionnaire, check, fields, flow, validation};

const RESIDENT: &str = include_str!("../data/questionnaires/resident.json");
const CADRE: &str = include_str!("../data/questionnaires/cadre.json");
const MERCHANT: &str = include_str!("../data/questionnaires/merchant.json");
const CAMPAIGN: &str = include_str!("../data/campaign.json");

fn questionnaire(json: &str) -> Questionnaire {
    serde_json::from_str(json).unwrap()
}

fn campaign() -> Campaign {
    serde_json::from_str(CAMPAIGN).unwrap()
}

fn resident() -> Form {
    Form::new(questionnaire(RESIDENT), &campaign().areas)
}

fn one(code: &str) -> Answer {
    Answer::One(code.to_owned())
}

/// Every question that is asked, answered with its first option.
fn answered(form: &Form) -> Answers {
    let mut answers = Answers::new();
    let mut current: Option<String> = None;
    while let Some(item) = flow::next(&form.questionnaire, &answers, current.as_deref()) {
        let answer = match form.choices(item).first() {
            Some(choice) if item.ask.is_multiple() => Answer::Many(vec![choice.code.clone()]),
            Some(choice) => one(&choice.code),
            None if matches!(item.ask, survey::Ask::Number { .. }) => Answer::Number(2.0),
            None => one("更多长椅"),
        };
        answers.insert(item.id.clone(), answer);
        current = Some(item.id.clone());
    }
    answers
}

#[test]
fn the_built_in_questionnaires_can_be_published() {
    for json in [RESIDENT, CADRE, MERCHANT] {
        assert_eq!(
            check::questionnaire(&questionnaire(json)),
            Vec::<String>::new()
        );
    }
    assert_eq!(check::campaign(&campaign()), Vec::<String>::new());
    let questionnaires = [RESIDENT, CADRE, MERCHANT].map(questionnaire);
    assert_eq!(
        check::totals(&campaign(), questionnaires.iter()),
        Vec::<String>::new()
    );
}

#[test]
fn totals_that_do_not_fit_are_named_each_in_its_own_words() {
    let faults = |change: &dyn Fn(&mut survey::Totals)| {
        let mut campaign = campaign();
        change(&mut campaign.totals[0]);
        let questionnaires = [RESIDENT, CADRE, MERCHANT].map(questionnaire);
        let mut faults = check::campaign(&campaign);
        faults.extend(check::totals(&campaign, questionnaires.iter()));
        faults.join("; ")
    };
    let set = |totals: &mut survey::Totals, margin: usize, level: &str, n: u64| {
        totals.margins[margin].totals.insert(level.to_owned(), n);
    };
    for (change, words) in [
        (
            &(|t: &mut survey::Totals| set(t, 2, "male", 90_000)) as &dyn Fn(&mut survey::Totals),
            "totals resident by sex: it adds up to 178300 people, but area to 180000",
        ),
        (
            &|t| set(t, 1, "14-17", 0),
            "totals resident by age: level 14-17 has no people",
        ),
        (
            &|t| set(t, 0, "T09", 5),
            "there is no township T09; there are T01, T02",
        ),
        (&|t| set(t, 0, "T01-01", 5), "there is no township T01-01"),
        (
            &|t| set(t, 1, "55", 5),
            "there is no option 55; there are 14-17, 18-34",
        ),
        (
            &|t| t.margins[1].totals.retain(|level, _| level != "35-54"),
            "by age: option 35-54 has no total",
        ),
        (
            &|t| t.margins[0].totals.retain(|level, _| level != "T08"),
            "by area: township T08 has no total",
        ),
        (
            &|t| t.margins[2].by = vec!["gender".to_owned()],
            "gender is no breakdown of questionnaire resident, which has area, age, sex",
        ),
        (
            &|t| t.margins[2].by = vec!["sex".to_owned(), "age".to_owned()],
            "level female: write one code for each of sex, age, joined by |",
        ),
        (
            &|t| t.margins[2].by = vec!["sex".to_owned(), "sex".to_owned()],
            "name area or breakdown items, each once",
        ),
        (&|t| t.margins.clear(), "give at least one margin"),
        (
            &|t| {
                let again = t.margins[0].clone();
                t.margins.push(again);
            },
            "totals resident by area: the margin stands twice",
        ),
        (
            &|t| t.population = survey::Population::Cadre,
            "age is no breakdown of questionnaire cadre, which has area",
        ),
    ] {
        let found = faults(change);
        assert!(found.contains(words), "{words:?} is not in {found:?}");
    }
    // A crossed margin may leave out what holds nobody, and "prefer not to say".
    let crossed = |t: &mut survey::Totals| {
        t.margins[2].by = vec!["area".to_owned(), "sex".to_owned()];
        t.margins[2].totals = [("T01|female", 80_000), ("T02|male", 100_000)]
            .map(|(level, n)| (level.to_owned(), n))
            .into();
    };
    assert_eq!(faults(&crossed), "");
    let mut twice = campaign();
    twice.totals.push(twice.totals[0].clone());
    assert!(
        check::campaign(&twice)
            .join("; ")
            .contains("totals resident: it stands twice")
    );
}

#[test]
fn the_parts_of_the_temperature_are_measured_in_every_population() {
    for json in [RESIDENT, CADRE, MERCHANT] {
        let questionnaire = questionnaire(json);
        for part in campaign().temperature {
            assert!(
                questionnaire
                    .indicators
                    .iter()
                    .any(|i| i.key == part.indicator)
            );
        }
    }
}

#[test]
fn a_resident_answers_to_the_end() {
    let form = resident();
    let answers = answered(&form);
    assert_eq!(validation::check_all(&form, &answers), Ok(()));
    assert_eq!(flow::asked(&form.questionnaire, &answers).len(), 16);
}

#[test]
fn an_answer_to_a_question_that_is_not_asked_is_named() {
    let form = resident();
    let mut answers = answered(&form);
    answers.insert("heard".to_owned(), one("unknown"));
    let problems = validation::check_all(&form, &answers).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].item.as_str(), problems[0].fault.code()),
        ("channels", "not_asked")
    );
}

#[test]
fn an_exclusive_option_stands_alone() {
    let form = resident();
    let mut answers = answered(&form);
    let both = vec!["together".to_owned(), "none".to_owned()];
    answers.insert("slogans".to_owned(), Answer::Many(both));
    let problems = validation::check_all(&form, &answers).unwrap_err();
    assert_eq!(problems[0].fault.code(), "not_alone");
}

#[test]
fn answers_survive_the_way_through_form_fields() {
    let form = resident();
    let answers = answered(&form);
    let written = fields::write(&answers);
    let read = fields::read(&form, written.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    assert_eq!(read, answers);
}

#[test]
fn a_response_belongs_to_the_wave_in_which_it_was_begun_if_the_clock_can_be_believed() {
    let campaign = campaign();
    let day = 86_400_000;
    let wave =
        |started: i64, received: i64| campaign.wave_of(0, started, received).unwrap().id.clone();
    assert_eq!(wave(24 * day, 26 * day), "w1", "offline for two days");
    assert_eq!(wave(5 * day, 26 * day), "w2", "a clock weeks behind");
    assert_eq!(wave(900 * day, 26 * day), "w2", "a clock years ahead");
    assert_eq!(wave(-day, -day), "w1", "before the campaign began");
}
