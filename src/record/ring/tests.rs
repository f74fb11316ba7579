//! The ring keeps its bounds whatever comes at either end, positions stay true, and what left can be read again.
use super::*;
use crate::record::{Head, Span, TimestampType};
use proptest::prelude::*;

fn head(partition: i32, offset: i64, bytes: usize) -> Head {
    Head {
        offset,
        timestamp: -1,
        key: Span::NULL,
        value: Span::new(0, bytes).unwrap(),
        headers: Span::NULL,
        header_count: 0,
        partition,
        leader_epoch: -1,
        timestamp_type: TimestampType::Create,
    }
}

/// A batch of records at these places over a buffer of `bytes`.
fn mixed(places: impl IntoIterator<Item = (i32, i64)>, bytes: usize) -> Batch {
    let heads: Vec<Head> = places.into_iter().map(|(partition, offset)| head(partition, offset, bytes)).collect();
    Batch { topic: "t".into(), buffer: vec![0; bytes].into(), capacity: bytes, heads }
}

fn batch(offsets: std::ops::Range<i64>, bytes: usize) -> Batch {
    mixed(offsets.map(|offset| (0, offset)), bytes)
}

fn places(ring: &Ring) -> Vec<(i32, i64)> {
    ring.positions().filter_map(|position| ring.get(position)).map(|record| record.place()).collect()
}

fn offsets(ring: &Ring) -> Vec<i64> {
    places(ring).into_iter().map(|(_, offset)| offset).collect()
}

fn at(places: impl IntoIterator<Item = (i32, i64)>) -> Positions {
    places.into_iter().collect()
}

#[test]
fn the_oldest_batches_leave_when_there_are_too_many_records() {
    let mut ring = Ring::new(usize::MAX, 10);
    (0..5).for_each(|n| ring.push(batch(n * 4..n * 4 + 4, 1)));
    assert_eq!((offsets(&ring), ring.positions()), ((12..20).collect(), MIDDLE + 12..MIDDLE + 20));
    assert_eq!((ring.low(), ring.high()), (&at([(0, 12)]), &at([(0, 20)])));
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
    assert!(ring.is_empty() && ring.positions() == (MIDDLE..MIDDLE) && ring.bytes() == 0);
}

#[test]
fn a_position_that_has_left_or_has_not_come_is_nothing() {
    let mut ring = Ring::new(usize::MAX, 2);
    (0..4).for_each(|n| ring.push(batch(n..n + 1, 1)));
    assert!(ring.get(MIDDLE + 1).is_none() && ring.get(MIDDLE + 4).is_none());
    assert_eq!(ring.get(MIDDLE + 2).unwrap().head.offset, 2);
}

#[test]
fn it_is_known_beforehand_what_a_push_would_evict() {
    let one = batch(0..1, 1000).bytes();
    let mut ring = Ring::new(3 * one, usize::MAX);
    (0..3).for_each(|n| ring.push(batch(n..n + 1, 1000)));
    let first = ring.positions().start;
    assert!(ring.would_evict(first, 1) && !ring.would_evict(first + 1, 1) && ring.would_evict(first + 1, one + 1));
    ring.clear();
    assert!(ring.is_empty() && !ring.would_evict(first, 1));
}

#[test]
fn what_a_push_would_evict_is_known_by_the_number_of_records_too() {
    let ten = batch(0..10, 1000).bytes();
    let mut ring = Ring::new(usize::MAX, 40);
    (0..4).for_each(|n| ring.push(batch(n * 10..n * 10 + 10, 1000)));
    let first = ring.positions().start;
    assert!(ring.would_evict(first, ten) && !ring.would_evict(first + 10, ten));
    assert!(!ring.would_evict(first + 10, 100 * ten), "what is under way is taken for a quarter at the most");
}

#[test]
fn an_older_page_goes_in_front_and_the_newest_leave_for_it() {
    let mut ring = Ring::new(usize::MAX, 10);
    ring.begin(&at([(0, 20), (1, 7)]));
    ring.push(batch(20..24, 1));
    ring.push(batch(24..28, 1));
    let chosen = ring.positions().start;
    assert!(!ring.push_front(vec![batch(18..19, 1), batch(19..20, 1)], &at([(0, 18), (1, 5)])));
    assert_eq!((offsets(&ring), ring.get(chosen).unwrap().head.offset), ((18..28).collect(), 20));
    assert!(ring.push_front(vec![batch(14..18, 1)], &at([(0, 14), (1, 0)])));
    assert_eq!((offsets(&ring), ring.get(chosen).unwrap().head.offset), ((14..24).collect(), 20));
    assert_eq!((ring.low(), ring.high()), (&at([(0, 14), (1, 0)]), &at([(0, 24), (1, 7)])));
}

/// After going on at the newest, records that were held already stood there twice.
#[test]
fn what_is_held_already_is_left_out() {
    let mut ring = Ring::new(usize::MAX, usize::MAX);
    ring.push(batch(3..6, 1));
    ring.push(batch(4..8, 1));
    ring.push_front(vec![batch(0..5, 1)], &at([(0, 0)]));
    assert_eq!(offsets(&ring), (0..8).collect::<Vec<_>>());
}

