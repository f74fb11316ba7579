//! What is in the demo's topics before anything moves: pure functions of a seed, without a clock, a network or a
//! global. It owns the bytes; it does not know how they get into a broker.

mod big;
mod binary;
pub mod clocks;
pub mod customers;
mod dead_letters;
mod groups;
mod hostile;
mod layout;
mod murmur2;
mod nulls;
pub mod orders;
pub mod payments;
mod random;
pub mod texts;
mod trips;
pub mod tweets;
mod words;

use crate::batch::{self, Clock, Codec, Record};
use bytes::Bytes;
pub use groups::{GroupSeed, STORM, groups};
pub use layout::Layout;
pub use murmur2::{murmur2, partition};
pub use random::Random;
use std::io;

/// 2026-11-20T09:00:00Z: the time of seed 1's first records.
const FIRST_BASE_TIME: i64 = 1_795_165_200_000;
const HOUR_MS: i64 = 3_600_000;
/// Later seeds begin an hour later each and start again after about a year, so that no seed reaches absurd times.
const BASE_TIMES: u64 = 8_760;
/// The most bytes a live topic keeps: what a demo left alone for a week may cost.
const TOPIC_BYTES: usize = 16 * 1024 * 1024;

/// One topic as the demo creates and fills it.
#[derive(Clone, Debug)]
pub struct TopicSeed {
    pub name: &'static str,
    pub replication: i16,
    /// Settings that differ from the broker's defaults.
    pub configs: Vec<(&'static str, String)>,
    /// The records of each partition in offset order; from offset 0 without a gap, where nothing else is `laid`.
    pub partitions: Vec<Vec<Record>>,
    /// The log of each partition, where it is not the plain one of its records. Values too large to be kept are only here.
    pub laid: Vec<Layout>,
    /// Records below this offset are deleted after they were written, in every partition.
    pub deleted_before: i64,
    codec: Codec,
    batch_records: usize,
}

impl TopicSeed {
    /// An empty topic, three replicas.
    pub fn new(name: &'static str, partitions: usize) -> Self {
        Self {
            name,
            replication: 3,
            configs: Vec::new(),
            partitions: vec![Vec::new(); partitions],
            laid: Vec::new(),
            deleted_before: 0,
            codec: Codec::None,
            batch_records: 20,
        }
    }

    fn packed(mut self, codec: Codec, batch_records: usize) -> Self {
        (self.codec, self.batch_records) = (codec, batch_records.max(1));
        self
    }

    fn config(mut self, name: &'static str, value: impl ToString) -> Self {
        self.configs.push((name, value.to_string()));
        self
    }

    /// Bounds what live traffic can pile up.
    fn capped(self) -> Self {
        let partition_bytes = TOPIC_BYTES / self.partitions.len().max(1);
        self.config("retention.bytes", partition_bytes)
    }

    /// A record with a key goes where Java puts it, one without goes to partition `n` of a round.
    fn put(&mut self, n: usize, record: Record) {
        let count = self.partitions.len();
        let at = record.key.as_ref().map_or(n % count.max(1), |key| partition(key, count));
        if let Some(records) = self.partitions.get_mut(at) {
            records.push(record);
        }
    }

    /// Adds records from the first to the last, see `put`.
    fn filled(mut self, records: impl IntoIterator<Item = Record>) -> Self {
        records.into_iter().enumerate().for_each(|(n, record)| self.put(n, record));
        self
    }

    /// The end offset of a partition, 0 when there is no such partition.
    pub fn end(&self, partition: usize) -> i64 {
        let plain = || self.partitions.get(partition).map_or(0, |records| records.len() as i64);
        self.laid.get(partition).map_or_else(plain, Layout::end)
    }

    /// Partition, base offset and bytes of every batch, each partition in offset order.
    pub fn batches(&self) -> impl Iterator<Item = (usize, i64, io::Result<Bytes>)> {
        let plain = self.partitions.iter().enumerate().filter(|_| self.laid.is_empty());
        let plain = plain.flat_map(move |(partition, records)| {
            let bases = (0..).step_by(self.batch_records);
            let write = |chunk| batch::write(chunk, self.codec, Clock::Producer);
            bases.zip(records.chunks(self.batch_records)).map(move |(base, chunk)| (partition, base, write(chunk)))
        });
        let laid = self.laid.iter().enumerate().flat_map(|(partition, layout)| {
            layout.batches().iter().map(move |(base, batch)| (partition, *base, batch.write()))
        });
        plain.chain(laid)
    }
}

/// The time of the first records, milliseconds since 1970.
pub fn base_time(seed: u64) -> i64 {
    FIRST_BASE_TIME + (seed.wrapping_sub(1) % BASE_TIMES) as i64 * HOUR_MS
}

/// Every topic of the fixed part with every byte of its records, in the order they are created.
pub fn topics(seed: u64) -> Vec<TopicSeed> {
    let orders = orders::topic(seed);
    let dead_letters = dead_letters::topic(seed, &orders);
    vec![
        orders,
        dead_letters,
        payments::topic(seed),
        customers::topic(seed),
        tweets::topic(seed),
        trips::topic(seed),
        texts::sentences(seed),
        texts::mytopic(seed),
        texts::languages(seed),
        nulls::topic(seed),
        hostile::topic(seed),
        binary::topic(seed),
        words::topic(seed),
        big::topic(seed),
        clocks::topic(seed),
        clocks::append(seed),
        texts::retained(seed),
        texts::drained(seed),
        TopicSeed::new("empty", 1),
        TopicSeed::new("fast", 6).capped(),
    ]
}

#[cfg(test)]
mod shapes;
#[cfg(test)]
mod tests;
