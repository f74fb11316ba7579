//! A group with one topic, filmed: what a program that samples it sees, every so often.
use super::at;
use crate::{
    group::{Group, GroupLag, GroupState, GroupType, Member},
    lag::{History, PartitionLag, Status},
};
use jiff::Timestamp;

/// 2026-11-21 12:00 UTC.
pub const NOON: i64 = 1_795_262_400_000;

pub fn time(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).expect("a time")
}

pub fn member(id: &str) -> Member {
    Member {
        id: id.into(),
        instance: None,
        client_id: id.into(),
        host: "/10.0.0.4".into(),
        assigned: vec![("orders".into(), vec![0])],
    }
}

/// Commits read at this time, ends 10 ms later.
pub fn told(state: GroupState, members: Vec<Member>, partitions: Vec<PartitionLag>, ms: i64) -> GroupLag {
    let group = Group {
        name: "billing".into(),
        kind: GroupType::Classic,
        state,
        protocol_type: "consumer".into(),
        coordinator: 1,
    };
    GroupLag { group, members: Ok(members), partitions: Ok(partitions), commits_at: time(ms), ends_at: time(ms + 10) }
}

/// Stable, with one member that owns everything.
pub fn owned(partitions: Vec<PartitionLag>, ms: i64) -> GroupLag {
    let partitions = partitions.into_iter().map(|p| PartitionLag { owner: Some(0), ..p }).collect();
    told(GroupState::Stable, vec![member("billing-0")], partitions, ms)
}

pub fn empty(partitions: Vec<PartitionLag>, ms: i64) -> GroupLag {
    told(GroupState::Empty, vec![], partitions, ms)
}

/// A writer and a reader of one partition; rates are records a second.
#[derive(Debug, Clone, Copy)]
pub struct Film {
    pub writes: i64,
    pub reads: i64,
    /// Behind by this at noon.
    pub lag: i64,
    /// It commits this often.
    pub commits: i64,
    /// It is stopped by hand at this time, and the group sees it at once.
    pub stops: i64,
    /// It hangs from then on, and stays a member.
    pub hangs: i64,
    /// It is sampled this often.
    pub every: i64,
}

pub const NEVER: i64 = i64::MAX;

impl Film {
    pub fn new(writes: i64, reads: i64, every: i64) -> Self {
        Self { writes, reads, lag: 5_000, commits: 5_000, stops: NEVER, hangs: NEVER, every }
    }

    fn end(&self, ms: i64) -> i64 {
        1_000_000 + self.writes * ms / 1_000
    }

    /// The last commit at or before this time; the one of closing included.
    fn committed(&self, ms: i64) -> i64 {
        let until = if ms >= self.stops { self.stops } else { ms / self.commits * self.commits };
        let until = until.min(self.hangs / self.commits * self.commits);
        let mut read = self.end(0) - self.lag;
        let step = self.commits.min(250);
        for now in (0..until).step_by(usize::try_from(step).expect("a step")) {
            read = (read + self.reads * step.min(until - now) / 1_000).min(self.end(now + step));
        }
        read.min(self.end(until))
    }

    /// What one sample shows, this long after noon.
    pub fn told(&self, ms: i64) -> GroupLag {
        let row = vec![at(0, self.end(ms + 10), self.committed(ms))];
        if ms >= self.stops { empty(row, NOON + ms) } else { owned(row, NOON + ms) }
    }

    /// Shown to a history from then until then.
    pub fn play(&self, history: &mut History, from: i64, to: i64) -> Vec<(i64, Status)> {
        let times = (from..to).step_by(usize::try_from(self.every).expect("a step"));
        times
            .map(|ms| {
                history.sample(&self.told(ms));
                (ms, history.verdict().expect("a verdict").status)
            })
            .collect()
    }
}
