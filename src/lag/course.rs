//! The course of one partition of one group: what its samples, one after the other, say of it.
use super::{
    Account, Behind, Clears, LagState, Look, PartitionLag, Rates, Status, Unread, UnreadRead, Verdict,
    behind::behind,
    commits::{Commits, Seen},
    ends::Ends,
    rates::{Flow, Sample, step},
    rounds::Round,
};
use crate::topic::TopicName;
use jiff::Timestamp;

/// What is kept of the last sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stand {
    pub state: LagState,
    pub lag: Option<i64>,
    /// The next offset that is read.
    pub position: Option<i64>,
    pub end: Option<i64>,
    /// A read-committed reader has nothing left to read.
    pub stable: bool,
    /// The account is not the broker's: the commit says where the reader is.
    pub commits: bool,
}

impl Stand {
    fn of(partition: &PartitionLag) -> Self {
        Self {
            state: partition.state(),
            lag: partition.lag(),
            position: partition.position(),
            end: partition.end,
            stable: partition.stable_lag() == Some(0),
            commits: partition.account == Account::Committed,
        }
    }
}

/// Who owns a partition, as far as it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    /// Stands for the member's id; `None` where nobody owns it or the members could not be asked.
    pub key: Option<u64>,
    /// Somebody owns it, or the group has members that could not be asked.
    pub owned: bool,
}

/// What one more sample changed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Change {
    /// Offsets that arrived and were read since the sample before; `None` for a first sample and a step back.
    pub step: Option<(i64, i64)>,
    /// Commit or end went back.
    pub back: bool,
    /// The commit moved on.
    pub forward: bool,
    /// Another member owns it than before.
    pub handed: bool,
}

/// One partition of a [`super::History`].
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    pub topic: TopicName,
    pub partition: i32,
    stand: Stand,
    /// Of the last sample that knew an end: milliseconds since 1970.
    at: i64,
    owner: Option<u64>,
    commits: Commits,
    flow: Flow,
    ends: Ends,
    look: Option<Box<Look>>,
    status: Option<Status>,
    since: i64,
}

impl Course {
    pub(super) fn new(partition: &PartitionLag) -> Self {
        Self {
            topic: partition.topic.clone(),
            partition: partition.partition,
            stand: Stand::of(partition),
            at: i64::MIN,
            owner: None,
            commits: Commits::default(),
            flow: Flow::default(),
            ends: Ends::default(),
            look: None,
            status: None,
            since: 0,
        }
    }

    pub(super) fn is_of(&self, partition: &PartitionLag) -> bool {
        self.partition == partition.partition && self.topic == partition.topic
    }

    /// One more sample of it, read in this round.
    pub(super) fn sample(&mut self, partition: &PartitionLag, owner: Owner, round: Round) -> Change {
        self.stand = Stand::of(partition);
        let mut change = Change { handed: self.hand_over(owner), ..Change::default() };
        if let Some(end) = partition.end {
            if round.fresh || round.ends.saturating_sub(self.at) > round.gap {
                self.restart();
            }
            self.at = round.ends;
            self.ends.push(end, round.ends);
            if let Some(committed) = partition.committed.filter(|_| self.stand.commits) {
                self.follow(committed, end, round, &mut change);
            }
        }
        self.judge(partition, owner, &mut change);
        change
    }

    /// A new window: nothing from before a gap says how things move now.
    fn restart(&mut self) {
        self.commits.restart();
        self.flow.restart();
        self.ends.restart();
    }

    /// An owner that comes or goes hands over, too; but not what was unknown before.
    fn hand_over(&mut self, owner: Owner) -> bool {
        let before = std::mem::replace(&mut self.owner, owner.key);
        before != owner.key && before.is_some()
    }

    fn follow(&mut self, committed: i64, end: i64, round: Round, change: &mut Change) {
        let before = u32::try_from(round.ends - round.commits).unwrap_or(u32::MAX);
        let sample = Sample { at: round.ends, before, end, committed };
        if let Some(last) = self.flow.last() {
            change.step = step(last, &sample);
            change.back = change.step.is_none();
            if end < last.end {
                self.look = None;
            }
        }
        self.flow.push(sample, self.commits.rhythm());
    }

