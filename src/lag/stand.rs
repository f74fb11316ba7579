//! Where one partition of a group stood at its last sample, and whether its reader waits there.
use super::{Account, LagState, PartitionLag};

/// What is kept of the last sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stand {
    pub state: LagState,
    pub lag: Option<i64>,
    /// The next offset that is read.
    pub position: Option<i64>,
    pub end: Option<i64>,
    /// Where a reader of committed records stops, as far as it was told.
    pub stable_end: Option<i64>,
    /// The account is not the broker's: the commit says where the reader is.
    pub commits: bool,
}

impl Stand {
    pub(super) fn of(partition: &PartitionLag) -> Self {
        Self {
            state: partition.state(),
            lag: partition.lag(),
            position: partition.position(),
            end: partition.end,
            stable_end: partition.stable_end,
            commits: partition.account == Account::Committed,
        }
    }

    /// An open transaction holds its reader back: what it would read next, this record or where it stands, is not stable
    /// yet. Who stands beyond the stable end does not wait for it: that is a reader of uncommitted records.
    pub fn waits(&self, next: Option<i64>) -> bool {
        let Self { position: Some(position), stable_end: Some(stable_end), commits: true, .. } = *self else {
            return false;
        };
        position <= stable_end && next.unwrap_or(position) >= stable_end
    }
}
