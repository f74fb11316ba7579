//! How much a history keeps: counted, not guessed.
use super::{
    at,
    film::{NOON, empty, owned},
};
use crate::lag::{History, PartitionLag};

/// 5,000 of them stay below 50 MB.
const A_GROUP: usize = 10_000;

fn rows(moving: i64, n: i64) -> Vec<PartitionLag> {
    (0..6)
        .map(|p| PartitionLag { partition: p, ..at(0, 100_000 + moving * n * 977, 50_000 + moving * n * 951) })
        .collect()
}

#[test]
fn a_group_at_rest_keeps_next_to_nothing() {
    let mut history = History::default();
    (0..8 * 360).for_each(|n| history.sample(&empty(rows(0, n), NOON + n * 10_000)));
    assert!(history.bytes() < A_GROUP / 2, "{}", history.bytes());
}

#[test]
fn a_group_that_always_moves_keeps_no_more_after_a_day_than_after_an_hour() {
    let mut history = History::default();
    let mut sizes = Vec::new();
    for n in 0..24 * 360 {
        history.sample(&owned(rows(1, n), NOON + n * 10_000));
        sizes.push(history.bytes());
    }
    assert!(sizes.iter().max() < Some(&(2 * A_GROUP)), "{:?}", sizes.iter().max());
    assert!(sizes.last() <= sizes.get(3 * 360), "{:?}", (sizes.get(3 * 360), sizes.last()));
}
