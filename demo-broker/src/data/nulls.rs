//! Null, empty and the text `null` are three different things, for keys, values and header values.

use super::{TopicSeed, base_time};
use crate::batch::Record;
use bytes::Bytes;

/// The order in which every place runs through the three.
const THREE: [Option<&[u8]>; 3] = [None, Some(b""), Some(b"null")];

/// All 27 combinations. The key changes slowest and the value of the one header `h` fastest: with 0 for null,
/// 1 for empty and 2 for the text, the offset is 9 × key + 3 × value + header.
pub fn topic(seed: u64) -> TopicSeed {
    let at = base_time(seed);
    let records = (0..27).map(|n: usize| {
        let of = |place: usize| THREE[n / place % 3].map(Bytes::from_static);
        Record { key: of(9), value: of(3), headers: vec![(Bytes::from_static(b"h"), of(1))], timestamp: at + n as i64 }
    });
    TopicSeed::new("nulls", 1).filled(records)
}
