//! Tallies: equal to a count of the responses, whatever was written and withdrawn.

use super::sample::{Traits, assert_recount, counted, published, response, traits, write};
use super::{Fresh, sample::PLAIN};
use crate::store::{OnConflict, Outcome, open};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use tokio::runtime::Handle;

/// What happens to a store.
#[derive(Debug, Clone)]
enum Happening {
    /// A batch arrives: numbers, of which some come again, and what is answered.
    Batch(Vec<(u64, Traits)>),
    /// The response with this number is taken back.
    Withdrawal(u64),
}

fn happening() -> impl Strategy<Value = Happening> {
    let batch = prop::collection::vec((0..40u64, traits()), 1..30);
    prop_oneof![
        3 => batch.prop_map(Happening::Batch),
        2 => (0..40u64).prop_map(Happening::Withdrawal),
    ]
}

pub async fn tallies_equal_a_recount_whatever_happens(fresh: Fresh) {
    let questionnaire = published(&*fresh.store).await;
    // Each case begins where the last one ended, with ids of its own.
    let base = std::cell::Cell::new(0);
    let total = std::cell::Cell::new(0);
    let config = Config {
        cases: 12,
        failure_persistence: None,
        max_shrink_iters: 50,
        ..Config::default()
    };
    let runtime = Handle::current();
    let check = |happenings: Vec<Happening>| {
        base.set(base.get() + 1000);
        let store = &*fresh.store;
        runtime.block_on(async {
            let mut present: BTreeMap<u64, bool> = BTreeMap::new();
            for happening in &happenings {
                match happening {
                    Happening::Batch(numbers) => {
                        let batch: Vec<_> = numbers
                            .iter()
                            .map(|(n, traits)| response(&questionnaire, base.get() + n, *traits))
                            .collect();
                        let outcomes = write(store, &batch).await;
                        for ((number, _), outcome) in numbers.iter().zip(outcomes) {
                            let is_new = !present.contains_key(number);
                            assert_eq!(is_new, outcome == Outcome::Created);
                            present.entry(*number).or_insert(true);
                        }
                    }
                    Happening::Withdrawal(number) => {
                        let id = super::sample::id(base.get() + number);
                        let range = id.withdrawal_code().id_range();
                        let withdrawn = store.withdraw(range, 1).await.unwrap().is_some();
                        assert_eq!(withdrawn, present.get(number) == Some(&true));
                        present.entry(*number).and_modify(|here| *here = false);
                    }
                }
            }
            let here = present.values().filter(|here| **here).count();
            total.set(total.get() + i64::try_from(here).unwrap());
            assert_eq!(counted(store, "resident").await, total.get());
            assert_recount(store).await;
        });
        Ok(())
    };
    let happenings = prop::collection::vec(happening(), 1..8);
    tokio::task::block_in_place(|| TestRunner::new(config).run(&happenings, check).unwrap());
}

pub async fn damaged_tallies_are_found_and_mended(fresh: Fresh) {
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    let batch: Vec<_> = (0..50)
        .map(|n| {
            let area = (n % 3) as u8;
            response(&questionnaire, n, Traits { area, ..PLAIN })
        })
        .collect();
    write(store, &batch).await;
    let good = sorted(store).await;
    for (sqlite, postgres) in [
        (
            "UPDATE tally SET moments = unhex('0163' || substr(hex(moments), 5))",
            "UPDATE tally SET moments[1] = moments[1] + 10",
        ),
        ("DELETE FROM tally", "DELETE FROM tally"),
        (
            "UPDATE tally SET area = 'nowhere' WHERE area = 'T01'",
            "UPDATE tally SET area = 'nowhere' WHERE area = 'T01'",
        ),
        (
            "UPDATE tally SET moments = x'010102' WHERE area = 'T02'",
            "UPDATE tally SET moments = '{1,2}' WHERE area = 'T02'",
        ),
        (
            "UPDATE tally SET moments = x'0107' WHERE area = 'T02'",
            "UPDATE tally SET moments = '{7}' WHERE area = 'T02'",
        ),
    ] {
        fresh.tamper(sqlite, postgres).await;
        let found = store.recount(false).await.unwrap();
        assert!(!found.is_empty(), "{postgres}");
        assert_eq!(store.recount(true).await.unwrap(), found, "{postgres}");
        assert_recount(store).await;
        assert_eq!(sorted(store).await, good, "{postgres}");
    }
}

