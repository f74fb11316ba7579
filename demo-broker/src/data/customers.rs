//! Customers in a compacted topic: of 100,000 writes 400 are left, with holes between batches, inside of them, and at
//! the end of a partition.

use super::{Layout, Random, TopicSeed, base_time, partition};
use crate::batch::Record;
use crate::prepared::Prepared;
use serde_json::json;
use std::collections::BTreeSet;

pub const PARTITIONS: usize = 4;
/// Offsets of each partition.
const OFFSETS: i64 = 25_000;
/// Records left on each partition: on the first, 99 % of the offsets are holes.
const LEFT: [usize; PARTITIONS] = [250, 50, 50, 50];
/// Offsets of one batch before compaction.
const BATCH: i64 = 50;
/// The newest records, which compaction has not come to: later writes of keys that are already there.
const RECENT: usize = 10;
/// The partition whose newest offsets are compacted away.
const ENDS_IN_HOLE: usize = 3;
/// The partition with a batch of which no record is left, as Kafka keeps it for its producer's sequence number.
const WITH_EMPTY_BATCH: usize = 1;
/// The deleted customers of a partition, counted back from its newest record.
const TOMBSTONES: [usize; 3] = [2, 5, 8];
/// Between two writes of a partition: together they cover an hour.
const INTERVAL_MS: i64 = 144;
/// Customers that live updates are about.
const CUSTOMERS: u64 = 900;
/// One of so many live updates deletes its customer.
const DELETED_OF: u64 = 25;

const NAMES: [&str; 8] = ["Ada", "Grace", "Linus", "Edsger", "Barbara", "Donald", "Katherine", "Niklaus"];
const CITIES: [&str; 6] = ["Rotterdam", "Göteborg", "Lyon", "Kraków", "Porto", "Graz"];

pub fn topic(seed: u64) -> TopicSeed {
    let laid: Vec<Layout> = (0..PARTITIONS).map(|partition| lay(seed, partition)).collect();
    let partitions = laid.iter().map(Layout::records).collect();
    let topic = TopicSeed::new("customers", PARTITIONS).config("cleanup.policy", "compact");
    TopicSeed { partitions, laid, ..topic }
}

/// Live update number `n`, from 1, at `at` (milliseconds since 1970).
pub fn update(seed: u64, n: u64, at: i64) -> Record {
    let mut random = Random::new(seed, "customers live", n);
    let key = format!("cust-{}", random.between(1, CUSTOMERS));
    if n.is_multiple_of(DELETED_OF) { Record::at(at).key(key) } else { customer(&mut random, &key, at) }
}

fn customer(random: &mut Random, key: &str, at: i64) -> Record {
    let name = random.pick(&NAMES);
    let value = json!({
        "id": key,
        "name": name,
        "city": random.pick(&CITIES),
        "email": format!("{}.{}@example.org", name.to_lowercase(), random.between(1, 999)),
        "version": random.between(1, 40),
        "updated": jiff::Timestamp::from_millisecond(at).map(|time| time.to_string()).unwrap_or_default(),
    });
    Record::at(at).key(key.to_owned()).value(value.to_string())
}

fn lay(seed: u64, partition: usize) -> Layout {
    let mut random = Random::new(seed, "customers", partition as u64);
    let recent = if partition == ENDS_IN_HOLE { 0 } else { RECENT };
    let left = left(&mut random, seed, partition, recent);
    let (old, new) = left.split_at(left.len() - recent);
    let mut log = Layout::default();
    for base in (0..OFFSETS).step_by(BATCH as usize) {
        let within = |(offset, record): &(i64, Record)| {
            let delta = offset - base;
            (0..BATCH).contains(&delta).then(|| (delta as i32, record.clone()))
        };
        let left: Vec<_> = old.iter().filter_map(within).collect();
        let kept_empty = partition == WITH_EMPTY_BATCH && base == 0;
        if !left.is_empty() || kept_empty {
            log.skip_to(base);
            log.push(Prepared::Compacted { offsets: BATCH as i32, left, at: time(seed, base) });
        }
    }
    log.skip_to(OFFSETS - recent as i64);
    let new = (0..).zip(new).map(|(delta, (_, record))| (delta, record.clone())).collect();
    if recent > 0 {
        log.push(Prepared::Compacted { offsets: recent as i32, left: new, at: time(seed, OFFSETS) });
    }
    log
}

/// The records that are left and where, the `recent` newest without a gap at the end.
fn left(random: &mut Random, seed: u64, partition: usize, recent: usize) -> Vec<(i64, Record)> {
    let old = LEFT[partition] - recent;
    let mut offsets = BTreeSet::new();
    while offsets.len() < old {
        offsets.insert(random.between(BATCH as u64, (OFFSETS - 2 * BATCH) as u64) as i64);
    }
    let keys: Vec<String> = keys_of(partition).take(old).collect();
    let again: Vec<String> = (0..recent).map(|_| keys[random.number() as usize % keys.len()].clone()).collect();
    let offsets = offsets.into_iter().chain(OFFSETS - recent as i64..OFFSETS);
    let count = LEFT[partition];
    let record = |(n, (offset, key)): (usize, (i64, &String))| {
        let customer = customer(random, key, time(seed, offset));
        let deleted = TOMBSTONES.contains(&(count - 1 - n));
        (offset, if deleted { Record { value: None, ..customer } } else { customer })
    };
    offsets.zip(keys.iter().chain(&again)).enumerate().map(record).collect()
}

fn keys_of(on: usize) -> impl Iterator<Item = String> {
    (1..).map(|n| format!("cust-{n}")).filter(move |key| partition(key.as_bytes(), PARTITIONS) == on)
}

fn time(seed: u64, offset: i64) -> i64 {
    base_time(seed) + offset * INTERVAL_MS
}
