//! The record that a group reads next, and how long it has been waiting.
use crate::{failure::Failure, topic::TopicName};
use jiff::Timestamp;

/// The first readable record at or after a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread {
    /// Higher than the commit where markers or compacted records stand between.
    pub offset: i64,
    /// Milliseconds since 1970; `None` where the record has none (−1, old formats).
    pub timestamp: Option<i64>,
    /// The broker's clock (LogAppendTime), not the producer's.
    pub append: bool,
}

/// What came of looking for it.
#[derive(Debug, Clone, PartialEq)]
pub struct UnreadRead {
    pub topic: TopicName,
    pub partition: i32,
    /// Where the look began: the commit, or the start where that is higher.
    pub from: i64,
    /// When it began: a look that found nothing is only empty up to an end that was sampled before.
    pub began: Timestamp,
    /// `Ok(None)`: nothing readable up to the end (markers, an open transaction, compacted).
    pub record: Result<Option<Unread>, Failure>,
}
