//! Records whose producers' clocks are wrong in every way, and a topic where the broker's clock wins.

use super::{Layout, TopicSeed, base_time};
use crate::batch::{Codec, Record};
use crate::prepared::Prepared;

const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600 * SECOND_MS;
const YEAR_MS: i64 = 365 * 24 * HOUR_MS;
/// Records of the fixed part of `clock-append`; live ones go on from here.
pub const FIXED_APPENDS: u64 = 10;
/// Between two of them.
const INTERVAL_MS: i64 = 5 * SECOND_MS;
/// So far the producer of `clock-append` is behind the broker.
const BEHIND_MS: i64 = HOUR_MS;

/// `clock`: partition 0 never goes back in time, partition 1 does all it should not. The values say what each time is.
pub fn topic(seed: u64) -> TopicSeed {
    let base = base_time(seed);
    let in_order = (0..4).map(|n| ("in order", base + n * SECOND_MS));
    let equal = [("equal", base + 10 * SECOND_MS); 4];
    let out_of_order = [50, 20, 40, 30].map(|seconds| ("out of order", base + seconds * SECOND_MS));
    let wrong = [
        ("3 hours ahead", base + 3 * HOUR_MS),
        ("10 years ahead", base + 10 * YEAR_MS),
        ("1970", 0),
        ("no time: -1", -1),
    ];
    let records = |times: Vec<(&'static str, i64)>| {
        times.into_iter().map(|(what, at)| Record::at(at).value(what)).collect::<Vec<_>>()
    };
    let partitions = vec![records(in_order.chain(equal).collect()), records([out_of_order, wrong].concat())];
    TopicSeed { partitions, ..TopicSeed::new("clock", 2) }.packed(Codec::None, 4)
}

/// `clock-append`: the broker's time is told, the producer's is an hour older and hidden.
pub fn append(seed: u64) -> TopicSeed {
    let records = (1..=FIXED_APPENDS).map(|n| appended(seed, n, base_time(seed) + n as i64 * INTERVAL_MS));
    let records: Vec<_> = records.collect();
    let mut log = Layout::default();
    for record in &records {
        let sent = Record { timestamp: record.timestamp - BEHIND_MS, ..record.clone() };
        log.push(Prepared::Stamped { records: vec![sent], at: record.timestamp });
    }
    let topic = TopicSeed::new("clock-append", 1).config("message.timestamp.type", "LogAppendTime").capped();
    TopicSeed { partitions: vec![records], laid: vec![log], ..topic }
}

/// Record number `n` of `clock-append`, from 1, taken by the broker at `at` (milliseconds since 1970).
pub fn appended(_seed: u64, n: u64, at: i64) -> Record {
    Record::at(at).value(format!("taken by the broker, number {n}"))
}
