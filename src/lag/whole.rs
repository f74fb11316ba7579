//! A group as if it were one reader of one partition: the sums over its partitions. Who reads these in turns makes each of
//! them saw up and down; the sum tells whether the group keeps up.
use super::{
    Status,
    commits::{Commits, Seen},
};

/// Milliseconds between two entries, so that ten of them span a minute and more however often is looked.
const APART: i64 = 8_000;

/// What the sum says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Trend {
    /// Too little was seen, nothing moves, or partitions change hands.
    #[default]
    Unjudged,
    /// It falls, or stays what it is.
    Level,
    /// Commits move, and it grows since then.
    Grows(i64),
}

/// Partitions with a commit, added up.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sum {
    pub partitions: usize,
    pub position: i64,
    pub lag: i64,
}

impl Sum {
    pub fn plus(self, (position, lag): (i64, i64)) -> Self {
        Self {
            partitions: self.partitions + 1,
            position: self.position.saturating_add(position),
            lag: self.lag.saturating_add(lag),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Whole {
    commits: Commits,
    /// When the last entry was looked at.
    taken: Option<i64>,
    partitions: usize,
    trend: Trend,
}

impl Whole {
    /// Nothing from before a gap, or of other partitions, says how things move now.
    pub fn restart(&mut self) {
        *self = Self::default();
    }

    pub fn sample(&mut self, sum: Sum, at: i64, rebalancing: bool) {
        if sum.partitions != self.partitions {
            *self = Self { partitions: sum.partitions, ..Self::default() };
        }
        let seen = Seen {
            at,
            committed: sum.position,
            lag: sum.lag,
            idle: false,
            maybe_marker: false,
            owned: true,
            rebalancing,
        };
        if self.taken.is_none_or(|taken| at.saturating_sub(taken) >= APART) {
            self.commits.push(&seen);
            self.taken = Some(at);
        }
        self.trend = self.judge(&seen);
    }

    fn judge(&self, seen: &Seen) -> Trend {
        match (self.commits.status(seen), self.trend) {
            _ if !self.commits.shows_trend() => Trend::Unjudged,
            ((Status::FallingBehind, _), Trend::Grows(since)) if self.commits.rises() => Trend::Grows(since),
            ((Status::FallingBehind, since), _) if self.commits.rises() => Trend::Grows(since.unwrap_or(seen.at)),
            ((Status::FallingBehind | Status::Ok, _), _) => Trend::Level,
            _ => Trend::Unjudged,
        }
    }

    pub fn trend(&self) -> Trend {
        self.trend
    }

    /// Of several partitions, so that it says more than they do.
    pub fn is_level(&self) -> bool {
        self.partitions > 1 && self.trend == Trend::Level
    }

    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.commits.bytes()
    }
}
