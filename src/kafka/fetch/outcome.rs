//! What an answer came to: what to decode of it, and what became of the partitions that were asked for.
use super::{aborted::AbortedTransaction, parts::Part};
use std::{ops::Range, time::Duration};

/// What to decode of an answer for one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    pub topic: usize,
    pub partition: i32,
    /// Records before it were handed over already.
    pub from: i64,
    /// Records at or past it are not wanted.
    pub stop: i64,
    /// The position after it.
    pub next: i64,
    /// High watermark, or last stable offset when committed.
    pub end: i64,
    pub aborted: Vec<AbortedTransaction>,
    /// Whole batches in the answer's body; or, alone, one that never comes whole and that the position went past.
    pub records: Range<usize>,
}

/// Why a partition is given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Kafka's error code.
    Code(i16),
    /// The log ends here now, before the stop.
    Shorter(i64),
    /// Its bytes lead nowhere.
    Malformed(&'static str),
}

/// An answer, sorted out.
#[derive(Debug, Default)]
pub struct Outcome {
    pub slices: Vec<Slice>,
    pub lost: Vec<(Part, Trouble)>,
    /// Partitions that came to their stop.
    pub ended: Vec<Part>,
    /// The broker wants silence for this long.
    pub throttle: Duration,
}
