//! Views into a buffer and copies out of it say the same.
use super::{gather::gather, *};

fn head(offset: i64, key: Span, value: Span) -> Head {
    Head {
        offset,
        timestamp: 5,
        key,
        value,
        headers: Span::new(6, 8).unwrap(),
        header_count: 2,
        partition: 1,
        leader_epoch: 3,
        timestamp_type: TimestampType::Create,
    }
}

/// Key `k`, value `value`, then two headers by the name `h`: one null, one empty... and records of null and empty fields.
fn batch() -> Batch {
    let buffer = b"kvalue\x02h\x01\x02h\x00zz".to_vec();
    let at = |at, len| Span::new(at, len).unwrap();
    let heads = vec![head(0, at(0, 1), at(1, 5)), head(1, Span::NULL, at(1, 0)), head(2, at(0, 0), Span::NULL)];
    Batch { topic: "t".into(), capacity: buffer.len(), buffer: buffer.into(), heads }
}

#[test]
fn gathered_records_are_the_same_in_the_order_given() {
    let batch = batch();
    let wanted: Vec<_> = batch.records().rev().map(|record| record.to_owned()).collect();
    let gathered = gather(batch.records().rev(), 2, 1 << 20);
    assert_eq!(gathered.iter().map(Batch::len).collect::<Vec<_>>(), [2, 1]);
    let copies: Vec<_> = gathered.iter().flat_map(Batch::records).map(|record| record.to_owned()).collect();
    assert_eq!(copies, wanted);
    assert_eq!(copies[2].headers, [(b"h".to_vec(), None), (b"h".to_vec(), Some(vec![]))]);
}

#[test]
fn a_gathered_batch_is_bounded_in_bytes_or_is_one_record() {
    let batch = batch();
    assert_eq!(gather(batch.records(), 100, 1).len(), 3);
    assert!(gather(batch.records(), 100, 1 << 20)[0].buffer.len() < 100);
}

#[test]
fn a_span_outside_of_the_buffer_is_nothing() {
    assert_eq!(Span::new(5, 10).unwrap().of(b"short"), None);
    assert_eq!(Span::new(u32::MAX as usize + 1, 0), None);
    assert_eq!(Span::new(2, 3).unwrap().of(b"hello"), Some(b"llo".as_slice()));
}

#[test]
fn headers_end_early_where_the_bytes_end_early() {
    let mut batch = batch();
    batch.heads[0].header_count = 1000;
    assert_eq!(batch.record(0).unwrap().headers().count(), 2);
}
