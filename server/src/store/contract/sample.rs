//! Questionnaires and responses to test with.

use crate::catalogue::{Catalogue, Files};
use crate::store::{OnConflict, Outcome, Response, Store};
use proptest::prelude::*;
use report::{Cell, group_key, variables};
use survey::{Answer, Answers, Language, Mode, Questionnaire, flow, identity::ResponseId};

/// The time at which everything happens.
pub const NOW: i64 = 1_790_000_000_000;

/// Publishes the built-in questionnaires; the one that the samples answer.
pub async fn published(store: &dyn Store) -> Questionnaire {
    let catalogue = Catalogue::open(&Files::default(), store, NOW)
        .await
        .unwrap();
    catalogue.newest("resident").unwrap().questionnaire.clone()
}

/// What varies from one sample to the next.
#[derive(Debug, Clone, Copy)]
pub struct Traits {
    pub heard: bool,
    pub clean: Option<bool>,
    pub old: bool,
    pub area: u8,
    pub site: bool,
}

/// Any traits.
pub fn traits() -> impl Strategy<Value = Traits> {
    let parts = (
        any::<bool>(),
        any::<Option<bool>>(),
        any::<bool>(),
        0..4u8,
        any::<bool>(),
    );
    parts.prop_map(|(heard, clean, old, area, site)| Traits {
        heard,
        clean,
        old,
        area,
        site,
    })
}

/// The response with number `number`: its id depends on nothing else.
pub fn response(questionnaire: &Questionnaire, number: u64, traits: Traits) -> Response {
    let mut answers = Answers::new();
    let mut answer = |item: &str, code: &str| {
        answers.insert(item.to_owned(), Answer::One(code.to_owned()));
    };
    answer("heard", if traits.heard { "know" } else { "unknown" });
    match traits.clean {
        Some(true) => answer("clean", "very"),
        Some(false) => answer("clean", "not_very"),
        None => {}
    }
    answer("age", if traits.old { "65+" } else { "18-34" });
    answer("suggestion", "路灯 🌡️ 𠮷 ' \" \\ %");
    let answers = flow::counted(questionnaire, &answers);
    let mut fingerprint = [u8::from(traits.heard); 16];
    fingerprint[0] = traits.area;
    Response {
        id: id(number),
        questionnaire: questionnaire.id.clone(),
        version: questionnaire.version,
        cell: Cell {
            wave: "w1".to_owned(),
            area: format!("T0{}", traits.area),
            mode: if traits.site {
                Mode::Site
            } else {
                Mode::OwnDevice
            },
            group: group_key(questionnaire, &answers),
        },
        site: traits.site.then(|| "S001".to_owned()),
        origin: None,
        language: Language::Chinese,
        started_at: NOW - 60_000,
        received_at: NOW + i64::try_from(number).unwrap(),
        fingerprint,
        variables: variables(questionnaire, &answers),
        answers,
    }
}

/// The same traits for everyone.
pub const PLAIN: Traits = Traits {
    heard: true,
    clean: Some(true),
    old: false,
    area: 1,
    site: false,
};

/// The id with a number, spread over the buckets as real ones are.
pub fn id(number: u64) -> ResponseId {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    ResponseId::new(NOW.try_into().unwrap(), random)
}

/// Writes a batch that nothing speaks against.
pub async fn write(store: &dyn Store, batch: &[Response]) -> Vec<Outcome> {
    store.write(batch, OnConflict::WriteOthers).await.unwrap()
}

/// How many responses the tallies count.
pub async fn counted(store: &dyn Store, questionnaire: &str) -> i64 {
    let tallies = store.tallies(questionnaire).await.unwrap();
    tallies.iter().map(|tally| tally.moments.count()).sum()
}

/// Asserts that what is stored fits together and the tallies are what the responses say.
pub async fn assert_recount(store: &dyn Store) {
    assert_eq!(store.check().await.unwrap(), [""; 0]);
    assert_eq!(store.recount(false).await.unwrap(), []);
}
