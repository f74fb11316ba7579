//! The arithmetic of lag: the state of one partition of one group, and honest totals. No I/O, no clock.
//!
//! Lag counts offsets, not records: transaction markers, aborted and compacted records are in it, as they are in Kafka's
//! own `ConsumerGroupCommand`. Unlike that tool, nothing here is negative and nothing unknown is a number.
//!
//! One look is a [`PartitionLag`]; many looks, one after the other, are a [`History`], which knows trend, status, time to
//! clear and time behind.
mod behind;
mod bins;
mod commits;
mod course;
mod ends;
mod explain;
mod history;
mod rates;
mod rounds;
mod series;
mod stand;
mod status;
mod total;
mod unread;
mod whole;

pub use behind::{Behind, Look};
pub use course::Course;
pub use explain::explain;
pub use history::History;
pub use rates::{Clears, Rates};
pub use series::{Bin, Series, Window};
pub use status::{Status, Verdict};
pub use total::Total;
pub use unread::{Unread, UnreadRead};

use crate::{failure::Failure, topic::TopicName};

/// What was read about one partition of one group, commits before ends.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitionLag {
    pub topic: TopicName,
    pub partition: i32,
    pub start: Option<i64>,
    /// High watermark.
    pub end: Option<i64>,
    /// Last stable offset: where a read-committed reader stops. `None` where it was not asked for.
    pub stable_end: Option<i64>,
    /// The next offset the group will read; `None` = no commit (OffsetFetch −1). Of a share group its start offset
    /// (SPSO, DescribeShareGroupOffsets), `None` before anything was delivered.
    pub committed: Option<i64>,
    /// Who keeps the account of what was read.
    pub account: Account,
    /// The leader epoch of the record before the commit, where the consumer told it (KIP-320).
    pub commit_epoch: Option<i32>,
    pub metadata: String,
    /// Index into the group's members of the one that owns it now.
    pub owner: Option<usize>,
    /// The group is between two assignments.
    pub rebalancing: bool,
    /// Why start, end or commit could not be read.
    pub error: Option<Failure>,
}

/// Who keeps the account of what a group has read of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Account {
    /// The group commits an offset; the lag is the distance from there to the end.
    #[default]
    Committed,
    /// A share group (KIP-932): the broker counts record by record. Its lag is only known where the broker tells it
    /// (DescribeShareGroupOffsets v1, KIP-1226), else `None`; end − start offset would count what was acknowledged.
    Shared { lag: Option<i64> },
}

/// The six states of one partition of one group; first match wins in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LagState {
    /// Start, end or commit could not be read: no number at all.
    Unknown,
    /// Readable, but the group never committed here, or its commit expired (KIP-211).
    NoCommit,
    /// committed > end: a topic made anew, an unclean leader, a mirrored group.
    Ahead,
    /// committed < start: retention was faster than the group.
    Lost,
    /// Would be ok, but partitions change hands and nobody owns this one now.
    Rebalancing,
    /// start ≤ committed ≤ end.
    Ok,
}

impl LagState {
    /// As `--json` prints it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NoCommit => "no_commit",
            Self::Ahead => "ahead",
            Self::Lost => "lost",
            Self::Rebalancing => "rebalancing",
            Self::Ok => "ok",
        }
    }
}

impl PartitionLag {
    pub fn state(&self) -> LagState {
        if let Account::Shared { lag } = self.account {
            return self.state_of_share(lag);
        }
        let (Some(start), Some(end)) = (self.start, self.end) else { return LagState::Unknown };
        match self.committed {
            None if self.error.is_some() => LagState::Unknown,
            None => LagState::NoCommit,
            Some(committed) if committed > end => LagState::Ahead,
            Some(committed) if committed < start => LagState::Lost,
            Some(_) if self.rebalancing && self.owner.is_none() => LagState::Rebalancing,
            Some(_) => LagState::Ok,
        }
    }

    fn state_of_share(&self, told: Option<i64>) -> LagState {
        match (told, self.committed) {
            (Some(_), _) => LagState::Ok,
            (None, None) if self.error.is_none() => LagState::NoCommit,
            (None, _) => LagState::Unknown,
        }
    }

    /// Offsets still to read: end − max(committed, start), as `ConsumerGroupCommand` has it, except that what retention
    /// took is not counted and nothing is negative. `None` where it is unknown or there is no commit.
    pub fn lag(&self) -> Option<i64> {
        if let Account::Shared { lag } = self.account {
            return lag.map(|lag| lag.max(0));
        }
        self.up_to(self.end)
    }

    /// The lag of a read-committed reader: up to the last stable offset (KIP-98), 0 where only offsets of open
    /// transactions are left. `None` where the stable end was not asked for.
    pub fn stable_lag(&self) -> Option<i64> {
        match self.account {
            Account::Committed => self.up_to(self.stable_end),
            Account::Shared { .. } => None,
        }
    }

    /// Offsets held back by an open transaction: end − stable end; 0 where there is none or it was not asked for.
    pub fn held_back(&self) -> i64 {
        self.above(self.end, self.stable_end)
    }

    /// end − committed with its sign, as `ConsumerGroupCommand` prints it: negative where the commit is ahead, and with
    /// what retention took counted in.
    pub fn difference(&self) -> Option<i64> {
        match self.account {
            Account::Committed => Some(self.end?.saturating_sub(self.committed?)),
            Account::Shared { lag } => lag,
        }
    }

    /// Where reading goes on: the commit, or the start where retention passed it (`auto.offset.reset` aside).
    pub fn position(&self) -> Option<i64> {
        Some(self.committed?.max(self.start?))
    }

    fn up_to(&self, end: Option<i64>) -> Option<i64> {
        Some(end?.saturating_sub(self.position()?).max(0))
    }

    /// Offsets that the commit stands beyond the end; 0 unless [`LagState::Ahead`].
    pub fn ahead(&self) -> i64 {
        self.above(self.committed, self.end)
    }

    /// Offsets that retention took before the group read them; 0 unless [`LagState::Lost`].
    pub fn lost(&self) -> i64 {
        if self.state() == LagState::Lost { self.above(self.start, self.committed) } else { 0 }
    }

    /// Offsets the partition holds now, for whoever starts at its beginning.
    pub fn readable(&self) -> Option<i64> {
        self.start.and(self.end).map(|_| self.above(self.end, self.start))
    }

    fn above(&self, high: Option<i64>, low: Option<i64>) -> i64 {
        high.zip(low).map_or(0, |(high, low)| high.saturating_sub(low).max(0))
    }
}

#[cfg(test)]
mod tests;
