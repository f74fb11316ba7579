//! Whole lines on their way out, and which records are in them: what was written is told from this and not from what was
//! read.
use crate::{kafka::offsets::Spot, place::Positions, record::Record, topic::TopicName};
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
        match self.runs.last_mut() {
            Some(run) if run.spot.1 == partition && Arc::ptr_eq(&run.spot.0, record.topic) => {
                (run.records, run.last) = (run.records + 1, offset);
            }
            _ => self.runs.push(Run { spot: (record.topic.clone(), partition), records: 1, last: offset }),
        }
    }
}

/// For each partition: its records, and the offset of the last of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reached(BTreeMap<Spot, (u64, i64)>);

impl Reached {
    pub fn add(&mut self, block: &Block) {
        for run in &block.runs {
            let (records, last) = self.0.entry(run.spot.clone()).or_default();
            (*records, *last) = (records.saturating_add(run.records), run.last);
        }
    }

    pub fn records(&self) -> u64 {
        self.0.values().map(|(records, _)| records).sum()
    }

    /// Records of this partition.
    pub fn of(&self, spot: &Spot) -> u64 {
        self.0.get(spot).map_or(0, |(records, _)| *records)
    }

    /// The last offset of this partition.
    pub fn last(&self, spot: &Spot) -> Option<i64> {
        self.0.get(spot).map(|(_, last)| *last)
    }

    pub fn partitions(&self) -> impl Iterator<Item = (&Spot, u64)> {
        self.0.iter().map(|(spot, (records, _))| (spot, *records))
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
