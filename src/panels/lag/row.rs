//! One group in the Lag panel: what the list and its readings told of it.
use crate::{
    failure::Failure,
    group::{Group, GroupLag, GroupType, label},
    lag::{Behind, Clears, History, PartitionLag, Status, Total, UnreadRead, Verdict},
    overlay::reset::{Subject, count},
    topic::TopicName,
    widgets::format,
};
use jiff::Timestamp;
use std::{collections::HashMap, time::Duration};

/// Rows on the screen are read every two seconds; numbers this old are not worth a word yet.
const FRESH: Duration = Duration::from_secs(5);

/// A topic, a partition and an offset in it.
pub type Place = (TopicName, i32, i64);

/// What was read where groups stand.
pub type Reads<'a> = HashMap<(&'a str, i32, i64), &'a UnreadRead>;

#[derive(Debug)]
pub struct Row {
    pub group: Group,
    pub history: History,
    pub reading: Option<Reading>,
}

/// What one round read of a group, and what its history says since.
#[derive(Debug)]
pub struct Reading {
    pub at: Timestamp,
    /// Since the reading before it: rows that are not on the screen are read as seldom as a sweep takes.
    round: Duration,
    pub members: Result<usize, Failure>,
    pub total: Result<Total, Failure>,
    /// Why a partition is unknown: the first reason of several.
    pub why: Option<Failure>,
    /// Offsets that a reader of committed records does not get while a transaction is open.
    pub held_back: i64,
    /// Members own partitions and commit nothing.
    pub commits_nothing: bool,
    /// Whose group it is and what is odd about that, where it shows.
    pub label: Option<String>,
    pub verdict: Option<Verdict>,
    pub clears: Clears,
    /// As it was then: what the rows are sorted by.
    pub behind: Behind,
    /// Topics with a commit or an assignment, in order.
    topics: Vec<TopicName>,
    /// What is read next where the group has most left to read.
    next: Option<Place>,
    /// What is read next wherever it has something left to read.
    stands: Vec<Place>,
    /// The last lag that was known in full, and when that was.
    known: Option<(i64, Timestamp)>,
}

impl Row {
    /// A listed group, with what was known of it before.
    pub fn listed(known: Option<Self>, group: Group) -> Self {
        match known {
            Some(row) => Self { group, ..row },
            None => Self { group, history: History::default(), reading: None },
        }
    }

    pub fn sample(&mut self, lag: &GroupLag, at: Timestamp) {
        self.group = lag.group.clone();
        self.history.sample(lag);
        let reading = Reading::new(lag, &self.history, at);
        self.reading = Some(match self.reading.take() {
            Some(before) => reading.after(before),
            None => reading,
        });
    }

    pub fn unread(&mut self, reads: &Reads, at: Timestamp) {
        let Some(reading) = &mut self.reading else { return };
        let heard =
            reading.stands.iter().filter_map(|(topic, partition, from)| reads.get(&(&**topic, *partition, *from)));
        let mut heard = heard.peekable();
        if heard.peek().is_some() {
            heard.for_each(|read| self.history.unread(read));
            reading.behind = self.history.behind(at);
        }
    }

    /// What keys about its offsets are about.
    pub fn subject(&self) -> Subject {
        let reading = self.reading.as_ref();
        let topics = reading.map(|reading| reading.topics.iter().map(|topic| (topic.clone(), None)).collect());
        let held = self.members().filter(|n| *n > 0).map(|n| count(n, "member"));
        Subject { group: self.group.clone(), held, topics: topics.unwrap_or_default(), chosen: None }
    }

    pub fn is_unread(&self) -> bool {
        self.reading.is_none()
    }

    /// Has it a commit or an assignment on this topic?
    pub fn reads(&self, topic: Option<&TopicName>) -> bool {
        topic.zip(self.reading.as_ref()).is_some_and(|(topic, reading)| reading.topics.binary_search(topic).is_ok())
    }

    pub fn members(&self) -> Option<usize> {
        self.reading.as_ref().and_then(|reading| reading.members.as_ref().ok().copied())
    }

    pub fn status(&self) -> Option<Status> {
        self.reading.as_ref()?.verdict.as_ref().map(|verdict| verdict.status)
    }

    /// The record that the group reads next: the one it is stuck on, else the one of its worst partition.
    pub fn next(&self) -> Option<&Place> {
        let reading = self.reading.as_ref()?;
        let stuck = reading.verdict.as_ref().filter(|verdict| verdict.status == Status::Stuck);
        stuck.and_then(|verdict| verdict.at.as_ref()).or(reading.next.as_ref())
    }

    /// The lag that was known last and how old it is, where it is not known now.
    pub fn last_known(&self, now: Timestamp) -> Option<(i64, Duration)> {
        let reading = self.reading.as_ref().filter(|reading| reading.is_unknown())?;
        reading.known.map(|(lag, at)| (lag, format::since(at, now)))
    }

