//! The arithmetic of lag: the state of one partition of one group, and honest totals. No I/O, no clock.
use crate::{failure::Failure, topic::TopicName};

/// What was read about one partition of one group, commits before ends.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitionLag {
    pub topic: TopicName,
    pub partition: i32,
    pub start: Option<i64>,
    /// High watermark.
    pub end: Option<i64>,
    /// The next offset the group will read; `None` = no commit (OffsetFetch −1).
    pub committed: Option<i64>,
    pub metadata: String,
    /// Index into the group's members of the one that owns it now.
    pub owner: Option<usize>,
    /// The group is between two assignments.
    pub rebalancing: bool,
    /// Why start or end are missing.
    pub error: Option<Failure>,
}

/// The six states of one partition of one group; first match wins in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LagState {
    Unknown,
    NoCommit,
    Ahead,
    Lost,
    Rebalancing,
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
        let (Some(start), Some(end)) = (self.start, self.end) else { return LagState::Unknown };
        match self.committed {
            None => LagState::NoCommit,
            Some(committed) if committed > end => LagState::Ahead,
            Some(committed) if committed < start => LagState::Lost,
            Some(_) if self.rebalancing && self.owner.is_none() => LagState::Rebalancing,
            Some(_) => LagState::Ok,
        }
    }

    /// Offsets still to read; `None` where it is unknown or there is no commit. Never negative.
    pub fn lag(&self) -> Option<i64> {
        let (start, end, committed) = (self.start?, self.end?, self.committed?);
        Some(end.saturating_sub(committed.max(start)).max(0))
    }
}

/// The lag of a whole group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// Sum of the known lags; `None` when the group has no commit anywhere.
    pub lag: Option<i64>,
    /// Partitions whose lag could not be read: the total is a lower bound (`≥`) when there are any.
    pub unknown: usize,
    /// Partitions without a commit, counted apart.
    pub no_commit: usize,
}

impl Total {
    pub fn of(partitions: &[PartitionLag]) -> Self {
        let mut total = Self::default();
        for partition in partitions {
            match partition.state() {
                LagState::Unknown => total.unknown += 1,
                LagState::NoCommit => total.no_commit += 1,
                _ => {}
            }
            if let Some(lag) = partition.lag() {
                total.lag = Some(total.lag.unwrap_or(0).saturating_add(lag));
            }
        }
        if total.unknown > 0 {
            total.lag = total.lag.or(Some(0));
        }
        total
    }

    pub fn is_exact(&self) -> bool {
        self.unknown == 0
    }
}