pub async fn what_others_do_between_two_writes_is_not_lost(fresh: Fresh) {
    let store = &*fresh.store;
    let other = open(&fresh.database).await.unwrap();
    let questionnaire = published(store).await;
    let mut numbers = 0..;
    let mut next = || response(&questionnaire, numbers.next().unwrap(), PLAIN);
    for _ in 0..5 {
        write(store, &[next(), next()]).await;
        write(&*other, &[next()]).await;
        assert_recount(store).await;
    }
    // Repaired by another process, which leaves the rows of the tallies elsewhere.
    fresh.tamper("DELETE FROM tally", "DELETE FROM tally").await;
    assert_eq!(other.recount(true).await.unwrap().len(), 1);
    write(store, &[next()]).await;
    assert_recount(store).await;
    // Repaired by itself.
    fresh.tamper("DELETE FROM tally", "DELETE FROM tally").await;
    assert_eq!(store.recount(true).await.unwrap().len(), 1);
    write(store, &[next()]).await;
    assert_recount(store).await;
    // A transaction that is given up after others were counted in it.
    let taken = next();
    write(store, std::slice::from_ref(&taken)).await;
    let mut conflict = taken;
    conflict.fingerprint = [9; 16];
    let batch = [next(), conflict];
    let refused = store.write(&batch, OnConflict::WriteNothing).await.unwrap();
    assert_eq!(refused, [Outcome::Created, Outcome::Conflict]);
    write(store, &[next()]).await;
    assert_recount(store).await;
    assert_eq!(counted(store, "resident").await, 19);
}

pub async fn a_stamp_changes_with_every_commit(fresh: Fresh) {
    let store = &*fresh.store;
    let other = open(&fresh.database).await.unwrap();
    let questionnaire = published(store).await;
    let mut last = store.stamp().await.unwrap();
    for number in 0..20 {
        write(&*other, &[response(&questionnaire, number, PLAIN)]).await;
        let now = store.stamp().await.unwrap();
        assert_ne!(now, last, "another process has written");
        last = now;
    }
}

pub async fn strays_are_found(fresh: Fresh) {
    let store = &*fresh.store;
    let questionnaire = published(store).await;
    write(store, &[response(&questionnaire, 1, PLAIN)]).await;
    for (says, sqlite, postgres) in [
        (
            "withdrawn responses",
            "UPDATE response SET withdrawn_at = 1",
            "UPDATE response SET withdrawn_at = 1",
        ),
        (
            "without answers",
            "UPDATE response SET withdrawn_at = NULL, answers = NULL",
            "UPDATE response SET withdrawn_at = NULL, answers = NULL",
        ),
        (
            "responses",
            "UPDATE response SET id = x'0F'",
            "UPDATE response SET bucket = (bucket + 1) % 64",
        ),
        (
            "tallies of a",
            "UPDATE tally SET questionnaire = 'nobody knows'",
            "UPDATE tally SET questionnaire = 'nobody knows'",
        ),
    ] {
        fresh.tamper(sqlite, postgres).await;
        let faults = store.check().await.unwrap();
        assert!(
            faults.iter().any(|fault| fault.contains(says)),
            "{says}: {faults:?}"
        );
    }
}

/// The tallies that count anything.
async fn sorted(store: &dyn crate::store::Store) -> Vec<report::CellTally> {
    let mut tallies = store.tallies("resident").await.unwrap();
    tallies.retain(|tally| !tally.moments.is_zero());
    tallies.sort_by(|a, b| a.cell.cmp(&b.cell));
    tallies
}
