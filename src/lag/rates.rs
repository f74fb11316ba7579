//! How fast records arrive and are read, from the program's own samples alone, and when the lag will be gone.
use super::Status;
use std::time::Duration;

/// A rate is told over at least this long, so that a reader that commits every 5 s is seen to commit several times.
pub(super) const SPAN: i64 = 30_000;
/// And over no longer than this.
const LONGEST: i64 = 300_000;
/// At most this many samples are kept of a span: they telescope, so fewer tell the same.
const KEPT: i64 = 20;
/// Offsets a second that reader and writer must differ by before a time to clear is told: below it, noise decides.
const DIFFERENCE: f64 = 1.0;

/// Offsets a second.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rates {
    /// Δ end / Δ t.
    pub arriving: f64,
    /// Δ commit / Δ t.
    pub reading: f64,
}

impl Rates {
    pub fn plus(self, other: Self) -> Self {
        Self { arriving: self.arriving + other.arriving, reading: self.reading + other.reading }
    }

    /// How the lag goes on at these rates.
    pub fn clears(self, lag: i64) -> Clears {
        let gained = self.reading - self.arriving;
        match lag {
            ..=0 => Clears::CaughtUp,
            _ if gained > DIFFERENCE => Clears::after(lag as f64 / gained),
            _ if -gained > DIFFERENCE || self.reading <= 0.0 => Clears::Never,
            _ => Clears::Level,
        }
    }
}

/// When a lag will be gone, so that it never contradicts the verdict: rates are told of the last half minute, a verdict
/// of more. `level`: over that longer time it did not grow.
pub(super) fn clears(verdict: Option<Status>, rates: Option<Rates>, level: bool, lag: i64) -> Clears {
    let reads = rates.is_some_and(|rates| rates.reading > 0.0);
    match (verdict, rates.map(|rates| rates.clears(lag))) {
        // Nobody is there to read.
        (Some(Status::Stopped), _) => Clears::Unknown,
        (Some(Status::Stuck | Status::FallingBehind), _) => Clears::Never,
        (Some(Status::Ok), Some(Clears::Never)) if level && reads => Clears::Level,
        (Some(Status::Observing), _) | (_, None) | (Some(Status::Ok), Some(Clears::Never)) => Clears::Observing,
        (_, Some(clears)) => clears,
    }
}

/// When a lag will be gone, if things go on as they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clears {
    CaughtUp,
    In(Duration),
    /// More arrives than is read, or nothing is read: not catching up.
    Never,
    /// Reader and writer are as fast as each other.
    Level,
    /// Fewer than 3 samples, or less than 30 s.
    Observing,
    /// The lag itself is not known, or nobody is there to read.
    Unknown,
}

impl Clears {
    /// Longer than a century is not a forecast.
    fn after(seconds: f64) -> Self {
        const CENTURY: f64 = 100.0 * 365.0 * 86_400.0;
        if seconds < CENTURY { Self::In(Duration::from_secs_f64(seconds.max(0.0))) } else { Self::Never }
    }

    pub fn phrase(&self) -> String {
        match self {
            Self::CaughtUp => "caught up".into(),
            Self::In(left) => crate::number::span(*left),
            Self::Never => "never".into(),
            Self::Level => "keeping level".into(),
            Self::Observing => "observing…".into(),
            Self::Unknown => "?".into(),
        }
    }
}

/// End and commit as one round read them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    /// When the ends were read: milliseconds since 1970.
    pub at: i64,
    /// How long before that the commits were read.
    pub before: u32,
    pub end: i64,
    pub committed: i64,
}

impl Sample {
    fn stands_as(&self, other: &Self) -> bool {
        (self.end, self.committed) == (other.end, other.committed)
    }

    fn committed_at(&self) -> i64 {
        self.at.saturating_sub(i64::from(self.before))
    }
}

/// What happened from one sample to the next; `None` where something went back.
pub(super) fn step(from: &Sample, to: &Sample) -> Option<(i64, i64)> {
    let (arrived, read) = (to.end.checked_sub(from.end)?, to.committed.checked_sub(from.committed)?);
    (arrived >= 0 && read >= 0).then_some((arrived, read))
}

/// The samples that a rate is told from.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Flow {
    samples: Vec<Sample>,
}

impl Flow {
    pub fn last(&self) -> Option<&Sample> {
        self.samples.last()
    }

    pub fn restart(&mut self) {
        self.samples = Vec::new();
    }

    /// `rhythm`: how long the reader lets pass between two commits, so that a rate spans two of them.
    pub fn push(&mut self, sample: Sample, rhythm: i64) {
        let span = rhythm.saturating_mul(2).clamp(SPAN, LONGEST);
        if let [.., before, last] = &*self.samples
            && (before.stands_as(last) && last.stands_as(&sample) || last.at - before.at < span / KEPT)
        {
            self.samples.pop();
        }
        self.samples.push(sample);
        self.forget(sample.at.saturating_sub(span));
    }

    /// Drops what is older than the span needs; a first step in which nothing moved is cut to length instead.
    fn forget(&mut self, from: i64) {
        let old = self.samples.iter().skip(1).take_while(|sample| sample.at <= from).count();
        self.samples.drain(..old.min(self.samples.len().saturating_sub(3)));
        if let [first, second, ..] = &mut *self.samples
            && first.stands_as(second)
            && first.at < from
        {
            first.at = from.min(second.at);
        }
    }

    /// `None` before it spans 30 s, or where every step of it went back.
    pub fn rates(&self) -> Option<Rates> {
        let (first, last) = (self.samples.first()?, self.samples.last()?);
        if last.at - first.at < SPAN {
            return None;
        }
        let (mut arrived, mut read, mut ends, mut commits) = (0.0, 0.0, 0.0, 0.0);
        for pair in self.samples.windows(2) {
            let Some((more, done)) = step(&pair[0], &pair[1]) else { continue };
            arrived += more as f64;
            read += done as f64;
            ends += (pair[1].at - pair[0].at) as f64;
            commits += (pair[1].committed_at() - pair[0].committed_at()) as f64;
        }
        let known = ends > 0.0 && commits > 0.0;
        known.then(|| Rates { arriving: arrived * 1e3 / ends, reading: read * 1e3 / commits })
    }

    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.samples.capacity() * size_of::<Sample>()
    }
}
