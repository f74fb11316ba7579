//! Values that are not text, or only nearly: what the key says is what the bytes are.

use super::{TopicSeed, base_time};
use crate::batch::Record;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use std::io::Write;

/// What each value is, and its bytes; numbers are big-endian as Kafka's serializers write them.
const VALUES: [(&str, &[u8]); 19] = [
    ("int16", &(-12_345i16).to_be_bytes()),
    ("int32", &1_234_567_890i32.to_be_bytes()),
    ("int64", &9_007_199_254_740_993i64.to_be_bytes()),
    ("float32", &(-0.15625f32).to_be_bytes()),
    ("float64", &std::f64::consts::PI.to_be_bytes()),
    ("uuid, 16 bytes", b"\x12\x3e\x45\x67\xe8\x9b\x42\xd3\xa4\x56\x42\x66\x14\x17\x40\x00"),
    // {"compact": true, "schema": 0}, the example of MessagePack's own page
    ("MessagePack map", b"\x82\xa7compact\xc3\xa6schema\x00"),
    // {"a": 1, "b": [2, 3]}, from RFC 8949, appendix A
    ("CBOR map", b"\xa2\x61a\x01\x61b\x82\x02\x03"),
    ("invalid UTF-8", b"\xff\xfe\x80"),
    ("continuation bytes alone", b"\x80\xbf\x80\xbf"),
    ("text cut inside a letter", b"caf\xc3"),
    ("Latin-1 text", b"\xdcberpr\xfcfung"),
    ("NULs", &[0; 12]),
    ("UTF-16 with BOM", b"\xff\xfeK\0a\0f\0k\0a\0"),
    ("UTF-8 with BOM", b"\xef\xbb\xbf{\"bom\":true}"),
    ("JSON scalar", b"-12.50"),
    ("int32 that is four letters", b"abcd"),
    ("PNG head", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\x1f\xf3\xffa"),
    ("Java object", b"\xac\xed\0\x05t\0\x05hello"),
];
const INTERVAL_MS: i64 = 1_000;

pub fn topic(seed: u64) -> TopicSeed {
    let values = VALUES.iter().map(|(what, bytes)| (*what, Bytes::from_static(bytes)));
    let values = values.chain([("gzip", gzip(br#"{"packed":"with gzip"}"#))]);
    let record = |(n, (what, bytes)): (i64, (&'static str, Bytes))| {
        Record::at(base_time(seed) + n * INTERVAL_MS).key(what).value(bytes)
    };
    TopicSeed::new("binary", 1).filled((0..).zip(values).map(record))
}

/// Without a file name or time: the same bytes in every run.
fn gzip(bytes: &[u8]) -> Bytes {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let written = packed.write_all(bytes).and_then(|()| packed.finish());
    written.unwrap_or_default().into()
}
