//! The ring keeps its bounds whatever comes, and positions stay true while old records leave.
use super::*;
use crate::record::{Head, Span, TimestampType};
use proptest::prelude::*;

/// A batch of records with these offsets over a buffer of `bytes`.
fn batch(offsets: std::ops::Range<i64>, bytes: usize) -> Batch {
    let head = |offset| Head {
        offset,
        timestamp: -1,
        key: Span::NULL,
        value: Span::new(0, bytes).unwrap(),
        headers: Span::NULL,
        header_count: 0,
        partition: 0,
        leader_epoch: -1,
        timestamp_type: TimestampType::Create,
    };
    let heads: Vec<Head> = offsets.map(head).collect();
    Batch { topic: "t".into(), buffer: vec![0; bytes].into(), capacity: bytes, heads }
}

fn offsets(ring: &Ring) -> Vec<i64> {
    ring.positions().filter_map(|position| ring.get(position)).map(|record| record.head.offset).collect()
}

#[test]
fn the_oldest_batches_leave_when_there_are_too_many_records() {
    let mut ring = Ring::new(usize::MAX, 10);
    (0..5).for_each(|n| ring.push(batch(n * 4..n * 4 + 4, 1)));
    assert_eq!((offsets(&ring), ring.positions()), ((12..20).collect(), 12..20));
}

#[test]
fn the_oldest_batches_leave_when_there_are_too_many_bytes() {
    let one = batch(0..1, 1000).bytes();
    let mut ring = Ring::new(3 * one, usize::MAX);
    (0..8).for_each(|n| ring.push(batch(n..n + 1, 1000)));
    assert_eq!((offsets(&ring), ring.bytes()), (vec![5, 6, 7], 3 * one));
}

#[test]
fn the_newest_batch_stays_even_when_it_is_larger_than_the_ring() {
    let mut ring = Ring::new(100, 10);
    ring.push(batch(0..2, 10));
    ring.push(batch(2..3, 1 << 20));
    assert_eq!(offsets(&ring), [2]);
    ring.push(batch(3..4, 1));
    assert_eq!(offsets(&ring), [3]);
}

#[test]
fn an_empty_batch_takes_no_place_and_no_position() {
    let mut ring = Ring::new(1000, 10);
    ring.push(batch(0..0, 10));
    assert!(ring.is_empty() && ring.positions() == (0..0) && ring.bytes() == 0);
}

#[test]
fn a_position_that_has_left_or_has_not_come_is_nothing() {
    let mut ring = Ring::new(usize::MAX, 2);
    (0..4).for_each(|n| ring.push(batch(n..n + 1, 1)));
    assert!(ring.get(1).is_none() && ring.get(4).is_none());
    assert_eq!(ring.get(2).unwrap().head.offset, 2);
}

#[test]
fn it_is_known_beforehand_what_a_push_would_evict() {
    let one = batch(0..1, 1000).bytes();
    let mut ring = Ring::new(3 * one, usize::MAX);
    (0..3).for_each(|n| ring.push(batch(n..n + 1, 1000)));
    assert!(ring.would_evict(0, 1) && !ring.would_evict(1, 1) && ring.would_evict(1, one + 1));
    ring.clear();
    assert!(ring.is_empty() && !ring.would_evict(0, 1));
}

proptest! {
    #[test]
    fn bounds_hold_and_the_newest_are_there(
        sizes in prop::collection::vec((1i64..50, 0usize..5000), 1..60),
        (max_bytes, max_records) in (1usize..100_000, 1usize..200),
    ) {
        let mut ring = Ring::new(max_bytes, max_records);
        let mut next = 0;
        for (records, bytes) in sizes {
            let last = batch(next..next + records, bytes);
            let alone = last.bytes();
            ring.push(last);
            next += records;
            prop_assert!(ring.bytes() <= max_bytes.max(alone));
            prop_assert!(ring.len() <= max_records.max(records as usize));
            let kept = offsets(&ring);
            prop_assert_eq!(kept.len(), ring.len());
            prop_assert!(kept.len() as i64 >= records && kept.iter().rev().eq((next - kept.len() as i64..next).rev().collect::<Vec<_>>().iter()));
        }
    }
}
