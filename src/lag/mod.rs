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
mod status;
mod total;
mod unread;

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
mod tests {
    use super::*;
    use LagState as S;

    fn partition(start: Option<i64>, end: Option<i64>, committed: Option<i64>) -> PartitionLag {
        PartitionLag {
            topic: "orders".into(),
            partition: 0,
            start,
            end,
            stable_end: None,
            committed,
            account: Account::Committed,
            commit_epoch: None,
            metadata: String::new(),
            owner: None,
            rebalancing: false,
            error: None,
        }
    }

    fn at(start: i64, end: i64, committed: i64) -> PartitionLag {
        partition(Some(start), Some(end), Some(committed))
    }

    #[test]
    fn each_state_has_its_number_or_none() {
        let table = [
            (at(790, 1_041, 812), S::Ok, Some(229)),
            (at(790, 1_041, 1_041), S::Ok, Some(0)),
            (at(790, 1_041, 790), S::Ok, Some(251)),
            // The last offset is a commit marker: a reader rests at 1 for ever.
            (at(0, 11, 10), S::Ok, Some(1)),
            (at(0, 0, 0), S::Ok, Some(0)),
            // Retention passed the commit: what is gone cannot be behind.
            (at(790, 1_041, 700), S::Lost, Some(251)),
            (at(790, 790, 700), S::Lost, Some(0)),
            // The topic was made anew and is shorter than the commit.
            (at(0, 5, 1_041), S::Ahead, Some(0)),
            (at(0, 0, 40), S::Ahead, Some(0)),
            // Expired, never made, or a partition added after the last commit.
            (partition(Some(0), Some(9), None), S::NoCommit, None),
            (partition(Some(0), None, Some(3)), S::Unknown, None),
            (partition(None, Some(9), Some(3)), S::Unknown, None),
            (partition(None, None, None), S::Unknown, None),
        ];
        for (partition, state, lag) in table {
            assert_eq!((partition.state(), partition.lag()), (state, lag), "{partition:?}");
        }
    }

    #[test]
    fn only_a_partition_without_owner_is_rebalancing_and_its_lag_stays() {
        let mut moving = PartitionLag { rebalancing: true, ..at(0, 10, 4) };
        assert_eq!((moving.state(), moving.lag()), (S::Rebalancing, Some(6)));
        moving.owner = Some(0);
        assert_eq!(moving.state(), S::Ok);
        let gone = PartitionLag { rebalancing: true, ..at(5, 10, 4) };
        assert_eq!(gone.state(), S::Lost, "what is lost outranks the rebalance");
    }

    /// A commit that could not be read (a transaction is pending) used to look like no commit at all.
    #[test]
    fn a_commit_that_could_not_be_read_is_unknown() {
        let why = Some(Failure::new("reading commits", "a transaction is pending", ""));
        let p = PartitionLag { error: why, ..partition(Some(0), Some(9), None) };
        assert_eq!(p.state(), S::Unknown);
        assert_eq!(Total::of(&[p]), Total { unknown: 1, ..Total::default() });
    }

    #[test]
    fn distances_are_told_only_where_they_apply() {
        assert_eq!((at(790, 1_041, 700).lost(), at(790, 1_041, 700).ahead()), (90, 0));
        assert_eq!((at(790, 1_041, 1_081).lost(), at(790, 1_041, 1_081).ahead()), (0, 40));
        assert_eq!(partition(Some(790), Some(1_041), None).readable(), Some(251));
        assert_eq!(partition(None, Some(1_041), None).readable(), None);
    }

    #[test]
    fn a_total_is_a_bound_with_anything_unknown_and_counts_the_uncommitted_apart() {
        let total = Total::of(&[
            at(0, 100, 90),
            at(0, 5, 9),
            at(50, 100, 20),
            partition(Some(0), Some(9), None),
            partition(None, None, Some(1)),
        ]);
        let expected = Total { lag: Some(60), unknown: 1, no_commit: 1, behind: 2, rebalancing: 0, ahead: 4, lost: 30 };
        assert_eq!(total, expected);
        assert!(!total.is_exact() && !total.is_caught_up());
    }

    #[test]
    fn nothing_known_is_never_a_zero() {
        assert_eq!(Total::of(&[]).lag, None);
        assert_eq!(Total::of(&[partition(Some(0), Some(9), None)]).lag, None);
        assert_eq!(Total::of(&[partition(None, None, Some(4))]).lag, None);
        assert!(Total::of(&[at(0, 9, 9)]).is_caught_up());
        assert!(!Total::of(&[at(0, 9, 9), partition(Some(0), Some(0), None)]).is_caught_up());
    }

    #[test]
    fn offsets_at_the_edge_of_their_type_do_not_overflow() {
        let far = at(i64::MIN, i64::MAX, i64::MIN);
        assert_eq!(far.lag(), Some(i64::MAX));
        assert_eq!(Total::of(&[far.clone(), far]).lag, Some(i64::MAX));
        assert_eq!(at(i64::MAX, i64::MIN, i64::MIN).lag(), Some(0));
        assert_eq!(at(0, i64::MIN, i64::MAX).ahead(), i64::MAX);
    }

    proptest::proptest! {
        #[test]
        fn no_offsets_make_a_lag_negative(start: i64, end: i64, committed: Option<i64>) {
            let p = partition(Some(start), Some(end), committed);
            proptest::prop_assert!(p.lag().is_none_or(|lag| lag >= 0));
            proptest::prop_assert_eq!(p.lag().is_none(), p.state() == S::NoCommit);
            proptest::prop_assert!(p.lost() >= 0 && p.ahead() >= 0);
        }
    }
}
