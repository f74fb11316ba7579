//! A second, independent reading of record batches: what the writer says is checked against the format, not against itself.

use kafscope_demo_broker::batch::Record;
use std::io::Read;

pub struct Parsed {
    pub base_offset: i64,
    pub attributes: i16,
    pub producer_id: i64,
    pub max_timestamp: i64,
    pub records: Vec<Record>,
}

/// All batches of a stretch of log, one after the other. Panics on anything that is not exactly the format.
pub fn batches(mut bytes: &[u8]) -> Vec<Parsed> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let size = 12 + i32::from_be_bytes(bytes[8..12].try_into().unwrap()) as usize;
        found.push(batch(&bytes[..size]));
        bytes = &bytes[size..];
    }
    found
}

fn batch(bytes: &[u8]) -> Parsed {
    let mut at = Cursor(bytes);
    let base_offset = at.i64();
    assert_eq!(at.i32() as usize, bytes.len() - 12);
    at.i32(); // leader epoch
    assert_eq!(at.take(1), [2], "magic");
    assert_eq!(at.i32() as u32, crc32c::crc32c(at.0), "checksum");
    let attributes = at.i16();
    let last_delta = at.i32();
    let (first_timestamp, max_timestamp) = (at.i64(), at.i64());
    let producer_id = at.i64();
    assert_eq!((at.i16(), at.i32()), (-1, -1), "no producer, no sequence");
    let count = at.i32();
    assert_eq!(last_delta, (count - 1).max(0));
    let body = decompress(attributes & 7, at.0);
    let mut at = Cursor(&body);
    let records = (0..i64::from(count)).map(|n| record(&mut at, n, first_timestamp)).collect();
    assert!(at.0.is_empty(), "bytes after the last record");
    Parsed { base_offset, attributes, producer_id, max_timestamp, records }
}

fn record(at: &mut Cursor, n: i64, first_timestamp: i64) -> Record {
    let size = at.varint() as usize;
    let mut at = Cursor(at.take(size));
    assert_eq!(at.take(1), [0], "record attributes");
    let timestamp = first_timestamp.wrapping_add(at.varint());
    assert_eq!(at.varint(), n, "offset delta");
    let (key, value) = (at.nullable(), at.nullable());
    let headers = (0..at.varint()).map(|_| (at.nullable().unwrap(), at.nullable())).collect();
    assert!(at.0.is_empty(), "bytes after a record");
    Record { key, value, headers, timestamp }
}

fn decompress(codec: i16, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match codec {
        0 => out.extend_from_slice(bytes),
        1 => drop(flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut out).unwrap()),
        2 => out = snap::raw::Decoder::new().decompress_vec(bytes).unwrap(),
        3 => drop(lz4_flex::frame::FrameDecoder::new(bytes).read_to_end(&mut out).unwrap()),
        4 => out = zstd::stream::decode_all(bytes).unwrap(),
        other => panic!("codec {other}"),
    }
    out
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, n: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(n);
        self.0 = rest;
        taken
    }

    fn i16(&mut self) -> i16 {
        i16::from_be_bytes(self.take(2).try_into().unwrap())
    }

    fn i32(&mut self) -> i32 {
        i32::from_be_bytes(self.take(4).try_into().unwrap())
    }

    fn i64(&mut self) -> i64 {
        i64::from_be_bytes(self.take(8).try_into().unwrap())
    }

    fn varint(&mut self) -> i64 {
        let mut raw = 0u64;
        for shift in (0..).step_by(7) {
            let byte = self.take(1)[0];
            raw |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        (raw >> 1) as i64 ^ -((raw & 1) as i64)
    }

    fn nullable(&mut self) -> Option<bytes::Bytes> {
        let n = self.varint();
        (n >= 0).then(|| bytes::Bytes::copy_from_slice(self.take(n as usize)))
    }
}
