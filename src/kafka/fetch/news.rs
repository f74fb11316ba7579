//! What readers say: records, how far they came, and what went wrong on the way.
use crate::{failure::Failure, kafka::offsets::Spot, record::Batch, topic::TopicName};

#[derive(Debug, Clone)]
pub enum News {
    /// At most [`super::chunk::MOST_RECORDS`] and [`super::chunk::MOST_BYTES`], or one record. Within a partition in the
    /// order of offsets, each offset once.
    Records(Batch),
    /// Everything before these positions was handed over. Said after every answer that changed something.
    Read(Vec<Progress>),
    Unreadable(Unreadable),
    /// Of one answer.
    Undecided(Undecided),
    /// A partition cannot be read now; it is tried again unless the plan says when to give up.
    Failed {
        topic: TopicName,
        partition: i32,
        failure: Failure,
        /// The topic is not there: what comes by its name later may be another one.
        gone: bool,
        given_up: bool,
    },
    /// The log start passed the reader, or the log became shorter: reading goes on at `to`.
    StartMoved {
        topic: TopicName,
        partition: i32,
        from: i64,
        to: i64,
    },
}

/// How far one partition was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    pub topic: TopicName,
    pub partition: i32,
    /// The next offset.
    pub next: i64,
    /// High watermark, or last stable offset when committed.
    pub end: i64,
    /// Records looked at in this answer, kept or not; those of aborted transactions are not among them.
    pub records: u64,
    /// Those of them that are wanted.
    pub matched: u64,
    /// Bytes of the records looked at, as encoded; of batches that were only counted, their length as they came.
    pub bytes: u64,
}

/// Batches that are there and cannot be read. Reading went on after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub topic: TopicName,
    pub partition: i32,
    /// The first offset that could not be read.
    pub first: i64,
    /// The last, as far as the batch tells.
    pub last: i64,
    /// How many batches in a row.
    pub batches: u64,
    pub why: String,
}

/// Records that the filter could not be asked of; they are not handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    pub spot: Spot,
    /// Of the first.
    pub offset: i64,
    pub failures: u64,
    /// Why it could not be asked of the first. Foreign text may stand in it.
    pub why: String,
}

impl Unreadable {
    pub fn failure(&self) -> Failure {
        let offsets = if self.first == self.last {
            format!("offset {}", self.first)
        } else {
            format!("offsets {} to {}", self.first, self.last)
        };
        let attempted = format!("reading {offsets} of {} partition {}", self.topic, self.partition);
        Failure::new(attempted, self.why.clone(), "reading went on after it")
    }
}
