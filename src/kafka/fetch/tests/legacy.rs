//! Records as Kafka wrote them before 0.11: every field is found, and what is broken is named.
use super::{testing::*, *};
use crate::record::{OwnedRecord, TimestampType};
use proptest::prelude::*;

const ALL: Style = Style { want: Want::Records, committed: false, own: false, filter: None };

/// One message of format 0 or 1.
#[derive(Debug, Clone, Default)]
struct Old {
    magic: i8,
    offset: i64,
    attributes: u8,
    timestamp: i64,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
}

impl Old {
    fn new(magic: i8, offset: i64, value: impl AsRef<[u8]>) -> Self {
        Self { magic, offset, timestamp: 1000 + offset, value: Some(value.as_ref().to_vec()), ..Self::default() }
    }

    fn checked(&self) -> Vec<u8> {
        let mut out = vec![self.magic as u8, self.attributes];
        if self.magic > 0 {
            out.extend(self.timestamp.to_be_bytes());
        }
        for field in [&self.key, &self.value] {
            out.extend(field.as_ref().map_or(-1, |field| field.len() as i32).to_be_bytes());
            out.extend(field.iter().flatten());
        }
        out
    }

    fn bytes(&self) -> Vec<u8> {
        let checked = self.checked();
        let mut out = self.offset.to_be_bytes().to_vec();
        out.extend((checked.len() as i32 + 4).to_be_bytes());
        out.extend(sum(&checked).to_be_bytes());
        out.extend(checked);
        out
    }
}

fn sum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// So many messages as they lie inside a compressed one that begins at `base`.
fn inside(magic: i8, base: i64, count: i64) -> Vec<u8> {
    let first = if magic == 0 { base } else { 0 };
    let old = |n| Old { offset: first + n, ..Old::new(magic, base + n, format!("value {}", base + n)) };
    (0..count).flat_map(|n| old(n).bytes()).collect()
}

/// They, compressed. The outer one has the offset of the last.
fn wrapped(magic: i8, codec: i16, base: i64, count: i64) -> Old {
    Old { attributes: codec as u8, ..Old::new(magic, base + count - 1, compressed(codec, inside(magic, base, count))) }
}

fn records(news: &[News]) -> Vec<OwnedRecord> {
    let batches = news.iter().filter_map(|news| if let News::Records(batch) = news { Some(batch) } else { None });
    batches.flat_map(|batch| batch.records().map(|record| record.to_owned()).collect::<Vec<_>>()).collect()
}

#[test]
fn all_fields_of_both_formats_are_found_and_null_is_not_empty() {
    let rows = [
        Old { key: Some(b"k".to_vec()), ..Old::new(0, 5, "zero") },
        Old { key: Some(vec![]), value: None, ..Old::new(1, 6, "") },
        Old { attributes: 8, timestamp: 77, ..Old::new(1, 7, "") },
    ];
    let bytes: Vec<u8> = rows.iter().flat_map(Old::bytes).collect();
    let found = records(&decoded(&bytes, 0, 99, ALL));
    let fields: Vec<_> = found.iter().map(|record| (record.key.as_deref(), record.value.as_deref())).collect();
    let empty = Some(b"".as_slice());
    assert_eq!(fields, [(Some(b"k".as_slice()), Some(b"zero".as_slice())), (empty, None), (None, empty)]);
    let times: Vec<_> = found.iter().map(|record| (record.timestamp, record.timestamp_type)).collect();
    assert_eq!(times, [(-1, TimestampType::None), (1006, TimestampType::Create), (77, TimestampType::Append)]);
    assert!(found.iter().all(|record| record.headers.is_empty()));
}

#[test]
fn offsets_inside_a_compressed_message_are_relative_to_the_last_in_format_1_and_absolute_in_format_0() {
    for (magic, codec) in [(0, GZIP), (0, SNAPPY), (0, LZ4), (1, GZIP), (1, SNAPPY), (1, LZ4)] {
        let news = decoded(&wrapped(magic, codec, 40, 10).bytes(), 43, 48, ALL);
        assert_eq!(offsets(&news), [43, 44, 45, 46, 47], "format {magic}, codec {codec}: {news:?}");
        assert_eq!(records(&news)[0].value.as_deref(), Some(b"value 43".as_slice()));
        assert_eq!(records(&news)[0].timestamp, if magic == 0 { -1 } else { 1043 });
        assert_eq!((told(&news).records, unreadable(&news).len()), (5, 0));
    }
}

#[test]
fn holes_that_compaction_left_inside_a_compressed_message_keep_their_place() {
    let inner: Vec<u8> = [0, 3, 7].iter().flat_map(|n| Old::new(1, *n, "v").bytes()).collect();
    let outer = Old { attributes: GZIP as u8, ..Old::new(1, 27, compressed(GZIP, inner)) };
    assert_eq!(offsets(&decoded(&outer.bytes(), 0, 99, ALL)), [20, 23, 27]);
}

#[test]
fn the_time_of_the_log_on_a_compressed_message_stands_for_all_in_it() {
    let outer = Old { attributes: GZIP as u8 | 8, timestamp: 5, ..wrapped(1, GZIP, 0, 3) };
    let found = records(&decoded(&outer.bytes(), 0, 99, ALL));
    assert!(found.len() == 3 && found.iter().all(|record| record.timestamp == 5));
    assert!(found.iter().all(|record| record.timestamp_type == TimestampType::Append));
}

