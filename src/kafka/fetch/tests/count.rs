//! Counting without looking: as many as a walk over every record finds, however the range cuts through batches.
use super::{super::aborted::AbortedTransaction, testing::*, *};
use proptest::prelude::*;

const COUNT: Style = Style { want: Want::Count, committed: false, own: false, filter: None };

fn counted(bytes: &[u8], from: i64, stop: i64) -> u64 {
    let news = decoded(bytes, from, stop, COUNT);
    assert!(offsets(&news).is_empty(), "a count makes no heads");
    let told = told(&news);
    assert_eq!(told.records, told.matched);
    told.records
}

#[test]
fn a_batch_that_is_wanted_whole_is_counted_without_being_opened() {
    let sealed = Written::counted(0, 5).around(b"nobody opens this, so nobody sees that it holds no records");
    assert_eq!(counted(&sealed, 0, 5), 5);
    let news = decoded(&sealed, 1, 5, COUNT);
    assert_eq!((told(&news).records, unreadable(&news).len()), (0, 1), "one at the border is opened");
}

#[test]
fn a_count_tells_the_length_of_the_batches_as_they_came() {
    let batch = Written::counted(0, 500).attributes(ZSTD).bytes();
    assert_eq!(told(&decoded(&batch, 0, 500, COUNT)).bytes, batch.len() as u64 - 61);
}

#[test]
fn markers_aborted_records_and_broken_batches_are_not_counted() {
    let mut broken = Written::counted(9, 3).bytes();
    *broken.last_mut().unwrap() ^= 1;
    let bytes = [
        Written::counted(0, 2).transactional(1).bytes(),
        Written::marker(2, 1, false).bytes(),
        Written::counted(3, 5).transactional(1).bytes(),
        Written::marker(8, 1, true).bytes(),
        broken,
        Written::hollow(12, 8).bytes(),
    ]
    .concat();
    let aborted = vec![AbortedTransaction { producer: 1, first_offset: 0 }];
    let records = 0..bytes.len();
    let slice = Slice { topic: 0, partition: 0, from: 0, stop: 20, next: 20, end: 20, aborted, records };
    let committed = decoded_slice(&bytes, slice.clone(), Style { committed: true, ..COUNT });
    assert_eq!((told(&committed).records, unreadable(&committed).len()), (5, 1));
    assert_eq!(told(&decoded_slice(&bytes, slice, COUNT)).records, 7);
}

/// A header that claims two billion records was believed.
#[test]
fn a_count_that_cannot_be_is_not_believed() {
    for codec in [0, LZ4] {
        let mut batch = Written::counted(0, 3).attributes(codec);
        let body = batch.bytes()[61..].to_vec();
        batch.rows.resize(1000, Row::default());
        batch.last_delta = Some(2);
        let news = decoded(&batch.around(&body), 0, 3, COUNT);
        assert_eq!((told(&news).records, unreadable(&news).len()), (3, 1), "codec {codec}");
    }
}

proptest! {
    #[test]
    fn a_count_is_what_a_walk_finds(
        sizes in prop::collection::vec((1i64..9, 0i16..5), 1..8),
        from in 0i64..70,
        length in 0i64..70,
    ) {
        let mut bytes = vec![];
        let mut base = 0;
        for (size, codec) in sizes {
            bytes.extend(Written::counted(base, size).attributes(codec).bytes());
            base += size;
        }
        let walked = offsets(&decoded(&bytes, from, from + length, Style::default())).len() as u64;
        prop_assert_eq!(counted(&bytes, from, from + length), walked);
    }
}