    /// How old the numbers are, once they are older than two rounds and a little, or not known now.
    pub fn age(&self, now: Timestamp) -> Option<Duration> {
        if let Some((_, age)) = self.last_known(now) {
            return Some(age);
        }
        let reading = self.reading.as_ref()?;
        let age = format::since(reading.at, now);
        (age > (reading.round * 5 / 2).max(FRESH)).then_some(age)
    }
}

impl Reading {
    fn new(lag: &GroupLag, history: &History, at: Timestamp) -> Self {
        let partitions = lag.partitions.as_deref().unwrap_or_default();
        let reading = Self {
            at,
            round: Duration::ZERO,
            members: lag.members.as_ref().map(Vec::len).map_err(Clone::clone),
            total: total(lag),
            why: partitions.iter().find_map(|p| p.error.clone()),
            held_back: partitions.iter().map(held_back).fold(0, i64::saturating_add),
            commits_nothing: label::reads_without_committing(lag),
            label: label::label(lag, history.moves_without_members()),
            verdict: history.verdict(),
            clears: history.clears(),
            behind: history.behind(at),
            topics: topics(lag),
            next: next(partitions),
            stands: partitions.iter().filter(|p| p.lag().is_some_and(|lag| lag > 0)).filter_map(stand).collect(),
            known: None,
        };
        Self { known: reading.lag().filter(|_| reading.is_known()).map(|lag| (lag, at)), ..reading }
    }

    /// What it could not read anew stands as it was `before`.
    fn after(self, before: Self) -> Self {
        let after = Self { round: format::since(before.at, self.at), known: self.known.or(before.known), ..self };
        if after.total.is_ok() {
            return after;
        }
        let Self { held_back, topics, next, stands, .. } = before;
        Self { held_back, topics: merged(topics.iter().chain(&after.topics)), next, stands, ..after }
    }

    pub fn lag(&self) -> Option<i64> {
        self.total.as_ref().ok().and_then(|total| total.lag)
    }

    /// Its lag may be any number.
    fn is_unknown(&self) -> bool {
        self.lag().is_none() && !self.has_no_commit()
    }

    /// Every partition could be read, and some has a lag.
    fn is_known(&self) -> bool {
        matches!(self.total, Ok(Total { lag: Some(_), unknown: 0, .. }))
    }

    /// Something is left to read, as far as it could be read.
    pub fn has_lag(&self) -> bool {
        self.lag().is_some_and(|lag| lag > 0)
    }

    /// Wherever it has a commit there is nothing left to read.
    pub fn is_caught_up(&self) -> bool {
        self.total.as_ref().is_ok_and(|total| Total { no_commit: 0, ..*total }.is_caught_up())
    }

    /// Every partition could be read, and none has a commit.
    pub fn has_no_commit(&self) -> bool {
        matches!(self.total, Ok(Total { lag: None, unknown: 0, .. }))
    }
}

/// A share group commits no offsets (KIP-932): that is no commit, not a failure to read one.
fn total(lag: &GroupLag) -> Result<Total, Failure> {
    match &lag.partitions {
        Ok(partitions) => Ok(Total::of(partitions)),
        Err(_) if lag.group.kind == GroupType::Share => Ok(Total::default()),
        Err(why) => Err(why.clone()),
    }
}

fn held_back(p: &PartitionLag) -> i64 {
    let held = p.committed.and(p.end).zip(p.stable_end).map(|(end, stable)| end.saturating_sub(stable));
    held.unwrap_or(0).max(0)
}

/// Its commit in the worst partition, or the start where that is higher.
fn next(partitions: &[PartitionLag]) -> Option<Place> {
    let worst = partitions.iter().rev().filter(|p| p.lag().is_some()).max_by_key(|p| p.lag())?;
    stand(worst)
}

fn stand(p: &PartitionLag) -> Option<Place> {
    Some((p.topic.clone(), p.partition, p.position()?))
}

/// Topics that a group has a commit on or is assigned, also where that could not be read.
fn topics(lag: &GroupLag) -> Vec<TopicName> {
    let reads = |p: &&PartitionLag| p.committed.is_some() || p.owner.is_some() || p.error.is_some();
    let committed = lag.partitions.iter().flatten().filter(reads).map(|p| &p.topic);
    let assigned = lag.members.iter().flatten().flat_map(|member| &member.assigned).map(|(topic, _)| topic);
    merged(committed.chain(assigned))
}

fn merged<'a>(topics: impl Iterator<Item = &'a TopicName>) -> Vec<TopicName> {
    let mut topics: Vec<&TopicName> = topics.collect();
    topics.sort_unstable();
    topics.dedup();
    topics.into_iter().cloned().collect()
}
