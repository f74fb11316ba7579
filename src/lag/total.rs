//! The lag of a whole group: a sum that says what it could not count.
use super::{LagState, PartitionLag};

/// The lag of a whole group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// Sum of the known lags; `None` when no partition has one, so that what is unknown never reads as 0.
    pub lag: Option<i64>,
    /// Partitions whose lag could not be read: the sum is a lower bound (`≥`) when there are any.
    pub unknown: usize,
    /// Partitions without a commit, counted apart.
    pub no_commit: usize,
    /// Partitions with something still to read.
    pub behind: usize,
    /// Partitions that nobody owns while the group rebalances.
    pub rebalancing: usize,
    /// Offsets that commits stand beyond the ends.
    pub ahead: i64,
    /// Offsets that retention took unread.
    pub lost: i64,
}

impl Total {
    pub fn of(partitions: &[PartitionLag]) -> Self {
        partitions.iter().fold(Self::default(), Self::plus)
    }

    fn plus(mut self, partition: &PartitionLag) -> Self {
        match partition.state() {
            LagState::Unknown => self.unknown += 1,
            LagState::NoCommit => self.no_commit += 1,
            LagState::Ahead => self.ahead = self.ahead.saturating_add(partition.ahead()),
            LagState::Lost => self.lost = self.lost.saturating_add(partition.lost()),
            LagState::Rebalancing => self.rebalancing += 1,
            LagState::Ok => {}
        }
        if let Some(lag) = partition.lag() {
            self.lag = Some(self.lag.unwrap_or(0).saturating_add(lag));
            self.behind += usize::from(lag > 0);
        }
        self
    }

    pub fn is_exact(&self) -> bool {
        self.unknown == 0
    }

    /// Every partition is known, has a commit, and stands at its end.
    pub fn is_caught_up(&self) -> bool {
        self.is_exact() && self.no_commit == 0 && self.lag == Some(0) && self.ahead == 0 && self.lost == 0
    }
}
