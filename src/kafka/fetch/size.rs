//! How many bytes to ask for. Small answers cost little memory and are nearly as fast while the broker is near; on a
//! long way a partition gives one answer per round trip, so answers that come full and late grow.
use super::answer::Answer;
use std::time::Duration;

/// An answer at the start, in bytes; a partition asks for half of it.
pub const START: i32 = 2 << 20;
/// The least to start with on a connection that is too slow for more, in bytes.
pub const START_LEAST: i32 = 128 << 10;
/// The most a partition may ask for in the usual way, in bytes.
const PARTITION_MOST: i32 = 32 << 20;
/// How many times larger the next one is.
const GROWTH: i32 = 4;
/// The most for a single batch that fits nothing smaller; a frame ends at 100 MiB.
const BATCH_MOST: i32 = 96 << 20;
/// Answers that take longer than this are worth more bytes.
const LONG: Duration = Duration::from_millis(10);
/// And those that take longer than this are not: the connection is slow, not far.
const TOO_LONG: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub struct Size {
    partition: i32,
    answer: i32,
    budget: i32,
}

impl Size {
    /// `start`: bytes of the first answers; `budget`: bytes an answer may grow to.
    pub fn new(start: i32, budget: i32) -> Self {
        Self { partition: start / 2, answer: start, budget: budget.max(start) }
    }

    pub fn partition(&self) -> i32 {
        self.partition
    }

    pub fn answer(&self) -> i32 {
        self.answer
    }

    /// Twice the limit, for a batch that does not fit; `None` beyond what a frame can carry.
    pub fn larger(&self, limit: i32) -> Option<i32> {
        (limit < BATCH_MOST).then(|| limit.saturating_mul(2).min(BATCH_MOST))
    }

    /// Could a partition, or the whole answer, have held more?
    pub fn is_full(&self, length: usize) -> bool {
        is_full(length, self.partition)
    }

    /// Grows after an answer that came full and took long. `length`: of the whole answer.
    pub fn learn(&mut self, answer: &Answer, length: usize, took: Duration) {
        if took < LONG || took > TOO_LONG {
            return;
        }
        let longest = answer.sections.iter().map(|section| section.records.len()).max().unwrap_or(0);
        if is_full(longest, self.partition) {
            self.partition = self.partition.saturating_mul(GROWTH).min(PARTITION_MOST).min(self.budget);
        }
        if is_full(length, self.answer) {
            self.answer = self.answer.saturating_mul(GROWTH).min(self.budget);
        }
    }
}

/// Batches are not cut to measure: an answer is full at three quarters.
fn is_full(length: usize, limit: i32) -> bool {
    length >= limit as usize / 4 * 3
}
