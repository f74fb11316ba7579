//! What the batch writer writes is read back by a parser of its own.

#[cfg(test)]
mod parse;

use bytes::Bytes;
use kafscope_demo_broker::batch::{Clock, Codec, Record, write};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn some_bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..40).prop_map(Bytes::from)
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let name = prop_oneof![Just(Bytes::from("tag")), some_bytes()];
    let headers = vec((name, option::of(some_bytes())), 0..5);
    let record = (option::of(some_bytes()), option::of(some_bytes()), headers, any::<i64>());
    vec(record.prop_map(|(key, value, headers, timestamp)| Record { key, value, headers, timestamp }), 1..30)
}

fn codec() -> impl Strategy<Value = Codec> {
    prop_oneof![Just(Codec::None), Just(Codec::Gzip), Just(Codec::Snappy), Just(Codec::Lz4), Just(Codec::Zstd)]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(records in records(), codec in codec()) {
        let batches = parse::batches(&write(&records, codec, Clock::Producer).unwrap());
        prop_assert_eq!(batches.len(), 1);
        prop_assert_eq!(batches[0].attributes, codec as i16);
        prop_assert_eq!((batches[0].base_offset, batches[0].producer_id), (0, -1));
        prop_assert_eq!(batches[0].max_timestamp, records.iter().map(|r| r.timestamp).max().unwrap());
        prop_assert_eq!(&batches[0].records, &records);
    }
}

#[test]
fn a_repeated_header_and_a_null_header_survive_in_order() {
    let mut record = Record::at(5).key("k").header("tag", "first").header("other", "x").header("tag", "second");
    record.headers.push((Bytes::from_static(b"\xff\n"), None));
    let written = write(std::slice::from_ref(&record), Codec::None, Clock::Producer).unwrap();
    assert_eq!(parse::batches(&written)[0].records, [record]);
}

#[test]
fn the_brokers_clock_is_a_bit_beside_the_codec() {
    let written = write(&[Record::at(7)], Codec::Zstd, Clock::Broker).unwrap();
    assert_eq!(parse::batches(&written)[0].attributes, 0x08 | 4);
}

#[test]
fn a_batch_has_the_very_bytes_of_the_format() {
    let record = Record::at(1).key("k").value("v").header("h", "x");
    let written = write(&[record], Codec::None, Clock::Producer).unwrap();
    let length_to_magic = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 62, 0, 0, 0, 0, 2];
    assert_eq!(written[..17], length_to_magic);
    assert_eq!(written[61..], [24, 0, 0, 0, 2, b'k', 2, b'v', 2, 2, b'h', 2, b'x']);
}
