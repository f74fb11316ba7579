//! What a scan is asked for, and what it says.
use crate::{
    failure::Failure,
    filter::Filter,
    kafka::{
        fetch::{
            decoder::Want,
            news::{Undecided, Unreadable},
        },
        offsets::Spot,
    },
    place::{Moved, Where},
    record::Batch,
    topic::TopicName,
};
use std::collections::BTreeMap;

/// What to scan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Read as one stream.
    pub topics: Vec<TopicName>,
    /// Only these partitions, of every topic; `None` = all.
    pub partitions: Option<Vec<i32>>,
    pub from: Where,
    /// Exclusive. [`Where::End`]: the end as it is when reading begins.
    pub to: Where,
    /// Leave out aborted transactions and stop at the last stable offset.
    pub committed: bool,
    /// With [`Want::Count`] no records are found; [`Totals`] tells how many there are.
    pub want: Want,
    /// Only the records that it matches.
    pub filter: Option<Filter>,
    pub order: Order,
    /// Records after which it is over.
    pub most: Option<u64>,
}

impl Plan {
    /// Everything that is in these topics now.
    pub fn all(topics: Vec<TopicName>) -> Self {
        Self {
            topics,
            partitions: None,
            from: Where::Start,
            to: Where::End,
            committed: false,
            want: Want::Records,
            filter: None,
            order: Order::default(),
            most: None,
        }
    }
}

/// In which order records come. In each of the first two the offsets of a partition keep theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Between partitions as brokers answer; [`Where::Last`] by time.
    #[default]
    AsItArrives,
    /// Backwards in pages: the newest of all partitions by time, as far as the order of offsets allows.
    NewestFirst,
    /// Strictly by timestamp, topic, partition and offset, over all that is read. Nothing comes before all was read: up
    /// to 256 MiB are sorted in memory, more in temporary files.
    ByTime,
}

/// What a scan says.
#[derive(Debug, Clone)]
pub enum Found {
    Records(Batch),
    Unreadable(Unreadable),
    /// A place that is not there, and what was taken for it.
    Moved {
        topic: TopicName,
        moved: Moved,
    },
    /// A partition cannot be read now; `given_up`: nor later.
    Failed {
        topic: TopicName,
        partition: i32,
        failure: Failure,
        given_up: bool,
    },
    Undecided(Undecided),
    /// The last records are too large to be held together: only so many of the newest come.
    TooLarge {
        records: usize,
    },
    StartMoved {
        topic: TopicName,
        partition: i32,
        from: i64,
        to: i64,
    },
    /// Records could not be put in order, and no more come.
    Broken(Failure),
}

/// What a scan came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Those that matched, up to as many as were wanted.
    pub records: u64,
    /// Of keys, values and headers; of those that were only counted, as they came.
    pub bytes: u64,
    /// Records looked at, those of batches that were begun included, and their bytes as they came.
    pub looked: u64,
    pub looked_bytes: u64,
    /// Batches that were there and could not be read.
    pub unreadable: u64,
    /// Records that the filter could not be asked of.
    pub undecided: u64,
    /// Partitions that were given up.
    pub given_up: u64,
    /// Where to go on: the next offset of every partition that is read. Backwards: the offset to go back from.
    pub next: BTreeMap<Spot, i64>,
}
