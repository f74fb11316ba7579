//! Whole lines on their way out, and which records are in them: what was written is told from this and not from what was
//! read.
use crate::{
    kafka::offsets::Spot,
    place::Positions,
    record::{Batch, Record},
    topic::TopicName,
};
use std::{collections::BTreeMap, sync::Arc};

/// Lines that are written together.
#[derive(Debug, Default)]
pub struct Block {
    pub bytes: Vec<u8>,
    runs: Vec<Run>,
}

/// Records of one partition, one after the other.
#[derive(Debug)]
struct Run {
    spot: Spot,
    records: u64,
    /// Of keys, values and headers.
    bytes: u64,
    last: i64,
}

impl Block {
    /// In a buffer that was used before.
    pub fn over(mut bytes: Vec<u8>) -> Self {
        bytes.clear();
        Self { bytes, runs: vec![] }
    }

    pub fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.bytes.is_empty()
    }

    /// A record is in this block. They come in long runs of one partition; looking each up took an eighth of a whole read.
    pub fn note(&mut self, record: &Record<'_>) {
        let (partition, offset) = record.place();
        let bytes = record.size() as u64;
        match self.runs.last_mut() {
            Some(run) if run.spot.1 == partition && Arc::ptr_eq(&run.spot.0, record.topic) => {
                (run.records, run.bytes, run.last) = (run.records + 1, run.bytes + bytes, offset);
            }
            _ => self.runs.push(Run { spot: (record.topic.clone(), partition), records: 1, bytes, last: offset }),
        }
    }
}

/// For each partition: its records, and the offset of the last of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reached {
    partitions: BTreeMap<Spot, (u64, i64)>,
    bytes: u64,
}

impl Reached {
    pub fn add(&mut self, block: &Block) {
        for run in &block.runs {
            self.bytes = self.bytes.saturating_add(run.bytes);
            self.run(run.spot.clone(), run.records, run.last);
        }
    }

    /// The first `most` records of a batch, known before the first of them is written: a batch that breaks off in its
    /// middle must not look as if the partitions of its rest held nothing.
    pub fn batch(&mut self, batch: &Batch, most: usize) {
        let heads = batch.heads.get(..most).unwrap_or(&batch.heads);
        for run in heads.chunk_by(|a, b| a.partition == b.partition) {
            if let Some(last) = run.last() {
                self.run((batch.topic.clone(), last.partition), run.len() as u64, last.offset);
            }
        }
    }

    fn run(&mut self, spot: Spot, more: u64, to: i64) {
        let (records, last) = self.partitions.entry(spot).or_default();
        (*records, *last) = (records.saturating_add(more), to);
    }

    /// Of keys, values and headers.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub fn records(&self) -> u64 {
        self.partitions.values().map(|(records, _)| records).sum()
    }

    /// Records of this partition.
    pub fn of(&self, spot: &Spot) -> u64 {
        self.partitions.get(spot).map_or(0, |(records, _)| *records)
    }

    /// The last offset of this partition.
    pub fn last(&self, spot: &Spot) -> Option<i64> {
        self.partitions.get(spot).map(|(_, last)| *last)
    }
}

/// Offsets of partitions, topic by topic.
pub fn by_topic(positions: impl IntoIterator<Item = (Spot, i64)>) -> BTreeMap<TopicName, Positions> {
    let mut topics: BTreeMap<TopicName, Positions> = BTreeMap::new();
    for ((topic, partition), offset) in positions {
        topics.entry(topic).or_default().insert(partition, offset);
    }
    topics
}
