//! How long the oldest unread record has been waiting, and how sure that is.
use super::{LagState, Unread, stand::Stand};
use crate::number::span;
use std::{cmp::Ordering, time::Duration};

/// Clocks of two machines differ by a little; a record from the next second is no skew.
const TOLERATED: i64 = 1_000;

/// Time behind of a partition, or of a group: that of its oldest unread record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// Nothing is waiting.
    CaughtUp,
    /// The next record was read; `append`: its time is the broker's (LogAppendTime), else the producer's clock.
    Exact {
        age: Duration,
        append: bool,
    },
    /// Of a group: not every lagging partition was read yet. Of a partition: older records were lost unread.
    AtLeast {
        age: Duration,
        append: bool,
    },
    /// Between two own samples of the end, or read at a commit that has moved on since (then at most that old).
    Estimated(Duration),
    /// The record's time lies this far in the future.
    Skewed(Duration),
    Unknown,
}

impl Behind {
    /// As a cell shows it: `2m 14s`, `≥ 2m 14s`, `~ 2m 14s`, `clock skew +3h 00m`.
    pub fn phrase(&self) -> String {
        match self {
            Self::CaughtUp => "caught up".into(),
            Self::Exact { age, .. } => span(*age),
            Self::AtLeast { age, .. } => format!("≥ {}", span(*age)),
            Self::Estimated(age) => format!("~ {}", span(*age)),
            Self::Skewed(by) => format!("clock skew +{}", span(*by)),
            Self::Unknown => "?".into(),
        }
    }

    /// The age, whatever it is worth; `None` where there is none.
    pub fn age(&self) -> Option<Duration> {
        match self {
            Self::CaughtUp => Some(Duration::ZERO),
            Self::Exact { age, .. } | Self::AtLeast { age, .. } | Self::Estimated(age) => Some(*age),
            Self::Skewed(_) | Self::Unknown => None,
        }
    }

    /// An age that is told as such: not an estimate, not a bound.
    pub fn is_exact(&self) -> bool {
        matches!(self, Self::CaughtUp | Self::Exact { .. })
    }

    fn read(age: Duration, append: bool, lost: bool) -> Self {
        if lost { Self::AtLeast { age, append } } else { Self::Exact { age, append } }
    }

    fn rank(&self) -> (u8, Duration, u8, bool) {
        match *self {
            Self::Unknown => (0, Duration::ZERO, 0, false),
            Self::CaughtUp => (1, Duration::ZERO, 0, false),
            Self::Skewed(by) => (2, by, 0, false),
            Self::Estimated(age) => (3, age, 0, false),
            Self::Exact { age, append } => (3, age, 1, append),
            Self::AtLeast { age, append } => (3, age, 2, append),
        }
    }
}

/// By age, the longest waiting last; what is not known comes first.
impl Ord for Behind {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Behind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The last look at the next record of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Where it began.
    pub from: i64,
    /// `None`: nothing readable up to the end there was.
    pub record: Option<Unread>,
    /// The end when it was looked, as far as it was known.
    pub end: i64,
    /// Milliseconds since 1970.
    pub began: i64,
}

impl Look {
    /// Nothing but markers, compacted records or an open transaction stands between this commit and this end.
    pub fn is_empty_from(&self, position: i64, end: i64) -> bool {
        self.record.is_none() && self.from <= position && self.end == end
    }

    /// The record found is still the next one for a reader at this position.
    pub(super) fn is_next_at(&self, position: i64) -> bool {
        self.record.is_some_and(|record| self.from <= position && position <= record.offset)
    }
}

/// Of one partition. `written`: when the record at the position was written, from own samples of the end.
pub(super) fn behind(stand: &Stand, look: Option<&Look>, written: Option<i64>, now: i64) -> Behind {
    let (Some(left), Some(position), Some(end)) = (stand.lag, stand.position, stand.end) else {
        return Behind::Unknown;
    };
    let lost = match stand.state {
        LagState::Lost => true,
        LagState::Ok | LagState::Rebalancing => false,
        // Beyond the end there is nothing to read.
        LagState::Ahead => return Behind::CaughtUp,
        LagState::Unknown | LagState::NoCommit => return Behind::Unknown,
    };
    let next = look.filter(|look| look.is_next_at(position)).and_then(|look| look.record);
    let waits = stand.waits(next.map(|record| record.offset));
    if left == 0 || waits || look.is_some_and(|look| look.is_empty_from(position, end)) {
        return Behind::CaughtUp;
    }
    let estimate = written.map(|at| age(at, now));
    let Some((look, record)) = look.and_then(|look| look.record.map(|record| (look, record))) else {
        return estimate.map_or(Behind::Unknown, Behind::Estimated);
    };
    match record.timestamp {
        None => estimate.map_or(Behind::Unknown, Behind::Estimated),
        Some(at) if at.saturating_sub(now) > TOLERATED => Behind::Skewed(age(now, at)),
        Some(at) if look.is_next_at(position) => Behind::read(age(at, now), record.append, lost),
        // The commit went back to before what was read.
        Some(at) if position < look.from => Behind::AtLeast { age: age(at, now), append: record.append },
        Some(at) => Behind::Estimated(estimate.unwrap_or(Duration::MAX).min(age(at, now))),
    }
}

fn age(then: i64, now: i64) -> Duration {
    Duration::from_millis(u64::try_from(now.saturating_sub(then)).unwrap_or(0))
}

/// Of a group, from its lagging partitions: the oldest, and a bound until every one of them was read.
pub(super) fn oldest(lagging: impl Iterator<Item = Behind>) -> Behind {
    let all: Vec<Behind> = lagging.collect();
    let oldest = all.iter().copied().filter(|it| it.is_read()).max();
    match oldest {
        None if all.is_empty() => Behind::CaughtUp,
        None if all.iter().all(|it| matches!(it, Behind::Estimated(_) | Behind::CaughtUp)) => {
            all.into_iter().max().unwrap_or(Behind::Unknown)
        }
        None if all.iter().all(|it| matches!(it, Behind::Skewed(_) | Behind::CaughtUp)) => {
            all.into_iter().max().unwrap_or(Behind::Unknown)
        }
        None => Behind::Unknown,
        Some(Behind::Exact { age, append }) if !all.iter().all(Behind::is_exact) => Behind::AtLeast { age, append },
        Some(oldest) => oldest,
    }
}

impl Behind {
    fn is_read(&self) -> bool {
        matches!(self, Self::Exact { .. } | Self::AtLeast { .. })
    }
}
