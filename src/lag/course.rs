//! The course of one partition of one group: what its samples, one after the other, say of it.
use super::{
    Behind, Clears, LagState, Look, PartitionLag, Rates, Status, Unread, UnreadRead, Verdict,
    behind::behind,
    commits::{Commits, Seen},
    ends::Ends,
    rates::{Flow, Sample, clears, step},
    rounds::Round,
    stand::Stand,
};
use crate::topic::TopicName;
use jiff::Timestamp;

/// Sweeps over all groups do not ask for stable ends: so long one that was told counts for a reader that waits there.
const HELD: i64 = 300_000;

/// Who owns a partition, as far as it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Owner {
    /// Stands for the member's id; `None` where nobody owns it or the members could not be asked.
    pub key: Option<u64>,
    /// Somebody owns it, or the group has members that could not be asked.
    pub owned: bool,
}

/// What the owner of a partition did last, on whichever of its partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Activity {
    /// When it committed.
    pub at: i64,
    /// Until then it counts as busy: two of its own rhythms.
    pub until: i64,
}

impl Activity {
    pub fn or_later(self, other: Self) -> Self {
        Self { at: self.at.max(other.at), until: self.until.max(other.until) }
    }
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
    /// Of the last one that asked for the stable end.
    stable_at: i64,
    owner: Option<u64>,
    commits: Commits,
    flow: Flow,
    ends: Ends,
    look: Option<Box<Look>>,
    status: Option<Status>,
    since: i64,
    /// Silent, while its owner reads other partitions.
    in_turn: bool,
}

impl Course {
    pub(super) fn new(partition: &PartitionLag) -> Self {
        Self {
            topic: partition.topic.clone(),
            partition: partition.partition,
            stand: Stand::of(partition),
            at: i64::MIN,
            stable_at: i64::MIN,
            owner: None,
            commits: Commits::default(),
            flow: Flow::default(),
            ends: Ends::default(),
            look: None,
            status: None,
            since: 0,
            in_turn: false,
        }
    }

    pub(super) fn is_of(&self, partition: &PartitionLag) -> bool {
        self.partition == partition.partition && self.topic == partition.topic
    }

    /// One more sample of it, read in this round.
    pub(super) fn sample(&mut self, partition: &PartitionLag, owner: Owner, round: Round) -> Change {
        self.stand = self.standing(partition, round.ends);
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
        if let Some(seen) = self.seen(partition, owner) {
            change.forward = self.commits.push(&seen) && !change.back;
        }
        change
    }

    fn standing(&mut self, partition: &PartitionLag, now: i64) -> Stand {
        let stand = Stand::of(partition);
        if partition.stable_end.is_some() {
            self.stable_at = now;
            return stand;
        }
        let held = self.stand.position == stand.position && now.saturating_sub(self.stable_at) < HELD;
        Stand { stable_end: self.stand.stable_end.filter(|_| held), ..stand }
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

    /// The verdict after a sample; `activity`: what its owner did, here or elsewhere.
    pub(super) fn judge(&mut self, partition: &PartitionLag, owner: Owner, activity: Option<Activity>) {
        let seen = self.seen(partition, owner);
        self.in_turn = false;
        let (status, since) = match (self.stand.state, &seen) {
            (LagState::Unknown, _) => {
                self.status = None;
                return;
            }
            (LagState::NoCommit, _) => (Status::NoCommit, None),
            (LagState::Ahead, _) => (Status::Ahead, None),
            (LagState::Lost, _) => (Status::Lost, None),
            (_, Some(seen)) => self.concluded(seen, activity),
            (_, None) if self.stand.lag == Some(0) => (Status::Ok, None),
            // A share group acknowledges record by record: its start offset may rest while it reads.
            (_, None) => (Status::Observing, None),
        };
        if self.status.replace(status) != Some(status) {
            self.since = since.unwrap_or(self.at);
        }
    }

    fn concluded(&mut self, seen: &Seen, activity: Option<Activity>) -> (Status, Option<i64>) {
        let told = self.commits.status(seen);
        let quiet = matches!(told.0, Status::Stuck | Status::Observing);
        self.in_turn = quiet && activity.is_some_and(|it| self.commits.may_wait(seen.at, it));
        if self.in_turn { (Status::Observing, None) } else { told }
    }

    /// Its last commit that moved, as something its owner did.
    pub(super) fn activity(&self) -> Option<Activity> {
        self.commits.activity()
    }

    /// Nothing is to be said of it yet: its owner reads other partitions first.
    pub(super) fn is_in_turn(&self) -> bool {
        self.in_turn
    }

    /// Where it stands and what it has to read, as a part of the group's sum.
    pub(super) fn share(&self) -> Option<(i64, i64)> {
        self.stand.position.zip(self.waiting()).filter(|_| self.stand.commits)
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
        let next = self.next_record().map(|record| record.offset);
        self.stand.lag == Some(0) || self.stand.waits(next) || self.look.as_deref().is_some_and(empty)
    }

    /// What came of looking for the next record of whoever stands there. A look from beyond its own position is another
    /// group's; of the others the nearest counts, and the newest of equals.
    pub(super) fn looked(&mut self, read: &UnreadRead) {
        let (Ok(record), Some(position)) = (&read.record, self.stand.position) else { return };
        let began = read.began.as_millisecond();
        let kept = self.look.as_deref().filter(|look| look.from <= position);
        let known = kept.is_some_and(|look| (look.from, look.began) >= (read.from, began));
        if known || read.from > position || record.is_some_and(|record| record.offset < read.from) {
            return;
        }
        // An end that was sampled after the look began says nothing about what was looked at.
        let end = self.stand.end.filter(|_| self.at <= began).unwrap_or(i64::MIN);
        self.look = Some(Box::new(Look { from: read.from, record: *record, end, began }));
    }

    pub fn verdict(&self) -> Option<Verdict> {
        let status = self.status?;
        let at = if matches!(status, Status::Ok | Status::Observing) { None } else { self.next() };
        Some(Verdict { status, at, since: Timestamp::from_millisecond(self.since).ok() })
    }

    /// What is read next: its next record where that is known, else its position.
    pub(super) fn next(&self) -> Option<(TopicName, i32, i64)> {
        let position = self.stand.position?;
        Some((self.topic.clone(), self.partition, self.next_record().map_or(position, |record| record.offset)))
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
        match self.waiting() {
            None => Clears::Unknown,
            Some(0) => Clears::CaughtUp,
            Some(lag) => clears(self.status, self.rates().filter(|_| self.is_watched()), false, lag),
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

    /// Something may be waiting to be read: there is a lag, or nobody can say.
    pub(super) fn may_wait(&self) -> bool {
        self.stand.state == LagState::Unknown || self.stand.lag.is_some_and(|lag| lag > 0)
    }

    pub(super) fn is_watched(&self) -> bool {
        self.commits.is_watched(self.at)
    }

    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        let look = self.look.as_ref().map_or(0, |_| size_of::<Look>());
        size_of::<Self>() + self.commits.bytes() + self.flow.bytes() + self.ends.bytes() + look
    }
}