/// KIP-57: old producers made the checksum of the lz4 header over the wrong bytes.
#[test]
fn the_wrong_checksum_of_an_lz4_header_is_passed_over() {
    let mut frame = compressed(LZ4, inside(0, 0, 3));
    frame[6] ^= 0xff;
    let outer = Old { attributes: LZ4 as u8, ..Old::new(0, 2, frame) };
    assert_eq!(offsets(&decoded(&outer.bytes(), 0, 99, ALL)), [0, 1, 2]);
}

#[test]
fn javas_snappy_frames_inside_old_messages_are_read() {
    let mut stream = b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01".to_vec();
    let block = compressed(SNAPPY, inside(1, 0, 4));
    stream.extend((block.len() as u32).to_be_bytes());
    stream.extend(block);
    let outer = Old { attributes: SNAPPY as u8, ..Old::new(1, 3, stream) };
    assert_eq!(offsets(&decoded(&outer.bytes(), 0, 99, ALL)), [0, 1, 2, 3]);
}

/// An upgraded broker has the formats of all its years in one partition.
#[test]
fn all_formats_in_one_answer_are_read_in_order_and_counted_alike() {
    let bytes = [
        Old::new(0, 0, "a").bytes(),
        wrapped(0, GZIP, 1, 4).bytes(),
        Old::new(1, 5, "b").bytes(),
        wrapped(1, LZ4, 6, 4).bytes(),
        Written::counted(10, 5).attributes(ZSTD).bytes(),
    ]
    .concat();
    let news = decoded(&bytes, 2, 14, ALL);
    assert_eq!(offsets(&news), (2..14).collect::<Vec<_>>());
    let counted = decoded(&bytes, 2, 14, Style { want: Want::Count, ..ALL });
    assert_eq!((told(&counted).records, offsets(&counted).len()), (12, 0));
}

#[test]
fn a_broken_checksum_is_named_and_the_next_message_is_read() {
    let mut broken = Old::new(1, 1, "x").bytes();
    *broken.last_mut().unwrap() ^= 1;
    let mut set = wrapped(1, GZIP, 2, 3).bytes();
    *set.last_mut().unwrap() ^= 1;
    let bytes = [Old::new(1, 0, "a").bytes(), broken, set, Old::new(1, 5, "b").bytes()].concat();
    let news = decoded(&bytes, 0, 6, ALL);
    assert_eq!(offsets(&news), [0, 5]);
    assert_eq!(unreadable(&news), [(1, 4, "the checksum does not match".to_owned())]);
}

#[test]
fn what_cannot_be_inside_a_compressed_message_is_named_and_what_came_before_is_shown() {
    let good = inside(1, 0, 2);
    let mut wrong_sum = Old::new(1, 2, "x").bytes();
    *wrong_sum.last_mut().unwrap() ^= 1;
    let cases = [
        (Old { offset: 2, ..wrapped(1, GZIP, 0, 1) }.bytes(), "inside a compressed one"),
        (Old::new(0, 2, "x").bytes(), "another format"),
        (Written::counted(2, 1).bytes(), "another format"),
        (wrong_sum, "checksum"),
        (Old::new(1, 2, "x").bytes()[..20].to_vec(), "malformed"),
    ];
    for (bad, why) in cases {
        let inner = [good.clone(), bad].concat();
        let outer = Old { attributes: GZIP as u8, ..Old::new(1, 2, compressed(GZIP, inner)) };
        let news = decoded(&outer.bytes(), 0, 9, ALL);
        let [(_, 2, said)] = &unreadable(&news)[..] else { panic!("{why}: {news:?}") };
        assert!(said.contains(why) && records(&news).iter().all(|record| record.offset <= 2), "{said}");
    }
}

#[test]
fn a_compressed_message_without_a_value_or_of_an_unknown_codec_is_named() {
    for (attributes, why) in [(GZIP as u8, "malformed"), (6, "codec 6")] {
        let value = (attributes == 6).then(|| b"x".to_vec());
        let news = decoded(&Old { attributes, value, ..Old::new(1, 4, "") }.bytes(), 0, 9, ALL);
        assert!(matches!(&unreadable(&news)[..], [(0, 4, said)] if said.contains(why)), "{news:?}");
    }
}

/// Checksums would turn nearly every change away: make that of the outermost message fit again.
fn mended(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(checked) = bytes.get(16..) {
        let sum = sum(checked).to_be_bytes();
        bytes[12..16].copy_from_slice(&sum);
    }
    bytes
}

type Changes = Vec<(prop::sample::Index, u8)>;

fn changed(mut bytes: Vec<u8>, changes: &Changes) -> Vec<u8> {
    for (at, byte) in changes {
        let at = at.index(bytes.len());
        bytes[at] = *byte;
    }
    bytes
}

fn changes() -> impl Strategy<Value = Changes> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn whatever_was_changed_no_offset_comes_twice_and_nothing_panics(
        (magic, codec) in (0i8..2, 0i16..5),
        (outer, inner) in (changes(), changes()),
    ) {
        let inner = changed(inside(magic, 10, 6), &inner);
        let message = Old { attributes: codec as u8, ..Old::new(magic, 15, compressed(codec, inner)) };
        let bytes = [mended(changed(message.bytes(), &outer)), Old::new(magic, 16, "after").bytes()].concat();
        let found = offsets(&decoded(&bytes, 8, 18, ALL));
        prop_assert!(found.is_sorted_by(|a, b| a < b) && found.iter().all(|offset| (8..18).contains(offset)), "{found:?}");
        prop_assert_eq!(told(&decoded(&bytes, 8, 18, Style { want: Want::Count, ..ALL })).records, found.len() as u64);
    }
}