    fn judge(&mut self, partition: &PartitionLag, owner: Owner, change: &mut Change) {
        let seen = self.seen(partition, owner);
        if let Some(seen) = &seen {
            change.forward = self.commits.push(seen) && !change.back;
        }
        let (status, since) = match (self.stand.state, &seen) {
            (LagState::Unknown, _) => {
                self.status = None;
                return;
            }
            (LagState::NoCommit, _) => (Status::NoCommit, None),
            (LagState::Ahead, _) => (Status::Ahead, None),
            (LagState::Lost, _) => (Status::Lost, None),
            (_, Some(seen)) => self.commits.status(seen),
            (_, None) if self.stand.lag == Some(0) => (Status::Ok, None),
            // A share group acknowledges record by record: its start offset may rest while it reads.
            (_, None) => (Status::Observing, None),
        };
        if self.status.replace(status) != Some(status) {
            self.since = since.unwrap_or(self.at);
        }
    }

    fn seen(&self, partition: &PartitionLag, owner: Owner) -> Option<Seen> {
        let Stand { lag: Some(lag), position: Some(position), commits: true, .. } = self.stand else { return None };
        let looked = self.look.as_ref().is_some_and(|look| look.is_next_at(position));
        Some(Seen {
            at: self.at,
            committed: partition.committed?,
            lag,
            idle: self.is_idle(),
            maybe_marker: lag == 1 && !looked,
            owned: owner.owned,
            rebalancing: partition.rebalancing && partition.owner.is_none(),
        })
    }

    /// Nothing of its lag can be read: only markers, compacted records or an open transaction are left.
    pub fn is_idle(&self) -> bool {
        let empty = |look: &Look| {
            self.stand.position.zip(self.stand.end).is_some_and(|(position, end)| look.is_empty_from(position, end))
        };
        self.stand.lag == Some(0) || self.stand.stable || self.look.as_deref().is_some_and(empty)
    }

    /// What came of looking for its next record.
    pub(super) fn looked(&mut self, read: &UnreadRead, at: i64) {
        let Ok(record) = read.record else { return };
        if record.is_some_and(|record| record.offset < read.from) {
            return;
        }
        // An end that was sampled after the look began says nothing about what was looked at.
        let end = self.stand.end.filter(|_| self.at <= at).unwrap_or(i64::MIN);
        self.look = Some(Box::new(Look { from: read.from, record, end }));
    }

    pub fn verdict(&self) -> Option<Verdict> {
        let status = self.status?;
        let place = self.stand.position.filter(|_| !matches!(status, Status::Ok | Status::Observing));
        let next = |position| self.next_record().map_or(position, |record| record.offset);
        let at = place.map(|position| (self.topic.clone(), self.partition, next(position)));
        Some(Verdict { status, at, since: Timestamp::from_millisecond(self.since).ok() })
    }

    /// Its next record, where it was read and is still the next.
    pub(super) fn next_record(&self) -> Option<&Unread> {
        let look = self.look.as_deref().filter(|look| self.stand.position.is_some_and(|at| look.is_next_at(at)));
        look.and_then(|look| look.record.as_ref())
    }

    /// `None` before two samples span 30 s, and for what has no commit.
    pub fn rates(&self) -> Option<Rates> {
        self.flow.rates()
    }

    pub fn clears(&self) -> Clears {
        match (self.waiting(), self.rates()) {
            (None, _) => Clears::Unknown,
            (Some(0), _) => Clears::CaughtUp,
            _ if matches!(self.status, Some(Status::Stuck | Status::Stopped)) => Clears::Never,
            (Some(lag), Some(rates)) if self.is_watched() => rates.clears(lag),
            _ => Clears::Observing,
        }
    }

    /// Time behind of its oldest unread record.
    pub fn behind(&self, now: Timestamp) -> Behind {
        let written = self.stand.position.and_then(|position| self.ends.written(position));
        behind(&self.stand, self.look.as_deref(), written, now.as_millisecond())
    }

    /// The record that was found last when the next one was looked for; it may have been read since
    /// ([`Course::unread_from`] tells where the look began).
    pub fn unread(&self) -> Option<&Unread> {
        self.look.as_deref().and_then(|look| look.record.as_ref())
    }

    pub fn unread_from(&self) -> Option<i64> {
        self.look.as_deref().map(|look| look.from)
    }

    /// Its lag, or 0 where nothing of it can be read; `None` where it is unknown or there is no commit.
    pub(super) fn waiting(&self) -> Option<i64> {
        self.stand.lag.map(|lag| if self.is_idle() { 0 } else { lag })
    }

    pub(super) fn lag(&self) -> Option<i64> {
        self.stand.lag
    }

    pub(super) fn status(&self) -> Option<Status> {
        self.status
    }

    pub(super) fn since(&self) -> i64 {
        self.since
    }

    pub(super) fn is_unknown(&self) -> bool {
        self.stand.state == LagState::Unknown
    }

    pub(super) fn is_watched(&self) -> bool {
        self.commits.is_watched(self.at)
    }
}
