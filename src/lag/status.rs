//! What the commits of a partition say of its reader: Burrow's evaluator, and the words a person reads.
use crate::topic::TopicName;
use jiff::Timestamp;

/// How a group, or one partition of it, is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Caught up, or getting there.
    Ok,
    /// Too little was seen for a verdict, or partitions are changing hands.
    Observing,
    /// Commits move, and the lag does not fall (Burrow's WARN).
    FallingBehind,
    /// There is something to read, somebody owns the partition, and no commit moves (STOP or STALL).
    Stuck,
    /// There is something to read, and nobody owns the partition or commits (STOP).
    Stopped,
    /// Commits went back and did not return (REWIND).
    Rewound,
    /// Retention took records before the group read them.
    Lost,
    /// The commit is beyond the end.
    Ahead,
    /// The group reads here or did, and holds no commit.
    NoCommit,
}

impl Status {
    /// As `--json` prints it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Observing => "observing",
            Self::FallingBehind => "falling_behind",
            Self::Stuck => "stuck",
            Self::Stopped => "stopped",
            Self::Rewound => "rewound",
            Self::Lost => "lost",
            Self::Ahead => "ahead",
            Self::NoCommit => "no_commit",
        }
    }

    /// As the screen says it.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Observing => "observing…",
            Self::FallingBehind => "falling behind",
            Self::NoCommit => "no commit",
            _ => self.word(),
        }
    }

    /// How loudly it calls: a group is as its worst partition is. What §2 of the lag rules knows for certain outranks
    /// what is concluded from movement; a missing commit is told by the total already, so it calls least.
    pub fn severity(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Observing => 1,
            Self::NoCommit => 2,
            Self::FallingBehind => 3,
            Self::Rewound => 4,
            Self::Stopped => 5,
            Self::Stuck => 6,
            Self::Ahead => 7,
            Self::Lost => 8,
        }
    }
}

/// A status with its place and its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub status: Status,
    /// The partition it is about and the offset that is read next there; `None` for [`Status::Ok`].
    pub at: Option<(TopicName, i32, i64)>,
    /// When it began, as far as this program saw it.
    pub since: Option<Timestamp>,
}

/// A commit as it was seen: one point of Burrow's window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    /// Milliseconds since 1970.
    pub at: i64,
    pub offset: i64,
    /// Lag when it was seen; `None` does not speak for or against anything.
    pub lag: Option<i64>,
}

/// The words of Burrow's evaluator (`core/internal/evaluator/caching.go`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Burrow {
    Ok,
    Warn,
    Stall,
    Stop,
    Rewind,
}

/// What the commits are held against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Against<'a> {
    /// Ends that were seen lately.
    pub ends: &'a [i64],
    pub lag: i64,
    /// The lag that is no trouble.
    pub allowed: i64,
    /// Milliseconds since 1970.
    pub now: i64,
}

/// Burrow's rules in their order; the first that applies decides.
pub(super) fn evaluate(entries: &[Entry], against: Against<'_>) -> Burrow {
    let Some((first, last)) = entries.first().zip(entries.last()) else { return Burrow::Ok };
    let silence = against.now.saturating_sub(last.at);
    let was_there = || against.ends.iter().any(|end| *end <= last.offset);
    match () {
        () if against.lag <= against.allowed => Burrow::Ok,
        () if silence > last.at.saturating_sub(first.at) && !was_there() => Burrow::Stop,
        () if rewound(entries).is_some() => Burrow::Rewind,
        () if entries.iter().filter_map(|e| e.lag).any(|lag| lag <= against.allowed) => Burrow::Ok,
        () if entries.windows(2).all(|pair| pair[0].offset == pair[1].offset) => Burrow::Stall,
        () if never_falls(entries) => Burrow::Warn,
        () => Burrow::Ok,
    }
}

/// The first commit lower than the one before, unless a later one got back to where it was.
pub(super) fn rewound(entries: &[Entry]) -> Option<&Entry> {
    let back = entries.windows(2).position(|pair| pair[1].offset < pair[0].offset)?;
    let (before, after) = entries.split_at_checked(back + 1)?;
    let height = before.last()?.offset;
    if after.iter().any(|entry| entry.offset >= height) { None } else { after.first() }
}

/// Between neighbours with a known lag it stays or rises.
fn never_falls(entries: &[Entry]) -> bool {
    entries.iter().filter_map(|entry| entry.lag).is_sorted()
}