#[test]
fn a_gap_is_a_row_and_cutting_from_it_reads_what_it_stands_for() {
    let mut ring = Ring::new(usize::MAX, usize::MAX);
    ring.push(mixed([(0, 0), (1, 5)], 1));
    let gap = |id, from, to| Gap { from: at([(id, from)]), to: at([(id, to)]), ..Gap::new(Why::Skipped) };
    ring.push_gap(gap(0, 1, 100));
    ring.push_gap(gap(1, 6, 8));
    ring.push(mixed([(0, 100), (1, 8)], 1));
    let row = ring.positions().start + 2;
    let Some(Row::Gap(gap)) = ring.row(row) else { panic!("{:?}", ring.row(row)) };
    assert_eq!((gap.offsets(), ring.len(), ring.positions().count()), (101, 4, 5));
    ring.cut_from(row);
    assert_eq!((places(&ring), ring.high()), (vec![(0, 0), (1, 5)], &at([(0, 1), (1, 6)])));
}

#[test]
fn a_gap_that_left_at_the_front_is_read_as_what_it_was() {
    let mut ring = Ring::new(usize::MAX, 2);
    ring.push(batch(0..1, 1));
    ring.push_gap(Gap { from: at([(0, 1)]), to: at([(0, 50)]), ..Gap::new(Why::Skipped) });
    (50..53).for_each(|n| ring.push(batch(n..n + 1, 1)));
    assert_eq!((offsets(&ring), ring.low()), (vec![51, 52], &at([(0, 51)])));
}

#[test]
fn the_start_is_a_row_until_it_leaves() {
    let mut ring = Ring::new(usize::MAX, 2);
    ring.push(batch(0..1, 1));
    ring.set_start();
    ring.set_start();
    assert!(ring.is_start() && ring.positions().count() == 2);
    (1..4).for_each(|n| ring.push(batch(n..n + 1, 1)));
    assert!(!ring.is_start());
}

/// Offsets of the old topic were taken for offsets of the one that bears its name now.
#[test]
fn a_topic_created_again_begins_at_offset_0_and_nothing_is_older_while_the_old_one_is_held() {
    let mut ring = Ring::new(usize::MAX, 4);
    ring.push(batch(100..103, 1));
    ring.begin_anew();
    ring.push(batch(0..1, 1));
    assert_eq!((offsets(&ring), ring.is_start()), (vec![100, 101, 102, 0], true));
    (1..5).for_each(|n| ring.push(batch(n..n + 1, 1)));
    assert_eq!((offsets(&ring), ring.low(), ring.is_start()), (vec![1, 2, 3, 4], &at([(0, 1)]), false));
}

/// Offsets that were written anew in a log that had become shorter counted as held, and never stood in the list.
#[test]
fn a_log_that_became_shorter_goes_on_where_it_ends_now() {
    let mut ring = Ring::new(usize::MAX, 4);
    ring.push(batch(20..24, 1));
    ring.cut_back(0, 24, 10);
    assert_eq!((ring.low(), ring.high()), (&at([(0, 10)]), &at([(0, 10)])));
    ring.push(batch(10..14, 1));
    assert_eq!((offsets(&ring), ring.high()), ((10..14).collect(), &at([(0, 14)])));
    ring.push(batch(14..18, 1));
    assert_eq!((offsets(&ring), ring.low()), ((14..18).collect(), &at([(0, 14)])));
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

    /// Read from both ends in any order, each partition is held without a hole from its low to its high offset.
    #[test]
    fn each_partition_is_held_from_low_to_high_and_nothing_twice(
        steps in prop::collection::vec((any::<bool>(), prop::collection::vec(0..3i32, 1..20), 0usize..3000), 1..80),
        max_bytes in 1usize..40_000,
    ) {
        let mut ring = Ring::new(max_bytes, 150);
        ring.begin(&at((0..3).map(|id| (id, 10_000))));
        for (older, partitions, bytes) in steps {
            let mut next = if older { ring.low().clone() } else { ring.high().clone() };
            let mut step = |id: i32| {
                let offset = next.entry(id).or_insert(10_000);
                *offset += if older { -1 } else { 1 };
                (id, if older { *offset } else { *offset - 1 })
            };
            let mut read: Vec<(i32, i64)> = partitions.into_iter().map(&mut step).collect();
            if older {
                read.reverse();
                ring.push_front(vec![mixed(read, bytes)], &next);
            } else {
                ring.push(mixed(read, bytes));
            }
            for id in 0..3 {
                let held: Vec<i64> = places(&ring).into_iter().filter(|(of, _)| *of == id).map(|(_, at)| at).collect();
                prop_assert_eq!(held, (ring.low()[&id]..ring.high()[&id]).collect::<Vec<_>>());
            }
        }
    }
}
